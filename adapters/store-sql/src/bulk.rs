//! Many rows a statement: the same text on both databases but for how the rows stand in it.

use crate::connection::Connection;
use crate::statement::Statement;
use crate::value::Value;
use perennial_ports::StoreError;
use std::fmt::Write;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Rows in one statement: enough that its round trip to the connection's thread does not count,
/// few enough for SQLite's limit of 32,766 arguments.
pub(crate) const CHUNK_ROWS: usize = 1000;

/// A statement with a list of rows in its middle.
#[derive(Clone, Copy)]
pub(crate) struct Bulk {
    /// Completes "the store cannot …".
    pub(crate) action: &'static str,
    /// Before the list; ends in `VALUES `.
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

/// One chunk of a bulk statement. SQLite takes its rows one by one, PostgreSQL as an array for each
/// column: the text is then the same for any number of rows, and the arrays say their types.
pub(crate) struct List {
    bulk: Bulk,
    rows: usize,
    /// SQLite's text for a full chunk, written once for all of them.
    full: Arc<OnceLock<Arc<str>>>,
}

impl List {
    /// Whether the text will come again.
    pub(crate) const fn is_full(&self) -> bool {
        self.rows == CHUNK_ROWS
    }

    /// Arguments of all rows.
    pub(crate) const fn arguments(&self) -> usize {
        self.rows * self.bulk.columns
    }

    /// Arguments of each row.
    pub(crate) const fn columns(&self) -> usize {
        self.bulk.columns
    }

    /// `(VALUES (?, ?), …)`.
    pub(crate) fn sqlite(&self) -> Arc<str> {
        if self.is_full() {
            Arc::clone(self.full.get_or_init(|| self.bulk.with_values(self.rows).into()))
        } else {
            self.bulk.with_values(self.rows).into()
        }
    }

    /// `(SELECT … FROM UNNEST($1, $2))`, of the types of the first row.
    pub(crate) fn postgres(&self, values: &[Value]) -> Arc<str> {
        self.bulk.with_arrays(values).into()
    }
}

impl Bulk {
    /// `?` and not `$7`: SQLite looks for a name by going through all names, half a second for each
    /// million arguments in lists of 2,000.
    fn with_values(&self, rows: usize) -> String {
        let mut sql = self.before.replace("{WORD}", self.word);
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ",(" });
            if self.numbered {
                let _ = write!(sql, "{row},");
            }
            for column in 0..self.columns {
                sql.push_str(if column == 0 { "?" } else { ",?" });
            }
            sql.push(')');
        }
        sql.push_str(&self.after.replace("{WORD}", self.word));
        sql
    }

    fn with_arrays(&self, values: &[Value]) -> String {
        let before = self.before.strip_suffix("VALUES ").unwrap_or(self.before);
        let mut sql = before.replace("{WORD}", self.word);
        let columns: Vec<String> = (1..=self.columns).map(|column| format!("column{column}")).collect();
        let columns = columns.join(", ");
        let arrays: Vec<String> = (1..).zip(values.iter().take(self.columns)).map(array).collect();
        let arrays = arrays.join(", ");
        let _ = if self.numbered {
            let names = format!("list ({columns}, place)");
            write!(sql, "SELECT place - 1, {columns} FROM UNNEST({arrays}) WITH ORDINALITY AS {names}")
        } else {
            write!(sql, "SELECT {columns} FROM UNNEST({arrays}) AS list ({columns})")
        };
        sql.push_str(&self.after.replace("{WORD}", self.word));
        sql
    }

    /// The statements for `rows` rows, each with the rows it is for; arguments are still to be added.
    pub(crate) fn statements(&self, rows: usize) -> impl Iterator<Item = (Range<usize>, Statement)> + use<> {
        let (bulk, full) = (*self, Arc::new(OnceLock::new()));
        (0..rows).step_by(CHUNK_ROWS).map(move |first| {
            let range = first..rows.min(first + CHUNK_ROWS);
            let list = List { bulk, rows: range.len(), full: Arc::clone(&full) };
            (range, Statement::of_list(bulk.action, list))
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

fn array((number, value): (usize, &Value)) -> String {
    format!("${number}::{}", value.array_type())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_and_arguments_counted() {
        let bulk =
            Bulk { action: "x", before: "'{WORD}' VALUES ", after: "", word: "phone", columns: 2, numbered: true };
        assert_eq!(bulk.with_values(2), "'phone' VALUES (0,?,?),(1,?,?)");
        let values = [Value::from(1), Value::from("a"), Value::from(2), Value::from("b")];
        let arrays = "UNNEST($1::bigint[], $2::text[]) WITH ORDINALITY AS list (column1, column2, place)";
        assert_eq!(bulk.with_arrays(&values), format!("'phone' SELECT place - 1, column1, column2 FROM {arrays}"));
        let ranges: Vec<_> = bulk.statements(CHUNK_ROWS + 1).map(|(range, _)| range).collect();
        assert_eq!(ranges, [0..CHUNK_ROWS, CHUNK_ROWS..CHUNK_ROWS + 1]);
    }
}
