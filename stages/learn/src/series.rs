//! Figures by month: a vector that grows at both ends.

/// One value a month, from the first month that was touched to the last.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Months<T> {
    first: i32,
    values: Vec<T>,
}

impl<T> Default for Months<T> {
    fn default() -> Self {
        Self { first: 0, values: Vec::new() }
    }
}

impl<T: Default> Months<T> {
    /// The value of a month, made when it is new.
    #[inline]
    pub(crate) fn at(&mut self, month: i32) -> &mut T {
        if self.values.is_empty() {
            self.first = month;
        }
        if month < self.first {
            let missing = self.first.abs_diff(month) as usize;
            self.values.splice(0..0, std::iter::repeat_with(T::default).take(missing));
            self.first = month;
        }
        let place = month.abs_diff(self.first) as usize;
        if place >= self.values.len() {
            self.values.resize_with(place + 1, T::default);
        }
        &mut self.values[place]
    }

    /// The value of a month that was touched, or lies between two that were.
    pub(crate) fn get(&self, month: i32) -> Option<&T> {
        self.values.get(usize::try_from(i64::from(month) - i64::from(self.first)).ok()?)
    }

    /// Months and values, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i32, &T)> {
        (self.first..).zip(&self.values)
    }

    /// Adds another series value by value.
    pub(crate) fn merge(&mut self, other: Self, add: impl Fn(&mut T, T)) {
        for (month, value) in (other.first..).zip(other.values) {
            add(self.at(month), value);
        }
    }
}

/// Adds `other` to `counts` place by place, growing it where needed.
pub(crate) fn add_counts(counts: &mut Vec<u64>, other: &[u64]) {
    if counts.len() < other.len() {
        counts.resize(other.len(), 0);
    }
    for (count, more) in counts.iter_mut().zip(other) {
        *count += more;
    }
}

/// Counts one more at `place`, growing where needed.
#[inline]
pub(crate) fn count_at(counts: &mut Vec<u64>, place: usize) {
    if place >= counts.len() {
        counts.resize(place + 1, 0);
    }
    counts[place] += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_in_between_are_there() {
        let mut months = Months::<u64>::default();
        *months.at(24_002) += 1;
        *months.at(24_000) += 5;
        let mut other = Months::<u64>::default();
        *other.at(24_003) += 7;
        months.merge(other, |sum, more| *sum += more);
        let found: Vec<_> = months.iter().map(|(month, value)| (month, *value)).collect();
        assert_eq!(found, [(24_000, 5), (24_001, 0), (24_002, 1), (24_003, 7)]);
    }
}
