//! Intervals that hold however often one looks: asymptotic confidence sequences.
//!
//! A 95 % interval that is looked at again and again is wrong far more often than once in twenty.
//! These are wider, and the true difference stays in all of them together with 95 % (Waudby-Smith,
//! Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52). Their normal mixture is that of
//! the mSPRT (Johari and others 2017). They hold for large samples, so that nothing is said before
//! each group has [`LEAST_SEQUENTIAL`] customers.

use crate::{Difference, Interval, Moments, Share};
use serde::{Deserialize, Serialize};

/// Customers of a group from which on a sequential interval is given.
pub const LEAST_SEQUENTIAL: u64 = 100;

/// An experiment that is looked at while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sequential {
    alpha: f64,
    /// ρ² of the mixture, for each customer.
    mixture: f64,
}

impl Sequential {
    /// Intervals of this level that are narrowest when so many customers, all groups together, have
    /// come. They hold at every other number too.
    #[must_use]
    pub fn planned(customers: u64, level: f64) -> Self {
        let alpha = 1.0 - level;
        // The width u ln(u/α²)/(u − 1), u = nρ² + 1, is least where u = 1 + ln(u/α²).
        let mut u = 1.0 - 2.0 * alpha.ln();
        for _ in 0..60 {
            u = 1.0 + (u / (alpha * alpha)).ln();
        }
        Self { alpha, mixture: (u - 1.0) / customers.max(1) as f64 }
    }

    /// Difference of two rates at this moment. Its `p` is always valid too: the least one so far counts.
    #[must_use]
    pub fn shares(&self, arm: Share, control: Share) -> Option<Difference> {
        // One more of each kind keeps the variance of the first few from being zero (Agresti and Caffo 2000).
        let variance = |share: Share| {
            let (count, of) = (share.count as f64 + 1.0, share.of as f64 + 2.0);
            count / of * (1.0 - count / of) / of
        };
        let value = arm.rate()? - control.rate()?;
        self.at(value, variance(arm) + variance(control), arm.of, control.of)
    }

    /// Difference of two means at this moment.
    #[must_use]
    pub fn means(&self, arm: &Moments, control: &Moments) -> Option<Difference> {
        let variance = arm.variance()? / arm.count() as f64 + control.variance()? / control.count() as f64;
        self.at(arm.mean()? - control.mean()?, variance, arm.count(), control.count())
    }

    fn at(&self, value: f64, variance: f64, arm: u64, control: u64) -> Option<Difference> {
        if arm.min(control) < LEAST_SEQUENTIAL || variance.is_nan() || variance <= 0.0 {
            return None;
        }
        let u = (arm + control) as f64 * self.mixture + 1.0;
        let standard_error = variance.sqrt();
        let half = standard_error * (2.0 * u / (u - 1.0) * (u.sqrt() / self.alpha).ln()).sqrt();
        let z = value / standard_error;
        let p = (u.sqrt() * (-z * z * (u - 1.0) / (2.0 * u)).exp()).min(1.0);
        Some(Difference { value, standard_error, interval: Interval::around(value, half), p })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_narrowest_where_planned() {
        let (arm, control) = (Share::new(1_000, 5_000), Share::new(1_000, 5_000));
        let width = |planned| Sequential::planned(planned, 0.95).shares(arm, control).unwrap().interval.width();
        let best = width(10_000);
        assert!(best < width(9_000) && best < width(11_000));
        // Ten times wrong about the number costs little.
        assert!(width(1_000) < 1.1 * best && width(100_000) < 1.3 * best);
        // At the planned size the multiplier is √u with u = 1 + ln(u/α²), 3.03 at 95 %.
        let error = (2.0 * 0.2 * 0.8 / 5_000.0_f64).sqrt();
        assert!((best / 2.0 / error - 3.03).abs() < 0.01, "{}", best / 2.0 / error);
    }

    #[test]
    fn p_is_below_alpha_just_when_zero_is_outside() {
        let sequential = Sequential::planned(4_000, 0.95);
        for count in (200..320).step_by(2) {
            let found = sequential.shares(Share::new(count, 1_000), Share::new(200, 1_000)).unwrap();
            assert_eq!(found.p < 0.05, !found.interval.contains(0.0), "{count}");
        }
    }

    #[test]
    fn nothing_is_said_of_a_handful() {
        let sequential = Sequential::planned(4_000, 0.95);
        assert_eq!(sequential.shares(Share::new(9, 99), Share::new(0, 500)), None);
        assert_eq!(sequential.means(&Moments::zeros(500), &Moments::zeros(500)), None);
    }
}
