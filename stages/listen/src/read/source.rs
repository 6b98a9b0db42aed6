//! An opened file and its reader.

use std::path::Path;
use std::sync::Arc;

use super::columnar::{Columnar, ColumnarRows};
use super::error::ReadError;
use super::input::{Entry, Input};
use super::row::RowRef;
use super::text::TextRows;
use super::textual::{HEAD_BYTES, Text};
use super::workbook::{Sheet, SheetRows};
use super::zipped::{self, Contents};

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Cells separated by a comma, semicolon or pipe.
    Csv,
    /// Cells separated by tabs.
    Tsv,
    /// Cells separated by runs of white space.
    Whitespace,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet.
    Parquet,
    /// An Excel workbook (.xlsx).
    Xlsx,
}

impl Format {
    /// The name users know.
    pub fn label(self) -> &'static str {
        match self {
            Format::Csv => "CSV",
            Format::Tsv => "TSV",
            Format::Whitespace => "white-space columns",
            Format::JsonLines => "JSON lines",
            Format::Parquet => "Parquet",
            Format::Xlsx => "XLSX",
        }
    }
}

/// What the user may say about a file; everything else is found out.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The sheet of a workbook; the first visible one with content when absent.
    pub sheet: Option<String>,
    /// Whether the first full row names the columns; guessed when absent.
    pub header: Option<bool>,
    /// What the file is called in messages; its path when absent.
    pub name: Option<String>,
}

/// An opened file: what it is, its columns, and a way to its rows as often as needed.
#[derive(Debug)]
pub struct Source {
    input: Input,
    kind: Kind,
    fingerprint: String,
}

#[derive(Debug)]
enum Kind {
    Text(Box<Text>),
    Parquet(Columnar),
    Sheet(Arc<Sheet>),
}

/// Opens a file and finds out what it is. A ZIP gives a source for each readable file in it, in the order of the
/// archive, without those that are empty or hold a header alone; any other file gives one.
///
/// # Errors
/// Whatever keeps the file from being read at all, see [`ReadError`].
pub fn open(path: &Path, options: &ReadOptions) -> Result<Vec<Source>, ReadError> {
    let mut input = Input::file(path)?;
    if let Some(name) = &options.name {
        input.name.clone_from(name);
    }
    let head = input.head(HEAD_BYTES)?;
    if !head.starts_with(b"PK\x03\x04") && !head.starts_with(b"PK\x05\x06") {
        return Ok(vec![open_one(input, head, options)?]);
    }
    match zipped::contents(&input)? {
        Contents::Workbook => Ok(vec![open_workbook(input, options)?]),
        Contents::Files(entries) => open_entries(&input, entries, options),
    }
}

fn open_entries(archive: &Input, entries: Vec<Entry>, options: &ReadOptions) -> Result<Vec<Source>, ReadError> {
    let (mut sources, mut nothing) = (Vec::new(), None);
    for entry in entries {
        let input = archive.entry(entry);
        let opened = input.head(HEAD_BYTES).and_then(|head| open_one(input, head, options));
        match opened {
            Ok(source) => sources.push(source),
            Err(error @ (ReadError::Empty { .. } | ReadError::NoRows { .. })) => nothing = Some(error),
            Err(error) => return Err(error),
        }
    }
    if sources.is_empty() {
        return Err(nothing.unwrap_or_else(|| ReadError::Unsupported {
            file: archive.name.clone(),
            what: "a ZIP without a table in it".to_owned(),
            advice: "it should hold CSV, JSON lines, Parquet or XLSX files",
        }));
    }
    Ok(sources)
}

fn open_one(mut input: Input, mut head: Vec<u8>, options: &ReadOptions) -> Result<Source, ReadError> {
    if head.starts_with(b"\x1f\x8b") {
        input.gzip = true;
        head = input.head(HEAD_BYTES)?;
    }
    if head.is_empty() {
        return Err(ReadError::Empty { file: input.name });
    }
    if head.starts_with(b"PK\x03\x04") {
        return open_workbook(input, options);
    }
    if let Some((what, advice)) = known_elsewhere(&head) {
        return Err(ReadError::Unsupported { file: input.name, what: what.to_owned(), advice });
    }
    let kind = if head.starts_with(b"PAR1") {
        Kind::Parquet(Columnar::open(&input)?)
    } else {
        Kind::Text(Box::new(Text::open(&input, &head, options.header)?))
    };
    let fingerprint = input.fingerprint()?;
    Ok(Source { input, kind, fingerprint })
}

fn open_workbook(input: Input, options: &ReadOptions) -> Result<Source, ReadError> {
    let sheet = Sheet::open(&input, options.sheet.as_deref(), options.header)?;
    let fingerprint = input.fingerprint()?;
    Ok(Source { input, kind: Kind::Sheet(Arc::new(sheet)), fingerprint })
}

/// Formats we know by their first bytes and do not read, with what to do about them.
fn known_elsewhere(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it first";
    let known: [(&[u8], &str, &str); 9] = [
        (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or one with a password", "save it as .xlsx without a password"),
        (b"%PDF", "a PDF", "export the orders as CSV or .xlsx"),
        (b"Rar!", "a RAR archive", UNPACK),
        (b"7z\xbc\xaf", "a 7-Zip archive", UNPACK),
        (b"BZh", "packed with bzip2", UNPACK),
        (b"\xfd7zXZ", "packed with xz", UNPACK),
        (b"\x28\xb5\x2f\xfd", "packed with Zstandard", UNPACK),
        (b"\x1f\x8b", "packed with gzip twice", UNPACK),
        (b"SQLite format 3", "an SQLite database", "export the table of orders as CSV"),
    ];
    if head.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", UNPACK));
    }
    known.into_iter().find(|(magic, ..)| head.starts_with(magic)).map(|(_, what, advice)| (what, advice))
}

impl Source {
    /// The file as the user named it; `archive.zip/orders.csv` for a file in an archive.
    pub fn name(&self) -> &str {
        &self.input.name
    }

    /// Names of the columns; `1`, `2`, … when the file has none. Trimmed, numbered where empty, and distinct
    /// (`price`, `price_2`).
    pub fn header(&self) -> &[String] {
        match &self.kind {
            Kind::Text(text) => &text.header,
            Kind::Parquet(file) => &file.header,
            Kind::Sheet(sheet) => &sheet.header,
        }
    }

    /// The line (or sheet row) of the header; `None` when the file has none or keeps names apart from rows.
    pub fn header_line(&self) -> Option<u64> {
        let line = match &self.kind {
            Kind::Text(text) => text.header_line,
            Kind::Parquet(_) => 0,
            Kind::Sheet(sheet) => sheet.header_row,
        };
        (line > 0).then_some(line)
    }

    /// What it is.
    pub fn format(&self) -> Format {
        match &self.kind {
            Kind::Text(text) => text.format(),
            Kind::Parquet(_) => Format::Parquet,
            Kind::Sheet(_) => Format::Xlsx,
        }
    }

    /// For people: `CSV, comma, GB18030, gzip, header on line 2`.
    pub fn describe(&self) -> String {
        let mut words = vec![self.format().label().to_owned()];
        let mut header = None;
        match &self.kind {
            Kind::Text(text) => {
                words.extend(text.details());
                header = text.header_place();
            }
            Kind::Parquet(file) => words.push(format!("{} rows", file.rows)),
            Kind::Sheet(sheet) => {
                words.push(format!("sheet {}", sheet.name));
                header = Some(match sheet.header_row {
                    0 => "no header".to_owned(),
                    row => format!("header on row {row}"),
                });
            }
        }
        words.extend(self.input.packing().map(str::to_owned));
        words.extend(header);
        words.join(", ")
    }

    /// Bytes on disk (for a file in a ZIP, packed), for a progress bar.
    pub fn bytes_total(&self) -> u64 {
        self.input.bytes
    }

    /// Length and checksum of the bytes on disk: the same for the same file whatever its name.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The first rows without a problem, at most `rows`.
    ///
    /// # Errors
    /// As [`RowReader::next`].
    pub fn sample(&self, rows: usize) -> Result<Vec<Vec<String>>, ReadError> {
        let mut reader = self.rows()?;
        let mut sample = Vec::new();
        while sample.len() < rows
            && let Some(row) = reader.next()?
        {
            if row.problem().is_none() {
                sample.push(row.cells().map(str::to_owned).collect());
            }
        }
        Ok(sample)
    }

    /// Reads from the first row below the header. Blank rows are passed over.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub fn rows(&self) -> Result<RowReader, ReadError> {
        Ok(RowReader(match &self.kind {
            Kind::Text(text) => Rows::Text(Box::new(text.rows(&self.input)?)),
            Kind::Parquet(file) => Rows::Parquet(Box::new(file.rows(&self.input)?)),
            Kind::Sheet(sheet) => Rows::Sheet(SheetRows::new(Arc::clone(sheet), self.input.bytes)),
        }))
    }
}

impl Source {
    /// Reads lines that are not taken apart: [`RowRef::raw`] is the line. Other formats than text give
    /// their rows.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub fn lines(&self) -> Result<RowReader, ReadError> {
        match &self.kind {
            Kind::Text(text) => Ok(RowReader(Rows::Text(Box::new(text.lines(&self.input)?)))),
            Kind::Parquet(_) | Kind::Sheet(_) => self.rows(),
        }
    }
}

/// Reads the rows of a [`Source`], one at a time.
pub struct RowReader(Rows);

enum Rows {
    Text(Box<TextRows>),
    Parquet(Box<ColumnarRows>),
    Sheet(SheetRows),
}

impl RowReader {
    /// The next row, `None` at the end. A row that cannot be used comes with its
    /// [`RowRef::problem`]; reading goes on below it.
    ///
    /// # Errors
    /// When the file cannot be read further: it is cut short, its checksum is wrong, the disk fails.
    #[expect(clippy::should_implement_trait, reason = "lends its buffer, which Iterator cannot")]
    #[inline]
    pub fn next(&mut self) -> Result<Option<RowRef<'_>>, ReadError> {
        match &mut self.0 {
            Rows::Text(rows) => rows.next(),
            Rows::Parquet(rows) => rows.next(),
            Rows::Sheet(rows) => Ok(rows.next()),
        }
    }

    /// Bytes read so far of [`Source::bytes_total`].
    pub fn bytes_read(&self) -> u64 {
        match &self.0 {
            Rows::Text(rows) => rows.bytes_read(),
            Rows::Parquet(rows) => rows.bytes_read(),
            Rows::Sheet(rows) => rows.bytes_read(),
        }
    }
}

impl std::fmt::Debug for RowReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowReader").field("bytes_read", &self.bytes_read()).finish_non_exhaustive()
    }
}
