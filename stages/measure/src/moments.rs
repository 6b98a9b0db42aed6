//! What an arm comes to: count, mean and variance, of parts that can be put together.

use serde::{Deserialize, Serialize};

/// Count, sum and spread of an outcome. Moments of parts merge into those of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Moments {
    count: u64,
    sum: f64,
    /// Sum of squared distances from the mean.
    squares: f64,
}

impl Moments {
    /// Adds a customer's outcome.
    pub fn add(&mut self, value: f64) {
        self.merge(Self { count: 1, sum: value, squares: 0.0 });
    }

    /// Adds other customers' (Chan, Golub and LeVeque 1979: nothing cancels as with raw squares).
    pub fn merge(&mut self, other: Self) {
        let (mine, theirs) = (self.count as f64, other.count as f64);
        if self.count > 0 && other.count > 0 {
            let apart = other.sum / theirs - self.sum / mine;
            self.squares += apart * apart * mine * theirs / (mine + theirs);
        }
        self.squares += other.squares;
        self.count += other.count;
        self.sum += other.sum;
    }

    /// Of customers whose outcome is zero.
    pub(crate) const fn zeros(count: u64) -> Self {
        Self { count, sum: 0.0, squares: 0.0 }
    }

    /// From count, sum and sum of squares of distances from `origin`.
    pub(crate) fn of_shifted(count: u64, origin: f64, sum: f64, squares: f64) -> Self {
        let number = count.max(1) as f64;
        Self { count, sum: origin * count as f64 + sum, squares: (squares - sum * sum / number).max(0.0) }
    }

    /// Customers.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Sum of their outcomes.
    #[must_use]
    pub const fn sum(&self) -> f64 {
        self.sum
    }

    /// Their mean; none of nobody.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    /// Variance of the population they are drawn from (divisor n − 1); none of fewer than two.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares.max(0.0) / (self.count - 1) as f64)
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.add(value));
        moments
    }
}

/// Exact sums of money in minor units, or of any whole number: what a fold keeps of an arm. The same
/// whatever the order of customers, and a customer whose outcome changes can be taken out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// Customers.
    pub count: u64,
    /// Sum of their outcomes.
    pub sum: i128,
    /// Sum of their squares.
    pub squares: i128,
}

impl Sums {
    /// Adds a customer's outcome.
    pub fn add(&mut self, value: i64) {
        self.merge(Self::of(value));
    }

    /// Takes a customer's outcome out.
    pub fn remove(&mut self, value: i64) {
        let Self { sum, squares, .. } = Self::of(value);
        self.count = self.count.saturating_sub(1);
        self.sum -= sum;
        self.squares -= squares;
    }

    /// Adds other customers'.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// The moments, in the unit that `scale` whole numbers make up (100 for cents).
    #[must_use]
    pub fn moments(&self, scale: f64) -> Moments {
        let count = i128::from(self.count.max(1));
        // Exact as far as 128 bits hold it: a difference of two great numbers loses places.
        let exact = self.squares.checked_mul(count).zip(self.sum.checked_mul(self.sum));
        let squares = match exact {
            Some((whole, mean)) => (whole - mean) as f64 / count as f64,
            None => self.squares as f64 - self.sum as f64 * (self.sum as f64 / count as f64),
        };
        Moments { count: self.count, sum: self.sum as f64 / scale, squares: squares.max(0.0) / (scale * scale) }
    }

    fn of(value: i64) -> Self {
        let value = i128::from(value);
        Self { count: 1, sum: value, squares: value * value }
    }
}

/// How many of an arm's customers did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Share {
    /// Who did.
    pub count: u64,
    /// All.
    pub of: u64,
}

impl Share {
    /// `count` of `of`.
    #[must_use]
    pub const fn new(count: u64, of: u64) -> Self {
        Self { count, of }
    }

    /// Of an outcome that is 0 or 1 for everybody.
    #[must_use]
    pub fn of(moments: &Moments) -> Self {
        Self { count: moments.sum.max(0.0).round() as u64, of: moments.count }
    }

    /// The rate; none of nobody.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
    }

    #[test]
    fn a_great_mean_does_not_eat_the_variance() {
        let moments: Moments = [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0].into_iter().collect();
        assert_eq!(moments.variance(), Some(30.0));
        let mut sums = Sums::default();
        [4, 7, 13, 16].iter().for_each(|value| sums.add(1_000_000_000_000 + value));
        assert_eq!(sums.moments(1.0).variance(), Some(30.0));
        assert!(near(sums.moments(100.0).variance().unwrap(), 0.003));
    }

    #[test]
    fn of_nobody_nothing_is_known() {
        assert_eq!((Moments::default().mean(), Sums::default().moments(100.0).variance()), (None, None));
        assert_eq!(Share::default().rate(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn parts_add_up_to_the_whole(values in prop::collection::vec(-100_000i64..100_000, 2..60), cut in 0usize..60) {
            let (first, second) = values.split_at(cut.min(values.len()));
            let moments = |part: &[i64]| part.iter().map(|value| *value as f64).collect::<Moments>();
            let mut merged = moments(first);
            merged.merge(moments(second));
            let mean = values.iter().sum::<i64>() as f64 / values.len() as f64;
            let squares: f64 = values.iter().map(|value| (*value as f64 - mean).powi(2)).sum();
            prop_assert!(near(merged.mean().unwrap(), mean));
            prop_assert!(near(merged.variance().unwrap(), squares / (values.len() - 1) as f64));
            let mut sums = Sums::default();
            values.iter().for_each(|value| sums.add(*value));
            prop_assert!(near(sums.moments(1.0).variance().unwrap(), merged.variance().unwrap()));
            second.iter().for_each(|value| sums.remove(*value));
            let mut only = Sums::default();
            first.iter().for_each(|value| only.add(*value));
            prop_assert_eq!(sums, only);
        }
    }
}
