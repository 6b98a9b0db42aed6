//! What a condition comes to for many customers at once: a bit each for true and for false.

/// Bits in a word.
const BITS: usize = u64::BITS as usize;

/// Said of a value of which a test is true.
pub(crate) const YES: u8 = 1;
/// Said of a value of which a test is false.
pub(crate) const NO: u8 = 2;

/// `YES` or `NO` where the value is known.
#[inline]
pub(crate) fn said(known: bool, holds: bool) -> u8 {
    (u8::from(known & holds) * YES) | (u8::from(known & !holds) * NO)
}

/// True, false or unknown for each of some rows. No row is both true and false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcomes {
    /// Where it is true.
    pub(crate) yes: Vec<u64>,
    /// Where it is false.
    pub(crate) no: Vec<u64>,
}

impl Outcomes {
    /// The same for all rows.
    pub(crate) fn of(known: Option<bool>, rows: usize) -> Self {
        let fill = |set: bool| vec![if set { u64::MAX } else { 0 }; rows.div_ceil(BITS)];
        Self { yes: fill(known == Some(true)), no: fill(known == Some(false)) }
    }

    /// Unknown everywhere, to be filled.
    pub(crate) fn unknown(rows: usize) -> Self {
        Self::of(None, rows)
    }

    /// What one test says of each value: [`YES`], [`NO`] or neither. It must have no branches, so that the
    /// values of a word are compared side by side.
    #[inline]
    pub(crate) fn map<T: Copy>(values: &[T], said: impl Fn(T) -> u8) -> Self {
        let words = values.len().div_ceil(BITS);
        let mut outcomes = Self { yes: Vec::with_capacity(words), no: Vec::with_capacity(words) };
        let (whole, rest) = values.as_chunks::<BITS>();
        for chunk in whole {
            let mut said_of = [0_u8; BITS];
            for (byte, value) in said_of.iter_mut().zip(chunk) {
                *byte = said(*value);
            }
            outcomes.push(&said_of);
        }
        if !rest.is_empty() {
            let mut said_of = [0_u8; BITS];
            for (byte, value) in said_of.iter_mut().zip(rest) {
                *byte = said(*value);
            }
            outcomes.push(&said_of);
        }
        outcomes
    }

    #[inline]
    fn push(&mut self, said: &[u8; BITS]) {
        self.yes.push(pack(said, YES));
        self.no.push(pack(said, NO));
    }

    pub(crate) fn set(&mut self, row: usize, outcome: Option<bool>) {
        let bit = 1 << (row % BITS);
        match outcome {
            Some(true) => put(&mut self.yes, row, bit),
            Some(false) => put(&mut self.no, row, bit),
            None => {}
        }
    }

    pub(crate) fn negated(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    /// What is not true is false.
    pub(crate) fn certain(self) -> Self {
        Self { no: self.yes.iter().map(|yes| !yes).collect(), yes: self.yes }
    }

    /// SQL's `and`: false where one is, true where both are.
    pub(crate) fn and(&mut self, other: &Self) {
        merge(&mut self.yes, &other.yes, |own, other| own & other);
        merge(&mut self.no, &other.no, |own, other| own | other);
    }

    /// SQL's `or`.
    pub(crate) fn or(&mut self, other: &Self) {
        merge(&mut self.yes, &other.yes, |own, other| own | other);
        merge(&mut self.no, &other.no, |own, other| own & other);
    }
}

fn merge(into: &mut [u64], other: &[u64], with: impl Fn(u64, u64) -> u64) {
    for (own, other) in into.iter_mut().zip(other) {
        *own = with(*own, *other);
    }
}

fn put(words: &mut [u64], row: usize, bit: u64) {
    if let Some(word) = words.get_mut(row / BITS) {
        *word |= bit;
    }
}

/// One bit for each byte: whether it is `YES`, or `NO`.
#[inline]
fn pack(said: &[u8; BITS], wanted: u8) -> u64 {
    let mut word = 0;
    for (eighth, chunk) in said.as_chunks::<8>().0.iter().enumerate() {
        let bits = (u64::from_le_bytes(*chunk) >> (wanted - 1)) & 0x0101_0101_0101_0101;
        // Eight bytes of 0 or 1 become eight bits by one multiplication.
        word |= (bits.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (eighth * 8);
    }
    word
}

/// Rows whose bit is set, ascending.
pub(crate) fn rows_of(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(index, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                index * BITS + bit
            })
        })
    })
}

/// How many bits are set.
pub(crate) fn count(words: &[u64]) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}
