//! What a statement runs on: a connection to either database, in a transaction or not.

use crate::error::failed;
use perennial_ports::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::{Database, Postgres, Sqlite, Transaction};
use std::ops::{Deref, DerefMut};
use tokio::sync::OwnedMutexGuard;

/// A connection to the database that a store is on.
pub(crate) enum Connection {
    /// To a file.
    Sqlite(Lane<Sqlite>),
    /// To a server.
    Postgres(Lane<Postgres>),
}

/// One connection, given back when it is dropped; a transaction is rolled back then.
pub(crate) enum Lane<DB: Database> {
    /// Each statement is a transaction of its own.
    Single(PoolConnection<DB>),
    /// Ended by [`finish`].
    Transaction(Transaction<'static, DB>),
}

impl<DB: Database> Lane<DB> {
    /// What `sqlx` runs a query on.
    pub(crate) fn raw(&mut self) -> &mut DB::Connection {
        match self {
            Self::Single(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }

    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Single(_) => Ok(()),
            Self::Transaction(transaction) => transaction.commit().await,
        }
    }
}

/// A connection in use.
pub(crate) struct Held {
    connection: Connection,
    /// The writers' turn, where the database does not hand it out itself. Given up after the
    /// connection, so that the next writer finds it.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Held {
    pub(crate) const fn new(connection: Connection, turn: Option<OwnedMutexGuard<()>>) -> Self {
        Self { connection, _turn: turn }
    }
}

impl Deref for Held {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// Commits; durable when it returns.
pub(crate) async fn finish(held: Held) -> Result<(), StoreError> {
    let Held { connection, _turn } = held;
    let committed = match connection {
        Connection::Sqlite(lane) => lane.commit().await,
        Connection::Postgres(lane) => lane.commit().await,
    };
    committed.map_err(failed("commit"))
}
