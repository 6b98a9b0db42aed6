//! Many rows a statement: the same text on both databases but for how the rows stand in it.

use crate::connection::Connection;
use crate::statement::{Answer, Statement};
use crate::value::Value;
use perennial_ports::StoreError;
use std::borrow::Cow;
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
    before: Cow<'static, str>,
    after: Cow<'static, str>,
    word: &'static str,
    columns: usize,
    numbered: bool,
    rows: usize,
    /// SQLite's text for a full chunk, written once for all of them.
    full: Arc<OnceLock<Arc<str>>>,
}

impl List {
    /// So many rows into a table whose name and columns are found at run time.
    pub(crate) fn insert(table: &str, columns: &[&str], rows: usize) -> Self {
        let before = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
        let (before, after) = (Cow::Owned(before), Cow::Borrowed(""));
        Self { before, after, word: "", columns: columns.len(), numbered: false, rows, full: Arc::default() }
    }

    /// Whether the text will come again.
    pub(crate) const fn is_full(&self) -> bool {
        self.rows == CHUNK_ROWS
    }

    /// Arguments of all rows.
    pub(crate) const fn arguments(&self) -> usize {
        self.rows * self.columns
    }

    /// Arguments of each row.
    pub(crate) const fn columns(&self) -> usize {
        self.columns
    }

    /// `(VALUES (?, ?), …)`.
    pub(crate) fn sqlite(&self) -> Arc<str> {
        if self.is_full() {
            Arc::clone(self.full.get_or_init(|| self.with_values().into()))
        } else {
            self.with_values().into()
        }
    }

    /// `?` and not `$7`: SQLite looks for a name by going through all names, half a second for each
    /// million arguments in lists of 2,000.
    fn with_values(&self) -> String {
        let mut sql = self.before.replace("{WORD}", self.word);
        for row in 0..self.rows {
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

    /// `(SELECT … FROM UNNEST($1, $2))`, of the types of the first row.
    pub(crate) fn postgres(&self, values: &[Value]) -> Arc<str> {
        let before = self.before.strip_suffix("VALUES ").unwrap_or(&self.before);
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
        sql.into()
    }
}

impl Bulk {
    fn list(&self, rows: usize, full: Arc<OnceLock<Arc<str>>>) -> List {
        let (before, after) = (Cow::Borrowed(self.before), Cow::Borrowed(self.after));
        List { before, after, word: self.word, columns: self.columns, numbered: self.numbered, rows, full }
    }

    /// The statements for `rows` rows, each with the rows it is for; arguments are still to be added.
    pub(crate) fn statements(&self, rows: usize) -> impl Iterator<Item = (Range<usize>, Statement)> + use<> {
        let (bulk, full) = (*self, Arc::new(OnceLock::new()));
        (0..rows).step_by(CHUNK_ROWS).map(move |first| {
            let range = first..rows.min(first + CHUNK_ROWS);
            let list = bulk.list(range.len(), Arc::clone(&full));
            (range, Statement::of_list(bulk.action, list))
        })
    }

    /// All answers for numbers, one a row of the list.
    pub(crate) async fn all_of(
        &self,
        connection: &mut Connection,
        numbers: impl ExactSizeIterator<Item = u64> + Send,
    ) -> Result<Vec<Answer>, StoreError> {
        let (numbers, mut answers): (Vec<u64>, Vec<Answer>) = (numbers.collect(), Vec::new());
        for (range, mut statement) in self.statements(numbers.len()) {
            for number in &numbers[range] {
                statement.add(number.cast_signed());
            }
            answers.extend(statement.all(connection).await?);
        }
        Ok(answers)
    }

    /// Runs it over numbers, one a row; how many rows it changed.
    pub(crate) async fn run_over(
        &self,
        connection: &mut Connection,
        numbers: impl ExactSizeIterator<Item = u64> + Send,
    ) -> Result<u64, StoreError> {
        let (numbers, mut changed): (Vec<u64>, u64) = (numbers.collect(), 0);
        for (range, mut statement) in self.statements(numbers.len()) {
            for number in &numbers[range] {
                statement.add(number.cast_signed());
            }
            changed += statement.run(connection).await?;
        }
        Ok(changed)
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
        assert_eq!(*bulk.list(2, Arc::default()).sqlite(), *"'phone' VALUES (0,?,?),(1,?,?)");
        let values = [Value::from(1), Value::from("a"), Value::from(2), Value::from("b")];
        let arrays = "UNNEST($1::bigint[], $2::text[]) WITH ORDINALITY AS list (column1, column2, place)";
        assert_eq!(
            *bulk.list(2, Arc::default()).postgres(&values),
            format!("'phone' SELECT place - 1, column1, column2 FROM {arrays}")[..]
        );
        let ranges: Vec<_> = bulk.statements(CHUNK_ROWS + 1).map(|(range, _)| range).collect();
        assert_eq!(ranges, [0..CHUNK_ROWS, CHUNK_ROWS..CHUNK_ROWS + 1]);
    }
}
