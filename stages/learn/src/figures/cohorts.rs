//! Activity accounting (mechanism 0.2) and retention cohorts (models.md D3).

use super::ratio;
use crate::calendar::{last_day_of_month, month, month_text};
use crate::folds::{CohortSums, MonthsSummary};
use crate::report::{Cohort, GrowthMonth};
use crate::thresholds::CohortThresholds;

/// Every month from the first order's to the instant's, those in which nobody bought among them.
pub(crate) fn growth(summary: &MonthsSummary, end_day: i32) -> Vec<GrowthMonth> {
    let Some((first, _)) = summary.growth.iter().next() else { return Vec::new() };
    let figures = (first..=month(end_day)).map(|month| {
        let sums = summary.growth.get(month).copied().unwrap_or_default();
        GrowthMonth {
            month: month_text(month),
            active: sums.new + sums.retained + sums.resurrected,
            new: sums.new,
            retained: sums.retained,
            resurrected: sums.resurrected,
            churned: sums.churned,
            quick_ratio: ratio((sums.new + sums.resurrected) as f64, sums.churned as f64),
            complete: last_day_of_month(month) <= end_day,
        }
    });
    figures.collect()
}

/// Cohorts by month of first order, oldest first; months without a first order have none.
pub(crate) fn cohorts(summary: &MonthsSummary, end_day: i32, rules: &CohortThresholds) -> Vec<Cohort> {
    let with_customers = summary.cohorts.iter().filter(|(_, sums)| !sums.active.is_empty());
    with_customers.map(|(first, sums)| cohort(first, sums, end_day, rules)).collect()
}

fn cohort(first: i32, sums: &CohortSums, end_day: i32, rules: &CohortThresholds) -> Cohort {
    let months = (month(end_day) - first).max(0) as usize + 1;
    let padded = |counts: &[u64], length: usize| {
        let mut counts = counts.to_vec();
        counts.resize(length, 0);
        counts
    };
    let mut rolling = padded(&sums.last, months);
    for place in (1..months).rev() {
        rolling[place - 1] += rolling[place];
    }
    let youngest = last_day_of_month(first);
    Cohort {
        cohort: month_text(first),
        size: sums.active.first().copied().unwrap_or(0),
        active: padded(&sums.active, months),
        complete: (first..).take(months).map(|month| last_day_of_month(month) <= end_day).collect(),
        rolling,
        bracket: padded(&sums.bracket, rules.bracket_days.len()),
        bracket_complete: rules.bracket_days.iter().map(|days| youngest.saturating_add(*days) <= end_day).collect(),
    }
}
