//! What callers hand in beside events, and what they get back.

use crate::DeclaredColumns;
use perennial_model::{ConsentRecord, CustomerId, OrderKey};
use perennial_ports::{IdentityBinding, ImportMark};

/// What belongs into the same transaction as a chunk of an import.
#[derive(Debug, Clone, Default)]
pub struct ChunkCommit {
    /// Identities seen for the first time.
    pub new_identities: Vec<IdentityBinding>,
    /// Orders whose owner is new or another one since this chunk.
    pub order_owners: Vec<(OrderKey, CustomerId)>,
    /// Changes of consent; their events are added to the chunk.
    pub consents: Vec<ConsentRecord>,
    /// How far the import has come with this chunk.
    pub mark: Option<ImportMark>,
    /// Values of declared properties that the events do not have in their JSON.
    pub declared: DeclaredColumns,
}

/// What one round of maintenance did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Maintenance {
    /// Runs replaced by merges.
    pub merged_runs: usize,
    /// Files deleted.
    pub deleted_files: usize,
}

/// What an erasure removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasure {
    /// All profiles of the customer.
    pub profiles: Vec<CustomerId>,
    /// Rows dropped from runs and the hot log, duplicates and invisible rows among them.
    pub rows: u64,
    /// Identities deleted, each leaving a keyed hash.
    pub identities: usize,
    /// Runs written anew.
    pub rewritten_runs: usize,
    /// Damaged files that could not be searched and may still hold rows. Restored ones are taken back
    /// without them; others must be deleted.
    pub unreadable: Vec<String>,
}
