//! Numbers of new customers, reserved in blocks.

use crate::ListenError;
use perennial_model::{CustomerId, HashKey, IdentityKey, ShardCount};
use perennial_timeline::Timeline;

/// Customer numbers reserved at least, for each shard that needs one, so that the store is not asked
/// for every block. What is left over is never used: ids may have gaps.
const RESERVE: u64 = 512;

/// See the module.
pub(super) struct Numbers {
    timeline: Option<Timeline>,
    hash_key: HashKey,
    shards: ShardCount,
    /// Numbers reserved and not given away: next, end.
    reserved: Vec<(u64, u64)>,
}

impl Numbers {
    /// Of a timeline's store; without one numbers start at 1.
    pub(super) fn new(timeline: Option<Timeline>, hash_key: HashKey, shards: ShardCount) -> Self {
        Self { timeline, hash_key, shards, reserved: vec![(1, 1); usize::from(shards.get())] }
    }

    /// The timeline whose numbers they are.
    pub(super) const fn timeline(&self) -> Option<&Timeline> {
        self.timeline.as_ref()
    }

    fn shard_of(&self, key: &IdentityKey) -> u16 {
        self.shards.of_hash(self.hash_key.placement(key))
    }

    /// Makes sure that each of these keys can have a customer of its own.
    pub(super) async fn reserve(&mut self, keys: impl Iterator<Item = &IdentityKey>) -> Result<(), ListenError> {
        let mut needed = vec![0_u64; usize::from(self.shards.get())];
        for key in keys {
            needed[usize::from(self.shard_of(key))] += 1;
        }
        let short =
            |(needed, (next, end)): (&u64, &(u64, u64))| if end - next < *needed { (*needed).max(RESERVE) } else { 0 };
        let counts: Vec<u64> = needed.iter().zip(&self.reserved).map(short).collect();
        if counts.iter().all(|count| *count == 0) {
            return Ok(());
        }
        let firsts = match &self.timeline {
            Some(timeline) => timeline.store().allocate_customers(&counts).await?,
            None => self.reserved.iter().map(|(_, end)| *end).collect(),
        };
        for ((reserved, count), first) in self.reserved.iter_mut().zip(&counts).zip(firsts) {
            if *count > 0 {
                *reserved = (first, first + count);
            }
        }
        Ok(())
    }

    /// A new customer in the shard of its key; none where no number was reserved.
    pub(super) fn take(&mut self, key: &IdentityKey) -> Option<CustomerId> {
        let shard = self.shard_of(key);
        let (next, end) = self.reserved.get_mut(usize::from(shard))?;
        if next >= end {
            return None;
        }
        let number = *next;
        *next += 1;
        Some(CustomerId::new(shard, number))
    }
}
