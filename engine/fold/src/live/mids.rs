//! Which messages a shard may have seen: a filter that never forgets one and rarely invents one.

use parquet::bloom_filter::Sbbf;

/// Share of new messages taken for ones seen before; each costs a look at the timeline.
const FALSE_SHARE: f64 = 0.0002;
/// Room of an empty filter.
const LEAST_MESSAGES: u64 = 16 << 10;

/// Messages of one shard.
pub(crate) struct Mids {
    filter: Option<Sbbf>,
    room: u64,
    inserted: u64,
}

impl Mids {
    /// With room for so many messages and half as many to come.
    pub(crate) fn with_room(messages: u64) -> Self {
        let room = (messages + messages / 2).max(LEAST_MESSAGES);
        // A filter that cannot be made takes every message for one seen before: slow, not wrong.
        Self { filter: Sbbf::new_with_ndv_fpp(room, FALSE_SHARE).ok(), room, inserted: 0 }
    }

    /// Notes a message; whether it may have been noted before.
    #[inline]
    pub(crate) fn note(&mut self, mid: u64) -> bool {
        let Some(filter) = &mut self.filter else { return true };
        let value = mid.cast_signed();
        if filter.check(&value) {
            return true;
        }
        filter.insert(&value);
        self.inserted += 1;
        false
    }

    /// Bytes of the filter: 32 a block.
    pub(crate) fn room_bytes(&self) -> usize {
        self.filter.as_ref().map_or(0, |filter| 32 * filter.num_blocks())
    }

    /// Whether it holds more than it was made for: make another when the shard is read next.
    pub(crate) const fn is_full(&self) -> bool {
        self.inserted > self.room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_never_forgotten_and_rarely_invented() {
        let mut mids = Mids::with_room(10_000);
        let mid = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let invented = (0..10_000).filter(|number| mids.note(mid(*number))).count();
        assert!(invented < 20, "{invented}");
        assert!((0..10_000).all(|number| mids.note(mid(number))));
        assert!(!mids.is_full());
    }
}
