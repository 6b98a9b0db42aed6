//! Merges of profiles and their undoing: aliases move, and rows with them.

use crate::aliases::Aliases;
use crate::arrange::{Arranged, arrange};
use crate::hot::join;
use crate::rows::{Policy, RowQuery};
use crate::run::{GroupChoice, LogicalColumns};
use crate::timeline::{Inner, Writer, blocking};
use crate::view::View;
use crate::{EventBatch, Timeline, TimelineError};
use perennial_model::CustomerId;
use perennial_ports::{JournalEntry, ManifestChange};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of a moving customer read at once.
const MOVE_ROWS: usize = 64 << 10;

impl Timeline {
    /// Makes the customer of `from`, with all its profiles, part of the customer of `into`;
    /// returns the journal entry by which it can be undone.
    ///
    /// # Errors
    /// [`TimelineError::SameCustomer`], [`TimelineError::Unidentified`], or a failing store.
    pub async fn merge_profiles(&self, from: CustomerId, into: CustomerId, reason: &str) -> Result<u64, TimelineError> {
        if let Some(nobody) = [from, into].into_iter().find(|id| !id.is_identified()) {
            return Err(TimelineError::Unidentified(nobody));
        }
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        let aliases = inner.view().aliases.clone();
        let (old, new) = (aliases.of(from), aliases.of(into));
        if old == new {
            return Err(TimelineError::SameCustomer { from, into });
        }
        let moved = inner.members().of(old).into_iter().map(|profile| (profile, new)).collect();
        let entry = JournalEntry {
            entry_id: 0,
            at_us: inner.clock.now_us(),
            from,
            into,
            reason: reason.to_owned(),
            undone_at_us: None,
        };
        let stricter = inner.stricter(old, new).await?;
        let change =
            ManifestChange { add_journal: Some(entry), consents: stricter.records, ..ManifestChange::default() };
        inner.rehome(&mut writer, moved, change, Some(stricter.events)).await?;
        let newest = inner.store.newest_journal_entry().await?;
        Ok(newest.map_or(0, |entry| entry.entry_id))
    }

    /// Undoes a merge of profiles: all later merges stay as far as they can without it.
    ///
    /// # Errors
    /// [`TimelineError::NoSuchMerge`], or a failing store.
    pub async fn undo(&self, entry: u64) -> Result<(), TimelineError> {
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        let journal = inner.store.journal().await?;
        if !journal.iter().any(|merge| merge.entry_id == entry && merge.undone_at_us.is_none()) {
            return Err(TimelineError::NoSuchMerge(entry));
        }
        let rest = journal.iter().filter(|merge| merge.entry_id != entry && merge.undone_at_us.is_none());
        let before = inner.view().aliases.pairs();
        let after = replay(rest);
        let mut moved: Vec<(CustomerId, CustomerId)> = Vec::new();
        for profile in before.keys().chain(after.keys().filter(|profile| !before.contains_key(profile))) {
            let (old, new) = (before.get(profile).unwrap_or(profile), after.get(profile).unwrap_or(profile));
            moved.extend((old != new).then_some((CustomerId(*profile), CustomerId(*new))));
        }
        moved.sort_unstable();
        inner.rehome(&mut writer, moved, ManifestChange { undo_journal: Some(entry), ..Default::default() }, None).await
    }
}

/// The aliases that merges make, one after the other.
fn replay<'a>(merges: impl Iterator<Item = &'a JournalEntry>) -> FxHashMap<u64, u64> {
    let mut aliases: FxHashMap<u64, u64> = FxHashMap::default();
    let mut members: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
    for merge in merges {
        let of = |profile: CustomerId| aliases.get(&profile.0).copied().unwrap_or(profile.0);
        let (old, new) = (of(merge.from), of(merge.into));
        if old == new {
            continue;
        }
        let mut moving = members.remove(&old).unwrap_or_default();
        moving.push(old);
        for profile in &moving {
            aliases.insert(*profile, new);
        }
        members.entry(new).or_default().extend(moving);
    }
    aliases
}

impl Inner {
    /// Gives profiles other customers, in one transaction with a change and the events that it adds. Their rows are written
    /// anew under the new customer even where older copies may lie there still: those have the same
    /// mids and count once.
    async fn rehome(
        &self,
        writer: &mut Writer,
        moved: Vec<(CustomerId, CustomerId)>,
        change: ManifestChange,
        added: Option<EventBatch>,
    ) -> Result<(), TimelineError> {
        let arranged = loop {
            let (view, known) = (self.view(), self.source.damage.len());
            let batch_rows = self.options.batch_rows;
            let (moving, added) = (moved.clone(), added.clone());
            match blocking(move || moved_rows(&view, &moving, added, batch_rows)).await {
                Err(error) if error.leaves_out_a_run() => {
                    self.quarantine(writer).await?;
                    if self.source.damage.len() == known {
                        return Err(error);
                    }
                }
                outcome => break outcome?,
            }
        };
        self.keep(writer, arranged, ManifestChange { set_aliases: moved, ..change }).await
    }
}

/// Rows of the moved profiles that are visible now, under the customers they move to, and added ones.
fn moved_rows(
    view: &Arc<View>,
    moved: &[(CustomerId, CustomerId)],
    added: Option<EventBatch>,
    batch_rows: usize,
) -> Result<Vec<Arranged>, TimelineError> {
    let mut after: Aliases = view.aliases.clone();
    after.set(moved);
    let mut leaving: BTreeMap<CustomerId, Vec<CustomerId>> = BTreeMap::new();
    for (profile, _) in moved {
        leaving.entry(view.aliases.of(*profile)).or_default().push(*profile);
    }
    let mut batches = Vec::new();
    for (customer, mut profiles) in leaving {
        profiles.sort_unstable();
        let query = RowQuery {
            runs: view.shard(customer.shard()),
            hot: None,
            properties: &[],
            projection: (0..LogicalColumns::all(&[]).schema.fields().len()).collect(),
            aliases: view.aliases.clone(),
            policy: Policy::Profiles(profiles),
            choice: GroupChoice::Customer(customer.number()),
            batch_rows,
        };
        let mut rows = query.open()?;
        while let Some(batch) = rows.next_rows(MOVE_ROWS)? {
            batches.push(batch);
        }
    }
    batches.extend(added.map(|added| added.0));
    match join(&batches)? {
        Some(all) => arrange(&all, &after),
        None => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(entry_id: u64, from: u64, into: u64) -> JournalEntry {
        let id = |number| CustomerId::new(0, number);
        JournalEntry { entry_id, at_us: 0, from: id(from), into: id(into), reason: String::new(), undone_at_us: None }
    }

    #[test]
    fn a_replay_without_the_first_merge_keeps_the_second() {
        let id = |number: u64| CustomerId::new(0, number).0;
        let journal = [merge(1, 1, 2), merge(2, 2, 3), merge(3, 1, 3)];
        let all = replay(journal.iter());
        assert_eq!((all[&id(1)], all[&id(2)]), (id(3), id(3)));
        let rest = replay(journal[1..2].iter());
        assert_eq!((rest.get(&id(1)), rest[&id(2)]), (None, id(3)));
    }
}
