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
