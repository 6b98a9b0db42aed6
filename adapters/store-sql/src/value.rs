//! Arguments of statements, before it is known which database they go to.

use crate::error::other;
use perennial_ports::StoreError;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, Postgres};

/// What a column can hold; the databases have no other types in common that are needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    /// BIGINT.
    Integer(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// BLOB or BYTEA.
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// The type of an array of such, in PostgreSQL's words.
    pub(crate) const fn array_type(&self) -> &'static str {
        match self {
            Self::Integer(_) => "bigint[]",
            Self::Text(_) => "text[]",
            Self::Bytes(_) => "bytea[]",
        }
    }

    /// PostgreSQL cannot keep a NUL in a text, so neither store does.
    pub(crate) fn check(&self, action: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Text(Some(text)) if text.contains('\0') => Err(other(action, "a text holds a NUL character")),
            _ => Ok(()),
        }
    }
}

/// Arguments for SQLite, one after the other.
pub(crate) fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments, BoxDynError> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Integer(number) => arguments.add(number)?,
            Value::Text(text) => arguments.add(text)?,
            Value::Bytes(bytes) => arguments.add(bytes)?,
        }
    }
    Ok(arguments)
}

/// Arguments for PostgreSQL, one after the other.
pub(crate) fn postgres_arguments(values: Vec<Value>) -> Result<PgArguments, BoxDynError> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Integer(number) => arguments.add(number)?,
            Value::Text(text) => arguments.add(text)?,
            Value::Bytes(bytes) => arguments.add(bytes)?,
        }
    }
    Ok(arguments)
}

/// Rows for PostgreSQL: an array for each of their columns.
pub(crate) fn postgres_arrays(values: Vec<Value>, columns: usize) -> Result<PgArguments, BoxDynError> {
    let mut by_column: Vec<Vec<Value>> = (0..columns).map(|_| Vec::new()).collect();
    for (place, value) in values.into_iter().enumerate() {
        by_column[place % columns].push(value);
    }
    let mut arguments = PgArguments::default();
    for column in by_column {
        match column.first() {
            Some(Value::Integer(_)) => add(&mut arguments, column, |value| match value {
                Value::Integer(number) => Some(number),
                _ => None,
            })?,
            Some(Value::Bytes(_)) => add(&mut arguments, column, |value| match value {
                Value::Bytes(bytes) => Some(bytes),
                _ => None,
            })?,
            Some(Value::Text(_)) | None => add(&mut arguments, column, |value| match value {
                Value::Text(text) => Some(text),
                _ => None,
            })?,
        }
    }
    Ok(arguments)
}

fn add<T>(arguments: &mut PgArguments, column: Vec<Value>, get: fn(Value) -> Option<T>) -> Result<(), BoxDynError>
where
    Vec<T>: for<'t> sqlx::Encode<'t, Postgres> + sqlx::Type<Postgres>,
{
    let items: Option<Vec<T>> = column.into_iter().map(get).collect();
    arguments.add(items.ok_or("a column of a list holds values of two types")?)
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes)
    }
}
