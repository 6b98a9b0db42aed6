//! One statement and its arguments. All SQL goes through here, because a forgotten argument is
//! NULL to SQLite without a word.

use crate::error::{failed, other};
use perennial_ports::StoreError;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Encode, Row, Sqlite, Type};
use std::sync::Arc;

/// A row of an answer.
pub(crate) struct Answer {
    row: SqliteRow,
    action: &'static str,
}

impl Answer {
    /// A column by its place.
    pub(crate) fn get<T>(&self, column: usize) -> Result<T, StoreError>
    where
        T: for<'r> sqlx::Decode<'r, Sqlite> + Type<Sqlite>,
    {
        self.row.try_get(column).map_err(failed(self.action))
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
    sql: Arc<str>,
    arguments: SqliteArguments,
    refused: Option<sqlx::error::BoxDynError>,
    keep: bool,
}

impl Statement {
    /// `action` completes "the store cannot …".
    pub(crate) fn new(action: &'static str, sql: impl Into<Arc<str>>) -> Self {
        Self { action, sql: sql.into(), arguments: SqliteArguments::default(), refused: None, keep: true }
    }

    /// The next argument.
    pub(crate) fn bind<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(mut self, value: T) -> Self {
        self.add(value);
        self
    }

    /// The next argument, in a loop.
    pub(crate) fn add<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(&mut self, value: T) {
        if let Err(error) = self.arguments.add(value) {
            self.refused.get_or_insert(error);
        }
    }

    /// An unsigned number; the databases have signed ones only, the bits are kept.
    pub(crate) fn number(self, value: u64) -> Self {
        self.bind(value.cast_signed())
    }

    /// Not worth remembering its compiled form: a text that hardly comes again.
    pub(crate) fn once(mut self) -> Self {
        self.keep = false;
        self
    }

    /// Runs it; returns how many rows it changed.
    pub(crate) async fn run(self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let (action, query) = self.query()?;
        query.execute(connection).await.map(|done| done.rows_affected()).map_err(failed(action))
    }

    /// All rows of its answer.
    pub(crate) async fn all(self, connection: &mut SqliteConnection) -> Result<Vec<Answer>, StoreError> {
        let (action, query) = self.query()?;
        let rows = query.fetch_all(connection).await.map_err(failed(action))?;
        Ok(rows.into_iter().map(|row| Answer { row, action }).collect())
    }

    /// The row of its answer, if there is one.
    pub(crate) async fn optional(self, connection: &mut SqliteConnection) -> Result<Option<Answer>, StoreError> {
        let (action, query) = self.query()?;
        let row = query.fetch_optional(connection).await.map_err(failed(action))?;
        Ok(row.map(|row| Answer { row, action }))
    }

    /// The only row of its answer.
    pub(crate) async fn one(self, connection: &mut SqliteConnection) -> Result<Answer, StoreError> {
        let (action, query) = self.query()?;
        let row = query.fetch_one(connection).await.map_err(failed(action))?;
        Ok(Answer { row, action })
    }

    fn query(self) -> Result<(&'static str, sqlx::query::Query<'static, Sqlite, SqliteArguments>), StoreError> {
        if let Some(error) = self.refused {
            return Err(other(self.action, error));
        }
        let (wanted, given) = (placeholders(&self.sql), self.arguments.len());
        if wanted != given {
            return Err(other(self.action, format!("statement takes {wanted} arguments, {given} given")));
        }
        let query = sqlx::query_with(AssertSqlSafe(self.sql), self.arguments).persistent(self.keep);
        Ok((self.action, query))
    }
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
    use sqlx::Connection;

    #[tokio::test]
    async fn a_forgotten_argument_is_an_error() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let forgotten = Statement::new("add", "SELECT $1, $2").number(1).one(&mut connection).await;
        assert!(forgotten.is_err_and(|error| error.to_string().contains("takes 2 arguments, 1 given")));
        let surplus = Statement::new("add", "SELECT $1").number(1).number(2).one(&mut connection).await;
        assert!(surplus.is_err());
        let right = Statement::new("add", "SELECT $2, $1").number(1).number(2).one(&mut connection).await.unwrap();
        assert_eq!((right.unsigned(0).unwrap(), right.unsigned(1).unwrap()), (2, 1));
    }
}
