//! Operator's figures (mechanism 0.11).

use super::{Population, cuts, ratio};
use crate::calendar::day_text;
use crate::folds::PeriodSums;
use crate::report::{Compared, ComparedPeriods, Kpis, Rate, RepurchaseRate};
use crate::stats::median_of_counts;
use crate::thresholds::KpiThresholds;
use perennial_model::QUANTITY_SCALE;

pub(crate) fn kpis(population: &Population<'_>) -> Kpis {
    let (totals, rules) = (population.totals, &population.thresholds.kpis);
    Kpis {
        aov: ratio((totals.buyers_revenue.saturating_add(totals.non_buyers_revenue)) as f64, totals.orders as f64),
        units_per_order: units_per_order(totals.units_milli, totals.orders_with_units),
        repurchase_rate: repurchase_rate(&totals.repurchase),
        second_order_rate: ratio(totals.second_orders as f64, totals.customers as f64),
        median_days_to_second: median_of_counts(&totals.days_to_second),
        compared: compared(population, &totals.periods),
        periods: periods(rules, population.end_day()),
        cuts: cuts::cuts(population),
    }
}

pub(crate) fn repurchase_rate(windows: &[(u64, u64); 3]) -> RepurchaseRate {
    let details: Vec<Rate> = windows.iter().map(|(count, of)| Rate::new(*count, *of)).collect();
    let rate = |place: usize| details.get(place).and_then(|rate| rate.rate);
    RepurchaseRate { d30: rate(0), d90: rate(1), d365: rate(2), details }
}

pub(crate) fn units_per_order(units_milli: i64, orders: u64) -> Option<f64> {
    ratio(units_milli as f64 / QUANTITY_SCALE as f64, orders as f64)
}

fn periods(rules: &KpiThresholds, end_day: i32) -> ComparedPeriods {
    let year = rules.year_back(end_day);
    let ending = |back: i32| {
        let last = end_day.saturating_sub(back);
        [day_text(last.saturating_sub(rules.compared_days) + 1), day_text(last)]
    };
    ComparedPeriods {
        calendar: rules.calendar.as_str(),
        alignment: if year.festivals.is_some() { "spring_festival" } else { "weeks" },
        current: ending(0),
        previous: ending(rules.compared_days),
        last_year: ending(year.days),
        year_days: year.days,
        festivals: year.festivals.map(|(this, before)| [day_text(this), day_text(before)]),
    }
}

/// A past period is compared only where the base is old enough to have lived through all of it.
pub(crate) fn compared(population: &Population<'_>, periods: &[PeriodSums; 3]) -> Vec<Compared> {
    let Some((first_day, _)) = population.totals.days else { return Vec::new() };
    let (rules, end_day) = (&population.thresholds.kpis, population.end_day());
    let backs = [0, rules.compared_days, rules.year_back(end_day).days];
    let lived = backs.map(|back| end_day.saturating_sub(back).saturating_sub(rules.compared_days) + 1 >= first_day);
    let figure = |figure, of: fn(&PeriodSums) -> Option<f64>| Compared {
        figure,
        current: of(&periods[0]),
        previous: of(&periods[1]).filter(|_| lived[1]),
        last_year: of(&periods[2]).filter(|_| lived[2]),
    };
    vec![
        figure("revenue", |period| Some(period.revenue_minor() as f64)),
        figure("orders", |period| Some(period.orders as f64)),
        figure("buyers", |period| Some(period.buyers as f64)),
        figure("new_buyers", |period| Some(period.new_buyers as f64)),
        figure("aov", |period| ratio(period.revenue_minor() as f64, period.orders as f64)),
        figure("units_per_order", |period| units_per_order(period.units_milli, period.orders_with_units)),
    ]
}
