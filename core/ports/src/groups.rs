//! Lists and tags of customers: groups that people put together by hand.

use crate::{NewAuditEntry, StoreError};
use async_trait::async_trait;
use perennial_model::CustomerId;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupKind {
    /// A list of customers, made for a purpose: guests of a dinner, winners of a draw.
    List,
    /// A word put on customers one by one: wholesale, friend of the house.
    Tag,
}

impl GroupKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::List, Self::Tag];

    /// As it is stored and written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Tag => "tag",
        }
    }
}

/// A list or a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerGroup {
    /// Which of the two.
    pub kind: GroupKind,
    /// Its name, unique among its kind.
    pub name: String,
    /// What it is for, for people.
    pub description: Option<String>,
    /// When it was made (UTC µs).
    pub at_us: i64,
    /// The profiles in it.
    pub profiles: u64,
}

/// Who is put into a group or taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupChange {
    /// Which group.
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// Profiles that are in it then; who is in it stays.
    pub add: Vec<CustomerId>,
    /// Profiles that are not in it then, also where they are to be added.
    pub remove: Vec<CustomerId>,
    /// When (UTC µs).
    pub at_us: i64,
    /// For the audit.
    pub audit: NewAuditEntry,
}

/// Lists and tags. Members are profiles as they were put in; who of them is which customer now is told by the
/// aliases. An erasure takes its profiles out of all of them.
#[async_trait]
pub trait CustomerGroups: Send + Sync {
    /// All of them, by kind and name.
    async fn groups(&self) -> Result<Vec<CustomerGroup>, StoreError>;
    /// Makes a group, or gives the one of this name another description; with its audit entry.
    async fn save_group(
        &self,
        kind: GroupKind,
        name: &str,
        description: Option<&str>,
        at_us: i64,
        audit: &NewAuditEntry,
    ) -> Result<(), StoreError>;
    /// Removes a group with its members; whether there was one. The audit entry is written where there was.
    async fn remove_group(&self, kind: GroupKind, name: &str, audit: &NewAuditEntry) -> Result<bool, StoreError>;
    /// Puts profiles in and takes profiles out, in one transaction with its audit entry; how many came and
    /// went. The group is made where there is none. Durable when it returns.
    async fn change_group(&self, change: &GroupChange) -> Result<(u64, u64), StoreError>;
    /// The profiles of a group, ascending.
    async fn group_members(&self, kind: GroupKind, name: &str) -> Result<Vec<CustomerId>, StoreError>;
    /// The groups of some profiles: kind, name, the profile and when it was put in (UTC µs), by kind and name.
    async fn groups_of(&self, profiles: &[CustomerId])
    -> Result<Vec<(GroupKind, String, CustomerId, i64)>, StoreError>;
    /// A number that differs whenever groups or their members changed.
    async fn groups_version(&self) -> Result<u64, StoreError>;
}
