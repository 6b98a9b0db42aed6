//! One schema of a PostgreSQL database, owned by one process at a time.
//!
//! The connection that writes holds an advisory lock of its session, so that whatever it commits it
//! commits as the owner. When the session is lost, the next one takes the lock again and looks
//! whether somebody else was the owner meanwhile: what this process has in memory would be stale.

use crate::connection::{Connection, Held, Lane};
use crate::database::{LEASE, TURN_WAIT, finish, script};
use crate::error::{LOCK_NOT_AVAILABLE, failed, other};
use crate::statement::Statement;
use perennial_ports::StoreError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgPool, PgPoolOptions};
use sqlx::{Executor, Transaction};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// Connections that read.
const READERS: u32 = 8;
/// How long a lost connection is tried again before whoever waits for it is told.
const CONNECT_WAIT: Duration = Duration::from_secs(8);
/// How long the owner's lock is waited for: a process that was killed lets go of it within this time.
const OWNER_WAIT: &str = "4s";
/// Statements kept compiled: all there are.
const STATEMENTS: usize = 256;
/// First half of the advisory locks' key; the second tells the schema.
const LOCK_FAMILY: i32 = 0x5045_5245;

/// Which schema to open.
pub(crate) struct Plan<'a> {
    /// `postgres://…`
    pub(crate) address: &'a str,
    /// Its name.
    pub(crate) schema: &'static str,
    /// Second half of its lock's key.
    pub(crate) lock: i32,
}

/// An open schema.
pub(crate) struct PostgresDatabase {
    writer: PgPool,
    readers: PgPool,
    /// Writers take turns here, not at the pool: a turn may take long, a connection may not.
    turn: Arc<Mutex<()>>,
    owner: Arc<Owner>,
}

/// What the writing session has found.
#[derive(Default)]
struct Owner {
    /// The lease that this process took; 0 before it did.
    lease: AtomicU64,
    verdict: AtomicU8,
}

const OWNED: u8 = 0;
const IN_USE: u8 = 1;
const TAKEN_OVER: u8 = 2;

impl PostgresDatabase {
    pub(crate) async fn connect(plan: &Plan<'_>) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(plan.address)
            .map_err(failed("read the address of its database"))?
            .application_name("perennial")
            .statement_cache_capacity(STATEMENTS)
            .options([
                ("search_path", plan.schema),
                // Whatever the server's settings are: durable at commit, no statement cut off.
                ("synchronous_commit", "on"),
                ("statement_timeout", "0"),
                ("idle_session_timeout", "0"),
                ("idle_in_transaction_session_timeout", "0"),
                ("client_min_messages", "warning"),
            ]);
        let owner = Arc::new(Owner::default());
        let (schema, lock, check) = (plan.schema, plan.lock, Arc::clone(&owner));
        let writer = pool(1).after_connect(move |connection, _| {
            let check = Arc::clone(&check);
            Box::pin(async move { check.take(connection, schema, lock).await })
        });
        let writer = writer.connect_lazy_with(options.clone());
        let readers = options.options([("default_transaction_read_only", "on")]);
        let readers = pool(READERS).connect_lazy_with(readers);
        let database = Self { writer, readers, turn: Arc::default(), owner };
        let mut first = database.write().await?;
        let sql = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
        script(&mut first, "make its schema", &sql).await?;
        finish(first).await?;
        Ok(database)
    }

    /// Notes the lease that this process has.
    pub(crate) fn hold(&self, lease: u64) {
        self.owner.lease.store(lease, Ordering::Release);
    }

    pub(crate) async fn read(&self) -> Result<Held, StoreError> {
        let connection = self.readers.acquire().await.map_err(failed("begin to read"))?;
        Ok(Held::new(Connection::Postgres(Lane::Single(connection)), None))
    }

    pub(crate) async fn snapshot(&self) -> Result<Held, StoreError> {
        let begin = self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        let transaction = begin.await.map_err(failed("begin to read"))?;
        Ok(Held::new(Connection::Postgres(Lane::Transaction(transaction)), None))
    }

    pub(crate) async fn write(&self) -> Result<Held, StoreError> {
        let (connection, turn) = self.own().await?;
        let transaction = Transaction::begin(connection, None).await.map_err(failed("begin to write"))?;
        Ok(Held::new(Connection::Postgres(Lane::Transaction(transaction)), Some(turn)))
    }

    /// The writing connection, when it is the owner's.
    async fn own(
        &self,
    ) -> Result<(sqlx::pool::PoolConnection<sqlx::Postgres>, tokio::sync::OwnedMutexGuard<()>), StoreError> {
        let turn = tokio::time::timeout(TURN_WAIT, Arc::clone(&self.turn).lock_owned());
        let turn = turn.await.map_err(|_| StoreError::Locked)?;
        let connection = self.writer.acquire().await.map_err(failed("begin to write"))?;
        let verdict = match self.owner.verdict.load(Ordering::Acquire) {
            OWNED => return Ok((connection, turn)),
            IN_USE => StoreError::InUse,
            _ => StoreError::TakenOver,
        };
        // Without the lock it is of no use; the next one tries again.
        drop(connection.close().await);
        Err(verdict)
    }

    /// Rewrites all tables of the schema; returns the connection that did.
    pub(crate) async fn wipe(&self) -> Result<Held, StoreError> {
        let (connection, turn) = self.own().await?;
        let mut held = Held::new(Connection::Postgres(Lane::Single(connection)), Some(turn));
        let sql =
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
        for row in Statement::new("list its tables", sql).all(&mut held).await? {
            let table: String = row.get(0)?;
            script(&mut held, "wipe what was erased", &format!("VACUUM (FULL) {table}")).await?;
        }
        Ok(held)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Owner {
    /// Takes the lock in a new session. It fails when the server does; who else owns the database is
    /// told by the verdict, because the pool would try again and again.
    async fn take(&self, connection: &mut PgConnection, schema: &str, lock: i32) -> Result<(), sqlx::Error> {
        let verdict = self.verdict(connection, schema, lock).await?;
        self.verdict.store(verdict, Ordering::Release);
        Ok(())
    }

    async fn verdict(&self, connection: &mut PgConnection, schema: &str, lock: i32) -> Result<u8, sqlx::Error> {
        let wait = format!("SET lock_timeout = '{OWNER_WAIT}'");
        connection.execute(sqlx::AssertSqlSafe(wait)).await?;
        let locked = sqlx::query("SELECT pg_advisory_lock($1, $2)").bind(LOCK_FAMILY).bind(lock);
        match locked.execute(&mut *connection).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(problem))
                if problem.try_downcast_ref::<PgDatabaseError>().is_some_and(|it| it.code() == LOCK_NOT_AVAILABLE) =>
            {
                return Ok(IN_USE);
            }
            Err(problem) => return Err(problem),
        }
        let lease = self.lease.load(Ordering::Acquire);
        if lease == 0 {
            return Ok(OWNED);
        }
        let sql = sqlx::AssertSqlSafe(format!("SELECT value FROM {schema}.counter WHERE name = $1"));
        let now: Option<i64> = sqlx::query_scalar(sql).bind(LEASE).fetch_optional(connection).await?;
        Ok(if now == Some(lease.cast_signed()) { OWNED } else { TAKEN_OVER })
    }
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(CONNECT_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Refuses an address that is none of PostgreSQL's.
pub(crate) fn check_address(address: &str) -> Result<(), StoreError> {
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Ok(());
    }
    Err(other("read the address of its database", "it must begin with postgres://"))
}
