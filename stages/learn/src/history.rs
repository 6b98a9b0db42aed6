//! One customer's way through the stages (mechanism 5.1), from their own orders.

use crate::LearnError;
use crate::lifecycle::{StageCause, StageFacts, personal_interval, stage_of};
use crate::own::lapse_bound;
use crate::thresholds::LifecycleThresholds;
use perennial_fold::{FoldError, Instant, Order, OrderBook};
use perennial_model::{CustomerId, Stage};
use perennial_timeline::{Columns, Snapshot};
use std::collections::BTreeSet;

/// A day on which the stage became another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageStep {
    /// The first local day in it, days since 1970-01-01.
    pub day: i32,
    /// The stage.
    pub stage: Stage,
    /// Why, on that day.
    pub cause: StageCause,
    /// Whole days since the last order, on that day.
    pub silence_days: i64,
}

/// The silence that leads to a stage: more than the greater of both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SilenceLimit {
    /// At risk, lapsed or lost.
    pub stage: Stage,
    /// So many personal intervals.
    pub intervals: f64,
    /// So many days.
    pub least_days: f64,
    /// Days of silence beyond which the stage begins.
    pub silence_days: f64,
}

/// A customer's orders that are kept as of an instant, by time. Blocks on files.
///
/// # Errors
/// What the timeline says.
pub fn kept_orders(snapshot: &Snapshot, customer: CustomerId, instant: &Instant) -> Result<Vec<Order>, LearnError> {
    let columns = Columns::ORDERS.and(Columns::MID).and(Columns::RECEIVED);
    let mut book = OrderBook::default();
    let mut scan = snapshot.scan_customers(customer.shard(), &[customer.number()], columns).map_err(FoldError::from)?;
    while let Some(events) = scan.next().map_err(FoldError::from)? {
        if events.customer == customer {
            let known = events.iter().filter(|event| event.time_us < instant.as_of_us);
            known.for_each(|event| book.step(&event));
        }
    }
    let mut orders = Vec::new();
    book.orders_into(&instant.zone, &mut orders);
    orders.retain(|order| order.kept(instant.revenue));
    Ok(orders)
}

/// From which silence on each stage begins for a personal interval.
#[must_use]
pub fn silence_limits(interval_days: f64, rules: &LifecycleThresholds) -> [SilenceLimit; 3] {
    [
        (Stage::AtRisk, rules.at_risk_intervals, rules.at_risk_days),
        (Stage::Lapsed, rules.lapsed_intervals, rules.lapsed_days),
        (Stage::Lost, rules.lost_intervals, rules.lost_days),
    ]
    .map(|(stage, intervals, least_days)| {
        let silence_days = (intervals * interval_days).max(least_days);
        SilenceLimit { stage, intervals, least_days, silence_days }
    })
}

/// The stages of a customer with these kept orders (by time) up to and with a day, oldest first, each
/// with the first day in it. Orders count as they are kept today: one that was refunded later never
/// was. The median interval is today's throughout.
#[must_use]
pub fn stage_history(kept: &[Order], median_days: f64, as_of_day: i32, rules: &LifecycleThresholds) -> Vec<StageStep> {
    let days = OrderDays::of(kept, median_days, as_of_day, rules);
    let mut steps: Vec<StageStep> = Vec::new();
    for day in days.turning_points(as_of_day, rules) {
        let Some((facts, interval)) = days.on(day, rules) else { continue };
        let (stage, cause) = stage_of(&facts, interval, rules);
        if steps.last().is_none_or(|last| last.stage != stage) {
            steps.push(StageStep { day, stage, cause, silence_days: facts.silence_days });
        }
    }
    steps
}

/// Days with an order, and what was known on each.
struct OrderDays {
    days: Vec<OrderDay>,
    median_days: f64,
}

struct OrderDay {
    day: i32,
    /// Orders up to this day.
    orders: i64,
    /// Whether the gap before it was a lapse.
    ended_lapse: bool,
}

impl OrderDays {
    fn of(kept: &[Order], median_days: f64, as_of_day: i32, rules: &LifecycleThresholds) -> Self {
        let mut days: Vec<OrderDay> = Vec::new();
        let first = kept.first().map_or(0, |order| order.day);
        for (orders, order) in (1_i64..).zip(kept.iter().filter(|order| order.day <= as_of_day)) {
            match days.last_mut() {
                Some(last) if last.day == order.day => last.orders = orders,
                last => {
                    let before = last.map(|last| last.day);
                    let gaps_before = days.len() as i64 - 1;
                    let bound = before.and_then(|before| {
                        let gap = i64::from(order.day) - i64::from(before);
                        lapse_bound(gap, gaps_before, i64::from(before) - i64::from(first), rules)
                    });
                    let ended_lapse = bound.is_some_and(|bound| median_days < bound);
                    days.push(OrderDay { day: order.day, orders, ended_lapse });
                }
            }
        }
        Self { days, median_days }
    }

    /// Interval after the first so many order days.
    fn interval(&self, count: usize, rules: &LifecycleThresholds) -> f64 {
        let gaps = count as i64 - 1;
        let ends = self.days.first().zip(self.days.get(count.wrapping_sub(1)));
        let sum = ends.map_or(0.0, |(first, last)| f64::from(last.day) - f64::from(first.day));
        let mean = if gaps > 0 { sum / gaps as f64 } else { 0.0 };
        personal_interval(gaps, mean, self.median_days, rules.shrinkage)
    }

    /// Days on which the stage may become another.
    fn turning_points(&self, as_of_day: i32, rules: &LifecycleThresholds) -> BTreeSet<i32> {
        let mut points = BTreeSet::new();
        for (place, order) in self.days.iter().enumerate() {
            points.insert(order.day);
            for limit in silence_limits(self.interval(place + 1, rules), rules) {
                // Longer than any history: a cast of more would not end at the last day.
                let silence = limit.silence_days.min(1e6) as i32;
                points.insert(order.day.saturating_add(silence).saturating_add(1));
            }
            if order.ended_lapse {
                points.insert(order.day.saturating_add(rules.won_back_days).saturating_add(1));
            }
        }
        points.extend(self.days.first().map(|first| first.day.saturating_add(rules.new_days)));
        points.retain(|day| *day <= as_of_day);
        points
    }

    /// What decides on a day.
    fn on(&self, day: i32, rules: &LifecycleThresholds) -> Option<(StageFacts, f64)> {
        let count = self.days.partition_point(|order| order.day <= day);
        let (first, last) = (self.days.first()?, self.days.get(count.checked_sub(1)?)?);
        let recent = self.days.iter().take(count).rev().take_while(|order| day - order.day <= rules.won_back_days);
        let facts = StageFacts {
            silence_days: i64::from(day) - i64::from(last.day),
            age_days: i64::from(day) - i64::from(first.day),
            orders: last.orders,
            order_days: count as i64,
            returned: recent.clone().any(|order| order.ended_lapse),
        };
        Some((facts, self.interval(count, rules)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{instant, orders, view};
    use crate::own::OrderFacts;
    use proptest::prelude::*;

    /// Day by day, as the live table sees it.
    fn naive(kept: &[Order], median: f64, as_of_day: i32, rules: &LifecycleThresholds) -> Vec<StageStep> {
        let mut steps: Vec<StageStep> = Vec::new();
        for day in kept.first().map_or(1, |order| order.day)..=as_of_day {
            let known: Vec<Order> = kept.iter().filter(|order| order.day <= day).copied().collect();
            let instant = instant(day);
            let Some(facts) = OrderFacts::of(&view(&known, &instant), day, rules) else { continue };
            let gaps = facts.order_days - 1;
            let interval = personal_interval(gaps, facts.mean_gap_days().unwrap_or(0.0), median, rules.shrinkage);
            let seen = StageFacts {
                silence_days: i64::from(day - facts.last_day),
                age_days: i64::from(day - facts.first_day),
                orders: facts.orders,
                order_days: facts.order_days,
                returned: facts.won_back_bound.is_some_and(|bound| median < bound),
            };
            let (stage, cause) = stage_of(&seen, interval, rules);
            if steps.last().is_none_or(|last| last.stage != stage) {
                steps.push(StageStep { day, stage, cause, silence_days: seen.silence_days });
            }
        }
        steps
    }

    proptest! {
        #[test]
        fn turning_points_miss_nothing_that_a_look_every_day_finds(
            mut days in prop::collection::vec(100i32..1_200, 0..14), median in 1.0f64..120.0, more in 0i32..400,
        ) {
            days.sort_unstable();
            let as_of_day = days.last().copied().unwrap_or(100) + more;
            let kept = orders(&days.iter().map(|day| (*day, 100)).collect::<Vec<_>>());
            let rules = LifecycleThresholds::default();
            prop_assert_eq!(stage_history(&kept, median, as_of_day, &rules), naive(&kept, median, as_of_day, &rules));
        }
    }

    #[test]
    fn from_new_to_lost_and_back() {
        let kept = orders(&[(100, 500), (130, 500), (400, 500)]);
        let steps = stage_history(&kept, 30.0, 410, &LifecycleThresholds::default());
        let told: Vec<(i32, Stage)> = steps.iter().map(|step| (step.day, step.stage)).collect();
        assert_eq!(
            told,
            [
                (100, Stage::New),
                (160, Stage::Active),
                (176, Stage::AtRisk),
                (221, Stage::Lapsed),
                (311, Stage::Lost),
                (400, Stage::WonBack)
            ]
        );
    }

    #[test]
    fn an_order_ahead_is_not_known_yet() {
        let kept = orders(&[(100, 500), (300, 500)]);
        let steps = stage_history(&kept, 30.0, 120, &LifecycleThresholds::default());
        assert_eq!(steps.iter().map(|step| step.stage).collect::<Vec<_>>(), [Stage::New]);
    }
}
