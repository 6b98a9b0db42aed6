//! Repurchase ladder (mechanism 2.6), gaps (0.3) and the first 60 days (2.7).

use super::{Population, ratio};
use crate::folds::RhythmSummary;
use crate::report::{First60Days, IntervalFigures, LadderStep, Rate};
use crate::stats::incidence;
use crate::thresholds::{FirstDaysThresholds, LadderThresholds};

/// clamp(2 × median interval), whole days.
pub(crate) fn horizon_days(median_days: f64, rules: &LadderThresholds) -> u32 {
    let days = (rules.horizon_intervals * median_days).round();
    days.clamp(f64::from(rules.horizon_days_min), f64::from(rules.horizon_days_max)) as u32
}

pub(crate) fn ladder(population: &Population<'_>) -> Vec<LadderStep> {
    let horizon_days = horizon_days(population.median_days(), &population.thresholds.ladder);
    let steps = population.rhythm.rungs.iter().zip(1..).map(|(rung, orders)| {
        let found = incidence(&rung.next, &rung.censored, rung.reached, horizon_days as usize);
        let interval = found.and_then(|found| found.interval);
        LadderStep {
            orders,
            customers: rung.reached,
            next_rate: found.map(|found| found.probability),
            raw_rate: ratio(rung.next.iter().sum::<u64>() as f64, rung.reached as f64),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            horizon_days,
        }
    });
    steps.collect()
}

/// Smallest k with p(k+1) − p(k) below the threshold; unknown where a rate before it is.
pub(crate) fn knee(ladder: &[LadderStep], least_growth: f64) -> Option<u32> {
    let growth = |pair: &[LadderStep]| Some(pair.get(1)?.next_rate? - pair.first()?.next_rate?);
    let first = ladder.windows(2).find(|pair| growth(pair).is_none_or(|growth| growth < least_growth))?;
    growth(first)?;
    first.first().map(|step| step.orders)
}

pub(crate) fn interval(population: &Population<'_>) -> IntervalFigures {
    let gaps = &population.rhythm.gaps;
    let edges = &population.thresholds.ladder.gap_edges;
    let up_to = |edge: u32| gaps.iter().take(edge as usize + 1).sum::<u64>();
    let all: u64 = gaps.iter().sum();
    let mut counted = 0;
    let mut histogram = Vec::with_capacity(edges.len() + 1);
    for edge in edges {
        let seen = up_to(*edge).max(counted);
        histogram.push((Some(*edge), seen - counted));
        counted = seen;
    }
    histogram.push((None, all - counted));
    IntervalFigures {
        median_days: population.lifecycle.median_days,
        assumed_days: population.lifecycle.median_days.is_none().then_some(population.median_days()),
        repeat_customers: population.lifecycle.repeat_customers,
        histogram,
    }
}

pub(crate) fn first_days(rhythm: &RhythmSummary, rules: &FirstDaysThresholds) -> First60Days {
    let [none, one, more] = rhythm.by_repeats;
    let customers = none.1 + one.1 + more.1;
    let retained = none.0 + one.0 + more.0;
    let mut seen = 0;
    let days = if rhythm.followed > 0 { rules.days.unsigned_abs() as usize + 1 } else { 0 };
    let curve = (0..days).map(|day| {
        seen += rhythm.second_by_day.get(day).copied().unwrap_or(0);
        seen as f64 / rhythm.followed as f64
    });
    First60Days {
        customers,
        bought_0: none.1,
        bought_1: one.1,
        bought_2plus: more.1,
        retained,
        churned: customers - retained,
        retained_by_repeats: rhythm.by_repeats.iter().map(|(count, of)| Rate::new(*count, *of)).collect(),
        second_order_curve: curve.collect(),
    }
}
