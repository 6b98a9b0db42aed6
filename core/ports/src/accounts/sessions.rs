//! Members who are signed in.

use super::{Member, SecretHash};
use crate::StoreError;
use async_trait::async_trait;

/// A member signed in, in one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of the secret in the browser's cookie.
    pub hash: SecretHash,
    /// Whose.
    pub member_id: u64,
    /// Since when (UTC µs).
    pub created_us: i64,
    /// When it was last put off.
    pub seen_us: i64,
    /// Until when (UTC µs, exclusive).
    pub expires_us: i64,
}

/// See the module.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Keeps a session. Those that ended before it began are forgotten.
    async fn open_session(&self, session: &Session) -> Result<(), StoreError>;
    /// A session that is good at this instant and its member, who is not disabled.
    async fn session(&self, hash: &SecretHash, now_us: i64) -> Result<Option<(Session, Member)>, StoreError>;
    /// Puts a session's end off.
    async fn extend_session(&self, hash: &SecretHash, seen_us: i64, expires_us: i64) -> Result<(), StoreError>;
    /// Ends a session; one that has ended is no trouble.
    async fn close_session(&self, hash: &SecretHash) -> Result<(), StoreError>;
    /// Ends all sessions of a member but this one; how many.
    async fn close_sessions(&self, member_id: u64, except: Option<&SecretHash>) -> Result<u64, StoreError>;
}
