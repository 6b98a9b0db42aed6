//! Opening a text: its encoding, how its rows become cells, and where its header stands.

use super::MAX_COLUMNS;
use super::buffer::TextBuffer;
use super::encoding::Encoding;
use super::error::{ReadError, RowProblem};
use super::guess::{self, HeaderAt, Separator};
use super::input::Input;
use super::json::{self, JsonColumns};
use super::source::Format;
use super::split::Splitter;
use super::text::{Shape, TextRows};

/// Unpacked bytes looked at before anything is decided.
pub(super) const HEAD_BYTES: usize = 1 << 20;
/// Rows among which the header is sought. The longest preamble we know (WeChat Pay) has 17.
const HEADER_ROWS: usize = 64;
/// Lines of JSON whose keys become columns.
const JSON_LINES: usize = 1_000;

/// A text that was understood.
#[derive(Debug, Clone)]
pub(super) struct Text {
    encoding: Encoding,
    separator: Option<Separator>,
    shape: Shape,
    pub(super) header: Vec<String>,
    /// The line of the header, 0 when there is none.
    pub(super) header_line: u64,
    /// Where rows start.
    first_line: u64,
}

/// A row among those looked at on opening.
struct Seen {
    line: u64,
    /// The line below it.
    next_line: u64,
    cells: Vec<String>,
}

impl AsRef<[String]> for Seen {
    fn as_ref(&self) -> &[String] {
        &self.cells
    }
}

impl Text {
    /// Finds out what the text is; `head` are its first [`HEAD_BYTES`].
    pub(super) fn open(input: &Input, head: &[u8], named_header: Option<bool>) -> Result<Self, ReadError> {
        let complete = head.len() < HEAD_BYTES;
        let encoding = Encoding::detect(head, complete);
        let head = decode(head, encoding);
        if head.trim().is_empty() && complete {
            return Err(ReadError::Empty { file: input.name.clone() });
        }
        refuse_what_is_no_table(input, &head)?;
        if json::starts_object_line(&head) {
            return Self::open_json(input, encoding);
        }
        let separator = guess::separator(&head, complete);
        let shape = match separator {
            Separator::Byte(delimiter) => Shape::Delimited(Splitter::new(delimiter)),
            Separator::Whitespace => Shape::Whitespace,
        };
        let (rows, rejected) = first_rows(input, encoding, &shape)?;
        let data_width = guess::commonest(&rows.iter().map(|row| row.cells.len()).collect::<Vec<_>>()).0;
        let (header, header_line, first_line) = match guess::header(&rows, data_width, named_header) {
            HeaderAt::Row(at) => {
                let (header, below) = (&rows[at], &rows[at + 1..]);
                if below.is_empty() && rejected == 0 {
                    return Err(ReadError::NoRows { file: input.name.clone(), line: header.line });
                }
                let width = table_width(&header.cells, below);
                let names = guess::column_names(header.cells.iter().map(String::as_str), width);
                (names, header.line, header.next_line)
            }
            HeaderAt::None(at) => {
                (guess::column_names(std::iter::empty(), data_width), 0, rows.get(at).map_or(1, |row| row.line))
            }
        };
        Ok(Text { encoding, separator: Some(separator), shape, header, header_line, first_line })
    }

    fn open_json(input: &Input, encoding: Encoding) -> Result<Self, ReadError> {
        let mut rows = TextRows::new(TextBuffer::new(input, encoding)?, Shape::Json(JsonColumns::growing()), None);
        let mut problem = None;
        for _ in 0..JSON_LINES {
            let read = rows.next().map(|row| row.map(|row| row.problem().map(|problem| (row.line(), problem))));
            match read {
                Ok(Some(found)) => problem = problem.or(found),
                Ok(None) => break,
                Err(error) if rows.json_columns().is_none_or(|columns| columns.names.is_empty()) => return Err(error),
                // Reading the rows will meet the damage again and name its line.
                Err(_) => break,
            }
        }
        let mut columns = rows.json_columns().cloned().unwrap_or_default();
        columns.growing = false;
        if columns.names.len() > MAX_COLUMNS {
            return Err(too_many_columns(input, 1, columns.names.len()));
        }
        if columns.names.is_empty() {
            let (line, reason) =
                problem.map_or((1, "no object has a key".to_owned()), |(line, p)| (line, p.to_string()));
            return Err(ReadError::Damaged { file: input.name.clone(), line, reason });
        }
        let header = columns.names.clone();
        Ok(Text { encoding, separator: None, shape: Shape::Json(columns), header, header_line: 0, first_line: 1 })
    }

    /// Rows below the header.
    pub(super) fn rows(&self, input: &Input) -> Result<TextRows, ReadError> {
        let buffer = TextBuffer::new(input, self.encoding)?;
        let mut rows = TextRows::new(buffer, self.shape.clone(), Some(self.header.len()));
        rows.skip_to_line(self.first_line)?;
        Ok(rows)
    }

    /// Lines below the header, each as it stands.
    pub(super) fn lines(&self, input: &Input) -> Result<TextRows, ReadError> {
        let mut rows = TextRows::new(TextBuffer::new(input, self.encoding)?, Shape::Whole, None);
        rows.skip_to_line(self.first_line)?;
        Ok(rows)
    }

    pub(super) fn format(&self) -> Format {
        match self.separator {
            None => Format::JsonLines,
            Some(Separator::Whitespace) => Format::Whitespace,
            Some(Separator::Byte(b'\t')) => Format::Tsv,
            Some(Separator::Byte(_)) => Format::Csv,
        }
    }

    /// Delimiter (where the format does not say it), encoding.
    pub(super) fn details(&self) -> Vec<String> {
        let delimiter = match (self.format(), self.separator) {
            (Format::Csv, Some(separator)) => Some(separator.label().to_owned()),
            _ => None,
        };
        delimiter.into_iter().chain([self.encoding.label().to_owned()]).collect()
    }

    /// Where the header is, in words.
    pub(super) fn header_place(&self) -> Option<String> {
        match (self.format(), self.header_line) {
            (Format::JsonLines, _) => None,
            (_, 0) => Some("no header".to_owned()),
            (_, line) => Some(format!("header on line {line}")),
        }
    }
}

fn decode(head: &[u8], encoding: Encoding) -> String {
    let mut text = String::new();
    let mut decoder = encoding.decoder();
    text.reserve(decoder.max_utf8_buffer_length(head.len()).unwrap_or(head.len() * 3));
    // Not the last bytes as far as the decoder is told: a character cut at the sample's end is no fault.
    let _ = decoder.decode_to_string(head, &mut text, false);
    text
}

/// The first rows without a problem, and how many had one.
fn first_rows(input: &Input, encoding: Encoding, shape: &Shape) -> Result<(Vec<Seen>, usize), ReadError> {
    let mut reader = TextRows::new(TextBuffer::new(input, encoding)?, shape.clone(), None);
    let (mut rows, mut rejected) = (Vec::new(), 0);
    while rows.len() < HEADER_ROWS && rejected < HEADER_ROWS {
        let (line, cells, problem) = match reader.next() {
            Ok(Some(row)) => (row.line(), row.cells().map(str::to_owned).collect::<Vec<_>>(), row.problem()),
            Ok(None) => break,
            // Reading the rows will meet the damage again and name its line.
            Err(_) if rows.len() > 1 => break,
            Err(error) => return Err(error),
        };
        if cells.len() > MAX_COLUMNS && rows.is_empty() {
            return Err(too_many_columns(input, line, reader.columns));
        }
        match problem {
            _ if cells.len() > MAX_COLUMNS => rejected += 1,
            None | Some(RowProblem::InvalidBytes { .. } | RowProblem::NulByte { .. }) => {
                rows.push(Seen { line, next_line: reader.line(), cells });
            }
            Some(_) => rejected += 1,
        }
    }
    if rows.is_empty() {
        return Err(ReadError::Unsupported {
            file: input.name.clone(),
            what: "a text without one readable row (a quote left open, or lines too long)".to_owned(),
            advice: "check that it is a table of orders",
        });
    }
    Ok((rows, rejected))
}

/// Columns of a table: those with a name, and those without one that hold something in rows of the usual width.
fn table_width(header: &[String], below: &[Seen]) -> usize {
    let is_full = |cell: &String| !cell.trim().is_empty();
    // A header of blanks alone is still one column.
    let named = header.iter().rposition(is_full).map_or(1, |last| last + 1);
    let usual = guess::commonest(&below.iter().map(|row| row.cells.len()).collect::<Vec<_>>()).0;
    let holds_more = |row: &Seen| row.cells.len() == usual && row.cells.iter().skip(named).any(is_full);
    if usual > named && below.iter().any(holds_more) { usual } else { named }
}

fn too_many_columns(input: &Input, line: u64, columns: usize) -> ReadError {
    ReadError::TooManyColumns { file: input.name.clone(), line, columns, limit: MAX_COLUMNS }
}

/// Names what is text to a computer and no table.
fn refuse_what_is_no_table(input: &Input, head: &str) -> Result<(), ReadError> {
    let refuse =
        |what: &str, advice| Err(ReadError::Unsupported { file: input.name.clone(), what: what.to_owned(), advice });
    let start: String = head.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    if ["<html", "<!doctype", "<table", "<?xml"].iter().any(|tag| start.starts_with(tag)) {
        return refuse("a web page or XML", "open it in a spreadsheet and save it as .xlsx or CSV");
    }
    if json::is_document(head) && !json::starts_object_line(head) {
        return refuse("one JSON document", "write one object a line, for example with jq -c '.[]'");
    }
    // Every text has a few oddities; a binary file has little else.
    let control = |c: char| c < ' ' && !"\t\n\r\u{b}\u{c}\u{1a}\u{1b}".contains(c);
    let (mut characters, mut odd, mut broken) = (0_usize, 0_usize, 0_usize);
    for c in head.chars() {
        characters += 1;
        odd += usize::from(control(c));
        broken += usize::from(c == char::REPLACEMENT_CHARACTER);
    }
    if (odd > 4 && odd * 50 > characters) || (broken > 4 && broken * 5 > characters) {
        return refuse("not a text in UTF-8, UTF-16 or GB18030", "export it as CSV in UTF-8");
    }
    Ok(())
}
