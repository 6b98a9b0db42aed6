//! Who may ask SQL, through the API and through the PostgreSQL protocol.

use crate::access::Caller;
use crate::endpoints::normal_email;
use crate::{LiveView, Server, auth};
use async_trait::async_trait;
use perennial_model::{Clock, Permission};
use perennial_ports::{Member, NewAuditEntry, StoreError};
use perennial_query::{CurrentTables, Keys, SqlLimits, SqlService};
use perennial_timeline::Timeline;
use perennial_wire::{Analyst, Asked, Authority};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// Secrets of tokens begin with it.
const TOKEN: &str = "pt_";
/// Entries of the audit that wait to be written.
const NOTES_WAITING: usize = 64;

/// SQL over a timeline and its live table.
///
/// # Errors
/// When the system has no threads.
pub fn sql_service(
    timeline: &Timeline,
    clock: Arc<dyn Clock>,
    live: watch::Receiver<LiveView>,
    limits: SqlLimits,
) -> std::io::Result<Arc<SqlService>> {
    let live = move || {
        let view = live.borrow();
        (Arc::clone(&view.columns), view.zone.clone())
    };
    let tables = CurrentTables { timeline: timeline.clone(), clock, live: Box::new(live) };
    Ok(Arc::new(SqlService::new(tables, limits)?))
}

/// How keys of customers are shown to whoever asks.
pub(crate) fn keys_for(caller: &Caller) -> Keys {
    if caller.may(Permission::RevealKeys) { Keys::InFull } else { Keys::Masked }
}

/// What the audit says of a statement: never its text, which may name a customer.
pub(crate) fn noted(server: &Server, sql: &str, keys: Keys, answered: bool, took: Duration) -> String {
    let hash = server.timeline.meta().hash_key.statement(sql);
    let (keys, outcome) =
        (if keys == Keys::InFull { "in full" } else { "masked" }, if answered { "answered" } else { "refused" });
    let (bytes, took_ms) = (sql.len(), took.as_millis());
    format!("{outcome} in {took_ms} ms, {bytes} bytes, hash {hash:016x}, keys {keys}")
}

/// Members of the server as the PostgreSQL protocol knows them: the user is a member's e-mail, the
/// password theirs or a token they made.
pub struct SqlMembers {
    server: Arc<Server>,
    notes: Arc<Semaphore>,
}

impl SqlMembers {
    /// Of this server.
    #[must_use]
    pub fn new(server: Arc<Server>) -> Self {
        Self { server, notes: Arc::new(Semaphore::new(NOTES_WAITING)) }
    }

    /// Whoever made the token and has that e-mail.
    async fn by_token(&self, email: &str, proof: [u8; 32]) -> Result<Option<Analyst>, StoreError> {
        let found = self.server.auth.accounts.token(&proof).await?;
        let found = found.filter(|(_, member)| member.email == email);
        Ok(found.and_then(|(token, member)| analyst(&member, Some((token.token_id, token.scopes)), proof)))
    }

    async fn by_password(&self, email: &str, password: &str) -> Result<Option<Analyst>, StoreError> {
        let (member, hash) = self.server.auth.accounts.member_by_email(email).await?.unzip();
        let hash = hash.flatten();
        let fits = self.server.auth.passwords.verify(password.to_owned(), hash.clone()).await;
        // Where too many hashes are being computed nobody is let in.
        if !fits.unwrap_or(false) {
            return Ok(None);
        }
        let proof = auth::hash(&hash.unwrap_or_default());
        Ok(member.and_then(|member| analyst(&member, None, proof)))
    }

    async fn again(&self, known: &Analyst) -> Result<Option<Analyst>, StoreError> {
        if known.token_id.is_some() {
            return self.by_token(&known.name, known.proof).await;
        }
        let found = self.server.auth.accounts.member_by_email(&known.name).await?;
        let found = found.filter(|(_, hash)| hash.as_ref().is_some_and(|hash| auth::hash(hash) == known.proof));
        Ok(found.and_then(|(member, _)| analyst(&member, None, known.proof)))
    }
}

/// A member who may ask SQL.
fn analyst(member: &Member, token: Option<(u64, Vec<Permission>)>, proof: [u8; 32]) -> Option<Analyst> {
    let (token_id, scopes) = token.unzip();
    let caller = Caller {
        member_id: member.member_id,
        name: member.email.clone(),
        role: member.role,
        scopes,
        token_id,
        session: None,
    };
    let may = member.disabled_us.is_none() && caller.may(Permission::Query);
    may.then(|| Analyst { member_id: caller.member_id, token_id, keys: keys_for(&caller), name: caller.name, proof })
}

/// Nobody is let in while the store cannot say who they are.
fn known(found: Result<Option<Analyst>, StoreError>) -> Option<Analyst> {
    found.unwrap_or_else(|problem| {
        tracing::error!(error = %problem, "a sign-in could not be looked up");
        None
    })
}

#[async_trait]
impl Authority for SqlMembers {
    async fn sign_in(&self, user: &str, password: &str, from: IpAddr) -> Option<Analyst> {
        let email = normal_email(user);
        let attempt = self.server.auth.attempts.begin(&email, from, &*self.server.clock).ok()?;
        let found = if password.starts_with(TOKEN) {
            self.by_token(&email, auth::hash(password)).await
        } else {
            self.by_password(&email, password).await
        };
        let analyst = known(found)?;
        self.server.auth.attempts.succeeded(&attempt);
        if let Some(token_id) = analyst.token_id {
            let noted = self.server.auth.accounts.note_token_used(token_id, self.server.clock.now_us()).await;
            if let Err(problem) = noted {
                tracing::warn!(error = %problem, "the use of a token could not be noted");
            }
        }
        Some(analyst)
    }

    async fn still(&self, analyst: &Analyst) -> Option<Analyst> {
        known(self.again(analyst).await)
    }

    async fn asked(&self, analyst: &Analyst, asked: Asked<'_>) {
        let entry = NewAuditEntry {
            at_us: self.server.clock.now_us(),
            member_id: Some(analyst.member_id),
            token_id: analyst.token_id,
            action: "sql".to_owned(),
            subject: None,
            detail: Some(noted(&self.server, asked.sql, analyst.keys, asked.answered, asked.took)),
        };
        // Written beside the answer: a write may have to wait for a large import's turn.
        let Ok(turn) = Arc::clone(&self.notes).acquire_owned().await else { return };
        let accounts = Arc::clone(&self.server.auth.accounts);
        tokio::spawn(async move {
            if let Err(problem) = accounts.note(&entry).await {
                tracing::error!(error = %problem, "a statement could not be noted in the audit");
            }
            drop(turn);
        });
    }
}
