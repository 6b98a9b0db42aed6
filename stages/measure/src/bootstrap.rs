//! A check of Welch's interval on skewed money: bootstrap of the studentised difference.

use crate::{Difference, Interval, Moments};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution as _};
use serde::{Deserialize, Serialize};

/// How often the groups are drawn anew.
const RESAMPLES: usize = 2_000;
/// Outcomes other than zero that a group keeps for the check. A mean of more is as good as normal.
pub const MOST_RESAMPLED: usize = 50_000;
/// With fewer outcomes other than zero in a group nothing drawn from them tells much.
const LEAST_RESAMPLED: usize = 20;
/// Welch's interval and the bootstrap's disagree when their ends are apart by this share of Welch's
/// half width: five times what so many resamples leave to chance.
const DISAGREEMENT: f64 = 0.15;

/// A group's outcomes other than zero, and how many customers it has in all: most spend nothing.
#[derive(Debug, Clone, Copy)]
pub struct Outcomes<'a> {
    /// What is not zero.
    pub values: &'a [f64],
    /// Everybody, those with zero included.
    pub customers: u64,
}

/// What the bootstrap says of a difference of means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Resampled {
    /// The bootstrap's interval.
    pub interval: Interval,
    /// Whether Welch's interval says the same.
    pub agrees: bool,
}

/// The interval of the studentised bootstrap (Efron and Tibshirani 1993, section 12.5), and whether
/// Welch's is near it. The same seed gives the same. None with too few outcomes to draw from, or with
/// so many that no check is needed.
#[must_use]
pub fn bootstrap(
    arm: Outcomes<'_>,
    control: Outcomes<'_>,
    welch: &Difference,
    level: f64,
    seed: u64,
) -> Option<Resampled> {
    let mut groups = [Resampler::new(arm)?, Resampler::new(control)?];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut studentised = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let [arm, control] = groups.each_mut().map(|group| group.draw(&mut rng));
        let (Some((mean1, error1)), Some((mean0, error0))) = (arm, control) else { continue };
        if error1 + error0 > 0.0 {
            studentised.push((mean1 - mean0 - welch.value) / (error1 + error0).sqrt());
        }
    }
    studentised.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    let (low, high) = (quantile(&studentised, tail)?, quantile(&studentised, 1.0 - tail)?);
    let interval =
        Interval { low: welch.value - high * welch.standard_error, high: welch.value - low * welch.standard_error };
    Some(Resampled { interval, agrees: agree(&interval, &welch.interval) })
}

fn agree(one: &Interval, welch: &Interval) -> bool {
    let apart = (one.low - welch.low).abs().max((one.high - welch.high).abs());
    apart <= DISAGREEMENT * welch.width() / 2.0 && one.contains(0.0) == welch.contains(0.0)
}

/// A quantile of ascending values, between two by their distance.
fn quantile(sorted: &[f64], probability: f64) -> Option<f64> {
    let position = probability * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (sorted.get(position.floor() as usize)?, sorted.get(position.ceil() as usize)?);
    Some(low + position.fract() * (high - low))
}

/// Draws a group anew. Of n customers drawn with replacement the number with an outcome other than
/// zero is binomial, so that only those are drawn one by one.
struct Resampler<'a> {
    group: Outcomes<'a>,
    others: Binomial,
}

impl<'a> Resampler<'a> {
    fn new(group: Outcomes<'a>) -> Option<Self> {
        let share = group.values.len() as f64 / group.customers as f64;
        let fits = (LEAST_RESAMPLED..=MOST_RESAMPLED).contains(&group.values.len()) && share <= 1.0;
        let others = fits.then(|| Binomial::new(group.customers, share).ok())??;
        Some(Self { group, others })
    }

    /// Mean of a group drawn anew and the square of its standard error.
    fn draw(&mut self, rng: &mut ChaCha8Rng) -> Option<(f64, f64)> {
        let drawn = self.others.sample(rng);
        let mut moments = Moments::zeros(self.group.customers - drawn);
        let (mut sum, mut squares) = (0.0, 0.0);
        let first = self.group.values.first()?;
        for _ in 0..drawn {
            // Distances from one of the values, so that a great mean does not eat the variance.
            let value = self.group.values[rng.random_range(0..self.group.values.len())] - first;
            sum += value;
            squares += value * value;
        }
        moments.merge(Moments::of_shifted(drawn, *first, sum, squares));
        Some((moments.mean()?, moments.variance()? / moments.count() as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::difference_of_means;
    use rand_distr::{LogNormal, Normal};

    fn check(arm: &[f64], control: &[f64], zeros: u64) -> Resampled {
        let moments = |values: &[f64]| {
            let mut moments = Moments::zeros(zeros);
            values.iter().for_each(|value| moments.add(*value));
            moments
        };
        let welch = difference_of_means(&moments(arm), &moments(control), 0.95).unwrap();
        let of = |values| Outcomes { values, customers: zeros + arm.len() as u64 };
        let found = bootstrap(of(arm), of(control), &welch, 0.95, 7).unwrap();
        assert_eq!(bootstrap(of(arm), of(control), &welch, 0.95, 7), Some(found), "the same seed");
        found
    }

    #[test]
    fn it_agrees_where_outcomes_are_normal_and_not_where_one_order_is_everything() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let normal = Normal::new(100.0, 10.0).unwrap();
        let arm: Vec<f64> = (0..500).map(|_| normal.sample(&mut rng)).collect();
        let control: Vec<f64> = (0..500).map(|_| normal.sample(&mut rng)).collect();
        assert!(check(&arm, &control, 0).agrees);
        assert!(check(&arm, &control, 2_000).agrees);
        let skewed = LogNormal::new(3.0, 1.0).unwrap();
        let mut arm: Vec<f64> = (0..100).map(|_| skewed.sample(&mut rng)).collect();
        let control: Vec<f64> = (0..100).map(|_| skewed.sample(&mut rng)).collect();
        arm.push(40_000.0);
        assert!(!check(&arm, &control[..], 1_000).agrees);
    }

    #[test]
    fn too_few_and_too_many_are_not_checked() {
        let welch = Difference { value: 0.0, standard_error: 1.0, interval: Interval::around(0.0, 2.0), p: 1.0 };
        let few = vec![1.0; LEAST_RESAMPLED - 1];
        let many = vec![1.0; MOST_RESAMPLED + 1];
        for values in [&few, &many] {
            let group = Outcomes { values, customers: 100_000 };
            assert_eq!(bootstrap(group, group, &welch, 0.95, 1), None);
        }
    }
}
