//! Active rate (mechanism 0.1) and stickiness (3.1).

use super::Population;
use crate::base::TableRows;
use crate::calendar::{day_text, last_day_of_month, month};
use crate::folds::ActivitySummary;
use crate::folds::Point;
use crate::report::{ActiveRate, Rate, SeriesPoint, Stickiness};

pub(crate) fn active_rate(population: &Population<'_>, rows: &TableRows<'_>) -> ActiveRate {
    let end_day = population.end_day();
    let fixed = population.activity.fixed();
    let rate = fixed.last().map_or_else(Rate::default, |point| Rate::new(point.active, point.base));
    let at_month_end = |point: &&Point| point.day == end_day || point.day == last_day_of_month(month(point.day));
    ActiveRate {
        window_days: population.thresholds.activity.window_days.unsigned_abs(),
        min_active_days: population.thresholds.activity.min_active_days.unsigned_abs(),
        active: rate.count,
        base: rate.of,
        rate: rate.rate,
        low: rate.low,
        high: rate.high,
        adaptive: adaptive(population, rows),
        fixed_series: fixed.iter().filter(at_month_end).map(series_point).collect(),
        running_series: population.activity.running().iter().map(series_point).collect(),
    }
}

fn series_point(point: &Point) -> SeriesPoint {
    SeriesPoint { day: day_text(point.day), active: point.active, base: point.base }
}

/// AR*: active within 1.5 of one's own intervals, of those who first bought before that window.
fn adaptive(population: &Population<'_>, rows: &TableRows<'_>) -> Rate {
    let rules = &population.thresholds.activity;
    let end_day = i64::from(population.end_day());
    let (mut active, mut base) = (0, 0);
    for (rows, row) in rows.buyers() {
        let Some(interval) = rows.interval(row) else { continue };
        let window = (rules.adaptive_intervals * interval).clamp(rules.adaptive_days_min, rules.adaptive_days_max);
        if (end_day - rows.first_day[row]) as f64 >= window {
            let active_day = rows.active_day(row);
            base += 1;
            active += u64::from(active_day.is_some_and(|day| ((end_day - day) as f64) < window));
        }
    }
    Rate::new(active, base)
}

pub(crate) fn stickiness(summary: &ActivitySummary) -> Stickiness {
    let days = summary.days_active.len();
    let active: u64 = summary.days_active.iter().sum();
    let active_days: u64 = (1..).zip(&summary.days_active).map(|(days, customers)| days * customers).sum();
    Stickiness {
        ratio: super::ratio(active_days as f64 / days.max(1) as f64, active as f64),
        active_28d: active,
        days_active: summary.days_active.clone(),
        basis: if summary.value_events { "value_events" } else { "orders" },
    }
}
