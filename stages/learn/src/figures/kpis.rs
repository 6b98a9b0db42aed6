//! Operator's figures (mechanism 0.11).

use super::{Population, ratio};
use crate::folds::{PeriodSums, TotalsSummary};
use crate::report::{ChannelFigures, Compared, Kpis, Rate, RepurchaseRate};
use crate::stats::median_of_counts;
use crate::thresholds::KpiThresholds;
use perennial_model::QUANTITY_SCALE;
use perennial_timeline::{Symbol, Symbols};

pub(crate) fn kpis(population: &Population<'_>) -> Kpis {
    let (totals, rules) = (population.totals, &population.thresholds.kpis);
    let details: Vec<Rate> = totals.repurchase.iter().map(|(count, of)| Rate::new(*count, *of)).collect();
    let rate = |place: usize| details.get(place).and_then(|rate| rate.rate);
    Kpis {
        aov: ratio((totals.buyers_revenue.saturating_add(totals.non_buyers_revenue)) as f64, totals.orders as f64),
        units_per_order: units_per_order(totals.units_milli, totals.orders_with_units),
        repurchase_rate: RepurchaseRate { d30: rate(0), d90: rate(1), d365: rate(2), details },
        second_order_rate: ratio(totals.second_orders as f64, totals.customers as f64),
        median_days_to_second: median_of_counts(&totals.days_to_second),
        compared: compared(totals, rules, population.end_day()),
        by_channel: channels(totals, population.symbols, rules.channels),
    }
}

fn units_per_order(units_milli: i64, orders: u64) -> Option<f64> {
    ratio(units_milli as f64 / QUANTITY_SCALE as f64, orders as f64)
}

/// A past period is compared only where the base is old enough to have lived through all of it.
fn compared(totals: &TotalsSummary, rules: &KpiThresholds, end_day: i32) -> Vec<Compared> {
    let Some((first_day, _)) = totals.days else { return Vec::new() };
    let starts = [rules.compared_days, 2 * rules.compared_days, rules.year_days.saturating_add(rules.compared_days)];
    let lived = starts.map(|days| end_day.saturating_sub(days).saturating_add(1) >= first_day);
    let figure = |figure, of: fn(&PeriodSums) -> Option<f64>| Compared {
        figure,
        current: of(&totals.periods[0]),
        previous: of(&totals.periods[1]).filter(|_| lived[1]),
        last_year: of(&totals.periods[2]).filter(|_| lived[2]),
    };
    vec![
        figure("revenue", |period| Some(period.revenue as f64)),
        figure("orders", |period| Some(period.orders as f64)),
        figure("buyers", |period| Some(period.buyers as f64)),
        figure("new_buyers", |period| Some(period.new_buyers as f64)),
        figure("aov", |period| ratio(period.revenue as f64, period.orders as f64)),
        figure("units_per_order", |period| units_per_order(period.units_milli, period.orders_with_units)),
    ]
}

fn channels(totals: &TotalsSummary, symbols: &Symbols, most: usize) -> Vec<ChannelFigures> {
    let mut channels: Vec<ChannelFigures> = totals
        .channels
        .iter()
        .map(|(symbol, sums)| ChannelFigures {
            channel: symbols.word(Symbol(*symbol)).map_or_else(String::new, |word| word.as_ref().to_owned()),
            orders: sums.orders,
            customers: sums.customers,
            revenue: sums.revenue,
            aov: ratio(sums.revenue as f64, sums.orders as f64),
        })
        .collect();
    channels.sort_by(|a, b| b.revenue.cmp(&a.revenue).then_with(|| a.channel.cmp(&b.channel)));
    channels.truncate(most);
    channels
}
