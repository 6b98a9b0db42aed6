//! Which messages a shard may have seen: a filter that never forgets one and rarely invents one.

use parquet::bloom_filter::Sbbf;

/// Share of new messages taken for ones seen before, of each layer; each costs a look at the timeline.
const FALSE_SHARE: f64 = 0.0002;
/// Room of an empty filter.
const LEAST_MESSAGES: u64 = 16 << 10;

/// Messages of one shard, in layers: when the last is full another of its size is put on top.
pub(crate) struct Mids {
    layers: Vec<Sbbf>,
    /// Messages that the last layer has room for still.
    room: u64,
    inserted: u64,
}

impl Mids {
    /// With room for so many messages and half as many to come.
    pub(crate) fn with_room(messages: u64) -> Self {
        let mut mids = Self { layers: Vec::new(), room: 0, inserted: 0 };
        mids.grow((messages + messages / 2).max(LEAST_MESSAGES));
        mids
    }

    fn grow(&mut self, room: u64) {
        // A filter that cannot be made takes every message for one seen before: slow, not wrong.
        self.layers.extend(Sbbf::new_with_ndv_fpp(room, FALSE_SHARE));
        self.room = room;
    }

    /// Notes a message; whether it may have been noted before.
    #[inline]
    pub(crate) fn note(&mut self, mid: u64) -> bool {
        let value = mid.cast_signed();
        if self.layers.iter().any(|layer| layer.check(&value)) {
            return true;
        }
        if self.room == 0 {
            self.grow(self.inserted.max(LEAST_MESSAGES));
        }
        let Some(last) = self.layers.last_mut() else { return true };
        last.insert(&value);
        self.room = self.room.saturating_sub(1);
        self.inserted += 1;
        false
    }

    /// Bytes of the filters: 32 a block.
    pub(crate) fn room_bytes(&self) -> usize {
        self.layers.iter().map(|layer| 32 * layer.num_blocks()).sum()
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
        let invented = (10_000..300_000).filter(|number| mids.note(mid(*number))).count();
        assert!(mids.layers.len() > 2 && invented < 400, "{invented} of {} layers", mids.layers.len());
        assert!((0..300_000).all(|number| mids.note(mid(number))), "what is in a lower layer is known too");
    }
}
