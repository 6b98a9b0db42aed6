//! One connection: who asks, and what was set.

use crate::authority::{Analyst, Asked, Authority};
use crate::cancel::{Cancellable, Cancelled, Cancels};
use crate::catalog::Catalog;
use crate::errors::{error, fatal};
use datafusion_postgres::datafusion_pg_catalog::sql::PostgresCompatibilityParser;
use datafusion_postgres::pgwire::error::PgWireResult;
use perennial_query::SqlService;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::Notify;
use tokio::time::Instant;

/// Statements that one connection may keep prepared.
const MAX_PREPARED: usize = 1000;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) service: Arc<SqlService>,
    pub(crate) authority: Arc<dyn Authority>,
    pub(crate) catalog: Catalog,
    pub(crate) parser: PostgresCompatibilityParser,
    pub(crate) cancels: Arc<Cancels>,
}

/// See the module.
pub(crate) struct Session {
    pub(crate) shared: Arc<Shared>,
    signed_in: OnceLock<(Analyst, Cancellable)>,
    prepared: Mutex<HashSet<String>>,
    /// Told when the connection is to end.
    pub(crate) over: Notify,
}

impl Session {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, signed_in: OnceLock::new(), prepared: Mutex::default(), over: Notify::new() }
    }

    /// From now on they are answered.
    pub(crate) fn signed_in(&self, analyst: Analyst, cancellable: Cancellable) {
        // A second sign-in of one connection does not happen: the protocol has moved on.
        let _ = self.signed_in.set((analyst, cancellable));
    }

    /// Whoever asks, as they are now. Nothing is answered before they signed in, whatever state the
    /// protocol is in.
    pub(crate) async fn analyst(&self) -> PgWireResult<(Analyst, Cancelled)> {
        let Some((analyst, cancellable)) = self.signed_in.get() else {
            self.over.notify_one();
            return Err(fatal("28000", "sign in first"));
        };
        let Some(now) = self.shared.authority.still(analyst).await else {
            self.over.notify_one();
            return Err(fatal("28000", "this sign-in does not hold any more: sign in again"));
        };
        Ok((now, cancellable.listen()))
    }

    /// Notes a statement for the audit, if it can be about customers.
    pub(crate) async fn note(&self, analyst: &Analyst, sql: &str, answered: bool, began: Instant) {
        let lower = sql.to_ascii_lowercase();
        if !["customers", "events", "identities"].iter().any(|table| lower.contains(table)) {
            return;
        }
        let took = began.elapsed();
        self.shared.authority.asked(analyst, Asked { sql, answered, took }).await;
    }

    /// Makes room for a prepared statement of this name.
    pub(crate) fn prepare(&self, name: Option<&String>) -> PgWireResult<()> {
        let Some(name) = name else { return Ok(()) };
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if prepared.len() >= MAX_PREPARED && !prepared.contains(name) {
            return Err(error("54000", format!("{MAX_PREPARED} statements are prepared: close some")));
        }
        prepared.insert(name.clone());
        Ok(())
    }

    /// A prepared statement is gone.
    pub(crate) fn forget(&self, name: Option<&String>) {
        if let Some(name) = name {
            self.prepared.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        }
    }
}
