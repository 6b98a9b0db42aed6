//! The database's errors in the words of the port.

use perennial_ports::StoreError;

/// Primary result codes of SQLite (sqlite.org/rescode.html); the low byte of an extended code.
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_FULL: u32 = 13;

/// Names what was tried, for `map_err`.
pub(crate) fn failed(action: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| match primary_code(&source) {
        Some(SQLITE_BUSY | SQLITE_LOCKED) => StoreError::Locked,
        Some(SQLITE_FULL) => StoreError::Full,
        _ => other(action, source),
    }
}

/// An error that nobody matches.
pub(crate) fn other(action: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Other { action, source: source.into() }
}

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let extended: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}
