//! Many rows a statement: the same text on both databases, compiled once for all full chunks.

use crate::connection::Connection;
use crate::dialect::SQLITE;
use crate::statement::Statement;
use perennial_ports::StoreError;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

/// Rows in one statement: enough that its round trip to the connection's thread does not count,
/// few enough for the limits on arguments (SQLite 32,766, PostgreSQL 65,535).
pub(crate) const CHUNK_ROWS: usize = 1000;

/// A statement with a list of rows in its middle.
pub(crate) struct Bulk {
    /// Completes "the store cannot …".
    pub(crate) action: &'static str,
    /// Before the list.
    pub(crate) before: &'static str,
    /// After it.
    pub(crate) after: &'static str,
    /// Stands in the text for `{WORD}`; never anything that came from outside.
    pub(crate) word: &'static str,
    /// Arguments of each row.
    pub(crate) columns: usize,
    /// Whether each row starts with its number within the chunk, so that an answer can name it.
    pub(crate) numbered: bool,
}

impl Bulk {
    /// The text for so many rows.
    fn sql(&self, rows: usize) -> String {
        let mut sql = self.before.replace("{WORD}", self.word);
        let mut argument = 0;
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ",(" });
            if self.numbered {
                let _ = write!(sql, "{row},");
            }
            for column in 0..self.columns {
                argument += 1;
                sql.push_str(if column == 0 { "" } else { "," });
                (SQLITE.list_argument)(&mut sql, argument);
            }
            sql.push(')');
        }
        sql.push_str(&self.after.replace("{WORD}", self.word));
        sql
    }

    /// The statements for `rows` rows, each with the rows it is for; arguments are still to be added.
    pub(crate) fn statements(&self, rows: usize) -> impl Iterator<Item = (Range<usize>, Statement)> + '_ {
        let full: Arc<str> = if rows >= CHUNK_ROWS { self.sql(CHUNK_ROWS).into() } else { "".into() };
        (0..rows).step_by(CHUNK_ROWS).map(move |first| {
            let range = first..rows.min(first + CHUNK_ROWS);
            let statement = if range.len() == CHUNK_ROWS {
                Statement::new(self.action, Arc::clone(&full))
            } else {
                Statement::new(self.action, self.sql(range.len())).once()
            };
            (range, statement)
        })
    }

    /// Runs it over numbers, one a row.
    pub(crate) async fn run_over(
        &self,
        connection: &mut Connection,
        numbers: impl ExactSizeIterator<Item = u64> + Send,
    ) -> Result<(), StoreError> {
        let numbers: Vec<u64> = numbers.collect();
        for (range, mut statement) in self.statements(numbers.len()) {
            for number in &numbers[range] {
                statement.add(number.cast_signed());
            }
            statement.run(connection).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_and_arguments_counted() {
        let bulk = Bulk { action: "x", before: "'{WORD}' ", after: "", word: "phone", columns: 2, numbered: true };
        assert_eq!(bulk.sql(2), "'phone' (0,?,?),(1,?,?)");
        let ranges: Vec<_> = bulk.statements(CHUNK_ROWS + 1).map(|(range, _)| range).collect();
        assert_eq!(ranges, [0..CHUNK_ROWS, CHUNK_ROWS..CHUNK_ROWS + 1]);
    }
}
