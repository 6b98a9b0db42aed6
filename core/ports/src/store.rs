//! The relational store: the manifest of runs, identities, aliases, and what imports have done.

use crate::{Consents, CustomerGroups, DefinitionVersions, Experiments, Memberships};
use async_trait::async_trait;
use perennial_model::{
    ConsentRecord, CustomerId, HashKey, IdentityKey, IdentityKind, Mid, OrderKey, PropertySpec, ShardCount,
};

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer holds it.
    #[error("the store is locked by another process: stop it or use its socket")]
    Locked,
    /// No room left; the transaction did not happen.
    #[error("no space left to write the store: free some, then try again")]
    Full,
    /// The database's server does not answer, or the connection broke. What was not confirmed may have
    /// happened.
    #[error("the store's database cannot be reached ({source}): see that it runs, then try again")]
    Unreachable {
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It can be read and not written: what holds it is read-only, out of something, or broken.
    #[error(
        "the store cannot be written now ({source}): see that its database and its disk take writes, then try again"
    )]
    Unwritable {
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another process owns the brand in this database.
    #[error("another perennial has this brand's database open: stop it, or give this one a database of its own")]
    InUse,
    /// Another process owned the brand in this database meanwhile; what this one knows is stale.
    #[error("another perennial has opened this brand's database meanwhile: stop it, then start this one again")]
    TakenOver,
    /// A brand was moved away from here, or its move into here was cut short.
    #[error(
        "a brand was moved away from this database, or its move into it was cut short: open it where it is;          to move it into this one, drop the schemas perennial and perennial_hot first"
    )]
    Unfinished,
    /// It was made by a newer version.
    #[error("the data directory has format {found}, this version reads up to {supported}: use a newer perennial")]
    TooNew {
        /// Format found.
        found: u32,
        /// Newest format this version knows.
        supported: u32,
    },
    /// A change was computed from an older manifest.
    #[error("the manifest changed meanwhile (epoch {expected}, now {found}): read it again and retry")]
    Conflict {
        /// Epoch the change was computed from.
        expected: u64,
        /// Epoch now.
        found: u64,
    },
    /// As many messages are kept aside as may be.
    #[error("{limit} messages are kept aside, which is the most: mend the schemas, then run `perennial schema replay`")]
    AsideFull {
        /// The most that may be.
        limit: u64,
    },
    /// Anything else.
    #[error("the store cannot {action}: {source}")]
    Other {
        /// What was tried.
        action: &'static str,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// Whether the same may succeed a little later.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Locked | Self::Full | Self::Unreachable { .. } | Self::Unwritable { .. } | Self::InUse)
    }
}

/// What is fixed when a data directory is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrandMeta {
    /// The brand's secret for keyed hashes.
    pub hash_key: HashKey,
    /// Number of shards.
    pub shards: ShardCount,
    /// Format of the directory.
    pub format_version: u32,
}

/// Whether a run answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunState {
    /// It does.
    Live,
    /// It was found damaged: kept, named, not read.
    Quarantined,
    /// It was replaced at this instant (UTC µs); its file is deleted after the grace period.
    Retired {
        /// When.
        at_us: i64,
    },
}

/// A run: one immutable Parquet file of one shard, sorted by (customer, time, mid).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Number, from [`Store::allocate_runs`].
    pub run_id: u64,
    /// Its shard.
    pub shard: u16,
    /// Manifest epoch that it was written under; with the shard it is part of the file's name.
    pub epoch: u64,
    /// Name in [`crate::Files`].
    pub file: String,
    /// Format of the run.
    pub format_version: u32,
    /// Rows in it.
    pub rows: u64,
    /// Length of the file.
    pub bytes: u64,
    /// CRC-32 of the file's footer, in which the checksums of all else are.
    pub checksum: u32,
    /// Earliest event time (UTC µs).
    pub min_time_us: i64,
    /// Latest event time (UTC µs).
    pub max_time_us: i64,
    /// Whether a row's customer differs from its profile.
    pub rehomed: bool,
    /// Whether it answers.
    pub state: RunState,
}

/// Everything a reader needs to see one consistent state.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Grows by one with every change.
    pub epoch: u64,
    /// Live and quarantined runs.
    pub runs: Vec<RunRecord>,
    /// Hot rows at or below this sequence are in runs already.
    pub flushed_through: u64,
    /// Profiles that belong to another customer; all others are their own.
    pub aliases: Vec<(CustomerId, CustomerId)>,
    /// Declared properties, in the order of declaration.
    pub properties: Vec<PropertySpec>,
}

/// An identity and the profile it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityBinding {
    /// The key.
    pub key: IdentityKey,
    /// The profile at arrival; follow aliases for the customer.
    pub profile: CustomerId,
}

/// How far an import of one file has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportMark {
    /// Fingerprint of the file's content and of how it is read.
    pub fingerprint: String,
    /// Its name, for people.
    pub name: String,
    /// Data rows durably in the timeline (or rejected), counted from the start.
    pub rows_done: u64,
    /// Whether all rows are.
    pub finished: bool,
}

/// A merge of profiles; can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Number, growing.
    pub entry_id: u64,
    /// When (UTC µs).
    pub at_us: i64,
    /// The customer whose profiles moved.
    pub from: CustomerId,
    /// Where they moved.
    pub into: CustomerId,
    /// Why, for people.
    pub reason: String,
    /// When it was undone, if it was.
    pub undone_at_us: Option<i64>,
}

/// What a person made of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They are one.
    Merged,
    /// They are two.
    Rejected,
}

/// Two known customers that may be one person: for a person to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeSuggestion {
    /// Number, growing.
    pub suggestion_id: u64,
    /// One of them, the smaller number.
    pub one: CustomerId,
    /// The other.
    pub other: CustomerId,
    /// The kind of the key, seen with keys of the one, that leads to the other.
    pub reason: IdentityKind,
    /// When this was first seen (UTC µs).
    pub first_at_us: i64,
    /// When last.
    pub last_at_us: i64,
    /// In how many messages.
    pub times_seen: u64,
    /// What was decided, and when.
    pub decided: Option<(Decision, i64)>,
}

/// A sign that two known customers may be one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuggestionSeen {
    /// One of them.
    pub one: CustomerId,
    /// The other.
    pub other: CustomerId,
    /// The kind of the key, seen with keys of the one, that leads to the other.
    pub reason: IdentityKind,
    /// When (UTC µs).
    pub at_us: i64,
    /// In how many messages.
    pub times: u64,
}

/// A name that was seen with a phone, both as keyed hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneName {
    /// As [`HashKey::suppression`] hashes the phone.
    pub phone: [u8; 16],
    /// As [`HashKey::name_with_phone`] hashes the name.
    pub name: u64,
}

/// The newest version of what is declared of one kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSchema {
    /// Name of the event.
    pub event: String,
    /// Counted from 1 for each event.
    pub version: u64,
    /// When it was declared (UTC µs).
    pub at_us: i64,
    /// The schema.
    pub json: String,
}

/// A message that does not fit its event's schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideMessage {
    /// Its identity; the one kept first stays.
    pub mid: Mid,
    /// Name of its event.
    pub event: String,
    /// Which feed it came from.
    pub source: String,
    /// Why it was kept aside: where and what, no value.
    pub reason: String,
    /// As it came.
    pub text: String,
    /// When it happened (UTC µs).
    pub time_us: i64,
    /// When it was heard of (UTC µs).
    pub received_us: i64,
    /// Keyed hashes of all keys of a customer in it, by which an erasure finds it. Only written.
    pub keys: Vec<[u8; 16]>,
}

/// Messages of one event that are kept aside for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideReason {
    /// Name of the event.
    pub event: String,
    /// Where and what, no value.
    pub reason: String,
    /// How many.
    pub messages: u64,
    /// When the first was heard of (UTC µs).
    pub first_us: i64,
    /// When the last was heard of (UTC µs).
    pub last_us: i64,
}

/// One manifest transaction: all of it happens, or nothing.
#[derive(Debug, Clone, Default)]
pub struct ManifestChange {
    /// The epoch it was computed from; another one is [`StoreError::Conflict`].
    pub expected_epoch: u64,
    /// Runs that begin to answer; their files are durable already.
    pub add_runs: Vec<RunRecord>,
    /// Runs that stop answering, at [`ManifestChange::at_us`].
    pub retire_runs: Vec<u64>,
    /// Runs found damaged.
    pub quarantine_runs: Vec<u64>,
    /// When the change is made (UTC µs).
    pub at_us: i64,
    /// New [`Manifest::flushed_through`].
    pub flushed_through: Option<u64>,
    /// Identities seen for the first time; one that exists already keeps its profile.
    pub new_identities: Vec<IdentityBinding>,
    /// Identities that lead to these profiles no more; taken away before new ones are added.
    pub unbind: Vec<IdentityBinding>,
    /// Profiles to which orders belong; the last word on an order counts, nobody's profiles too.
    pub order_owners: Vec<(OrderKey, CustomerId)>,
    /// Changes of consent, as [`Consents::add_consents`] adds them; their events are in the runs added.
    pub consents: Vec<ConsentRecord>,
    /// Aliases to set; a profile aliased to itself loses its alias.
    pub set_aliases: Vec<(CustomerId, CustomerId)>,
    /// A merge to write into the journal (its `entry_id` is ignored and assigned).
    pub add_journal: Option<JournalEntry>,
    /// A journal entry that is undone.
    pub undo_journal: Option<u64>,
    /// Progress of an import.
    pub import_mark: Option<ImportMark>,
    /// A property to declare.
    pub declare_property: Option<PropertySpec>,
    /// Profiles whose identities, orders, consents, aliases, journal entries, suggestions, places in lists, tags
    /// and experiments and changes of memberships are erased, leaving no readable byte.
    pub erase_profiles: Vec<CustomerId>,
    /// Keyed hashes of what was erased; names seen with them, and messages kept aside that hold such a
    /// key, go too.
    pub suppress: Vec<[u8; 16]>,
}

/// The relational store of one brand. All methods are safe to call again after a failure.
#[async_trait]
pub trait Store: Consents + CustomerGroups + DefinitionVersions + Experiments + Memberships {
    /// What was fixed at creation.
    async fn meta(&self) -> Result<BrandMeta, StoreError>;
    /// The manifest as of the last committed change.
    async fn manifest(&self) -> Result<Manifest, StoreError>;
    /// Applies a change in one transaction; returns the new epoch. Durable when it returns.
    async fn commit(&self, change: &ManifestChange) -> Result<u64, StoreError>;
    /// Reserves `count` run numbers; returns the first. Numbers are never used again.
    async fn allocate_runs(&self, count: u64) -> Result<u64, StoreError>;
    /// Reserves customer numbers: for each shard how many; returns the first number of each shard.
    async fn allocate_customers(&self, counts: &[u64]) -> Result<Vec<u64>, StoreError>;
    /// Profiles of these keys, in the same order; `None` for a key not known.
    async fn find_identities(&self, keys: &[IdentityKey]) -> Result<Vec<Option<CustomerId>>, StoreError>;
    /// All identities of these profiles.
    async fn identities_of(&self, profiles: &[CustomerId]) -> Result<Vec<IdentityBinding>, StoreError>;
    /// Whether any identity is known at all (a first import need not look any up).
    async fn has_identities(&self) -> Result<bool, StoreError>;
    /// Binds keys outside a manifest change; returns the profile each leads to, in the same order: one
    /// bound before, or earlier in the list, keeps its profile.
    async fn bind_identities(&self, bindings: &[IdentityBinding]) -> Result<Vec<CustomerId>, StoreError>;
    /// Notes names seen with phones; one noted before is no trouble.
    async fn note_phone_names(&self, names: &[PhoneName]) -> Result<(), StoreError>;
    /// All names seen with these phones.
    async fn phone_names(&self, phones: &[[u8; 16]]) -> Result<Vec<PhoneName>, StoreError>;
    /// Notes signs that customers may be one person: a pair, in either order, is one suggestion,
    /// counted up and never opened again once it was decided.
    async fn note_suggestions(&self, seen: &[SuggestionSeen]) -> Result<(), StoreError>;
    /// All suggestions, oldest first.
    async fn suggestions(&self) -> Result<Vec<MergeSuggestion>, StoreError>;
    /// Suggestions that name one of these profiles, decided ones too, oldest first.
    async fn suggestions_of(&self, profiles: &[CustomerId]) -> Result<Vec<MergeSuggestion>, StoreError>;
    /// Closes a suggestion; whether it was open.
    async fn decide_suggestion(&self, suggestion_id: u64, decision: Decision, at_us: i64) -> Result<bool, StoreError>;
    /// Profiles to which these orders belong, in the same order; `None` for an order not known.
    async fn find_order_owners(&self, orders: &[OrderKey]) -> Result<Vec<Option<CustomerId>>, StoreError>;
    /// Sets owners of orders outside a manifest change; the last word on an order counts. Durable when it
    /// returns.
    async fn set_order_owners(&self, owners: &[(OrderKey, CustomerId)]) -> Result<(), StoreError>;
    /// Whether any order's owner is known at all (a first import need not look any up).
    async fn has_order_owners(&self) -> Result<bool, StoreError>;
    /// Keyed hashes of all erased identities.
    async fn suppressed(&self) -> Result<Vec<[u8; 16]>, StoreError>;
    /// Progress of the import with this fingerprint.
    async fn import_mark(&self, fingerprint: &str) -> Result<Option<ImportMark>, StoreError>;
    /// Rows of all imports so far: more of them, and something was imported.
    async fn imported_rows(&self) -> Result<u64, StoreError>;
    /// Retired runs, for deletion of their files.
    async fn retired_runs(&self) -> Result<Vec<RunRecord>, StoreError>;
    /// Forgets retired runs whose files are gone.
    async fn forget_runs(&self, run_ids: &[u64]) -> Result<(), StoreError>;
    /// The journal of merges, oldest first.
    async fn journal(&self) -> Result<Vec<JournalEntry>, StoreError>;
    /// Merges of the journal from or into one of these profiles, undone ones too, oldest first.
    async fn journal_of(&self, profiles: &[CustomerId]) -> Result<Vec<JournalEntry>, StoreError>;
    /// The merge written last. A store that can read one row should: it is asked after each merge.
    async fn newest_journal_entry(&self) -> Result<Option<JournalEntry>, StoreError> {
        Ok(self.journal().await?.pop())
    }
    /// Saves a version of fitted parameters (JSON) of a fold as of an instant; returns its version.
    async fn save_parameters(&self, fold: &str, as_of_us: i64, json: &str) -> Result<u64, StoreError>;
    /// The newest parameters of a fold: version, as-of instant, JSON.
    async fn parameters(&self, fold: &str) -> Result<Option<(u64, i64, String)>, StoreError>;
    /// Grows when a setting, a schema or the definitions were changed by this process: for those who remember them.
    fn declared_mark(&self) -> u64;
    /// Settings of the brand (zone, currency …) by name.
    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError>;
    /// Sets a setting.
    async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError>;
    /// Declares what events of a name must look like; returns the version. Older versions stay.
    async fn save_schema(&self, event: &str, at_us: i64, json: &str) -> Result<u64, StoreError>;
    /// The newest schema of each event, by name.
    async fn schemas(&self) -> Result<Vec<StoredSchema>, StoreError>;
    /// Keeps messages aside, all or none; one that is kept already stays as it is. Durable when it
    /// returns. More than `most` in all are [`StoreError::AsideFull`].
    async fn set_aside(&self, messages: &[AsideMessage], most: u64) -> Result<(), StoreError>;
    /// Messages kept aside, by mid, after this one; without their keys.
    async fn aside_after(&self, after: Option<Mid>, limit: u32) -> Result<Vec<AsideMessage>, StoreError>;
    /// Messages kept aside that hold one of the keys with these hashes, by mid; without their keys.
    async fn aside_of(&self, keys: &[[u8; 16]]) -> Result<Vec<AsideMessage>, StoreError>;
    /// How many messages are kept aside.
    async fn aside_count(&self) -> Result<u64, StoreError>;
    /// Why messages are kept aside: of all pairs of event and reason the `most` with most messages, those first.
    async fn aside_reasons(&self, most: u32) -> Result<Vec<AsideReason>, StoreError>;
    /// Lets go of messages that are in the timeline by now.
    async fn remove_aside(&self, mids: &[Mid]) -> Result<(), StoreError>;
}
