//! One event for each message: which version of a row counts.

use perennial_model::EventKind;
use std::cmp::Ordering;

/// What decides between two rows with one mid under one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) kind: u8,
    pub(crate) received: i64,
    pub(crate) time: i64,
    /// Only to make ties the same whatever run a row is in; columns not read compare equal.
    pub(crate) rest: [i64; 3],
}

impl Version {
    /// The smallest counts: the earliest received, of replaceable kinds the latest; received at once,
    /// a header counts before its voiding. Other kinds do not mix under one mid; should they, a row
    /// that cannot be replaced counts.
    pub(crate) fn rank(&self, other: &Self) -> Ordering {
        let replaceable = |kind: u8| EventKind::from_stored(kind).is_some_and(EventKind::replaceable);
        let (mine, others) = (replaceable(self.kind), replaceable(other.kind));
        let received = if mine { other.received.cmp(&self.received) } else { self.received.cmp(&other.received) };
        mine.cmp(&others)
            .then(received)
            .then(self.kind.cmp(&other.kind))
            .then(self.time.cmp(&other.time))
            .then(self.rest.cmp(&other.rest))
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    mid: u64,
    stamp: u32,
    index: u32,
}

/// The mids of one customer: an open table that empties in one step, by a new stamp.
#[derive(Debug)]
pub(crate) struct MidTable {
    slots: Vec<Slot>,
    stamp: u32,
    used: usize,
}

impl Default for MidTable {
    fn default() -> Self {
        Self { slots: vec![Slot::default(); 64], stamp: 1, used: 0 }
    }
}

impl MidTable {
    /// Forgets all mids.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.used = 0;
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.slots.fill(Slot::default());
            self.stamp = 1;
        }
    }

    /// Keeps a mid; the slot of an equal one kept before, if there is one.
    #[inline]
    pub(crate) fn insert(&mut self, mid: u64, index: u32) -> Option<&mut u32> {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = slot_of(mid) & mask;
        loop {
            let slot = self.slots[at];
            if slot.stamp != self.stamp {
                self.slots[at] = Slot { mid, stamp: self.stamp, index };
                self.used += 1;
                return None;
            }
            if slot.mid == mid {
                return Some(&mut self.slots[at].index);
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in old.into_iter().filter(|slot| slot.stamp == self.stamp) {
            let mut at = slot_of(slot.mid) & (size - 1);
            while self.slots[at].stamp == self.stamp {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = slot;
        }
    }
}

/// Mids are hashes already; the multiplication (2^64 by the golden ratio) is for those that are not.
#[inline]
fn slot_of(mid: u64) -> usize {
    (mid.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_grows_and_finds_what_it_kept() {
        let mut table = MidTable::default();
        for round in 0..3_u64 {
            table.clear();
            for mid in 0..1000 {
                assert!(table.insert(mid + round * 500, mid as u32).is_none());
            }
            assert_eq!(table.insert(round * 500 + 7, 0).copied(), Some(7));
        }
    }

    #[test]
    fn the_first_heard_counts_and_the_last_version_of_a_header() {
        let row = |kind: EventKind, received| Version { kind: kind as u8, received, time: 0, rest: [0; 3] };
        assert_eq!(row(EventKind::Event, 1).rank(&row(EventKind::Event, 2)), Ordering::Less);
        assert_eq!(row(EventKind::Order, 1).rank(&row(EventKind::Order, 2)), Ordering::Greater);
        assert_eq!(row(EventKind::Order, 1).rank(&row(EventKind::Refund, 2)), Ordering::Greater);
    }

    #[test]
    fn a_voiding_replaces_an_older_header_and_no_newer_one() {
        let row = |kind: EventKind, received, time| Version { kind: kind as u8, received, time, rest: [0; 3] };
        let void = row(EventKind::OrderVoid, 5, 1);
        assert_eq!(void.rank(&row(EventKind::Order, 4, 1)), Ordering::Less);
        assert_eq!(void.rank(&row(EventKind::Order, 6, 1)), Ordering::Greater);
        assert_eq!(void.rank(&row(EventKind::Order, 5, 9)), Ordering::Greater, "received at once");
    }
}
