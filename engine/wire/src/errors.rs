//! What is wrong, in the protocol's codes.

use datafusion_postgres::pgwire::error::{ErrorInfo, PgWireError};
use perennial_query::QueryError;

/// An error that leaves the connection open.
pub(crate) fn error(code: &str, message: impl Into<String>) -> PgWireError {
    PgWireError::UserError(Box::new(ErrorInfo::new("ERROR".to_owned(), code.to_owned(), message.into())))
}

/// An error that ends the connection.
pub(crate) fn fatal(code: &str, message: impl Into<String>) -> PgWireError {
    PgWireError::UserError(Box::new(ErrorInfo::new("FATAL".to_owned(), code.to_owned(), message.into())))
}

/// Whoever asked wants no answer any more.
pub(crate) fn cancelled() -> PgWireError {
    error("57014", "the query was cancelled as was asked")
}

/// A fault of ours, of this statement alone.
pub(crate) fn fault() -> PgWireError {
    of_query(&QueryError::Fault)
}

/// A query's error with its SQLSTATE.
pub(crate) fn of_query(problem: &QueryError) -> PgWireError {
    let code = match problem {
        QueryError::ReadOnly { .. } => "25006",
        QueryError::OneStatement { .. } | QueryError::Syntax { .. } => "42601",
        QueryError::UnknownTable { .. } => "42P01",
        QueryError::UnknownColumn { .. } => "42703",
        QueryError::Plan { .. } => "42000",
        QueryError::Execution { .. } => "22000",
        QueryError::Memory { .. } => "53200",
        QueryError::Time { .. } | QueryError::Abandoned { .. } => "57014",
        QueryError::Busy { .. } => "53000",
        QueryError::TooLarge { .. } => "54000",
        QueryError::Timeline { .. } | QueryError::Write(_) => "58030",
        QueryError::UnknownFormat(_) => "22023",
        QueryError::Fault => "XX000",
    };
    error(code, problem.to_string())
}
