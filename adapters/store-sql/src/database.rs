//! One database: opened, migrated, written by one connection, read by a few. What the two kinds do
//! in their own way is in `sqlite.rs` and `postgres.rs`.

pub(crate) use crate::connection::finish;
use crate::connection::{Connection, Held};
use crate::dialect::{Dialect, POSTGRES, SQLITE};
use crate::error::failed;
use crate::postgres::{self, PostgresDatabase};
use crate::sqlite::{self, SqliteFile};
use crate::statement::Statement;
use perennial_ports::StoreError;
use sqlx::AssertSqlSafe;
use std::path::Path;
use std::time::Duration;

/// How long a writer waits its turn behind another of this process; a bulk commit takes seconds.
pub(crate) const TURN_WAIT: Duration = Duration::from_secs(600);
/// Its row in `counter` is 1 while an erasure's bytes may still be in the tables.
const WIPE_PENDING: &str = "wipe_pending";
/// Its row in `counter` grows each time a process opens the database to write.
pub(crate) const LEASE: &str = "lease";

/// A SQLite file, or a schema of a PostgreSQL database.
pub(crate) struct Database {
    kind: Kind,
    /// Migrations applied.
    pub(crate) format_version: u32,
}

enum Kind {
    Sqlite(SqliteFile),
    Postgres(PostgresDatabase),
}

impl Database {
    /// Opens a file, or makes it. How many `migrations` were applied is its format version.
    pub(crate) async fn open(path: &Path, plan: &sqlite::Plan, migrations: &[&str]) -> Result<Self, StoreError> {
        let file = SqliteFile::open(path, plan).await?;
        let database = Self::migrated(Kind::Sqlite(file), migrations).await?;
        sqlite::sync_folder(path)?;
        Ok(database)
    }

    /// Opens a schema on a server, or makes it.
    pub(crate) async fn connect(plan: &postgres::Plan<'_>, migrations: &[&str]) -> Result<Self, StoreError> {
        let server = PostgresDatabase::connect(plan).await?;
        Self::migrated(Kind::Postgres(server), migrations).await
    }

    async fn migrated(kind: Kind, migrations: &[&str]) -> Result<Self, StoreError> {
        let mut database = Self { kind, format_version: 0 };
        database.format_version = database.migrate(migrations).await?;
        if let Kind::Postgres(server) = &database.kind {
            let mut transaction = database.write().await?;
            let lease = advance(&mut transaction, LEASE, 1).await?;
            finish(transaction).await?;
            server.hold(lease);
        }
        database.finish_wipe().await?;
        Ok(database)
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<Held, StoreError> {
        match &self.kind {
            Kind::Sqlite(file) => file.read().await,
            Kind::Postgres(server) => server.read().await,
        }
    }

    /// A transaction that sees one state, whatever is written meanwhile.
    pub(crate) async fn snapshot(&self) -> Result<Held, StoreError> {
        match &self.kind {
            Kind::Sqlite(file) => file.snapshot().await,
            Kind::Postgres(server) => server.snapshot().await,
        }
    }

    /// A transaction that writes, one at a time; dropped without [`finish`] it did not happen.
    pub(crate) async fn write(&self) -> Result<Held, StoreError> {
        match &self.kind {
            Kind::Sqlite(file) => file.write().await,
            Kind::Postgres(server) => server.write().await,
        }
    }

    /// Rewrites everything from what it still holds. Overwriting deleted content is not enough: when
    /// SQLite splits a page it leaves copies of moved rows in the old one, and PostgreSQL keeps
    /// deleted rows until they are vacuumed.
    pub(crate) async fn wipe(&self) -> Result<(), StoreError> {
        let mut connection = match &self.kind {
            Kind::Sqlite(file) => file.wipe().await?,
            Kind::Postgres(server) => server.wipe().await?,
        };
        Statement::new("note that nothing is left to wipe", "UPDATE counter SET value = 0 WHERE name = $1")
            .bind(WIPE_PENDING)
            .run(&mut connection)
            .await
            .map(drop)
    }

    /// Wipes if an earlier erasure was cut short between its commit and its wipe.
    async fn finish_wipe(&self) -> Result<(), StoreError> {
        let pending = counter(&mut *self.read().await?, WIPE_PENDING).await?;
        if pending == 0 { Ok(()) } else { self.wipe().await }
    }

    /// Closes all connections; SQLite's log is folded into the file.
    pub(crate) async fn close(&self) {
        match &self.kind {
            Kind::Sqlite(file) => file.close().await,
            Kind::Postgres(server) => server.close().await,
        }
    }

    const fn dialect(&self) -> &'static Dialect {
        match &self.kind {
            Kind::Sqlite(_) => &SQLITE,
            Kind::Postgres(_) => &POSTGRES,
        }
    }

    /// Applies what is missing, in one transaction; returns how many have been applied in all.
    async fn migrate(&self, migrations: &[&str]) -> Result<u32, StoreError> {
        let mut transaction = self.write().await?;
        let sql = "CREATE TABLE IF NOT EXISTS format (only_row BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)";
        script(&mut transaction, "read its format", sql).await?;
        let row = Statement::new("read its format", "SELECT version FROM format").optional(&mut transaction).await?;
        let found = row.map_or(Ok(0), |row| row.small::<u32>(0))?;
        let supported = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
        if found > supported {
            return Err(StoreError::TooNew { found, supported });
        }
        for migration in migrations.iter().skip(found as usize) {
            script(&mut transaction, "migrate", &self.dialect().translate(migration)).await?;
        }
        let sql = "INSERT INTO format (only_row, version) VALUES (1, $1)
                   ON CONFLICT (only_row) DO UPDATE SET version = excluded.version";
        Statement::new("note its format", sql).bind(i64::from(supported)).run(&mut transaction).await?;
        finish(transaction).await?;
        Ok(supported)
    }
}

/// Remembers, within the erasing transaction, that a wipe must follow.
pub(crate) async fn require_wipe(connection: &mut Connection) -> Result<(), StoreError> {
    let sql = "INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = 1";
    Statement::new("note that a wipe must follow", sql).bind(WIPE_PENDING).run(connection).await.map(drop)
}

/// Adds to a counter; returns its new value. Its row stays locked until the transaction ends, so that
/// numbers are in the order of commits.
pub(crate) async fn advance(connection: &mut Connection, name: &str, by: u64) -> Result<u64, StoreError> {
    let sql = "INSERT INTO counter (name, value) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value";
    Statement::new("count", sql).bind(name).number(by).one(connection).await?.unsigned(0)
}

/// A counter's value; 0 before its first use.
pub(crate) async fn counter(connection: &mut Connection, name: &str) -> Result<u64, StoreError> {
    let statement = Statement::new("read a counter", "SELECT value FROM counter WHERE name = $1");
    statement.bind(name).optional(connection).await?.map_or(Ok(0), |row| row.unsigned(0))
}

/// Statements without arguments.
pub(crate) async fn script(connection: &mut Connection, action: &'static str, sql: &str) -> Result<(), StoreError> {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    let done = match connection {
        Connection::Sqlite(lane) => sql.execute(lane.raw()).await.map(drop),
        Connection::Postgres(lane) => sql.execute(lane.raw()).await.map(drop),
    };
    done.map_err(failed(action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_testkit::TestFolder;

    #[tokio::test]
    async fn a_full_disk_is_named_and_nothing_happened() {
        let folder = TestFolder::new();
        let migrations = &["CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)"];
        let plan = sqlite::Plan { secure_delete: "ON", busy_timeout: Duration::from_millis(10) };
        let database = Database::open(&folder.path().join("a.db"), &plan, migrations).await.unwrap();
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
        drop(connection);
        let mut transaction = database.write().await.unwrap();
        assert_eq!(advance(&mut transaction, "small", 1).await.unwrap(), 1, "there is room again");
        finish(transaction).await.unwrap();
    }

    #[tokio::test]
    async fn what_takes_no_writes_is_told_so_and_may_take_them_later() {
        let folder = TestFolder::new();
        let migrations = &["CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)"];
        let plan = sqlite::Plan { secure_delete: "ON", busy_timeout: Duration::from_millis(10) };
        let database = Database::open(&folder.path().join("a.db"), &plan, migrations).await.unwrap();
        let mut transaction = database.write().await.unwrap();
        script(&mut transaction, "be read-only", "PRAGMA query_only = ON").await.unwrap();
        let refused = advance(&mut transaction, "small", 1).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unwritable { .. }) && refused.is_temporary(), "{refused}");
        script(&mut transaction, "take writes again", "PRAGMA query_only = OFF").await.unwrap();
        assert_eq!(advance(&mut transaction, "small", 1).await.unwrap(), 1);
        finish(transaction).await.unwrap();
    }
}
