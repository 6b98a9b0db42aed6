//! Traits through which the engine meets the outside, in the product's words.
//!
//! To add an adapter: implement the trait, then run its contract suite from
//! `perennial-testkit` against it; the suite is the definition of the trait.

mod consents;
mod disk;
mod files;
mod hot_log;
mod settings;
mod store;

pub use consents::Consents;
pub use disk::Disk;
pub use files::{Files, FilesError};
pub use hot_log::{HotLog, HotRow};
pub use settings::BrandSettings;
pub use store::{
    AsideMessage, BrandMeta, Decision, IdentityBinding, ImportMark, JournalEntry, Manifest, ManifestChange,
    MergeSuggestion, PhoneName, RunRecord, RunState, Store, StoreError, StoredSchema, SuggestionSeen,
};
