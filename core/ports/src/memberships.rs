//! Who is in which segment: of those that act every change, once; of all of them their sizes.

use crate::StoreError;
use async_trait::async_trait;
use perennial_model::CustomerId;

/// Why somebody entered or left a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MembershipCause {
    /// What the customer did, or what became known of it.
    Event,
    /// Time that went by, also while no server ran.
    Time,
    /// History that was imported. Nothing acts on it.
    Import,
    /// The segment, a metric, a list or a tag was changed by somebody. Nothing acts on it.
    Definition,
}

impl MembershipCause {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Event, Self::Time, Self::Import, Self::Definition];

    /// As it is stored and written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Time => "time",
            Self::Import => "import",
            Self::Definition => "definition",
        }
    }
}

/// Somebody entered or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MembershipChange {
    /// Who.
    pub customer: CustomerId,
    /// Whether it entered.
    pub entered: bool,
    /// Why.
    pub cause: MembershipCause,
    /// When that was seen (UTC µs).
    pub at_us: i64,
}

/// A change with its place among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberedChange {
    /// Counted up over all segments of the brand, never given twice.
    pub number: u64,
    /// The change.
    pub change: MembershipChange,
}

/// What is recorded of one segment in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MembershipRecord {
    /// The segment.
    pub segment: String,
    /// Who entered and left, in order.
    pub changes: Vec<MembershipChange>,
    /// Members of whole shards, packed, these changes included: what is read at the next start instead of
    /// all changes before.
    pub packed: Vec<(u16, Vec<u8>)>,
    /// The condition that they were found by, where it is another one than before.
    pub condition: Option<String>,
}

/// Who was in a segment when that was recorded last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredMembership {
    /// The segment.
    pub segment: String,
    /// The condition that they were found by.
    pub condition: String,
    /// Members of shards, packed.
    pub packed: Vec<(u16, Vec<u8>)>,
    /// What was recorded of each shard's customers after it was packed, in order.
    pub since: Vec<NumberedChange>,
}

/// How many were in a segment on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSize {
    /// The segment.
    pub segment: String,
    /// The brand's day, counted from 1970-01-01.
    pub day: i32,
    /// When they were counted last that day (UTC µs).
    pub at_us: i64,
    /// How many.
    pub size: u64,
    /// Of how many it was not known whether they are in it.
    pub unknown: u64,
}

/// Memberships of segments. Numbers of customers stay behind an erasure for nobody: an erasure takes the
/// customer's changes.
#[async_trait]
pub trait Memberships: Send + Sync {
    /// Everything that was recorded of the segments that act.
    async fn memberships(&self) -> Result<Vec<StoredMembership>, StoreError>;
    /// Records what became of some segments, all or none. Durable when it returns.
    async fn record_memberships(&self, records: &[MembershipRecord]) -> Result<(), StoreError>;
    /// Forgets a segment that acts no more, with its changes; its sizes stay.
    async fn forget_membership(&self, segment: &str) -> Result<(), StoreError>;
    /// Changes of a segment after a number, the earliest first, at most so many.
    async fn membership_changes(
        &self,
        segment: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<NumberedChange>, StoreError>;
    /// Changes of a segment before a number, the latest first, at most so many.
    async fn latest_membership_changes(
        &self,
        segment: &str,
        before: u64,
        limit: u32,
    ) -> Result<Vec<NumberedChange>, StoreError>;
    /// Removes changes that are older than an instant (UTC µs) and packed.
    async fn prune_membership_changes(&self, before_us: i64) -> Result<u64, StoreError>;
    /// Notes sizes; the later of a day stays.
    async fn put_segment_sizes(&self, sizes: &[SegmentSize]) -> Result<(), StoreError>;
    /// Sizes of some segments (of all where none is named) from a day to another one, both included, by
    /// segment and day.
    async fn segment_sizes(&self, segments: &[&str], from: i32, to: i32) -> Result<Vec<SegmentSize>, StoreError>;
}
