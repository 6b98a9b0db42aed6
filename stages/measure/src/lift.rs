//! Lift: how many times the control group's mean an arm's is, less one.

use crate::difference::two_sided;
use crate::{Interval, Moments, Share};
use serde::{Deserialize, Serialize};

/// A relative difference: 0.2 is a fifth more than the control group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Lift {
    /// The ratio of the means, less one.
    pub value: f64,
    /// Where the true one is, at the level asked for.
    pub interval: Interval,
}

/// Lift of a rate with the interval of the ratio's logarithm (Katz and others 1978). None where a
/// group is empty or nobody of it did it.
#[must_use]
pub fn lift_of_shares(arm: Share, control: Share, level: f64) -> Option<Lift> {
    let part = |share: Share| Some((share.rate()?, (1.0 - share.rate()?) / share.count as f64));
    of_logarithm(part(arm)?, part(control)?, level)
}

/// Lift of a mean with the interval of the ratio's logarithm (delta method). None where a group has
/// fewer than two customers or a mean that is not above zero.
#[must_use]
pub fn lift_of_means(arm: &Moments, control: &Moments, level: f64) -> Option<Lift> {
    let part = |group: &Moments| {
        let mean = group.mean()?;
        Some((mean, group.variance()? / (group.count() as f64 * mean * mean)))
    };
    of_logarithm(part(arm)?, part(control)?, level)
}

/// From mean and variance of its logarithm, of each group.
fn of_logarithm(arm: (f64, f64), control: (f64, f64), level: f64) -> Option<Lift> {
    if arm.0 <= 0.0 || control.0 <= 0.0 {
        return None;
    }
    let logarithm = (arm.0 / control.0).ln();
    let half = two_sided(level) * (arm.1 + control.1).sqrt();
    let interval = Interval { low: (logarithm - half).exp_m1(), high: (logarithm + half).exp_m1() };
    Some(Lift { value: logarithm.exp_m1(), interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lift_of_a_rate_by_hand() {
        // 30 of 100 against 20 of 100: ratio 1.5, variance of its logarithm 0.7/30 + 0.8/20.
        let lift = lift_of_shares(Share::new(30, 100), Share::new(20, 100), 0.95).unwrap();
        let half = 1.959_963_984_540_054 * (0.7_f64 / 30.0 + 0.8 / 20.0).sqrt();
        assert!((lift.value - 0.5).abs() < 1e-12);
        assert!((lift.interval.low - (1.5 * (-half).exp() - 1.0)).abs() < 1e-12);
        assert!((lift.interval.high - (1.5 * half.exp() - 1.0)).abs() < 1e-12);
    }

    #[test]
    fn a_rate_and_a_mean_of_zeros_and_ones_agree() {
        let group = |ones: usize, of: usize| (0..of).map(|n| f64::from(u8::from(n < ones))).collect::<Moments>();
        let rate = lift_of_shares(Share::new(300, 10_000), Share::new(200, 10_000), 0.95).unwrap();
        let mean = lift_of_means(&group(300, 10_000), &group(200, 10_000), 0.95).unwrap();
        assert!((rate.interval.low - mean.interval.low).abs() < 1e-4, "{rate:?} {mean:?}");
    }

    #[test]
    fn nothing_is_a_multiple_of_nothing() {
        assert_eq!(lift_of_shares(Share::new(3, 10), Share::new(0, 10), 0.95), None);
        let (loss, gain): (Moments, Moments) = ([-1.0, -2.0].into_iter().collect(), [1.0, 2.0].into_iter().collect());
        assert_eq!(lift_of_means(&gain, &loss, 0.95), None);
    }
}
