//! The hot log, in a SQLite file of its own or in a schema of its own.

use crate::database::{Database, advance, finish, require_wipe};
use crate::statement::Statement;
use crate::{postgres, sqlite};
use async_trait::async_trait;
use bytes::Bytes;
use perennial_ports::{HotLog, HotRow, StoreError};
use std::path::Path;
use std::time::Duration;

/// Numbered by their place, never changed once released.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/hot_0001.sql")];
/// Name of the file within a data directory.
const FILE: &str = "hot.db";
/// Name of its schema in PostgreSQL.
const SCHEMA: &str = "perennial_hot";
/// Its part of the owner's lock in PostgreSQL.
const LOCK: i32 = 2;
/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The last sequence given away.
const SEQUENCE: &str = "sequence";

/// Batches that are not in runs yet. Small and rewritten whole by an erasure, so freed pages are
/// overwritten only where that costs no extra write.
pub struct SqlHotLog {
    database: Database,
}

impl SqlHotLog {
    /// Opens the hot log of a data directory, or makes it.
    ///
    /// # Errors
    /// [`StoreError::TooNew`], [`StoreError::Locked`], [`StoreError::Full`], or what the database says.
    pub async fn open(data_directory: &Path) -> Result<Self, StoreError> {
        Ok(Self { database: Self::raw_file(data_directory).await? })
    }

    /// Opens the hot log in a PostgreSQL database, or makes it. `address` is `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it, [`StoreError::Unreachable`],
    /// [`StoreError::TooNew`], or what the database says.
    pub async fn connect(address: &str) -> Result<Self, StoreError> {
        Ok(Self { database: Self::raw_server(address).await? })
    }

    /// The tables, whatever is in them.
    pub(crate) async fn raw_file(folder: &Path) -> Result<Database, StoreError> {
        let plan = sqlite::Plan { secure_delete: "FAST", busy_timeout: BUSY_TIMEOUT };
        Database::open(&folder.join(FILE), &plan, MIGRATIONS).await
    }

    /// The tables, whatever is in them.
    pub(crate) async fn raw_server(address: &str) -> Result<Database, StoreError> {
        Database::connect(&postgres::Plan { address, schema: SCHEMA, lock: LOCK }, MIGRATIONS).await
    }

    /// Closes it: the log is folded into the file and removed.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

#[async_trait]
impl HotLog for SqlHotLog {
    async fn append(&self, batches: &[Bytes]) -> Result<u64, StoreError> {
        let mut transaction = self.database.write().await?;
        let last = advance(&mut transaction, SEQUENCE, batches.len() as u64).await?;
        let first = last + 1 - batches.len() as u64;
        for (sequence, batch) in (first..).zip(batches) {
            Statement::new("append to the hot log", "INSERT INTO hot_row (sequence, batch) VALUES ($1, $2)")
                .number(sequence)
                .bind(Vec::from(batch.clone()))
                .run(&mut transaction)
                .await?;
        }
        finish(transaction).await?;
        Ok(last)
    }

    async fn read_after(&self, sequence: u64, limit: u32) -> Result<Vec<HotRow>, StoreError> {
        let sql = "SELECT sequence, batch FROM hot_row WHERE sequence > $1 ORDER BY sequence LIMIT $2";
        let statement = Statement::new("read the hot log", sql).number(sequence).bind(i64::from(limit));
        let rows = statement.all(&mut *self.database.read().await?).await?;
        let row = |row: &crate::statement::Answer| {
            Ok(HotRow { sequence: row.unsigned(0)?, batch: row.get::<Vec<u8>>(1)?.into() })
        };
        rows.iter().map(row).collect()
    }

    async fn remove_through(&self, sequence: u64) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("shorten the hot log", "DELETE FROM hot_row WHERE sequence <= $1");
        statement.number(sequence).run(&mut transaction).await?;
        finish(transaction).await
    }

    async fn rewrite(&self, replacements: &[HotRow]) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        for row in replacements {
            Statement::new("rewrite the hot log", "UPDATE hot_row SET batch = $1 WHERE sequence = $2")
                .bind(Vec::from(row.batch.clone()))
                .number(row.sequence)
                .run(&mut transaction)
                .await?;
        }
        require_wipe(&mut transaction).await?;
        finish(transaction).await?;
        self.database.wipe().await
    }
}
