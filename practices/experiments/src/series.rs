//! The difference day by day, for a chart that may be looked at as often as anybody likes.

use crate::Members;
use crate::orders::{ByDay, UpToDay};
use perennial_definitions::{OUTCOME_CONVERTED, OUTCOME_REVENUE};
use perennial_measure::{Difference, Sequential, Share, Sums};
use serde::Serialize;

/// The difference of an arm's mean from the hold-out's, from the first day up to the end of each.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// The arm.
    pub arm: String,
    /// The outcome: converted or revenue.
    pub outcome: String,
    /// Day by day.
    pub points: Vec<DayOfDifference>,
}

/// One day of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DayOfDifference {
    /// Days since 1970-01-01.
    pub day: i32,
    /// The difference up to its end.
    pub difference: f64,
    /// Lower end of the interval that holds however often one looks; none for groups too small for one.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

/// How many customers an experiment of `days` days is planned for in the terms of a sequential interval, when
/// so many days of `customers` are known. Nobody comes while it runs: what grows is what is known of each, about
/// evenly from day to day. The interval is narrowest on the last day.
pub(crate) fn planned(customers: u64, days: u16, days_known: u16) -> u64 {
    (customers as f64 * f64::from(days) / f64::from(days_known.max(1))).round() as u64
}

/// All arms in both outcomes. `scale` minor units make up one of the currency.
pub(crate) fn series(
    members: &Members,
    by_day: &ByDay,
    first_day: i32,
    days: u16,
    days_known: u16,
    scale: f64,
    level: f64,
) -> Vec<Series> {
    let sizes = members.sizes();
    let arms = (0..members.groups.len()).filter(|place| members.is_arm(*place));
    let at = |place: usize, day: usize| -> UpToDay {
        by_day.0.get(place).and_then(|group| group.get(day)).copied().unwrap_or_default()
    };
    let mut found = Vec::new();
    for arm in arms {
        for outcome in [OUTCOME_CONVERTED, OUTCOME_REVENUE] {
            let points = (0..days_known).filter_map(|day| {
                let place = usize::from(day);
                let sequential = Sequential::planned(planned(sizes[arm] + sizes[0], days, day + 1), level);
                let groups = [(at(arm, place), sizes[arm]), (at(0, place), sizes[0])];
                let (difference, interval) = difference(outcome, groups, scale, &sequential)?;
                let interval = interval.map(|found| found.interval);
                let (low, high) = (interval.map(|interval| interval.low), interval.map(|interval| interval.high));
                Some(DayOfDifference { day: first_day + i32::from(day), difference, low, high })
            });
            let points = points.collect();
            found.push(Series { arm: members.groups[arm].name.clone(), outcome: outcome.to_owned(), points });
        }
    }
    found
}

/// The difference, and as a sequential interval has it.
fn difference(
    outcome: &str,
    [arm, control]: [(UpToDay, u64); 2],
    scale: f64,
    sequential: &Sequential,
) -> Option<(f64, Option<Difference>)> {
    if outcome == OUTCOME_CONVERTED {
        let share = |(upto, customers): (UpToDay, u64)| Share::new(upto.converted, customers);
        let (arm, control) = (share(arm), share(control));
        return Some((arm.rate()? - control.rate()?, sequential.shares(arm, control)));
    }
    // Who ordered nothing is one of the group all the same.
    let moments = |(upto, customers): (UpToDay, u64)| Sums { count: customers, ..upto.revenue }.moments(scale);
    let (arm, control) = (moments(arm), moments(control));
    Some((arm.mean()? - control.mean()?, sequential.means(&arm, &control)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Group;
    use perennial_measure::difference_of_shares;
    use perennial_model::CustomerId;
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution as _, Gamma, LogNormal};

    const CUSTOMERS: u64 = 1_000;
    const DAYS: u16 = 30;

    fn groups() -> Members {
        let group = |name: &str| Group { name: name.to_owned(), share: 0.5 };
        let customers = (1..=CUSTOMERS).map(|number| (CustomerId::new(0, number), (number % 2) as u8)).collect();
        Members { groups: vec![group("holdout"), group("treated")], customers, merged: 0 }
    }

    /// Customers of whom a few order often: nobody is treated any differently.
    fn nothing_done(rng: &mut ChaCha8Rng) -> ByDay {
        let (rates, amounts) = (Gamma::new(0.8, 1.0 / 45.0).unwrap(), LogNormal::new(4.0, 1.0).unwrap());
        let mut by_day = vec![vec![UpToDay::default(); usize::from(DAYS)]; 2];
        for number in 0..CUSTOMERS {
            let rate: f64 = rates.sample(rng);
            let mut spent = 0;
            for day in &mut by_day[(number % 2) as usize] {
                if rng.random_bool(1.0 - (-rate).exp()) {
                    let amount: f64 = amounts.sample(rng);
                    spent += (amount * 100.0) as i64;
                }
                if spent > 0 {
                    day.converted += 1;
                    day.revenue.add(spent);
                }
            }
        }
        ByDay(by_day)
    }

    fn leaves_out_zero(point: &DayOfDifference) -> bool {
        point.low.is_some_and(|low| low > 0.0) || point.high.is_some_and(|high| high < 0.0)
    }

    #[test]
    fn whoever_looks_every_day_is_wrong_as_rarely_as_whoever_looks_once() {
        let members = groups();
        let mut rng = ChaCha8Rng::seed_from_u64(20_260_301);
        let (experiments, mut wrong, mut naive) = (600, [0; 2], 0);
        for _ in 0..experiments {
            let by_day = nothing_done(&mut rng);
            let found = series(&members, &by_day, 0, DAYS, DAYS, 100.0, 0.95);
            for (place, one) in found.iter().enumerate() {
                assert_eq!(one.points.len(), usize::from(DAYS));
                wrong[place] += u32::from(one.points.iter().any(leaves_out_zero));
            }
            let ordinary = (0..usize::from(DAYS)).any(|day| {
                let share = |group: usize| Share::new(by_day.0[group][day].converted, CUSTOMERS / 2);
                difference_of_shares(share(1), share(0), 0.95).is_some_and(|found| !found.interval.contains(0.0))
            });
            naive += u32::from(ordinary);
        }
        let of = |wrong: u32| f64::from(wrong) / f64::from(experiments);
        assert!(of(naive) > 0.1, "an ordinary interval is wrong far more often: {}", of(naive));
        assert!(wrong.iter().all(|wrong| of(*wrong) <= 0.05), "{wrong:?} of {experiments}");
        assert!(wrong.iter().any(|wrong| *wrong > 0), "an interval that never is wrong says nothing");
    }

    #[test]
    fn an_interval_is_narrowest_at_the_end() {
        assert_eq!((planned(1_000, 30, 30), planned(1_000, 30, 10), planned(1_000, 30, 0)), (1_000, 3_000, 30_000));
    }
}
