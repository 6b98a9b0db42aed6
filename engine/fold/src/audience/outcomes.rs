//! What a condition comes to for many customers at once: a bit each for true and for false.

/// Bits in a word.
const BITS: usize = u64::BITS as usize;

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

    /// What one test says of each value. Branchless, so that comparisons of a word's rows run side by side.
    #[inline]
    pub(crate) fn map<T: Copy>(values: &[T], yes: impl Fn(T) -> bool, no: impl Fn(T) -> bool) -> Self {
        let packed = |test: &dyn Fn(&[T]) -> u64| values.chunks(BITS).map(test).collect::<Vec<u64>>();
        Self { yes: packed(&|chunk| pack(chunk, &yes)), no: packed(&|chunk| pack(chunk, &no)) }
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

/// One bit for each of at most 64 values.
#[inline]
fn pack<T: Copy>(values: &[T], test: &impl Fn(T) -> bool) -> u64 {
    let mut bytes = [0_u8; BITS];
    for (byte, value) in bytes.iter_mut().zip(values) {
        *byte = u8::from(test(*value));
    }
    // Eight bytes of 0 or 1 become eight bits by one multiplication.
    let mut word = 0;
    for (eighth, chunk) in bytes.as_chunks::<8>().0.iter().enumerate() {
        word |= (u64::from_le_bytes(*chunk).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (eighth * 8);
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
