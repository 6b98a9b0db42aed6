//! Store and hot log that lose their power just before or just after a commit.

use crate::Power;
use async_trait::async_trait;
use bytes::Bytes;
use perennial_model::{ConsentRecord, CustomerId, IdentityKey, Mid, OrderKey};
use perennial_ports::{
    AsideMessage, AsideReason, BegunExperiment, BrandMeta, Consents, CustomerGroup, CustomerGroups, Decision,
    DefinitionVersion, DefinitionVersions, DefinitionsSaved, Experiments, GroupChange, GroupKind, HotLog, HotRow,
    IdentityBinding, ImportMark, JournalEntry, Manifest, ManifestChange, MembershipRecord, Memberships,
    MergeSuggestion, NewAuditEntry, NewDefinitions, NewExperiment, NumberedChange, PhoneName, RunRecord, SegmentSize,
    Store, StoreError, StoredDefinitions, StoredMembership, StoredSchema, SuggestionSeen,
};
use std::future::Future;
use std::sync::Arc;

fn powerless(source: std::io::Error) -> StoreError {
    StoreError::Other { action: "work", source: source.into() }
}

fn check(power: &Power) -> Result<(), StoreError> {
    power.check().map_err(powerless)
}

/// A change is two steps: cut before the first it did not happen, cut before the second it did,
/// but nobody hears of it.
async fn change<T>(power: &Power, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    power.step().map_err(powerless)?;
    let done = work.await?;
    power.step().map_err(powerless)?;
    Ok(done)
}

/// A store on a switch.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    power: Power,
}

impl FaultyStore {
    /// This store, on this switch.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>, power: &Power) -> Self {
        Self { inner, power: power.clone() }
    }
}

#[async_trait]
impl Consents for FaultyStore {
    async fn add_consents(&self, records: &[ConsentRecord]) -> Result<(), StoreError> {
        change(&self.power, self.inner.add_consents(records)).await
    }

    async fn consents_of(&self, profiles: &[CustomerId]) -> Result<Vec<ConsentRecord>, StoreError> {
        check(&self.power)?;
        self.inner.consents_of(profiles).await
    }

    async fn has_consents(&self) -> Result<bool, StoreError> {
        check(&self.power)?;
        self.inner.has_consents().await
    }
}

#[async_trait]
impl CustomerGroups for FaultyStore {
    async fn groups(&self) -> Result<Vec<CustomerGroup>, StoreError> {
        check(&self.power)?;
        self.inner.groups().await
    }

    async fn save_group(
        &self,
        kind: GroupKind,
        name: &str,
        description: Option<&str>,
        at_us: i64,
        audit: &NewAuditEntry,
    ) -> Result<(), StoreError> {
        change(&self.power, self.inner.save_group(kind, name, description, at_us, audit)).await
    }

    async fn remove_group(&self, kind: GroupKind, name: &str, audit: &NewAuditEntry) -> Result<bool, StoreError> {
        change(&self.power, self.inner.remove_group(kind, name, audit)).await
    }

    async fn change_group(&self, group_change: &GroupChange) -> Result<(u64, u64), StoreError> {
        change(&self.power, self.inner.change_group(group_change)).await
    }

    async fn group_members(&self, kind: GroupKind, name: &str) -> Result<Vec<CustomerId>, StoreError> {
        check(&self.power)?;
        self.inner.group_members(kind, name).await
    }

    async fn groups_of(
        &self,
        profiles: &[CustomerId],
    ) -> Result<Vec<(GroupKind, String, CustomerId, i64)>, StoreError> {
        check(&self.power)?;
        self.inner.groups_of(profiles).await
    }

    async fn groups_version(&self) -> Result<u64, StoreError> {
        check(&self.power)?;
        self.inner.groups_version().await
    }
}

#[async_trait]
impl Memberships for FaultyStore {
    async fn memberships(&self) -> Result<Vec<StoredMembership>, StoreError> {
        check(&self.power)?;
        self.inner.memberships().await
    }

    async fn record_memberships(&self, records: &[MembershipRecord]) -> Result<(), StoreError> {
        change(&self.power, self.inner.record_memberships(records)).await
    }

    async fn forget_membership(&self, segment: &str) -> Result<(), StoreError> {
        change(&self.power, self.inner.forget_membership(segment)).await
    }

    async fn membership_changes(
        &self,
        segment: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<NumberedChange>, StoreError> {
        check(&self.power)?;
        self.inner.membership_changes(segment, after, limit).await
    }

    async fn latest_membership_changes(
        &self,
        segment: &str,
        before: u64,
        limit: u32,
    ) -> Result<Vec<NumberedChange>, StoreError> {
        check(&self.power)?;
        self.inner.latest_membership_changes(segment, before, limit).await
    }

    async fn prune_membership_changes(&self, before_us: i64) -> Result<u64, StoreError> {
        change(&self.power, self.inner.prune_membership_changes(before_us)).await
    }

    async fn put_segment_sizes(&self, sizes: &[SegmentSize]) -> Result<(), StoreError> {
        change(&self.power, self.inner.put_segment_sizes(sizes)).await
    }

    async fn segment_sizes(&self, segments: &[&str], from: i32, to: i32) -> Result<Vec<SegmentSize>, StoreError> {
        check(&self.power)?;
        self.inner.segment_sizes(segments, from, to).await
    }
}

#[async_trait]
impl DefinitionVersions for FaultyStore {
    async fn definitions(&self) -> Result<Option<StoredDefinitions>, StoreError> {
        check(&self.power)?;
        self.inner.definitions().await
    }

    async fn definitions_of(&self, version: u64) -> Result<Option<StoredDefinitions>, StoreError> {
        check(&self.power)?;
        self.inner.definitions_of(version).await
    }

    async fn definition_versions(&self, before: Option<u64>, limit: u32) -> Result<Vec<DefinitionVersion>, StoreError> {
        check(&self.power)?;
        self.inner.definition_versions(before, limit).await
    }

    async fn save_definitions(&self, new: &NewDefinitions) -> Result<DefinitionsSaved, StoreError> {
        change(&self.power, self.inner.save_definitions(new)).await
    }
}

#[async_trait]
impl Experiments for FaultyStore {
    async fn begin_experiment(&self, new: &NewExperiment) -> Result<bool, StoreError> {
        change(&self.power, self.inner.begin_experiment(new)).await
    }

    async fn begun_experiments(&self) -> Result<Vec<BegunExperiment>, StoreError> {
        check(&self.power)?;
        self.inner.begun_experiments().await
    }

    async fn cohort_of(&self, name: &str) -> Result<Vec<CustomerId>, StoreError> {
        check(&self.power)?;
        self.inner.cohort_of(name).await
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn meta(&self) -> Result<BrandMeta, StoreError> {
        check(&self.power)?;
        self.inner.meta().await
    }

    async fn manifest(&self) -> Result<Manifest, StoreError> {
        check(&self.power)?;
        self.inner.manifest().await
    }

    async fn commit(&self, manifest_change: &ManifestChange) -> Result<u64, StoreError> {
        change(&self.power, self.inner.commit(manifest_change)).await
    }

    async fn allocate_runs(&self, count: u64) -> Result<u64, StoreError> {
        change(&self.power, self.inner.allocate_runs(count)).await
    }

    async fn allocate_customers(&self, counts: &[u64]) -> Result<Vec<u64>, StoreError> {
        change(&self.power, self.inner.allocate_customers(counts)).await
    }

    async fn find_identities(&self, keys: &[IdentityKey]) -> Result<Vec<Option<CustomerId>>, StoreError> {
        check(&self.power)?;
        self.inner.find_identities(keys).await
    }

    async fn identities_of(&self, profiles: &[CustomerId]) -> Result<Vec<IdentityBinding>, StoreError> {
        check(&self.power)?;
        self.inner.identities_of(profiles).await
    }

    async fn has_identities(&self) -> Result<bool, StoreError> {
        check(&self.power)?;
        self.inner.has_identities().await
    }

    async fn bind_identities(&self, bindings: &[IdentityBinding]) -> Result<Vec<CustomerId>, StoreError> {
        change(&self.power, self.inner.bind_identities(bindings)).await
    }

    async fn note_phone_names(&self, names: &[PhoneName]) -> Result<(), StoreError> {
        change(&self.power, self.inner.note_phone_names(names)).await
    }

    async fn phone_names(&self, phones: &[[u8; 16]]) -> Result<Vec<PhoneName>, StoreError> {
        check(&self.power)?;
        self.inner.phone_names(phones).await
    }

    async fn note_suggestions(&self, seen: &[SuggestionSeen]) -> Result<(), StoreError> {
        change(&self.power, self.inner.note_suggestions(seen)).await
    }

    async fn suggestions(&self) -> Result<Vec<MergeSuggestion>, StoreError> {
        check(&self.power)?;
        self.inner.suggestions().await
    }

    async fn suggestions_of(&self, profiles: &[CustomerId]) -> Result<Vec<MergeSuggestion>, StoreError> {
        check(&self.power)?;
        self.inner.suggestions_of(profiles).await
    }

    async fn decide_suggestion(&self, suggestion_id: u64, decision: Decision, at_us: i64) -> Result<bool, StoreError> {
        change(&self.power, self.inner.decide_suggestion(suggestion_id, decision, at_us)).await
    }

    async fn find_order_owners(&self, orders: &[OrderKey]) -> Result<Vec<Option<CustomerId>>, StoreError> {
        check(&self.power)?;
        self.inner.find_order_owners(orders).await
    }

    async fn set_order_owners(&self, owners: &[(OrderKey, CustomerId)]) -> Result<(), StoreError> {
        change(&self.power, self.inner.set_order_owners(owners)).await
    }

    async fn has_order_owners(&self) -> Result<bool, StoreError> {
        check(&self.power)?;
        self.inner.has_order_owners().await
    }

    async fn suppressed(&self) -> Result<Vec<[u8; 16]>, StoreError> {
        check(&self.power)?;
        self.inner.suppressed().await
    }

    async fn import_mark(&self, fingerprint: &str) -> Result<Option<ImportMark>, StoreError> {
        check(&self.power)?;
        self.inner.import_mark(fingerprint).await
    }

    async fn imported_rows(&self) -> Result<u64, StoreError> {
        check(&self.power)?;
        self.inner.imported_rows().await
    }

    async fn retired_runs(&self) -> Result<Vec<RunRecord>, StoreError> {
        check(&self.power)?;
        self.inner.retired_runs().await
    }

    async fn forget_runs(&self, run_ids: &[u64]) -> Result<(), StoreError> {
        change(&self.power, self.inner.forget_runs(run_ids)).await
    }

    async fn journal(&self) -> Result<Vec<JournalEntry>, StoreError> {
        check(&self.power)?;
        self.inner.journal().await
    }

    async fn journal_of(&self, profiles: &[CustomerId]) -> Result<Vec<JournalEntry>, StoreError> {
        check(&self.power)?;
        self.inner.journal_of(profiles).await
    }

    async fn newest_journal_entry(&self) -> Result<Option<JournalEntry>, StoreError> {
        check(&self.power)?;
        self.inner.newest_journal_entry().await
    }

    async fn save_parameters(&self, fold: &str, as_of_us: i64, json: &str) -> Result<u64, StoreError> {
        change(&self.power, self.inner.save_parameters(fold, as_of_us, json)).await
    }

    async fn parameters(&self, fold: &str) -> Result<Option<(u64, i64, String)>, StoreError> {
        check(&self.power)?;
        self.inner.parameters(fold).await
    }

    fn declared_mark(&self) -> u64 {
        self.inner.declared_mark()
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        check(&self.power)?;
        self.inner.setting(name).await
    }

    async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        change(&self.power, self.inner.set_setting(name, value)).await
    }

    async fn save_schema(&self, event: &str, at_us: i64, json: &str) -> Result<u64, StoreError> {
        change(&self.power, self.inner.save_schema(event, at_us, json)).await
    }

    async fn schemas(&self) -> Result<Vec<StoredSchema>, StoreError> {
        check(&self.power)?;
        self.inner.schemas().await
    }

    async fn set_aside(&self, messages: &[AsideMessage], most: u64) -> Result<(), StoreError> {
        change(&self.power, self.inner.set_aside(messages, most)).await
    }

    async fn aside_after(&self, after: Option<Mid>, limit: u32) -> Result<Vec<AsideMessage>, StoreError> {
        check(&self.power)?;
        self.inner.aside_after(after, limit).await
    }

    async fn aside_of(&self, keys: &[[u8; 16]]) -> Result<Vec<AsideMessage>, StoreError> {
        check(&self.power)?;
        self.inner.aside_of(keys).await
    }

    async fn aside_count(&self) -> Result<u64, StoreError> {
        check(&self.power)?;
        self.inner.aside_count().await
    }

    async fn aside_reasons(&self, most: u32) -> Result<Vec<AsideReason>, StoreError> {
        check(&self.power)?;
        self.inner.aside_reasons(most).await
    }

    async fn remove_aside(&self, mids: &[Mid]) -> Result<(), StoreError> {
        change(&self.power, self.inner.remove_aside(mids)).await
    }
}

/// A hot log on a switch.
pub struct FaultyHotLog {
    inner: Arc<dyn HotLog>,
    power: Power,
}

impl FaultyHotLog {
    /// This hot log, on this switch.
    #[must_use]
    pub fn new(inner: Arc<dyn HotLog>, power: &Power) -> Self {
        Self { inner, power: power.clone() }
    }
}

#[async_trait]
impl HotLog for FaultyHotLog {
    async fn append(&self, batches: &[Bytes]) -> Result<u64, StoreError> {
        change(&self.power, self.inner.append(batches)).await
    }

    async fn read_after(&self, sequence: u64, limit: u32) -> Result<Vec<HotRow>, StoreError> {
        check(&self.power)?;
        self.inner.read_after(sequence, limit).await
    }

    async fn remove_through(&self, sequence: u64) -> Result<(), StoreError> {
        change(&self.power, self.inner.remove_through(sequence)).await
    }

    async fn rewrite(&self, replacements: &[HotRow]) -> Result<(), StoreError> {
        change(&self.power, self.inner.rewrite(replacements)).await
    }
}
