//! One SQLite file.

use crate::connection::{Connection, Held, Lane};
use crate::database::{TURN_WAIT, script};
use crate::error::{failed, other};
use crate::statement::Statement;
use perennial_ports::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqlSafeStr, Sqlite, Transaction};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Connections that read; more would not be quicker, SQLite reads from the page cache.
const READERS: u32 = 4;
/// Page cache of the writer, in KiB, negative as SQLite wants it: a million identities fit.
const WRITER_CACHE: &str = "-131072";
/// Takes the right to write and uses it for nothing: there are no free pages to give back.
const WRITES_NOTHING: &str = "PRAGMA incremental_vacuum(1)";
/// The log is cut back to this many bytes after a bulk commit made it long.
const LOG_LIMIT: &str = "16777216";

/// How to open a file.
pub(crate) struct Plan {
    /// Whether deleted content is overwritten at once (a wipe removes it in any case).
    pub(crate) secure_delete: &'static str,
    /// How long to wait for another process that holds the file.
    pub(crate) busy_timeout: Duration,
}

/// An open file.
pub(crate) struct SqliteFile {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Whether the writer's connection may have been opened for reading only.
    doubtful: AtomicBool,
}

impl SqliteFile {
    pub(crate) async fn open(path: &Path, plan: &Plan) -> Result<Self, StoreError> {
        let options = connect_options(path, plan);
        let writer = pool(1).connect_with(options.clone().pragma("cache_size", WRITER_CACHE));
        let writer = writer.await.map_err(failed("open its file"))?;
        let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self { writer, readers, doubtful: AtomicBool::new(false) })
    }

    pub(crate) async fn read(&self) -> Result<Held, StoreError> {
        let connection = idle(&self.readers, || ()).await.map_err(failed("begin to read"))?;
        Ok(Held::new(Connection::Sqlite(Lane::Single(connection)), None))
    }

    pub(crate) async fn snapshot(&self) -> Result<Held, StoreError> {
        let connection = idle(&self.readers, || ()).await.map_err(failed("begin to read"))?;
        let transaction = Transaction::begin(connection, None).await.map_err(failed("begin to read"))?;
        Ok(Held::new(Connection::Sqlite(Lane::Transaction(transaction)), None))
    }

    pub(crate) async fn write(&self) -> Result<Held, StoreError> {
        let connection = self.writable().await.map_err(failed("begin to write"))?;
        let begin = Some("BEGIN IMMEDIATE".into_sql_str());
        let transaction = Transaction::begin(connection, begin).await.map_err(failed("begin to write"))?;
        Ok(Held::new(Connection::Sqlite(Lane::Transaction(transaction)), None))
    }

    /// The writer's connection. One that was opened while the file could not be written reads only, and
    /// would for ever, without a word: it is closed again until one can write.
    async fn writable(&self) -> Result<PoolConnection<Sqlite>, sqlx::Error> {
        let mut connection = idle(&self.writer, || self.doubtful.store(true, Ordering::Release)).await?;
        if self.doubtful.load(Ordering::Acquire) {
            if let Err(problem) = sqlx::raw_sql(WRITES_NOTHING).execute(&mut *connection).await {
                drop(connection.close().await);
                return Err(problem);
            }
            self.doubtful.store(false, Ordering::Release);
        }
        Ok(connection)
    }

    /// Rewrites the file and empties its log; returns the connection that did.
    pub(crate) async fn wipe(&self) -> Result<Held, StoreError> {
        let connection = self.writable().await.map_err(failed("begin to wipe"))?;
        let mut held = Held::new(Connection::Sqlite(Lane::Single(connection)), None);
        script(&mut held, "wipe what was erased", "VACUUM").await?;
        let action = "empty the log of what was erased";
        let answer = Statement::new(action, "PRAGMA wal_checkpoint(TRUNCATE)").one(&mut held).await?;
        if answer.get::<i64>(0)? == 0 { Ok(held) } else { Err(StoreError::Locked) }
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A connection outside a transaction. SQLite ends a transaction by itself when the disk is full or takes no
/// writes; sqlx takes that for one that is still open, and no other could begin on the connection. It is
/// replaced then, which `replaced` hears of.
async fn idle(pool: &SqlitePool, replaced: impl FnOnce()) -> Result<PoolConnection<Sqlite>, sqlx::Error> {
    let connection = pool.acquire().await?;
    if !connection.is_in_transaction() {
        return Ok(connection);
    }
    replaced();
    drop(connection.close().await);
    pool.acquire().await
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

/// Makes the name of a newly made file durable; SQLite syncs the file itself.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| other("make its folder durable", error))
}

/// Elsewhere a directory cannot be opened, and names are durable with the file.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}
