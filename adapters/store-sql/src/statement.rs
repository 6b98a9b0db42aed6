//! One statement and its arguments. All SQL goes through here, because a forgotten argument is
//! NULL to SQLite without a word.

use crate::bulk::List;
use crate::connection::Connection;
use crate::error::{failed, other};
use crate::value::{self, Value};
use perennial_ports::StoreError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::query_with;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Decode, Postgres, Row, Sqlite, Type};
use std::sync::Arc;

/// A row of an answer.
pub(crate) struct Answer {
    row: AnswerRow,
    action: &'static str,
}

enum AnswerRow {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Answer {
    /// A column by its place.
    pub(crate) fn get<T>(&self, column: usize) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        let got = match &self.row {
            AnswerRow::Sqlite(row) => row.try_get(column),
            AnswerRow::Postgres(row) => row.try_get(column),
        };
        got.map_err(failed(self.action))
    }

    /// A column that holds a number that was unsigned before it was stored.
    pub(crate) fn unsigned(&self, column: usize) -> Result<u64, StoreError> {
        self.get::<i64>(column).map(i64::cast_unsigned)
    }

    /// A column that holds a small unsigned number.
    pub(crate) fn small<T: TryFrom<i64, Error: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: usize,
    ) -> Result<T, StoreError> {
        T::try_from(self.get::<i64>(column)?).map_err(|error| other(self.action, error))
    }
}

/// A statement, on its way.
pub(crate) struct Statement {
    action: &'static str,
    text: Text,
    values: Vec<Value>,
}

enum Text {
    /// The same on both databases.
    Same(Arc<str>),
    /// With a list of rows in it, which each database takes in its own way.
    List(List),
}

impl Statement {
    /// `action` completes "the store cannot …".
    pub(crate) fn new(action: &'static str, sql: impl Into<Arc<str>>) -> Self {
        Self { action, text: Text::Same(sql.into()), values: Vec::new() }
    }

    /// With a list of rows.
    pub(crate) fn of_list(action: &'static str, list: List) -> Self {
        Self { action, text: Text::List(list), values: Vec::new() }
    }

    /// The next argument.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.add(value);
        self
    }

    /// The next argument, in a loop.
    pub(crate) fn add(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
    }

    /// An unsigned number; the databases have signed ones only, the bits are kept.
    pub(crate) fn number(self, value: u64) -> Self {
        self.bind(value.cast_signed())
    }

    /// Runs it; returns how many rows it changed.
    pub(crate) async fn run(self, connection: &mut Connection) -> Result<u64, StoreError> {
        let action = self.action;
        match connection {
            Connection::Sqlite(lane) => {
                let done = self.sqlite()?.execute(lane.raw()).await;
                done.map(|done| done.rows_affected()).map_err(failed(action))
            }
            Connection::Postgres(lane) => {
                let done = self.postgres()?.execute(lane.raw()).await;
                done.map(|done| done.rows_affected()).map_err(failed(action))
            }
        }
    }

    /// All rows of its answer.
    pub(crate) async fn all(self, connection: &mut Connection) -> Result<Vec<Answer>, StoreError> {
        let action = self.action;
        match connection {
            Connection::Sqlite(lane) => {
                let rows = self.sqlite()?.fetch_all(lane.raw()).await.map_err(failed(action))?;
                Ok(rows.into_iter().map(|row| Answer { row: AnswerRow::Sqlite(row), action }).collect())
            }
            Connection::Postgres(lane) => {
                let rows = self.postgres()?.fetch_all(lane.raw()).await.map_err(failed(action))?;
                Ok(rows.into_iter().map(|row| Answer { row: AnswerRow::Postgres(row), action }).collect())
            }
        }
    }

    /// The row of its answer, if there is one.
    pub(crate) async fn optional(self, connection: &mut Connection) -> Result<Option<Answer>, StoreError> {
        let action = self.action;
        match connection {
            Connection::Sqlite(lane) => {
                let row = self.sqlite()?.fetch_optional(lane.raw()).await.map_err(failed(action))?;
                Ok(row.map(|row| Answer { row: AnswerRow::Sqlite(row), action }))
            }
            Connection::Postgres(lane) => {
                let row = self.postgres()?.fetch_optional(lane.raw()).await.map_err(failed(action))?;
                Ok(row.map(|row| Answer { row: AnswerRow::Postgres(row), action }))
            }
        }
    }

    /// The only row of its answer.
    pub(crate) async fn one(self, connection: &mut Connection) -> Result<Answer, StoreError> {
        let action = self.action;
        let row = self.optional(connection).await?;
        row.ok_or_else(|| failed(action)(sqlx::Error::RowNotFound))
    }

    fn sqlite(self) -> Result<Query<'static, Sqlite, SqliteArguments>, StoreError> {
        let action = self.action;
        let (sql, keep) = match &self.text {
            Text::Same(sql) => (Arc::clone(sql), true),
            Text::List(list) => (list.sqlite(), list.is_full()),
        };
        let arguments = value::sqlite_arguments(self.checked()?).map_err(|error| other(action, error))?;
        check_count(action, placeholders(&sql), arguments.len())?;
        Ok(query_with(AssertSqlSafe(sql), arguments).persistent(keep))
    }

    fn postgres(self) -> Result<Query<'static, Postgres, PgArguments>, StoreError> {
        let action = self.action;
        let (sql, arguments) = match &self.text {
            Text::Same(sql) => (Arc::clone(sql), value::postgres_arguments(self.checked()?)),
            Text::List(list) => {
                check_count(action, list.arguments(), self.values.len())?;
                let (sql, columns) = (list.postgres(&self.values), list.columns());
                (sql, value::postgres_arrays(self.checked()?, columns))
            }
        };
        let arguments = arguments.map_err(|error| other(action, error))?;
        check_count(action, placeholders(&sql), arguments.len())?;
        Ok(query_with(AssertSqlSafe(sql), arguments))
    }

    fn checked(self) -> Result<Vec<Value>, StoreError> {
        self.values.iter().try_for_each(|value| value.check(self.action))?;
        Ok(self.values)
    }
}

fn check_count(action: &'static str, wanted: usize, given: usize) -> Result<(), StoreError> {
    if wanted == given {
        return Ok(());
    }
    Err(other(action, format!("statement takes {wanted} arguments, {given} given")))
}

/// How many arguments a text takes: the highest `$n`, or the number of `?` in a long list.
fn placeholders(sql: &str) -> usize {
    let number = |rest: &str| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit);
        digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'))
    };
    let unnamed = sql.bytes().filter(|byte| *byte == b'?').count();
    sql.split('$').skip(1).map(number).max().unwrap_or(unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Lane;

    #[tokio::test]
    async fn a_forgotten_argument_is_an_error() {
        let pool = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
        let mut connection = Connection::Sqlite(Lane::Single(pool.acquire().await.unwrap()));
        let forgotten = Statement::new("add", "SELECT $1, $2").number(1).one(&mut connection).await;
        assert!(forgotten.is_err_and(|error| error.to_string().contains("takes 2 arguments, 1 given")));
        let surplus = Statement::new("add", "SELECT $1").number(1).number(2).one(&mut connection).await;
        assert!(surplus.is_err());
        let right = Statement::new("add", "SELECT $2, $1").number(1).number(2).one(&mut connection).await.unwrap();
        assert_eq!((right.unsigned(0).unwrap(), right.unsigned(1).unwrap()), (2, 1));
        let nul = Statement::new("add", "SELECT $1").bind("a\0b").one(&mut connection).await;
        assert!(nul.is_err_and(|error| error.to_string().contains("NUL")));
    }
}
