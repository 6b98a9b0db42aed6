//! Post-stratification: groups that differ by chance in what was known before, made comparable.

use crate::difference::of_parts;
use crate::{Difference, Moments};
use serde::{Deserialize, Serialize};

/// Customers of a stratum in the arm and in the control group.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Stratum {
    /// The arm's.
    pub arm: Moments,
    /// The control group's.
    pub control: Moments,
}

impl Stratum {
    fn customers(&self) -> u64 {
        self.arm.count() + self.control.count()
    }

    fn stands_alone(&self) -> bool {
        self.arm.count().min(self.control.count()) >= 2
    }

    fn merge(&mut self, other: Self) {
        self.arm.merge(other.arm);
        self.control.merge(other.control);
    }
}

/// A difference over strata.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stratified {
    /// The strata's differences, weighted by their share of all customers of both groups.
    pub difference: Difference,
    /// Strata that were told apart.
    pub strata: u64,
    /// Strata with fewer than two customers in a group, put together with others.
    pub pooled: u64,
}

/// Difference of means after stratification by something known before the assignment (Miratrix, Sekhon
/// and Yu 2013). It narrows the interval where strata differ in the outcome, and costs next to nothing
/// where they do not. None with fewer than two strata that have customers of both groups.
#[must_use]
pub fn post_stratified(strata: &[Stratum], level: f64) -> Option<Stratified> {
    let (mut alone, small): (Vec<Stratum>, Vec<Stratum>) = strata.iter().partition(|stratum| stratum.stands_alone());
    let mut rest = Stratum::default();
    small.iter().for_each(|stratum| rest.merge(*stratum));
    if rest.stands_alone() {
        alone.push(rest);
    } else if rest.customers() > 0 {
        alone.iter_mut().max_by_key(|stratum| stratum.customers())?.merge(rest);
    }
    if alone.len() < 2 {
        return None;
    }
    let customers: u64 = alone.iter().map(Stratum::customers).sum();
    let (mut value, mut parts) = (0.0, Vec::with_capacity(2 * alone.len()));
    for stratum in &alone {
        let weight = stratum.customers() as f64 / customers as f64;
        value += weight * (stratum.arm.mean()? - stratum.control.mean()?);
        for group in [&stratum.arm, &stratum.control] {
            let count = group.count() as f64;
            parts.push((weight * weight * group.variance()? / count, count - 1.0));
        }
    }
    let difference = of_parts(value, &parts, level)?;
    Some(Stratified { difference, strata: alone.len() as u64, pooled: small.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::difference_of_means;

    fn stratum(arm: &[f64], control: &[f64]) -> Stratum {
        Stratum { arm: arm.iter().copied().collect(), control: control.iter().copied().collect() }
    }

    fn whole(strata: &[Stratum]) -> Difference {
        let mut all = Stratum::default();
        strata.iter().for_each(|stratum| all.merge(*stratum));
        difference_of_means(&all.arm, &all.control, 0.95).unwrap()
    }

    #[test]
    fn strata_that_differ_narrow_the_interval() {
        let strata = [
            stratum(&[1.0, 2.0, 3.0, 2.0], &[1.0, 2.0, 1.0, 2.0]),
            stratum(&[101.0, 103.0, 102.0, 102.0], &[101.0, 102.0, 101.0, 102.0]),
        ];
        let found = post_stratified(&strata, 0.95).unwrap();
        assert!((found.difference.value - 0.5).abs() < 1e-12, "equal shares: the plain mean of both");
        assert!(found.difference.interval.width() < whole(&strata).interval.width() / 10.0);
    }

    #[test]
    fn unequal_mixtures_are_made_comparable() {
        // Nothing is different within a stratum; the arm merely has more of the great spenders.
        let strata =
            [stratum(&[9.0, 11.0, 9.0, 11.0, 10.0], &[9.0, 11.0]), stratum(&[1.0, 0.0], &[1.0, 0.0, 1.0, 0.0, 0.5])];
        assert!(whole(&strata).value > 4.0);
        assert!(post_stratified(&strata, 0.95).unwrap().difference.value.abs() < 1e-12);
    }

    #[test]
    fn strata_too_small_are_put_together() {
        let large = stratum(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]);
        let (one, other) = (stratum(&[5.0], &[4.0, 6.0]), stratum(&[6.0], &[]));
        let found = post_stratified(&[large, one, other], 0.95).unwrap();
        assert_eq!((found.strata, found.pooled), (2, 2));
        assert_eq!(post_stratified(&[large, stratum(&[5.0], &[])], 0.95), None, "one is left");
        assert_eq!(post_stratified(&[], 0.95), None);
    }
}
