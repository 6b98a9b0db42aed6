//! What can be wrong with a file, and what can be wrong with one row of it.

use std::io;

/// A file that cannot be read, or cannot be read further. The message names the file, the line where
/// there is one, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no such file.
    #[error("{file}: no such file; check the path")]
    NotFound {
        /// The file as the user named it.
        file: String,
    },
    /// The path is a folder, a device or a pipe.
    #[error("{file}: this is {what}, not a file; name a file in it or save it as one first")]
    NotAFile {
        /// The file as the user named it.
        file: String,
        /// What it is instead.
        what: &'static str,
    },
    /// The operating system refuses to open it.
    #[error("{file}: no permission to read it; change its mode or run as its owner")]
    Denied {
        /// The file as the user named it.
        file: String,
    },
    /// Reading failed below us (disk, network share).
    #[error("{file}: cannot be read: {source}")]
    Io {
        /// The file as the user named it.
        file: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// No bytes, or nothing but white space.
    #[error("{file}: the file is empty; export it again")]
    Empty {
        /// The file as the user named it.
        file: String,
    },
    /// A header and nothing below it.
    #[error("{file}: line {line} is a header and no rows follow it; export it again with a longer period")]
    NoRows {
        /// The file as the user named it.
        file: String,
        /// The line of the header (0 where the format stores names apart from rows).
        line: u64,
    },
    /// Something we know and do not read, or rubbish.
    #[error("{file}: this is {what}; {advice}")]
    Unsupported {
        /// The file as the user named it.
        file: String,
        /// What it looks like.
        what: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// The content breaks the rules of its format: cut short, checksum wrong, not decodable.
    #[error("{file}{}: the file is damaged ({reason}); export or download it again", at_line(*.line))]
    Damaged {
        /// The file as the user named it.
        file: String,
        /// The line (row in XLSX and Parquet) up to which reading went well, 0 when not even one.
        line: u64,
        /// What is broken.
        reason: String,
    },
    /// More columns than [`super::MAX_COLUMNS`].
    #[error("{file}, line {line}: {columns} columns; at most {limit} are read, is this the right file?")]
    TooManyColumns {
        /// The file as the user named it.
        file: String,
        /// The line with that many columns.
        line: u64,
        /// How many there are.
        columns: usize,
        /// [`super::MAX_COLUMNS`].
        limit: usize,
    },
    /// A named limit against files that would fill the memory or the day.
    #[error("{file}: {what} exceeds {limit}; {advice}")]
    TooLarge {
        /// The file as the user named it.
        file: String,
        /// What is too large.
        what: &'static str,
        /// The limit with its unit.
        limit: String,
        /// What the user can do.
        advice: &'static str,
    },
    /// The workbook has no sheet of the name in [`super::ReadOptions::sheet`], or none with content.
    #[error("{file}: no sheet {wanted:?} with rows in it; there are: {present}")]
    NoSheet {
        /// The file as the user named it.
        file: String,
        /// The sheet asked for.
        wanted: String,
        /// The names that exist.
        present: String,
    },
}

fn at_line(line: u64) -> String {
    if line == 0 { String::new() } else { format!(", after line {line}") }
}

impl ReadError {
    /// Turns what the operating system said on opening into the variant that says what to do.
    pub(super) fn from_io(file: &str, source: io::Error) -> Self {
        let file = file.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => ReadError::NotFound { file },
            io::ErrorKind::PermissionDenied => ReadError::Denied { file },
            io::ErrorKind::IsADirectory => ReadError::NotAFile { file, what: "a folder" },
            _ => ReadError::Io { file, source },
        }
    }

    /// Like [`ReadError::from_io`] for a failure while reading on: a decoder complains about its input with
    /// these kinds, a disk never does.
    pub(super) fn while_reading(file: &str, line: u64, source: io::Error) -> Self {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        match source.kind() {
            InvalidData | InvalidInput | UnexpectedEof => {
                ReadError::Damaged { file: file.to_owned(), line, reason: reason_of(&source) }
            }
            io::ErrorKind::FileTooLarge => ReadError::TooLarge {
                file: file.to_owned(),
                what: "the unpacked content",
                limit: source.to_string(),
                advice: "this looks like an archive made to fill a disk; unpack it by hand if you trust it",
            },
            _ => Self::from_io(file, source),
        }
    }
}

fn reason_of(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::UnexpectedEof => "it is cut short".to_owned(),
        _ => source.to_string(),
    }
}

/// Why one row cannot be used. Reading goes on with the next one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowProblem {
    /// Not as many cells as the header has (empty cells too many at the end are forgiven).
    #[error("{found} cells where the header has {expected}")]
    WrongWidth {
        /// Columns of the file.
        expected: usize,
        /// Cells of this row.
        found: usize,
    },
    /// A quote opens a cell and is not closed within [`super::MAX_RECORD_BYTES`] or
    /// [`super::MAX_RECORD_LINES`]; only its first line is given up.
    #[error("the quote that opens column {column} is never closed")]
    UnclosedQuote {
        /// 1-based column of the opening quote.
        column: usize,
    },
    /// Bytes that mean nothing in the encoding of the file.
    #[error("column {column} holds bytes that are not {encoding}")]
    InvalidBytes {
        /// 1-based column.
        column: usize,
        /// The encoding of the file.
        encoding: &'static str,
    },
    /// A byte 0, which no store takes as text.
    #[error("column {column} holds a byte 0")]
    NulByte {
        /// 1-based column.
        column: usize,
    },
    /// A cell longer than [`super::MAX_CELL_BYTES`].
    #[error("column {column} holds {bytes} bytes; at most {limit} are read", limit = super::MAX_CELL_BYTES)]
    CellTooLong {
        /// 1-based column.
        column: usize,
        /// Its length in UTF-8.
        bytes: usize,
    },
    /// A row longer than [`super::MAX_RECORD_BYTES`].
    #[error("the row is longer than {limit} bytes", limit = super::MAX_RECORD_BYTES)]
    RecordTooLong,
    /// A line of a JSON lines file that is no JSON object.
    #[error("not a JSON object, column {column}: {reason}")]
    InvalidJson {
        /// 1-based byte of the line.
        column: usize,
        /// What the parser said.
        reason: String,
    },
}

impl RowProblem {
    /// The 1-based column the problem is in, where it is in one (for JSON lines: the byte of the line).
    pub fn column(&self) -> Option<usize> {
        match self {
            RowProblem::UnclosedQuote { column }
            | RowProblem::InvalidBytes { column, .. }
            | RowProblem::NulByte { column }
            | RowProblem::CellTooLong { column, .. }
            | RowProblem::InvalidJson { column, .. } => Some(*column),
            RowProblem::WrongWidth { .. } | RowProblem::RecordTooLong => None,
        }
    }
}
