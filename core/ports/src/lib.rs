//! Traits through which the engine meets the outside, in the product's words.
//!
//! To add an adapter: implement the trait, then run its contract suite from
//! `perennial-testkit` against it; the suite is the definition of the trait.

mod accounts;
mod consents;
mod definitions;
mod disk;
mod experiments;
mod files;
mod groups;
mod hot_log;
mod memberships;
mod settings;
mod store;
mod write_keys;

pub use accounts::{
    Accounts, ApiToken, Audit, AuditEntry, Link, Member, MemberChange, MemberChanged, Members, NewAuditEntry,
    NewMember, NewToken, SecretHash, Session, Sessions, Tokens,
};
pub use consents::Consents;
pub use definitions::{
    DefinitionFile, DefinitionVersion, DefinitionVersions, DefinitionsSaved, NewDefinitions, StoredDefinitions,
};
pub use disk::Disk;
pub use experiments::{BegunExperiment, Experiments, NewExperiment};
pub use files::{Files, FilesError};
pub use groups::{CustomerGroup, CustomerGroups, GroupChange, GroupKind};
pub use hot_log::{HotLog, HotRow};
pub use memberships::{
    MembershipCause, MembershipChange, MembershipRecord, Memberships, NumberedChange, SegmentSize, StoredMembership,
};
pub use settings::BrandSettings;
pub use store::{
    AsideMessage, AsideReason, BrandMeta, Decision, IdentityBinding, ImportMark, JournalEntry, Manifest,
    ManifestChange, MergeSuggestion, PhoneName, RunRecord, RunState, Store, StoreError, StoredSchema, SuggestionSeen,
};
pub use write_keys::{WriteKey, WriteKeys};
