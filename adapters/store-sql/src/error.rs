//! The database's errors in the words of the port.

use perennial_ports::StoreError;
use sqlx::postgres::PgDatabaseError;

/// Primary result codes of SQLite (sqlite.org/rescode.html); the low byte of an extended code.
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;

/// Names what was tried, for `map_err`.
pub(crate) fn failed(action: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| match &source {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => StoreError::Unreachable { source: source.into() },
        sqlx::Error::Database(problem) => match problem.try_downcast_ref::<PgDatabaseError>() {
            Some(problem) => {
                let code = problem.code().to_owned();
                of_postgres(action, &code, source)
            }
            None => of_sqlite(action, source),
        },
        _ => other(action, source),
    }
}

fn of_sqlite(action: &'static str, source: sqlx::Error) -> StoreError {
    let code = source.as_database_error().and_then(|problem| problem.code()?.parse::<u32>().ok());
    match code.map(|extended| extended & 0xff) {
        Some(SQLITE_BUSY | SQLITE_LOCKED) => StoreError::Locked,
        Some(SQLITE_FULL) => StoreError::Full,
        // A file system that was mounted read-only since, or a disk that fails.
        Some(SQLITE_READONLY | SQLITE_IOERR | SQLITE_CANTOPEN) => StoreError::Unwritable { source: source.into() },
        _ => other(action, source),
    }
}

/// By SQLSTATE (appendix A of PostgreSQL's manual).
fn of_postgres(action: &'static str, code: &str, source: sqlx::Error) -> StoreError {
    match code {
        LOCK_NOT_AVAILABLE => StoreError::Locked,
        "53100" => StoreError::Full,
        // Connection exceptions, too many connections, shutting down, crashed, starting up.
        "53300" | "57P01" | "57P02" | "57P03" => StoreError::Unreachable { source: source.into() },
        code if code.starts_with("08") => StoreError::Unreachable { source: source.into() },
        // A read-only transaction, out of something (memory, locks), an error of its disk.
        code if matches!(code, "25006" | "58030") || code.starts_with("53") => {
            StoreError::Unwritable { source: source.into() }
        }
        _ => other(action, source),
    }
}

/// PostgreSQL waited for a lock as long as it should.
pub(crate) const LOCK_NOT_AVAILABLE: &str = "55P03";

/// An error that nobody matches.
pub(crate) fn other(action: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Other { action, source: source.into() }
}
