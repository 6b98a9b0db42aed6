//! How far an arm is from the control group: difference, interval, probability under chance.

use crate::distribution::{normal_point, normal_tail, student_point, student_tail};
use crate::{Moments, Share};
use serde::{Deserialize, Serialize};

/// From where to where.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// `middle` give or take `half`.
    #[must_use]
    pub fn around(middle: f64, half: f64) -> Self {
        Self { low: middle - half, high: middle + half }
    }

    /// Whether it holds the value, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// From end to end.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// An arm's mean less the control group's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Where the true difference is, at the level asked for.
    pub interval: Interval,
    /// Two-sided probability of a difference at least as great by chance alone.
    pub p: f64,
}

/// Point of the standard normal distribution for a two-sided interval of this level.
pub(crate) fn two_sided(level: f64) -> f64 {
    normal_point((1.0 - level) / 2.0)
}

/// Difference of two rates: hybrid score interval without correction for continuity (Newcombe 1998,
/// Statistics in Medicine 17, method 10), p of the pooled z test. None where a group is empty.
#[must_use]
pub fn difference_of_shares(arm: Share, control: Share, level: f64) -> Option<Difference> {
    let (p1, p0) = (arm.rate()?, control.rate()?);
    let z = two_sided(level);
    let ((low1, high1), (low0, high0)) = (wilson(arm, z)?, wilson(control, z)?);
    let value = p1 - p0;
    let interval = Interval { low: value - (p1 - low1).hypot(high0 - p0), high: value + (high1 - p1).hypot(p0 - low0) };
    let (n1, n0) = (arm.of as f64, control.of as f64);
    let standard_error = (p1 * (1.0 - p1) / n1 + p0 * (1.0 - p0) / n0).sqrt();
    Some(Difference { value, standard_error, interval, p: pooled_p(arm, control, value) })
}

/// Interval of one rate (Wilson 1927); none of nothing.
#[must_use]
pub fn interval_of_share(share: Share, level: f64) -> Option<Interval> {
    wilson(share, two_sided(level)).map(|(low, high)| Interval { low, high })
}

fn wilson(share: Share, z: f64) -> Option<(f64, f64)> {
    let (p, n) = (share.rate()?, share.of as f64);
    let middle = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    Some((((middle - half) / scale).clamp(0.0, p), ((middle + half) / scale).clamp(p, 1.0)))
}

fn pooled_p(arm: Share, control: Share, value: f64) -> f64 {
    let (n1, n0) = (arm.of as f64, control.of as f64);
    let pooled = (arm.count + control.count) as f64 / (n1 + n0);
    let standard_error = (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n0)).sqrt();
    if standard_error > 0.0 { 2.0 * normal_tail(value.abs() / standard_error) } else { 1.0 }
}

/// Difference of two means of unequal variances (Welch 1947, degrees of freedom by Satterthwaite).
/// None where a group has fewer than two customers, or where no outcome differs from another.
#[must_use]
pub fn difference_of_means(arm: &Moments, control: &Moments, level: f64) -> Option<Difference> {
    let part = |group: &Moments| Some((group.variance()? / group.count() as f64, (group.count() - 1) as f64));
    let parts = [part(arm)?, part(control)?];
    of_parts(arm.mean()? - control.mean()?, &parts, level)
}

/// A difference whose variance is a sum of estimated ones, each with its degrees of freedom
/// (Satterthwaite 1946).
pub(crate) fn of_parts(value: f64, parts: &[(f64, f64)], level: f64) -> Option<Difference> {
    let variance: f64 = parts.iter().map(|part| part.0).sum();
    if variance.is_nan() || variance <= 0.0 {
        return None;
    }
    let degrees = variance * variance / parts.iter().map(|(part, degrees)| part * part / degrees).sum::<f64>();
    let standard_error = variance.sqrt();
    let half = student_point((1.0 - level) / 2.0, degrees) * standard_error;
    let p = 2.0 * student_tail(value.abs() / standard_error, degrees);
    Some(Difference { value, standard_error, interval: Interval::around(value, half), p })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn newcombes_published_intervals() {
        // Newcombe 1998, table II, method 10.
        for ((x1, n1), (x0, n0), low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let Interval { low: found_low, high: found_high } =
                difference_of_shares(Share::new(x1, n1), Share::new(x0, n0), 0.95).unwrap().interval;
            assert!(
                (found_low - low).abs() < 6e-5 && (found_high - high).abs() < 6e-5,
                "{x1}/{n1}: {found_low} {found_high}"
            );
        }
    }

    #[test]
    fn students_sleep() {
        // Student 1908, hours of sleep gained; what R's manual prints for t.test(extra ~ group, sleep).
        let first: Moments = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0].into_iter().collect();
        let second: Moments = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4].into_iter().collect();
        let Difference { value, interval, p, .. } = difference_of_means(&first, &second, 0.95).unwrap();
        assert!((value - -1.58).abs() < 1e-12);
        assert!(
            (interval.low - -3.365_483_2).abs() < 1e-7 && (interval.high - 0.205_483_2).abs() < 1e-7,
            "{interval:?}"
        );
        assert!((p - 0.079_394_14).abs() < 1e-8, "{p}");
    }

    #[test]
    fn what_cannot_be_said_is_not_said() {
        let (constant, one): (Moments, Moments) = ([5.0, 5.0].into_iter().collect(), [5.0].into_iter().collect());
        assert_eq!(difference_of_means(&constant, &constant, 0.95), None);
        assert_eq!(difference_of_means(&one, &constant, 0.95), None);
        assert_eq!(difference_of_shares(Share::new(0, 0), Share::new(1, 2), 0.95), None);
        assert_eq!(difference_of_shares(Share::new(0, 5), Share::new(0, 9), 0.95).unwrap().p, 1.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn exchanging_the_groups_turns_the_interval_round(x1 in 0u64..50, more1 in 1u64..50, x0 in 0u64..50, more0 in 1u64..50) {
            let (arm, control) = (Share::new(x1, x1 + more1), Share::new(x0, x0 + more0));
            let one = difference_of_shares(arm, control, 0.9).unwrap();
            let other = difference_of_shares(control, arm, 0.9).unwrap();
            prop_assert!((one.interval.low + other.interval.high).abs() < 1e-12);
            prop_assert!((one.p - other.p).abs() < 1e-12);
            prop_assert!(one.interval.contains(one.value) && one.interval.low >= -1.0 && one.interval.high <= 1.0);
        }
    }
}
