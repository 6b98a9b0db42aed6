//! The store of a brand.

use crate::bulk::CHUNK_ROWS;
use crate::database::{Database, advance, finish};
use crate::error::other;
use crate::runs::Which;
use crate::statement::Statement;
use crate::{aside, commit, creation, identities, order_owners, postgres, reads, runs, sqlite, suggestions};
use async_trait::async_trait;
use perennial_model::{CustomerId, IdentityKey, Mid, OrderKey, ShardCount};
use perennial_ports::{
    AsideMessage, AsideReason, BrandMeta, Decision, IdentityBinding, ImportMark, JournalEntry, Manifest,
    ManifestChange, MergeSuggestion, PhoneName, RunRecord, Store, StoreError, StoredSchema, SuggestionSeen,
};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Numbered by their place, never changed once released.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/store_0001.sql"),
    include_str!("../migrations/store_0002.sql"),
    include_str!("../migrations/store_0003.sql"),
    include_str!("../migrations/store_0004.sql"),
    include_str!("../migrations/store_0005.sql"),
    include_str!("../migrations/store_0006.sql"),
    include_str!("../migrations/store_0007.sql"),
    include_str!("../migrations/store_0008.sql"),
    include_str!("../migrations/store_0009.sql"),
    include_str!("../migrations/store_0010.sql"),
    include_str!("../migrations/store_0011.sql"),
];
/// Name of the file within a data directory.
const FILE: &str = "store.db";
/// Name of its schema in PostgreSQL.
const SCHEMA: &str = "perennial";
/// Its part of the owner's lock in PostgreSQL.
const LOCK: i32 = 1;
/// The last run number given away.
const RUN: &str = "run";

/// What can be chosen when a store is opened.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// Number of shards if the store is made now; a store that exists keeps its own.
    pub shards: ShardCount,
    /// How long to wait for another process that is writing, before [`StoreError::Locked`].
    pub busy_timeout: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { shards: ShardCount::EMBEDDED, busy_timeout: Duration::from_secs(5) }
    }
}

/// The relational store: one SQLite file in write-ahead mode, synced at every commit, or one schema of
/// a PostgreSQL database; one writer in either.
///
/// An erasure rewrites the whole file or schema (about a second for each million identities), because
/// SQLite's own `secure_delete` leaves copies of rows behind that moved when a page was split, and
/// PostgreSQL keeps deleted rows.
pub struct SqlStore {
    pub(crate) database: Database,
    meta: BrandMeta,
    pub(crate) declared: AtomicU64,
}

impl SqlStore {
    /// Opens the store of a data directory, or makes it.
    ///
    /// # Errors
    /// [`StoreError::TooNew`], [`StoreError::Locked`], [`StoreError::Full`], or what the database says.
    pub async fn open(data_directory: &Path) -> Result<Self, StoreError> {
        Self::open_sqlite(&data_directory.join(FILE), StoreOptions::default()).await
    }

    /// Opens a store in this file, or makes it.
    ///
    /// # Errors
    /// As [`SqlStore::open`].
    pub async fn open_sqlite(file: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        let plan = sqlite::Plan { secure_delete: "ON", busy_timeout: options.busy_timeout };
        Self::made(Database::open(file, &plan, MIGRATIONS).await?, options.shards).await
    }

    /// Opens the store in a PostgreSQL database, or makes it. `address` is `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it, [`StoreError::Unreachable`],
    /// [`StoreError::TooNew`], or what the database says.
    pub async fn connect(address: &str) -> Result<Self, StoreError> {
        Self::connect_with(address, ShardCount::SERVED).await
    }

    /// As [`SqlStore::connect`], with this number of shards if the store is made now.
    ///
    /// # Errors
    /// As [`SqlStore::connect`].
    pub async fn connect_with(address: &str, shards: ShardCount) -> Result<Self, StoreError> {
        Self::made(Self::raw_server(address).await?, shards).await
    }

    /// The tables, whatever is in them.
    pub(crate) async fn raw_file(folder: &Path) -> Result<Database, StoreError> {
        let plan = sqlite::Plan { secure_delete: "ON", busy_timeout: StoreOptions::default().busy_timeout };
        Database::open(&folder.join(FILE), &plan, MIGRATIONS).await
    }

    /// The tables, whatever is in them.
    pub(crate) async fn raw_server(address: &str) -> Result<Database, StoreError> {
        postgres::check_address(address)?;
        Database::connect(&postgres::Plan { address, schema: SCHEMA, lock: LOCK }, MIGRATIONS).await
    }

    async fn made(database: Database, shards: ShardCount) -> Result<Self, StoreError> {
        let mut transaction = database.write().await?;
        let (hash_key, shards) = creation::load_or_create(&mut transaction, shards).await?;
        finish(transaction).await?;
        let meta = BrandMeta { hash_key, shards, format_version: database.format_version };
        Ok(Self { database, meta, declared: AtomicU64::new(0) })
    }

    /// Closes it: the log is folded into the file and removed.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn meta(&self) -> Result<BrandMeta, StoreError> {
        Ok(self.meta)
    }

    async fn manifest(&self) -> Result<Manifest, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        reads::manifest(&mut snapshot).await
    }

    async fn commit(&self, change: &ManifestChange) -> Result<u64, StoreError> {
        let mut transaction = self.database.write().await?;
        let epoch = commit::apply(&mut transaction, change).await?;
        finish(transaction).await?;
        if !change.erase_profiles.is_empty() {
            self.database.wipe().await?;
        }
        Ok(epoch)
    }

    async fn allocate_runs(&self, count: u64) -> Result<u64, StoreError> {
        let mut transaction = self.database.write().await?;
        let last = advance(&mut transaction, RUN, count).await?;
        finish(transaction).await?;
        Ok(last - count + 1)
    }

    async fn allocate_customers(&self, counts: &[u64]) -> Result<Vec<u64>, StoreError> {
        if counts.len() != usize::from(self.meta.shards.get()) {
            let message = format!("{} counts for {} shards", counts.len(), self.meta.shards.get());
            return Err(other("reserve customer numbers", message));
        }
        let sql = "UPDATE customer_counter SET next_number = next_number + $1 WHERE shard = $2
                   RETURNING next_number - $1";
        let mut transaction = self.database.write().await?;
        let mut first = Vec::with_capacity(counts.len());
        for (shard, count) in (0_i64..).zip(counts) {
            let statement = Statement::new("reserve customer numbers", sql).number(*count).bind(shard);
            first.push(statement.one(&mut transaction).await?.unsigned(0)?);
        }
        finish(transaction).await?;
        Ok(first)
    }

    async fn find_identities(&self, keys: &[IdentityKey]) -> Result<Vec<Option<CustomerId>>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        identities::find(&mut snapshot, keys).await
    }

    async fn identities_of(&self, profiles: &[CustomerId]) -> Result<Vec<IdentityBinding>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        identities::of_profiles(&mut snapshot, profiles).await
    }

    async fn has_identities(&self) -> Result<bool, StoreError> {
        reads::has_identities(&mut *self.database.read().await?).await
    }

    async fn bind_identities(&self, bindings: &[IdentityBinding]) -> Result<Vec<CustomerId>, StoreError> {
        let mut transaction = self.database.write().await?;
        let bound = identities::bind_and_find(&mut transaction, bindings).await?;
        finish(transaction).await?;
        Ok(bound)
    }

    async fn note_phone_names(&self, names: &[PhoneName]) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        suggestions::note_names(&mut transaction, names).await?;
        finish(transaction).await
    }

    async fn phone_names(&self, phones: &[[u8; 16]]) -> Result<Vec<PhoneName>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        suggestions::names(&mut snapshot, phones).await
    }

    async fn note_suggestions(&self, seen: &[SuggestionSeen]) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        suggestions::note(&mut transaction, seen).await?;
        finish(transaction).await
    }

    async fn suggestions(&self) -> Result<Vec<MergeSuggestion>, StoreError> {
        suggestions::list(&mut *self.database.read().await?).await
    }

    async fn suggestions_of(&self, profiles: &[CustomerId]) -> Result<Vec<MergeSuggestion>, StoreError> {
        suggestions::of_profiles(&mut *self.database.snapshot().await?, profiles).await
    }

    async fn decide_suggestion(&self, suggestion_id: u64, decision: Decision, at_us: i64) -> Result<bool, StoreError> {
        let mut transaction = self.database.write().await?;
        let was_open = suggestions::decide(&mut transaction, suggestion_id, decision, at_us).await?;
        finish(transaction).await?;
        Ok(was_open)
    }

    async fn find_order_owners(&self, orders: &[OrderKey]) -> Result<Vec<Option<CustomerId>>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        order_owners::find(&mut snapshot, orders).await
    }

    async fn set_order_owners(&self, owners: &[(OrderKey, CustomerId)]) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        order_owners::set(&mut transaction, owners).await?;
        finish(transaction).await
    }

    async fn has_order_owners(&self) -> Result<bool, StoreError> {
        order_owners::has_any(&mut *self.database.read().await?).await
    }

    async fn suppressed(&self) -> Result<Vec<[u8; 16]>, StoreError> {
        reads::suppressed(&mut *self.database.read().await?).await
    }

    async fn import_mark(&self, fingerprint: &str) -> Result<Option<ImportMark>, StoreError> {
        reads::import_mark(&mut *self.database.read().await?, fingerprint).await
    }

    async fn imported_rows(&self) -> Result<u64, StoreError> {
        reads::imported_rows(&mut *self.database.read().await?).await
    }

    async fn retired_runs(&self) -> Result<Vec<RunRecord>, StoreError> {
        runs::list(&mut *self.database.read().await?, Which::Retired).await
    }

    async fn forget_runs(&self, run_ids: &[u64]) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        runs::forget(&mut transaction, run_ids).await?;
        finish(transaction).await
    }

    async fn journal(&self) -> Result<Vec<JournalEntry>, StoreError> {
        reads::journal(&mut *self.database.read().await?).await
    }

    async fn journal_of(&self, profiles: &[CustomerId]) -> Result<Vec<JournalEntry>, StoreError> {
        reads::journal_of(&mut *self.database.snapshot().await?, profiles).await
    }

    async fn newest_journal_entry(&self) -> Result<Option<JournalEntry>, StoreError> {
        reads::newest_journal_entry(&mut *self.database.read().await?).await
    }

    async fn save_parameters(&self, fold: &str, as_of_us: i64, json: &str) -> Result<u64, StoreError> {
        let sql = "INSERT INTO parameters (fold, version, as_of_us, json)
                   SELECT $1, COALESCE(MAX(version), 0) + 1, $2, $3 FROM parameters WHERE fold = $1
                   RETURNING version";
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("save parameters", sql).bind(fold).bind(as_of_us).bind(json);
        let version = statement.one(&mut transaction).await?.unsigned(0)?;
        finish(transaction).await?;
        Ok(version)
    }

    async fn parameters(&self, fold: &str) -> Result<Option<(u64, i64, String)>, StoreError> {
        reads::parameters(&mut *self.database.read().await?, fold).await
    }

    fn declared_mark(&self) -> u64 {
        self.declared.load(Ordering::Acquire)
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        reads::setting(&mut *self.database.read().await?, name).await
    }

    async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (name, value) VALUES ($1, $2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let mut transaction = self.database.write().await?;
        Statement::new("set a setting", sql).bind(name).bind(value).run(&mut transaction).await?;
        let done = finish(transaction).await;
        self.declared.fetch_add(1, Ordering::AcqRel);
        done
    }

    async fn save_schema(&self, event: &str, at_us: i64, json: &str) -> Result<u64, StoreError> {
        let mut transaction = self.database.write().await?;
        let version = aside::save_schema(&mut transaction, event, at_us, json).await?;
        let done = finish(transaction).await;
        // A failure may hide a commit.
        self.declared.fetch_add(1, Ordering::AcqRel);
        done.map(|()| version)
    }

    async fn schemas(&self) -> Result<Vec<StoredSchema>, StoreError> {
        aside::schemas(&mut *self.database.read().await?).await
    }

    async fn set_aside(&self, messages: &[AsideMessage], most: u64) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        aside::set(&mut transaction, messages, most).await?;
        finish(transaction).await
    }

    async fn aside_after(&self, after: Option<Mid>, limit: u32) -> Result<Vec<AsideMessage>, StoreError> {
        aside::after(&mut *self.database.read().await?, after, limit).await
    }

    async fn aside_of(&self, keys: &[[u8; 16]]) -> Result<Vec<AsideMessage>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        aside::of_keys(&mut snapshot, keys).await
    }

    async fn aside_count(&self) -> Result<u64, StoreError> {
        aside::count(&mut *self.database.read().await?).await
    }

    async fn aside_reasons(&self, most: u32) -> Result<Vec<AsideReason>, StoreError> {
        aside::reasons(&mut *self.database.read().await?, most).await
    }

    async fn remove_aside(&self, mids: &[Mid]) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        aside::remove(&mut transaction, mids).await?;
        finish(transaction).await
    }
}

/// Identities are bound two arguments a row and one in common: within SQLite's 32,766.
const _: () = assert!(2 * CHUNK_ROWS < 32_766);
