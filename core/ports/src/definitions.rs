//! Versions of what a brand defines: metrics, segments, the brand itself.

use crate::StoreError;
use async_trait::async_trait;

/// A file that definitions were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionFile {
    /// Its name within the brand directory.
    pub name: String,
    /// What was in it.
    pub text: String,
}

/// Who made a version, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionVersion {
    /// Counted from 1.
    pub version: u64,
    /// When (UTC µs).
    pub at_us: i64,
    /// The member; none for the command line.
    pub member_id: Option<u64>,
    /// By which token.
    pub token_id: Option<u64>,
    /// Why, for people.
    pub comment: Option<String>,
    /// What differs from the version before (JSON).
    pub changes: String,
}

/// A version with all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDefinitions {
    /// Whose, when and why.
    pub version: DefinitionVersion,
    /// The definitions (JSON): what counts.
    pub json: String,
    /// The files as they were applied last, by name. They may say less than the definitions do, because a
    /// change that is not made in files leaves them as they are.
    pub files: Vec<DefinitionFile>,
}

/// A version to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewDefinitions {
    /// The version that it was made from; 0 for none.
    pub expected_version: u64,
    /// When (UTC µs).
    pub at_us: i64,
    /// The member; none for the command line.
    pub member_id: Option<u64>,
    /// By which token.
    pub token_id: Option<u64>,
    /// Why, for people.
    pub comment: Option<String>,
    /// What differs from the version before (JSON).
    pub changes: String,
    /// The definitions (JSON).
    pub json: String,
    /// The files; each name once.
    pub files: Vec<DefinitionFile>,
    /// What differs, for the audit, as words of ours: `2 added, 1 changed`.
    pub summary: Option<String>,
}

/// What became of a version to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefinitionsSaved {
    /// It has this number.
    Done(u64),
    /// Another one was made meanwhile, and nothing happened: this is the newest.
    Moved(u64),
}

/// Definitions and all their versions. They are never rewritten; an erasure does not look into them.
#[async_trait]
pub trait DefinitionVersions: Send + Sync {
    /// The newest version; none before the first.
    async fn definitions(&self) -> Result<Option<StoredDefinitions>, StoreError>;
    /// A version by its number.
    async fn definitions_of(&self, version: u64) -> Result<Option<StoredDefinitions>, StoreError>;
    /// Versions before this one, newest first.
    async fn definition_versions(&self, before: Option<u64>, limit: u32) -> Result<Vec<DefinitionVersion>, StoreError>;
    /// Makes a version and notes it in the audit (`definitions_changed`, `definitions:3`), in one
    /// transaction; durable when it returns. [`crate::Store::declared_mark`] grows.
    async fn save_definitions(&self, new: &NewDefinitions) -> Result<DefinitionsSaved, StoreError>;
}
