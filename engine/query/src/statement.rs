//! Which statements are let in.

use crate::QueryError;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::ast::Statement as SqlStatement;

/// The one statement of a text that only reads.
pub(crate) fn parse_read_only(sql: &str, limit_bytes: usize) -> Result<Statement, QueryError> {
    let mut statements = DFParser::parse_sql(sql).map_err(|error| QueryError::from_engine(&error, limit_bytes))?;
    let found = statements.len();
    let Some(statement) = statements.pop_front().filter(|_| found == 1) else {
        return Err(QueryError::OneStatement { found });
    };
    if only_reads(&statement) { Ok(statement) } else { Err(refused(sql)) }
}

/// The error of a statement that writes.
#[must_use]
pub fn refused(sql: &str) -> QueryError {
    QueryError::ReadOnly { statement: first_word(sql) }
}

/// Whether a statement only reads.
#[must_use]
pub fn only_reads(statement: &Statement) -> bool {
    match statement {
        Statement::Statement(sql) => matches!(
            sql.as_ref(),
            SqlStatement::Query(_)
                | SqlStatement::Explain { .. }
                | SqlStatement::ExplainTable { .. }
                | SqlStatement::ShowTables { .. }
                | SqlStatement::ShowColumns { .. }
        ),
        Statement::Explain(explain) => only_reads(&explain.statement),
        _ => false,
    }
}

fn first_word(sql: &str) -> String {
    let word = sql.split(|letter: char| !letter.is_alphanumeric()).find(|word| !word.is_empty());
    word.unwrap_or("this").to_uppercase()
}
