//! One SQLite file: opened, migrated, written by one connection, read by a few.

use crate::dialect::SQLITE;
use crate::error::{failed, other};
use crate::statement::Statement;
use perennial_ports::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};
use std::path::Path;
use std::time::Duration;

/// Connections that read; more would not be quicker, SQLite reads from the page cache.
const READERS: u32 = 4;
/// How long a writer waits its turn behind another of this process; a bulk commit takes seconds.
const TURN_WAIT: Duration = Duration::from_secs(600);
/// Page cache of the writer, in KiB, negative as SQLite wants it: a million identities fit.
const WRITER_CACHE: &str = "-131072";
/// The log is cut back to this many bytes after a bulk commit made it long.
const LOG_LIMIT: &str = "16777216";
/// Its row in `counter` is 1 while an erasure's bytes may still be in the file.
const WIPE_PENDING: &str = "wipe_pending";

/// How to open a file.
pub(crate) struct Plan {
    /// Migrations in order; how many were applied is the file's format version.
    pub(crate) migrations: &'static [&'static str],
    /// Whether deleted content is overwritten at once ([`Database::wipe`] removes it in any case).
    pub(crate) secure_delete: &'static str,
    /// How long to wait for another process that holds the file.
    pub(crate) busy_timeout: Duration,
}

/// One SQLite file.
pub(crate) struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Migrations applied.
    pub(crate) format_version: u32,
}

impl Database {
    pub(crate) async fn open(path: &Path, plan: &Plan) -> Result<Self, StoreError> {
        let options = connect_options(path, plan);
        let writer = pool(1).connect_with(options.clone().pragma("cache_size", WRITER_CACHE));
        let writer = writer.await.map_err(failed("open its file"))?;
        let format_version = migrate(&writer, plan.migrations).await?;
        let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
        let database = Self { writer, readers, format_version };
        database.finish_wipe().await?;
        sync_folder(path)?;
        Ok(database)
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        self.readers.acquire().await.map_err(failed("begin to read"))
    }

    /// A transaction that sees one state, whatever is written meanwhile.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.readers.begin().await.map_err(failed("begin to read"))
    }

    /// A transaction that writes; dropped without [`finish`] it did not happen.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed("begin to write"))
    }

    /// Rewrites the file from what it still holds and empties its log. Overwriting deleted content
    /// is not enough: when SQLite splits a page it leaves copies of moved rows in the old one.
    pub(crate) async fn wipe(&self) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await.map_err(failed("begin to wipe"))?;
        script(&mut connection, "wipe what was erased", "VACUUM").await?;
        let action = "empty the log of what was erased";
        let answer = Statement::new(action, "PRAGMA wal_checkpoint(TRUNCATE)").one(&mut connection).await?;
        if answer.get::<i64>(0)? != 0 {
            return Err(StoreError::Locked);
        }
        Statement::new("note that nothing is left to wipe", "UPDATE counter SET value = 0 WHERE name = $1")
            .bind(WIPE_PENDING)
            .run(&mut connection)
            .await
            .map(drop)
    }

    /// Wipes if an earlier erasure was cut short between its commit and its wipe.
    pub(crate) async fn finish_wipe(&self) -> Result<(), StoreError> {
        let mut connection = self.read().await?;
        let pending = Statement::new("look for an unfinished erasure", "SELECT value FROM counter WHERE name = $1")
            .bind(WIPE_PENDING)
            .optional(&mut connection)
            .await?;
        drop(connection);
        match pending {
            Some(row) if row.unsigned(0)? != 0 => self.wipe().await,
            _ => Ok(()),
        }
    }

    /// Closes all connections; the log is folded into the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Commits; durable when it returns.
pub(crate) async fn finish(transaction: Transaction<'static, Sqlite>) -> Result<(), StoreError> {
    transaction.commit().await.map_err(failed("commit"))
}

/// Remembers, within the erasing transaction, that a wipe must follow.
pub(crate) async fn require_wipe(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let sql = "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = 1";
    Statement::new("note that a wipe must follow", sql).bind(WIPE_PENDING).run(connection).await.map(drop)
}

/// Adds to a counter; returns its new value.
pub(crate) async fn advance(connection: &mut SqliteConnection, name: &str, by: u64) -> Result<u64, StoreError> {
    let sql = "INSERT INTO counter (name, value) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value";
    Statement::new("count", sql).bind(name.to_owned()).number(by).one(connection).await?.unsigned(0)
}

/// A counter's value; 0 before its first use.
pub(crate) async fn counter(connection: &mut SqliteConnection, name: &str) -> Result<u64, StoreError> {
    let statement = Statement::new("read a counter", "SELECT value FROM counter WHERE name = $1");
    statement.bind(name.to_owned()).optional(connection).await?.map_or(Ok(0), |row| row.unsigned(0))
}

fn connect_options(path: &Path, plan: &Plan) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(plan.busy_timeout)
        .pragma("secure_delete", plan.secure_delete)
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", LOG_LIMIT)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(TURN_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Applies what is missing, in one transaction; returns how many have been applied in all.
async fn migrate(writer: &SqlitePool, migrations: &[&str]) -> Result<u32, StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed("begin to migrate"))?;
    let sql = "CREATE TABLE IF NOT EXISTS format (only_row BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)";
    script(&mut transaction, "read its format", sql).await?;
    let row = Statement::new("read its format", "SELECT version FROM format").optional(&mut transaction).await?;
    let found = row.map_or(Ok(0), |row| row.small::<u32>(0))?;
    let supported = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    if found > supported {
        return Err(StoreError::TooNew { found, supported });
    }
    for migration in migrations.iter().skip(found as usize) {
        script(&mut transaction, "migrate", &SQLITE.translate(migration)).await?;
    }
    let sql = "INSERT INTO format (only_row, version) VALUES (1, $1)
               ON CONFLICT (only_row) DO UPDATE SET version = excluded.version";
    Statement::new("note its format", sql).bind(i64::from(supported)).run(&mut transaction).await?;
    finish(transaction).await?;
    Ok(supported)
}

async fn script(connection: &mut SqliteConnection, action: &'static str, sql: &str) -> Result<(), StoreError> {
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(connection).await.map(drop).map_err(failed(action))
}

/// Makes the name of a newly made file durable; SQLite syncs the file itself.
#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| other("make its folder durable", error))
}

/// Elsewhere a directory cannot be opened, and names are durable with the file.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_testkit::TestFolder;

    #[tokio::test]
    async fn a_full_disk_is_named_and_nothing_happened() {
        let folder = TestFolder::new();
        let migrations = &["CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)"];
        let plan = Plan { migrations, secure_delete: "ON", busy_timeout: Duration::from_millis(10) };
        let database = Database::open(&folder.path().join("a.db"), &plan).await.unwrap();
        let mut transaction = database.write().await.unwrap();
        script(&mut transaction, "limit", "PRAGMA max_page_count = 8").await.unwrap();
        let mut counted = Ok(0);
        for number in 0..200 {
            counted = advance(&mut transaction, &"x".repeat(1000 + number), 1).await;
            if counted.is_err() {
                break;
            }
        }
        assert!(matches!(counted, Err(StoreError::Full)), "{counted:?}");
        drop(transaction);
        let mut connection = database.read().await.unwrap();
        let rows = Statement::new("count", "SELECT COUNT(*) FROM counter").one(&mut connection).await.unwrap();
        assert_eq!(rows.unsigned(0).unwrap(), 0);
    }
}
