//! Who did what.

use crate::StoreError;
use async_trait::async_trait;

/// Something somebody did. It names customers by their numbers and holds no other personal data, so
/// that an erasure need not look here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewAuditEntry {
    /// When (UTC µs).
    pub at_us: i64,
    /// The member; none for the command line.
    pub member_id: Option<u64>,
    /// By which token.
    pub token_id: Option<u64>,
    /// What, as a word: `member_invited`.
    pub action: String,
    /// To what or whom, as kind and number: `member:3`.
    pub subject: Option<String>,
    /// More, as words of ours: `role analyst`.
    pub detail: Option<String>,
}

/// An entry with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Grows.
    pub audit_id: u64,
    /// What it says.
    pub entry: NewAuditEntry,
}

/// See the module.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Adds an entry.
    async fn note(&self, entry: &NewAuditEntry) -> Result<(), StoreError>;
    /// Entries before this one, newest first.
    async fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;
}
