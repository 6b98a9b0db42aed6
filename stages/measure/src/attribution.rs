//! Attribution: an order's value divided over the touches before it, by a rule.
//!
//! It is bookkeeping, not proof: who would have bought anyway is credited too. Only a hold-out tells
//! what a touch caused, and wherever attribution is shown, [`NOT_CAUSAL`] stands beside it.

use crate::Words;
use serde::{Deserialize, Serialize};

/// Half-life of a touch unless told otherwise, days.
pub const USUAL_HALF_LIFE_DAYS: f64 = 7.0;
/// What the first and the last of three touches or more get; the ones between share the rest.
const END_SHARE: f64 = 0.4;
const DAY_US: f64 = 86_400e6;

/// What has to stand beside every attributed figure, in English and Chinese.
pub const NOT_CAUSAL: (&str, &str) = (
    "attributed by rule, not caused: part of it would have come anyway",
    "按规则归因，并非因果：其中一部分本来就会发生",
);

/// Who gets the credit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// The first touch.
    First,
    /// The last touch.
    Last,
    /// All alike.
    Linear,
    /// Two fifths each for the first and the last, a fifth for those between; of two touches half each.
    Position,
    /// Each by its age at the order: half as much for every half-life.
    TimeDecay {
        /// Days.
        half_life_days: f64,
    },
}

impl Attribution {
    /// All rules, with the usual half-life.
    pub const ALL: [Self; 5] = [
        Self::First,
        Self::Last,
        Self::Linear,
        Self::Position,
        Self::TimeDecay { half_life_days: USUAL_HALF_LIFE_DAYS },
    ];

    /// Its name in answers.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
            Self::Linear => "linear",
            Self::Position => "position",
            Self::TimeDecay { .. } => "time_decay",
        }
    }

    /// The rule's name for people.
    #[must_use]
    pub fn words(&self) -> Words {
        let (en, zh) = match self {
            Self::First => ("first touch", "首次触点"),
            Self::Last => ("last touch", "末次触点"),
            Self::Linear => ("linear", "线性"),
            Self::Position => ("position 40/20/40", "位置 40/20/40"),
            Self::TimeDecay { half_life_days } => {
                return Words::new(
                    format!("time decay, half-life {half_life_days} days"),
                    format!("时间衰减（半衰期 {half_life_days} 天）"),
                );
            }
        };
        Words::new(en, zh)
    }

    /// Credits of an order's value, in minor units, to touches at these instants (UTC µs, ascending, none
    /// after the order). They add up to the value exactly; of no touch there are none.
    #[must_use]
    pub fn credits(&self, value: i64, touches_us: &[i64]) -> Vec<i64> {
        apportioned(value, &self.weights(touches_us))
    }

    fn weights(&self, touches_us: &[i64]) -> Vec<f64> {
        let (count, last) = (touches_us.len(), touches_us.len().saturating_sub(1));
        let weight = |place: usize, at_us: i64| match self {
            Self::First => f64::from(u8::from(place == 0)),
            Self::Last => f64::from(u8::from(place == last)),
            Self::Linear => 1.0,
            Self::Position if count < 3 => 1.0,
            Self::Position if place == 0 || place == last => END_SHARE,
            Self::Position => (1.0 - 2.0 * END_SHARE) / (count - 2) as f64,
            // Only ages against each other count, so that the last touch may be taken for the order.
            Self::TimeDecay { half_life_days } => {
                let age_us = i128::from(touches_us[last]) - i128::from(at_us);
                (-(age_us as f64) / DAY_US / half_life_days).exp2()
            }
        };
        touches_us.iter().enumerate().map(|(place, at_us)| weight(place, *at_us)).collect()
    }
}

/// Divides whole units by weight: each gets its whole part, the largest remainders one more.
fn apportioned(value: i64, weights: &[f64]) -> Vec<i64> {
    // Whole weights, so that the sums are exact: a share below 2⁻⁴⁰ of the greatest is nothing.
    let greatest = weights.iter().copied().fold(0.0, f64::max);
    let weights: Vec<i128> = weights.iter().map(|weight| (weight / greatest * 2f64.powi(40)).round() as i128).collect();
    let whole: i128 = weights.iter().sum();
    if whole <= 0 {
        return vec![0; weights.len()];
    }
    let size = i128::from(value.unsigned_abs());
    let mut parts: Vec<i128> = weights.iter().map(|weight| size * weight / whole).collect();
    let left = size - parts.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(size * weights[*place] % whole));
    order.iter().take(usize::try_from(left).unwrap_or(0)).for_each(|place| parts[*place] += 1);
    let sign = i128::from(value.signum());
    parts.iter().map(|part| i64::try_from(part * sign).unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn each_rule_by_hand() {
        let touches = [0, 3 * DAY, 7 * DAY, 14 * DAY];
        let of = |rule: Attribution| rule.credits(1_000, &touches);
        assert_eq!(of(Attribution::First), [1_000, 0, 0, 0]);
        assert_eq!(of(Attribution::Last), [0, 0, 0, 1_000]);
        assert_eq!(of(Attribution::Linear), [250, 250, 250, 250]);
        assert_eq!(of(Attribution::Position), [400, 100, 100, 400]);
        let decay = Attribution::TimeDecay { half_life_days: 7.0 };
        assert_eq!(decay.credits(700, &[0, 7 * DAY, 14 * DAY]), [100, 200, 400]);
    }

    #[test]
    fn few_touches() {
        assert_eq!(Attribution::Position.credits(7, &[0]), [7]);
        assert_eq!(Attribution::Position.credits(7, &[0, 1]), [4, 3]);
        assert_eq!(Attribution::Linear.credits(-100, &[0, 1, 2]), [-34, -33, -33]);
        assert!(Attribution::ALL.iter().all(|rule| rule.credits(7, &[]).is_empty()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn credits_sum_to_the_value(value in any::<i64>(), mut touches in prop::collection::vec(any::<i64>(), 1..40)) {
            prop_assume!(value != i64::MIN);
            touches.sort_unstable();
            for rule in Attribution::ALL {
                let credits = rule.credits(value, &touches);
                prop_assert_eq!(credits.iter().map(|credit| i128::from(*credit)).sum::<i128>(), i128::from(value));
                prop_assert!(credits.iter().all(|credit| *credit == 0 || credit.signum() == value.signum()));
            }
        }
    }
}
