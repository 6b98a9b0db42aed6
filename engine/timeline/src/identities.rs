//! For those who remember whose keys are: when what they remember no longer holds.

use crate::{Timeline, TimelineError};
use perennial_ports::{IdentityBinding, ManifestChange};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard};

/// Numbers that grow when what identities lead to changes; compare two readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IdentityMarks {
    /// Somebody was erased, or a key was taken away: keys lead nowhere, and more of them must stay away.
    pub erasures: u64,
    /// Profiles were merged or parted, or an import brought identities.
    pub customers: u64,
    /// Merges were undone.
    pub undos: u64,
    /// An import brought owners of orders.
    pub orders: u64,
}

impl IdentityMarks {
    pub(crate) const fn after(&mut self, change: &ManifestChange) {
        self.erasures += (!change.erase_profiles.is_empty() || !change.unbind.is_empty()) as u64;
        self.customers += (!change.set_aliases.is_empty() || !change.new_identities.is_empty()) as u64;
        self.undos += change.undo_journal.is_some() as u64;
        self.orders += !change.order_owners.is_empty() as u64;
    }

    pub(crate) const fn all_changed(&mut self) {
        self.erasures += 1;
        self.customers += 1;
        self.undos += 1;
        self.orders += 1;
    }
}

/// Held from the moment keys are resolved until the events are appended: nobody is erased meanwhile.
#[derive(Debug)]
pub struct Resolving(#[expect(dead_code, reason = "it is what dropping it does")] OwnedRwLockReadGuard<()>);

/// Held while a person changes who is who: no message is resolved meanwhile.
#[derive(Debug)]
pub struct NotResolving(#[expect(dead_code, reason = "it is what dropping it does")] OwnedRwLockWriteGuard<()>);

impl Timeline {
    /// Takes keys away from profiles and gives them others, in one step. To be called while resolving is
    /// held off ([`Self::hold_off_resolving`]), by whoever has found that the new ones are free.
    ///
    /// # Errors
    /// A failing store.
    pub async fn rebind(
        &self,
        unbind: Vec<IdentityBinding>,
        new_identities: Vec<IdentityBinding>,
    ) -> Result<(), TimelineError> {
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        inner.commit(&mut writer, ManifestChange { unbind, new_identities, ..inner.change() }).await
    }

    /// Waits until all messages whose keys were resolved are appended, and keeps others waiting: a
    /// person's merge between a decision and what follows from it could make one of two known
    /// customers. Not to be held during an erasure, which takes it by itself.
    pub async fn hold_off_resolving(&self) -> NotResolving {
        NotResolving(self.inner.resolving.clone().write_owned().await)
    }

    /// Keeps erasures waiting. Whoever holds it must not ask for it again: an erasure that waits
    /// comes first.
    pub async fn hold_off_erasure(&self) -> Resolving {
        Resolving(self.inner.resolving.clone().read_owned().await)
    }

    /// To compare with what [`Self::identity_marks`] said before.
    #[must_use]
    pub fn identity_marks(&self) -> IdentityMarks {
        *self.inner.marks()
    }
}
