//! What can be wrong with a query.

use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use perennial_timeline::TimelineError;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// It would change something.
    #[error("{statement} is refused: queries only read, use SELECT, WITH, EXPLAIN, DESCRIBE or SHOW TABLES")]
    ReadOnly {
        /// Its first word.
        statement: String,
    },
    /// None, or more than one.
    #[error("found {found} statements: ask one at a time")]
    OneStatement {
        /// How many.
        found: usize,
    },
    /// It is not SQL.
    #[error("the query is not understood: {reason}")]
    Syntax {
        /// What was expected, and where.
        reason: String,
    },
    /// There is no such table.
    #[error("there is no table {name}: the tables are {known}")]
    UnknownTable {
        /// Its name.
        name: String,
        /// What there is.
        known: String,
    },
    /// There is no such column.
    #[error("there is no column {name}: the columns here are {known}")]
    UnknownColumn {
        /// Its name.
        name: String,
        /// What there is.
        known: String,
    },
    /// It is SQL but means nothing here.
    #[error("the query cannot be planned: {reason}")]
    Plan {
        /// What does not fit.
        reason: String,
    },
    /// It failed half way.
    #[error("the query failed: {reason}")]
    Execution {
        /// What happened.
        reason: String,
    },
    /// It needs more memory than it may have.
    #[error("the query needs more than {limit_bytes} bytes of memory: select less, aggregate, or raise the limit")]
    Memory {
        /// What it may have.
        limit_bytes: usize,
    },
    /// It takes longer than it may.
    #[error("the query takes longer than {limit_secs} s: select less, aggregate, or raise the limit")]
    Time {
        /// How long it may take.
        limit_secs: u64,
    },
    /// Nobody took its rows.
    #[error("nobody took the rows for {limit_secs} s: the query was ended")]
    Abandoned {
        /// How long it waited.
        limit_secs: u64,
    },
    /// Others are being answered.
    #[error("{running} queries are running and none ended in {waited_secs} s: try again later")]
    Busy {
        /// How many run at once.
        running: usize,
        /// How long this one waited.
        waited_secs: u64,
    },
    /// It is larger than a statement may be.
    #[error("the query has {found} {what} and may have {most}: join a table or use IN instead")]
    TooLarge {
        /// How many.
        found: usize,
        /// Of what.
        what: &'static str,
        /// How many it may have.
        most: usize,
    },
    /// A fault of ours.
    #[error("the query met a fault in the server; others are not concerned: please report it with the query")]
    Fault,
    /// The timeline could not be read.
    #[error("events cannot be read: {reason}")]
    Timeline {
        /// What it said.
        reason: String,
    },
    /// Nobody can take the answer.
    #[error("the answer cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// No such output format.
    #[error("format {0:?} is not known: use table, csv or json")]
    UnknownFormat(String),
}

impl QueryError {
    /// In the product's words. `limit_bytes` is what the query was allowed.
    #[must_use]
    pub fn from_engine(error: &DataFusionError, limit_bytes: usize) -> Self {
        match error.find_root() {
            DataFusionError::SQL(parser, _) => Self::Syntax { reason: tidy(&parser.to_string()) },
            DataFusionError::SchemaError(schema, _) => from_schema(schema),
            DataFusionError::ResourcesExhausted(_) => Self::Memory { limit_bytes },
            DataFusionError::External(source) if source.is::<TimelineError>() => {
                Self::Timeline { reason: source.to_string() }
            }
            DataFusionError::Collection(errors) => match errors.first() {
                Some(first) => Self::from_engine(first, limit_bytes),
                None => Self::Execution { reason: "no reason given".into() },
            },
            DataFusionError::Plan(reason) | DataFusionError::NotImplemented(reason) => {
                Self::Plan { reason: tidy(reason) }
            }
            DataFusionError::ArrowError(arrow, _) => Self::Execution { reason: tidy(&arrow.to_string()) },
            DataFusionError::Execution(reason) => Self::Execution { reason: tidy(reason) },
            other => Self::Execution { reason: tidy(&other.strip_backtrace()) },
        }
    }
}

fn from_schema(error: &SchemaError) -> QueryError {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            let known: Vec<_> = valid_fields.iter().map(|column| column.name().to_owned()).collect();
            QueryError::UnknownColumn { name: field.flat_name(), known: known.join(", ") }
        }
        SchemaError::AmbiguousReference { field } => QueryError::Plan {
            reason: format!("column {} is in more than one table: write the table before it", field.flat_name()),
        },
        other => QueryError::Plan { reason: tidy(&other.to_string()) },
    }
}

/// The house style: lower case at the start, no full stop at the end, the engine's own prefix gone.
fn tidy(text: &str) -> String {
    let text = text.rsplit_once("ParserError(\"").map_or(text, |(_, inner)| inner);
    let text = text.trim_start_matches("sql parser error: ").trim_end_matches("\")").trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
