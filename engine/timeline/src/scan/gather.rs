//! One customer's rows of all runs: together, once each, in order. For a customer who does not lie
//! whole in the cursors' batches; all others are settled many at once (see `block.rs`).

use super::apart::ties_follow;
use super::decoded::{Rows, Wanted};
use crate::dedup::{MidTable, Version};
use std::cmp::Ordering;

/// Scratch of one scan, used again for each customer.
#[derive(Default)]
pub(crate) struct Gather {
    pub(crate) rows: Rows,
    sorted: Rows,
    in_sorted: bool,
    mids: MidTable,
    lost: Vec<bool>,
    keys: Vec<(i64, u64, u32)>,
    order: Vec<u32>,
    /// Whether what is proven of the runs still holds; see `apart.rs`.
    pub(crate) apart: bool,
}

impl Gather {
    pub(crate) fn new(apart: bool) -> Self {
        Self { apart, ..Self::default() }
    }

    /// Whether no mid comes twice.
    #[inline]
    pub(crate) fn distinct(&mut self, mids: &[u64]) -> bool {
        self.mids.clear();
        mids.iter().all(|mid| self.mids.insert(*mid, 0).is_none())
    }

    /// What [`Self::settle`] left.
    pub(crate) fn settled(&self) -> &Rows {
        if self.in_sorted { &self.sorted } else { &self.rows }
    }

    /// Leaves the gathered rows once each, those before `until`, sorted by (time, mid).
    pub(crate) fn settle(&mut self, wanted: Wanted, until: Option<i64>) {
        let duplicates = wanted.deduplicate && self.find_duplicates();
        let in_order = self.in_order();
        if self.apart {
            self.apart = !duplicates && (in_order || self.ties_follow());
        }
        let cut = until.is_some_and(|until| self.rows.time.iter().any(|time| *time >= until));
        self.in_sorted = duplicates || cut || !in_order;
        if self.in_sorted {
            self.make_order(duplicates, until.filter(|_| cut));
            self.sorted.pick(&self.rows, &self.order);
        }
    }

    /// Marks all but one row of each mid.
    fn find_duplicates(&mut self) -> bool {
        self.mids.clear();
        self.lost.clear();
        let rows = &self.rows;
        for (index, mid) in rows.mid.iter().enumerate() {
            let Some(kept) = self.mids.insert(*mid, index as u32) else { continue };
            if self.lost.is_empty() {
                self.lost.resize(rows.len(), false);
            }
            let earlier = *kept as usize;
            let loser = if version(rows, index).rank(&version(rows, earlier)) == Ordering::Less {
                *kept = index as u32;
                earlier
            } else {
                index
            };
            if let Some(lost) = self.lost.get_mut(loser) {
                *lost = true;
            }
        }
        !self.lost.is_empty()
    }

    fn in_order(&self) -> bool {
        let (times, mids) = (self.rows.time.as_slice(), self.rows.mid.as_slice());
        let ascending = |index: usize| match (times.get(index), times.get(index + 1)) {
            (Some(one), Some(next)) if one == next => mids.get(index) <= mids.get(index + 1),
            (one, next) => one < next,
        };
        (0..times.len().saturating_sub(1)).all(ascending)
    }

    fn ties_follow(&self) -> bool {
        let rows = &self.rows;
        let keys = rows.time.iter().zip(0..).map(|(time, index)| (*time, mid(rows, index as usize), index));
        ties_follow(&mut keys.collect::<Vec<_>>())
    }

    fn make_order(&mut self, duplicates: bool, until: Option<i64>) {
        let rows = &self.rows;
        let lost = self.lost.as_slice();
        let kept = |index: &usize| {
            let counts = !duplicates || lost.get(*index) == Some(&false);
            counts && until.is_none_or(|until| rows.time.get(*index).is_some_and(|time| *time < until))
        };
        self.order.clear();
        self.keys.clear();
        let key = |index: usize| (rows.time.get(index).copied().unwrap_or(0), mid(rows, index), index as u32);
        self.keys.extend((0..rows.len()).filter(kept).map(key));
        self.keys.sort_unstable();
        self.order.extend(self.keys.iter().map(|(_, _, index)| *index));
    }
}

fn mid(rows: &Rows, index: usize) -> u64 {
    rows.mid.get(index).copied().unwrap_or(0)
}

fn version(rows: &Rows, index: usize) -> Version {
    let number = |values: &[i64]| values.get(index).copied().unwrap_or(0);
    Version {
        kind: rows.kind.get(index).copied().unwrap_or(0),
        received: number(&rows.received),
        time: number(&rows.time),
        rest: [number(&rows.value), number(&rows.quantity), rows.order.get(index).map_or(0, |order| *order as i64)],
    }
}
