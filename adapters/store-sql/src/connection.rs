//! What a statement runs on.

/// A connection to the database that a store is on.
pub(crate) type Connection = sqlx::sqlite::SqliteConnection;
