//! Sets of customers: a bit for each number of a shard.

use super::outcomes::{count, rows_of};
use perennial_model::CustomerId;

/// Packed as words.
const WORDS: u8 = 0;
/// Packed as distances.
const FAR: u8 = 1;

/// Some customers. Takes an eighth of a byte for each customer there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    shards: Vec<Bits>,
}

/// Numbers of one shard.
#[derive(Debug, Clone, Default)]
pub struct Bits(Vec<u64>);

impl PartialEq for Bits {
    /// By their numbers: words of nobody at the end mean nothing.
    fn eq(&self, other: &Self) -> bool {
        let (short, long) = if self.0.len() < other.0.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        let (same, rest) = long.split_at(short.len());
        same == short && rest.iter().all(|word| *word == 0)
    }
}

impl Eq for Bits {}

impl Bits {
    /// Adds a number.
    pub fn insert(&mut self, number: u64) {
        let Ok(number) = usize::try_from(number) else { return };
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: u64) {
        let Ok(number) = usize::try_from(number) else { return };
        if let Some(word) = self.0.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// Whether a number is in it.
    #[must_use]
    #[inline]
    pub fn contains(&self, number: u64) -> bool {
        let Ok(number) = usize::try_from(number) else { return false };
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> u64 {
        count(&self.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The numbers, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u64> + '_ {
        rows_of(&self.0).map(|row| row as u64)
    }

    /// For keeping: the words, or where that is shorter how far each number is from the one before.
    #[must_use]
    pub fn packed(&self) -> Vec<u8> {
        let words = self.0.len() - self.0.iter().rev().take_while(|word| **word == 0).count();
        let mut far = vec![FAR];
        let mut before = 0;
        for number in self.numbers() {
            let mut left = number - before;
            before = number;
            while left >= 0x80 {
                far.push(left as u8 | 0x80);
                left >>= 7;
            }
            far.push(left as u8);
            if far.len() > words * 8 {
                return std::iter::once(WORDS)
                    .chain(self.0[..words].iter().flat_map(|word| word.to_le_bytes()))
                    .collect();
            }
        }
        far
    }

    /// What was packed; none where that is damaged.
    #[must_use]
    pub fn unpacked(packed: &[u8]) -> Option<Self> {
        let (form, rest) = packed.split_first()?;
        if *form == WORDS {
            let (words, left) = rest.as_chunks::<8>();
            return left.is_empty().then(|| Self(words.iter().map(|word| u64::from_le_bytes(*word)).collect()));
        }
        let (mut bits, mut number, mut step, mut shift) = (Self::default(), 0_u64, 0_u64, 0_u32);
        for byte in rest {
            step |= u64::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                number = number.checked_add(step)?;
                // No shard has as many customers; memory is not given for a damaged number.
                if number > u64::from(u32::MAX) {
                    return None;
                }
                bits.insert(number);
                (step, shift) = (0, 0);
            }
        }
        (*form == FAR && shift == 0).then_some(bits)
    }

    /// Numbers that are in this one and not in the other, ascending.
    pub fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u64> + 'a {
        let words = self.0.iter().enumerate();
        words.flat_map(move |(index, word)| {
            let left = [word & !other.0.get(index).copied().unwrap_or(0)];
            rows_of(&left).map(|row| (index * 64 + row) as u64).collect::<Vec<_>>()
        })
    }

    /// How many numbers are in both.
    #[must_use]
    pub fn shared(&self, other: &Self) -> u64 {
        self.0.iter().zip(&other.0).map(|(own, other)| u64::from((own & other).count_ones())).sum()
    }
}

impl Members {
    /// Nobody, of so many shards.
    #[must_use]
    pub fn none(shards: usize) -> Self {
        Self { shards: vec![Bits::default(); shards] }
    }

    /// Of the shards in their order.
    #[must_use]
    pub const fn of_shards(shards: Vec<Bits>) -> Self {
        Self { shards }
    }

    /// Those of a shard.
    #[must_use]
    pub fn shard(&self, shard: usize) -> Option<&Bits> {
        self.shards.get(shard)
    }

    /// Those of a shard, to be changed; the shard is there then.
    pub fn shard_mut(&mut self, shard: usize) -> &mut Bits {
        if self.shards.len() <= shard {
            self.shards.resize_with(shard + 1, Bits::default);
        }
        &mut self.shards[shard]
    }

    /// Adds a customer.
    pub fn insert(&mut self, customer: CustomerId) {
        self.shard_mut(usize::from(customer.shard())).insert(customer.number());
    }

    /// Whether a customer is one of them.
    #[must_use]
    pub fn contains(&self, customer: CustomerId) -> bool {
        self.shard(usize::from(customer.shard())).is_some_and(|bits| bits.contains(customer.number()))
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.shards.iter().map(Bits::len).sum()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(Bits::is_empty)
    }

    /// Those in either.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        for (shard, bits) in other.shards.iter().enumerate() {
            let own = &mut self.shard_mut(shard).0;
            own.resize(own.len().max(bits.0.len()), 0);
            own.iter_mut().zip(&bits.0).for_each(|(own, other)| *own |= other);
        }
        self
    }

    /// How many are in both.
    #[must_use]
    pub fn shared(&self, other: &Self) -> u64 {
        self.shards.iter().zip(&other.shards).map(|(own, other)| own.shared(other)).sum()
    }

    /// All of them, shard by shard.
    pub fn customers(&self) -> impl Iterator<Item = CustomerId> + '_ {
        self.shards
            .iter()
            .zip(0_u16..)
            .flat_map(|(bits, shard)| bits.numbers().map(move |number| CustomerId::new(shard, number)))
    }
}

impl FromIterator<CustomerId> for Members {
    fn from_iter<I: IntoIterator<Item = CustomerId>>(customers: I) -> Self {
        let mut members = Self::default();
        customers.into_iter().for_each(|customer| members.insert(customer));
        members
    }
}
