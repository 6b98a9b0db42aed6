//! Excel workbooks. A sheet is read once into compact memory, below named limits.

use std::io::{BufReader, Cursor, Read, Seek};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::fmt::Write;

use super::MAX_COLUMNS;
use super::error::{ReadError, RowProblem};
use super::guarded;
use super::guess::{self, HeaderAt};
use super::input::Input;
use super::row::{RowRef, Span};
use super::text::join;

/// Most text of a sheet kept in memory.
const MAX_SHEET_BYTES: usize = 256 << 20;
/// Most cells of a sheet: a full sheet of Excel (2^20 rows) of 32 columns.
const MAX_SHEET_CELLS: usize = 32 << 20;
/// Most bytes the parts of a workbook may unpack to, so that a bomb cannot fill the memory.
const MAX_WORKBOOK_BYTES: u64 = 2 << 30;
/// A workbook this small cannot unpack beyond the limit (deflate packs at most to a thousandth).
const SMALL_WORKBOOK_BYTES: u64 = 2 << 20;
/// Rows among which the header is sought.
const HEADER_ROWS: usize = 64;
/// Integers from here on have lost digits (2^53).
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// A sheet in memory.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    text: String,
    cells: Vec<Span>,
    rows: Vec<SheetRow>,
    pub(super) header: Vec<String>,
    /// The sheet's row of the header, 0 when there is none.
    pub(super) header_row: u64,
    /// Index of the first row below the header.
    first: usize,
}

/// A row with content: its number in the sheet and where its cells end.
#[derive(Debug)]
struct SheetRow {
    number: u32,
    end: usize,
}

impl Sheet {
    /// Reads the sheet asked for, or the first visible one with content.
    pub(super) fn open(input: &Input, wanted: Option<&str>, header: Option<bool>) -> Result<Self, ReadError> {
        let mut sheet = guarded(&input.name, || {
            if input.is_packed() {
                load(input, Cursor::new(input.unpack()?), wanted)
            } else {
                load(input, BufReader::new(input.open_file()?), wanted)
            }
        })?;
        sheet.find_header(input, header)?;
        Ok(sheet)
    }

    fn row_cells(&self, row: usize) -> &[Span] {
        let start = row.checked_sub(1).map_or(0, |above| self.rows[above].end);
        &self.cells[start..self.rows[row].end]
    }

    fn find_header(&mut self, input: &Input, named: Option<bool>) -> Result<(), ReadError> {
        let width = (0..self.rows.len()).map(|row| self.row_cells(row).len()).max().unwrap_or(0);
        let first_rows: Vec<Vec<String>> = (0..self.rows.len().min(HEADER_ROWS))
            .map(|row| self.row_cells(row).iter().map(|cell| cell.of(&self.text, "").to_owned()).collect())
            .collect();
        match guess::header(&first_rows, width, named) {
            HeaderAt::Row(at) => {
                self.header = guess::column_names(first_rows[at].iter().map(String::as_str), width);
                self.header_row = u64::from(self.rows[at].number);
                self.first = at + 1;
            }
            HeaderAt::None(at) => {
                self.header = guess::column_names(std::iter::empty(), width);
                self.first = at;
            }
        }
        if self.first >= self.rows.len() {
            return Err(ReadError::NoRows { file: input.name.clone(), line: self.header_row });
        }
        Ok(())
    }

    fn push_row(&mut self, input: &Input, number: u32, first_cell: usize) -> Result<(), ReadError> {
        let filled = self.cells[first_cell..].iter().rposition(|cell| cell.len() > 0).map_or(0, |last| last + 1);
        self.cells.truncate(first_cell + filled);
        if filled > MAX_COLUMNS {
            let (file, line) = (input.name.clone(), u64::from(number));
            return Err(ReadError::TooManyColumns { file, line, columns: filled, limit: MAX_COLUMNS });
        }
        if filled > 0 {
            self.rows.push(SheetRow { number, end: self.cells.len() });
        }
        Ok(())
    }
}

fn damaged(input: &Input, error: &XlsxError) -> ReadError {
    if matches!(error, XlsxError::Password) {
        return ReadError::Unsupported {
            file: input.name.clone(),
            what: "a workbook with a password".to_owned(),
            advice: "save it without one",
        };
    }
    ReadError::Damaged { file: input.name.clone(), line: 0, reason: error.to_string() }
}

fn load<R: Read + Seek>(input: &Input, bytes: R, wanted: Option<&str>) -> Result<Sheet, ReadError> {
    let bytes = refuse_bomb(input, bytes)?;
    let mut book: Xlsx<R> = Xlsx::new(bytes).map_err(|error| damaged(input, &error))?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    for (name, visible) in &sheets {
        if wanted.map_or(*visible, |wanted| wanted == name) {
            let sheet = load_sheet(input, &mut book, name)?;
            if !sheet.rows.is_empty() {
                return Ok(sheet);
            }
        }
    }
    let present: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    match wanted {
        None if !sheets.is_empty() => Err(ReadError::Empty { file: input.name.clone() }),
        _ => Err(ReadError::NoSheet {
            file: input.name.clone(),
            wanted: wanted.unwrap_or_default().to_owned(),
            present: present.join(", "),
        }),
    }
}

fn load_sheet<R: Read + Seek>(input: &Input, book: &mut Xlsx<R>, name: &str) -> Result<Sheet, ReadError> {
    let mut sheet = Sheet {
        name: name.to_owned(),
        text: String::new(),
        cells: Vec::new(),
        rows: Vec::new(),
        header: Vec::new(),
        header_row: 0,
        first: 0,
    };
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| damaged(input, &error))?;
    let (mut number, mut first_cell) = (0, 0);
    while let Some(cell) = reader.next_cell().map_err(|error| damaged(input, &error))? {
        let (row, column) = cell.get_position();
        if row + 1 != number {
            sheet.push_row(input, number, first_cell)?;
            number = row + 1;
            first_cell = sheet.cells.len();
        }
        let start = sheet.text.len();
        write_value(cell.get_value(), &mut sheet.text);
        let (span, at) = (Span::text(start, sheet.text.len()), first_cell + column as usize);
        if span.len() == 0 {
            continue;
        }
        if sheet.text.len() > MAX_SHEET_BYTES || at > MAX_SHEET_CELLS {
            return Err(too_large(
                input,
                "the sheet",
                format!("{} MiB or {MAX_SHEET_CELLS} cells", MAX_SHEET_BYTES >> 20),
            ));
        }
        if at >= sheet.cells.len() {
            sheet.cells.resize(at + 1, Span::text(0, 0));
        }
        sheet.cells[at] = span;
    }
    sheet.push_row(input, number, first_cell)?;
    Ok(sheet)
}

fn too_large(input: &Input, what: &'static str, limit: String) -> ReadError {
    ReadError::TooLarge { file: input.name.clone(), what, limit, advice: "save the sheet as CSV" }
}

/// Unpacks the parts of a large workbook once without keeping them, because the sizes stated in a ZIP may lie.
fn refuse_bomb<R: Read + Seek>(input: &Input, bytes: R) -> Result<R, ReadError> {
    let broken = |reason: String| ReadError::Damaged { file: input.name.clone(), line: 0, reason };
    let mut archive = zip::ZipArchive::new(bytes).map_err(|error| broken(error.to_string()))?;
    if input.bytes > SMALL_WORKBOOK_BYTES || input.is_packed() {
        let mut left = MAX_WORKBOOK_BYTES;
        for index in 0..archive.len() {
            let part = archive.by_index(index).map_err(|error| broken(error.to_string()))?;
            let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
                .map_err(|error| ReadError::while_reading(&input.name, 0, error))?;
            left = left.checked_sub(size).ok_or_else(|| {
                too_large(input, "the unpacked workbook", format!("{} GiB", MAX_WORKBOOK_BYTES >> 30))
            })?;
        }
    }
    let mut bytes = archive.into_inner();
    bytes.rewind().map_err(|error| ReadError::from_io(&input.name, error))?;
    Ok(bytes)
}

fn write_value(value: &DataRef<'_>, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = match value {
        DataRef::Empty => Ok(()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => out.write_str(text),
        DataRef::SharedString(text) => out.write_str(text),
        DataRef::Int(value) => write!(out, "{value}"),
        DataRef::Float(value) => write_number(*value, out),
        DataRef::Bool(value) => write!(out, "{value}"),
        DataRef::DateTime(value) => write_time(value, out),
        DataRef::Error(error) => write!(out, "{error}"),
    };
}

/// As Excel shows it: 15 digits, no `.0`. Longer integers have lost digits and are written as such (`1.23E18`),
/// so that the value parser rejects them by name.
fn write_number(value: f64, out: &mut String) -> std::fmt::Result {
    if value.abs() >= EXACT_INTEGERS {
        return write!(out, "{value:E}");
    }
    if value.fract() == 0.0 {
        return write!(out, "{value}");
    }
    match format!("{value:.14e}").parse::<f64>() {
        Ok(shown) => write!(out, "{shown}"),
        Err(_) => write!(out, "{value}"),
    }
}

fn write_time(value: &ExcelDateTime, out: &mut String) -> std::fmt::Result {
    let serial = value.as_f64();
    if value.is_duration() || (0.0..1.0).contains(&serial) {
        let seconds = (serial * 86_400.0).round() as i64;
        return write!(out, "{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    write!(out, "{year:04}-{month:02}-{day:02}")?;
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return Ok(());
    }
    write!(out, "T{hour:02}:{minute:02}:{second:02}")?;
    if milli == 0 { Ok(()) } else { write!(out, ".{milli:03}") }
}

/// Reads rows from a sheet.
pub(super) struct SheetRows {
    sheet: std::sync::Arc<Sheet>,
    at: usize,
    cells: Vec<Span>,
    raw: String,
    problem: Option<RowProblem>,
    bytes: u64,
}

impl SheetRows {
    pub(super) fn new(sheet: std::sync::Arc<Sheet>, bytes: u64) -> Self {
        let at = sheet.first;
        SheetRows { sheet, at, cells: Vec::new(), raw: String::new(), problem: None, bytes }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        (u128::from(self.bytes) * self.at as u128 / self.sheet.rows.len().max(1) as u128) as u64
    }

    pub(super) fn next(&mut self) -> Option<RowRef<'_>> {
        let sheet = &*self.sheet;
        let row = sheet.rows.get(self.at)?;
        self.cells.clear();
        self.cells.extend_from_slice(sheet.row_cells(self.at));
        self.cells.resize(sheet.header.len(), Span::text(0, 0));
        self.at += 1;
        let long = self.cells.iter().position(|cell| cell.len() > super::MAX_CELL_BYTES);
        self.problem =
            long.map(|column| RowProblem::CellTooLong { column: column + 1, bytes: self.cells[column].len() });
        self.raw.clear();
        join(self.cells.iter().map(|cell| cell.of(&sheet.text, "")), &mut self.raw);
        Some(RowRef {
            text: &sheet.text,
            side: "",
            cells: &self.cells,
            raw: &self.raw,
            line: u64::from(row.number),
            problem: self.problem.as_ref(),
        })
    }
}
