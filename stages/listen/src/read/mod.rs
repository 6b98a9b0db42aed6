//! Any file of a shop as a stream of rows of text cells with their positions: [`open`] finds out what the
//! file is, [`Source::rows`] reads it.
//!
//! Content decides, not the file's name: compression (gzip, ZIP), format, encoding, delimiter and header are
//! recognised from the bytes. Everything streams in bounded memory; only a workbook is held whole, below a
//! limit. A cell is handed over as it stands in the file: `="123"`, a trailing tab or a currency sign is left
//! to the `value` module (header cells alone are cleaned here). Fields a file does not have are empty text.

mod buffer;
mod columnar;
mod encoding;
mod error;
mod guess;
mod input;
mod json;
mod pages;
mod row;
mod source;
mod split;
mod text;
mod textual;
mod workbook;
mod zipped;

#[cfg(test)]
mod tests;

pub use error::{ReadError, RowProblem};
pub use row::RowRef;
pub use source::{Format, ReadOptions, RowReader, Source, open};

/// Most columns a file may have: four times what the widest shop export we know has, and a bound on the
/// memory a row can take.
pub const MAX_COLUMNS: usize = 4_096;
/// Longest row. An order line is some hundred bytes; past this a quote was left open.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Most lines one row may span by quoted line ends.
pub const MAX_RECORD_LINES: usize = 10_000;
/// Longest cell.
pub const MAX_CELL_BYTES: usize = 64 << 10;

/// Runs a decoder of somebody else's. Workbooks and Parquet come from anywhere; where a damaged one trips an
/// assertion in their libraries, that is a damaged file to the user and no crash.
fn guarded<T>(file: &str, work: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let reason = "its decoder gave up".to_owned();
        Err(ReadError::Damaged { file: file.to_owned(), line: 0, reason })
    })
}
