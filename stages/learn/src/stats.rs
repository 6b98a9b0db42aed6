//! Small statistics: quantiles, intervals of proportions, Kaplan–Meier.

/// Two-sided 95 % point of the normal distribution.
pub(crate) const Z95: f64 = 1.959_963_984_540_054;

/// Quantiles of Hyndman and Fan's type 7 (the default of R and NumPy; mechanism 1.10) at ascending
/// probabilities. Reorders `values`; none for no values. O(n) for each probability.
pub(crate) fn quantiles<T: Copy + Into<f64> + PartialOrd>(values: &mut [T], probabilities: &[f64]) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    let order = |a: &T, b: &T| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
    let mut start = 0;
    let mut result = Vec::with_capacity(probabilities.len());
    for probability in probabilities {
        let position = probability.clamp(0.0, 1.0) * (values.len() - 1) as f64;
        let whole = (position.floor() as usize).max(start);
        let (_, low, above) = values[start..].select_nth_unstable_by(whole - start, order);
        let low: f64 = (*low).into();
        let next = above.iter().copied().min_by(order).map_or(low, Into::into);
        result.push(low + (position - whole as f64).max(0.0) * (next - low));
        start = whole;
    }
    result
}

/// The median (type 7); none of no values. Reorders `values`.
pub(crate) fn median<T: Copy + Into<f64> + PartialOrd>(values: &mut [T]) -> Option<f64> {
    quantiles(values, &[0.5]).first().copied()
}

/// The median of whole numbers given as counts of 0, 1, 2 …; none where all are zero.
pub(crate) fn median_of_counts(counts: &[u64]) -> Option<f64> {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    let nth = |rank: u64| {
        let mut seen = 0;
        counts.iter().position(|count| {
            seen += count;
            seen > rank
        })
    };
    let (low, high) = (nth((total - 1) / 2)?, nth(total / 2)?);
    Some((low + high) as f64 / 2.0)
}

/// 95 % interval of a proportion (Wilson 1927); none of nothing.
pub(crate) fn wilson(count: u64, of: u64) -> Option<(f64, f64)> {
    if of == 0 {
        return None;
    }
    let (n, z2) = (of as f64, Z95 * Z95);
    let p = count as f64 / n;
    let middle = p + z2 / (2.0 * n);
    let half = Z95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    Some((((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)))
}

/// A proportion among others, `(count, of)`.
pub(crate) type Proportion = (u64, u64);

/// 95 % interval of `first − second` (Newcombe 1998, hybrid score); none where one is of nothing.
pub(crate) fn newcombe(first: Proportion, second: Proportion) -> Option<(f64, f64)> {
    let (low1, high1) = wilson(first.0, first.1)?;
    let (low2, high2) = wilson(second.0, second.1)?;
    let (p1, p2) = (first.0 as f64 / first.1 as f64, second.0 as f64 / second.1 as f64);
    let down = ((p1 - low1).powi(2) + (high2 - p2).powi(2)).sqrt();
    let up = ((high1 - p1).powi(2) + (p2 - low2).powi(2)).sqrt();
    Some((p1 - p2 - down, p1 - p2 + up))
}

/// What Kaplan and Meier's estimator says at a horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Incidence {
    /// Probability that the event has happened by the horizon.
    pub(crate) probability: f64,
    /// 95 % interval (Greenwood's variance, log–log scale); none where nobody or everybody had it.
    pub(crate) interval: Option<(f64, f64)>,
}

/// Kaplan and Meier's probability of an event by day `horizon` (mechanism 2.6; models.md D3).
/// `events[t]` and `censored[t]` happened on day t; who is missing in both was followed beyond the
/// last day. Who is censored on a day was at risk on it. None when the last one still followed was
/// censored before the horizon: the estimate is not defined there.
pub(crate) fn incidence(events: &[u64], censored: &[u64], total: u64, horizon: usize) -> Option<Incidence> {
    let mut at_risk = total;
    let (mut survival, mut greenwood) = (1.0, 0.0);
    for day in 0..=horizon {
        if at_risk == 0 {
            break;
        }
        let happened = events.get(day).copied().unwrap_or(0);
        if happened > 0 {
            survival *= 1.0 - happened as f64 / at_risk as f64;
            greenwood += happened as f64 / (at_risk as f64 * at_risk.saturating_sub(happened) as f64);
        }
        let left = censored.get(day).copied().unwrap_or(0);
        if day == horizon && at_risk > happened {
            break;
        }
        at_risk = at_risk.saturating_sub(happened + left);
    }
    let known = survival <= 0.0 || at_risk > 0;
    (known && total > 0).then(|| Incidence { probability: 1.0 - survival, interval: log_log(survival, greenwood) })
}

fn log_log(survival: f64, greenwood: f64) -> Option<(f64, f64)> {
    if survival <= 0.0 || survival >= 1.0 || !greenwood.is_finite() {
        return None;
    }
    let error = Z95 * greenwood.sqrt() / survival.ln().abs();
    Some((1.0 - survival.powf((-error).exp()), 1.0 - survival.powf(error.exp())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn quantiles_are_those_of_numpy() {
        let mut values = [15.0, 20.0, 35.0, 40.0, 50.0];
        let found = quantiles(&mut values, &[0.2, 0.4, 0.6, 0.8]);
        assert!(found.iter().zip([19.0, 29.0, 37.0, 42.0]).all(|(a, b)| close(*a, b)), "{found:?}");
        assert_eq!(median::<f64>(&mut []), None);
    }

    #[test]
    fn medians_of_counts_fall_between_two_values() {
        assert_eq!(median_of_counts(&[1, 0, 0, 1]), Some(1.5));
        assert_eq!(median_of_counts(&[0, 3]), Some(1.0));
        assert_eq!(median_of_counts(&[0, 0]), None);
    }

    #[test]
    fn wilson_and_newcombe_give_published_intervals() {
        // Newcombe 1998, statistics in medicine 17, table I (81/263) and II (56/70 against 48/80).
        let (low, high) = wilson(81, 263).unwrap();
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        let (low, high) = newcombe((56, 70), (48, 80)).unwrap();
        assert!((low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5, "{low} {high}");
    }

    #[test]
    fn kaplan_meier_by_hand() {
        // Five at risk: event on day 1, censored on day 2, event on day 3, two followed on.
        let found = incidence(&[0, 1, 0, 1], &[0, 0, 1, 0], 5, 10).unwrap();
        assert!(close(found.probability, 1.0 - 0.8 * (2.0 / 3.0)));
        let (low, high) = found.interval.unwrap();
        assert!(low < found.probability && found.probability < high);
    }

    #[test]
    fn nothing_is_said_beyond_the_last_one_followed() {
        assert_eq!(incidence(&[0, 1], &[0, 0, 1], 2, 10), None);
        assert_eq!(incidence(&[0, 1], &[0, 0, 1], 2, 2).map(|found| found.probability), Some(0.5));
        assert_eq!(incidence(&[0, 2], &[], 2, 10).map(|found| found.probability), Some(1.0));
        assert_eq!(incidence(&[], &[], 0, 10), None);
    }

    proptest! {
        #[test]
        fn without_censoring_kaplan_meier_is_the_raw_share(
            events in prop::collection::vec(0u64..50, 1..60), later in 0u64..50, horizon in 0usize..60,
        ) {
            let total = events.iter().sum::<u64>() + later;
            prop_assume!(total > 0);
            let raw = events.iter().take(horizon + 1).sum::<u64>() as f64 / total as f64;
            let found = incidence(&events, &[], total, horizon).unwrap().probability;
            prop_assert!((found - raw).abs() < 1e-9);
        }

        #[test]
        fn quantiles_do_not_depend_on_the_order(mut values in prop::collection::vec(-1e6f64..1e6, 1..80)) {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let probabilities = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
            let found = quantiles(&mut values, &probabilities);
            for (probability, value) in probabilities.iter().zip(found) {
                let position = probability * (sorted.len() - 1) as f64;
                let low = sorted[position.floor() as usize];
                let high = sorted[position.ceil() as usize];
                prop_assert!((value - (low + position.fract() * (high - low))).abs() < 1e-6);
            }
        }
    }
}
