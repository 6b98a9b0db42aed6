//! Who calls: passwords, sessions, tokens, and the links by which members set a password.

mod attempts;
mod gate;
mod links;
mod password;
mod secret;
mod session;

pub(crate) use gate::{caller, same_site, session_cookie};
pub(crate) use links::{INVITATION_US, new_link};
pub use links::{OwnerLink, first_owner_link, owner_link};
pub(crate) use password::check as check_password;
pub(crate) use secret::{csrf_token, fresh, hash};
pub(crate) use session::{clear_cookie, open};

use crate::{ApiError, Caller, Network, Server};
use perennial_ports::{Accounts, NewAuditEntry};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What can be chosen.
#[derive(Debug, Clone)]
pub struct AuthOptions {
    /// A session ends when it was not used for so long (µs).
    pub session_idle_us: i64,
    /// A session ends after so long however it is used (µs).
    pub session_longest_us: i64,
    /// Proxies that are believed about the client's address, host and scheme.
    pub trusted_proxies: Vec<Network>,
}

impl Default for AuthOptions {
    fn default() -> Self {
        const DAY_US: i64 = perennial_model::DAY_US;
        Self { session_idle_us: 14 * DAY_US, session_longest_us: 90 * DAY_US, trusted_proxies: Vec::new() }
    }
}

/// Who may call, and how often somebody may try.
pub struct Auth {
    /// Members, sessions, tokens, audit.
    pub accounts: Arc<dyn Accounts>,
    pub(crate) options: AuthOptions,
    pub(crate) passwords: password::Passwords,
    pub(crate) attempts: attempts::Attempts,
    /// Uses of sessions and tokens are noted one at a time.
    pub(crate) noting: Arc<Semaphore>,
}

impl Auth {
    /// Over these accounts.
    #[must_use]
    pub fn new(accounts: Arc<dyn Accounts>, options: AuthOptions) -> Self {
        Self {
            accounts,
            options,
            passwords: password::Passwords::new(),
            attempts: attempts::Attempts::new(),
            noting: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Server {
    /// Notes who did what: `action` is a word, `subject` a kind and a number such as `customer:17`,
    /// `detail` words of ours. Nothing of it may be personal data.
    ///
    /// # Errors
    /// What the store says.
    pub async fn note(
        &self,
        caller: &Caller,
        action: &str,
        subject: Option<String>,
        detail: Option<String>,
    ) -> Result<(), ApiError> {
        let entry = NewAuditEntry {
            at_us: self.clock.now_us(),
            member_id: Some(caller.member_id),
            token_id: caller.token_id,
            action: action.to_owned(),
            subject,
            detail,
        };
        Ok(self.auth.accounts.note(&entry).await?)
    }
}
