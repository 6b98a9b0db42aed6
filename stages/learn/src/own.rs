//! Own columns of the customer table that follow from a customer's orders alone.

use crate::calendar;
use crate::thresholds::LifecycleThresholds;
use perennial_fold::{ColumnSpec, ColumnType, CustomerView, Fold, FoldClass, Instant, OwnRow, Summary};

pub(crate) const FIRST_ORDER_DAY: &str = "first_order_day";
pub(crate) const LAST_ORDER_DAY: &str = "last_order_day";
pub(crate) const ORDERS: &str = "orders";
pub(crate) const ORDER_DAYS: &str = "order_days";
pub(crate) const REVENUE: &str = "revenue";
pub(crate) const REFUNDS: &str = "refunds";
pub(crate) const REVENUE_365D: &str = "revenue_365d";
pub(crate) const RECENCY_DAYS: &str = "recency_days";
pub(crate) const AGE_DAYS: &str = "customer_age_days";
pub(crate) const MEAN_GAP_DAYS: &str = "mean_gap_days";
pub(crate) const WON_BACK_BOUND_DAYS: &str = "won_back_if_median_below_days";

/// The fold that writes them. Customers without a kept order get 0 orders and unknown elsewhere.
#[derive(Debug, Clone, Default)]
pub struct OrderColumns {
    /// For the bound of `won_back_if_median_below_days`.
    pub lifecycle: LifecycleThresholds,
}

/// Remembers the last day of the windows from one customer to the next.
#[derive(Debug, Default)]
pub struct LastDay {
    known: Option<(i64, i32)>,
}

impl LastDay {
    /// See [`calendar::end_day`].
    #[inline]
    pub(crate) fn of(&mut self, instant: &Instant) -> i32 {
        match self.known {
            Some((as_of_us, day)) if as_of_us == instant.as_of_us => day,
            _ => self.look_up(instant),
        }
    }

    #[cold]
    fn look_up(&mut self, instant: &Instant) -> i32 {
        let day = calendar::end_day(instant);
        self.known = Some((instant.as_of_us, day));
        day
    }
}

impl Summary for LastDay {
    fn merge(&mut self, other: Self) {
        self.known = self.known.or(other.known);
    }
}

/// What a customer's orders come to; gaps are between distinct days with kept orders.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct OrderFacts {
    pub(crate) first_day: i32,
    pub(crate) last_day: i32,
    pub(crate) orders: i64,
    pub(crate) order_days: i64,
    pub(crate) value: i64,
    pub(crate) units_milli: i64,
    /// Revenue of the last 30, 90 and 365 days.
    pub(crate) recent: [i64; 3],
    pub(crate) orders_365d: i64,
    /// From the first order day to the second, and from the second to the third.
    pub(crate) first_gaps: [Option<i64>; 2],
    /// Greatest bound over the recent orders that may have ended a lapse.
    pub(crate) won_back_bound: Option<f64>,
}

const RECENT_DAYS: [i32; 3] = [30, 90, 365];

impl OrderFacts {
    pub(crate) fn of(view: &CustomerView<'_>, end_day: i32, lifecycle: &LifecycleThresholds) -> Option<Self> {
        let (first, last) = (view.kept.first()?, view.kept.last()?);
        let mut facts = Self { first_day: first.day, last_day: last.day, order_days: 1, ..Self::default() };
        let mut previous_day = first.day;
        for order in view.kept {
            let value = order.value(view.instant.revenue);
            facts.orders += 1;
            facts.value = facts.value.saturating_add(value);
            facts.units_milli = facts.units_milli.saturating_add(order.units_milli);
            let days_ago = end_day.saturating_sub(order.day);
            for (sum, days) in facts.recent.iter_mut().zip(RECENT_DAYS) {
                *sum = sum.saturating_add(if days_ago < days { value } else { 0 });
            }
            facts.orders_365d += i64::from(days_ago < RECENT_DAYS[2]);
            if order.day > previous_day {
                facts.next_day(previous_day, order.day, view.instant.as_of_day, lifecycle);
                previous_day = order.day;
            }
        }
        Some(facts)
    }

    /// A further order day `day` after `previous`.
    #[inline]
    fn next_day(&mut self, previous: i32, day: i32, as_of_day: i32, lifecycle: &LifecycleThresholds) {
        let gap = i64::from(day) - i64::from(previous);
        if let Some(place) = self.first_gaps.get_mut(self.order_days as usize - 1) {
            *place = Some(gap);
        }
        if as_of_day.saturating_sub(day) <= lifecycle.won_back_days {
            let bound = lapse_bound(gap, self.order_days - 1, i64::from(previous - self.first_day), lifecycle);
            self.won_back_bound = self.won_back_bound.max_some(bound);
        }
        self.order_days += 1;
    }

    /// Mean gap between order days; none for one day.
    pub(crate) fn mean_gap_days(&self) -> Option<f64> {
        let gaps = self.order_days - 1;
        (gaps > 0).then(|| f64::from(self.last_day - self.first_day) / gaps as f64)
    }
}

trait MaxSome {
    fn max_some(self, other: Self) -> Self;
}

impl MaxSome for Option<f64> {
    fn max_some(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        }
    }
}

/// A gap was a lapse (5.1) when it exceeded max(3 × ÎPI, 45 d), ÎPI = (S + κ·med) / (n + κ) being
/// the personal interval (0.3) before the order that ended it, of n gaps that sum to S. That holds
/// exactly where `med < ((n + κ) · gap / 3 − S) / κ`: the bound. None where no median makes it one.
pub(crate) fn lapse_bound(gap: i64, gaps_before: i64, sum_before: i64, lifecycle: &LifecycleThresholds) -> Option<f64> {
    if gap as f64 <= lifecycle.lapsed_days {
        return None;
    }
    let (n, sum, weight) = (gaps_before as f64, sum_before as f64, lifecycle.shrinkage);
    let room = (n + weight) * gap as f64 / lifecycle.lapsed_intervals - sum;
    if weight > 0.0 {
        return (room > 0.0).then_some(room / weight);
    }
    (n > 0.0 && room > 0.0).then_some(f64::MAX)
}

impl Fold for OrderColumns {
    type State = ();
    type Summary = LastDay;

    fn name(&self) -> &'static str {
        "orders"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        specs()
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut LastDay) {
        let end_day = summary.of(view.instant);
        let facts = OrderFacts::of(view, end_day, &self.lifecycle);
        let refunded = view.orders.iter().fold(0_i64, |sum, order| sum.saturating_add(order.refunded_minor));
        let money = |sum: i64| sum.saturating_sub(net_loose(view));
        let known = facts.unwrap_or_default();
        let int = |value: i64| facts.map(|_| value);
        row.int(0, int(i64::from(known.first_day)));
        row.int(1, int(i64::from(known.last_day)));
        row.int(2, view.kept.first().map(|order| order.time_us));
        row.int(3, view.kept.last().map(|order| order.time_us));
        row.int(4, Some(known.orders));
        row.int(5, Some(known.order_days));
        row.int(6, Some(money(known.value)));
        row.int(7, Some(refunded.saturating_add(view.loose_refunds_minor)));
        row.int(8, facts.map(|facts| (money(facts.value) as f64 / facts.orders as f64).round() as i64));
        row.float(9, facts.map(|facts| facts.units_milli as f64 / 1000.0));
        row.int(10, known.first_gaps[0]);
        row.int(11, known.first_gaps[1]);
        row.float(12, facts.and_then(|facts| facts.mean_gap_days()));
        row.int(13, int(known.order_days - 1));
        for (place, sum) in known.recent.iter().enumerate() {
            row.int(14 + place, int(*sum));
        }
        row.int(17, int(known.orders_365d));
        row.float(18, known.won_back_bound);
        let days_since = |day: i32| int(i64::from(view.instant.as_of_day) - i64::from(day));
        row.int(19, days_since(known.last_day));
        row.int(20, days_since(known.first_day));
    }
}

/// Of the own columns those that the relatives need, for tables as of earlier instants.
#[derive(Debug, Clone, Default)]
pub(crate) struct RelativeInputs {
    pub(crate) lifecycle: LifecycleThresholds,
}

/// In the order in which they are written.
pub(crate) const RELATIVE_INPUTS: [&str; 7] =
    [ORDERS, ORDER_DAYS, REVENUE, MEAN_GAP_DAYS, WON_BACK_BOUND_DAYS, RECENCY_DAYS, AGE_DAYS];

impl Fold for RelativeInputs {
    type State = ();
    type Summary = LastDay;

    fn name(&self) -> &'static str {
        "relative_inputs"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        specs().into_iter().filter(|spec| RELATIVE_INPUTS.contains(&spec.name)).collect()
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut LastDay) {
        let facts = OrderFacts::of(view, summary.of(view.instant), &self.lifecycle);
        let known = facts.unwrap_or_default();
        let days_since = |day: i32| facts.map(|_| i64::from(view.instant.as_of_day) - i64::from(day));
        row.int(0, Some(known.orders));
        row.int(1, Some(known.order_days));
        row.int(2, Some(known.value.saturating_sub(net_loose(view))));
        row.float(3, facts.and_then(|facts| facts.mean_gap_days()));
        row.float(4, known.won_back_bound);
        row.int(5, days_since(known.last_day));
        row.int(6, days_since(known.first_day));
    }
}

/// Of the own columns those that the report reads, where nobody asks for the table itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReportInputs {
    pub(crate) lifecycle: LifecycleThresholds,
}

/// In the order in which they are written.
const REPORT_INPUTS: [&str; 11] = [
    FIRST_ORDER_DAY,
    LAST_ORDER_DAY,
    ORDERS,
    ORDER_DAYS,
    REVENUE,
    REFUNDS,
    MEAN_GAP_DAYS,
    REVENUE_365D,
    WON_BACK_BOUND_DAYS,
    RECENCY_DAYS,
    AGE_DAYS,
];

impl Fold for ReportInputs {
    type State = ();
    type Summary = LastDay;

    fn name(&self) -> &'static str {
        "report_inputs"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        specs().into_iter().filter(|spec| REPORT_INPUTS.contains(&spec.name)).collect()
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut LastDay) {
        let facts = OrderFacts::of(view, summary.of(view.instant), &self.lifecycle);
        let refunded = view.orders.iter().fold(0_i64, |sum, order| sum.saturating_add(order.refunded_minor));
        let known = facts.unwrap_or_default();
        let int = |value: i64| facts.map(|_| value);
        let days_since = |day: i32| int(i64::from(view.instant.as_of_day) - i64::from(day));
        row.int(0, int(i64::from(known.first_day)));
        row.int(1, int(i64::from(known.last_day)));
        row.int(2, Some(known.orders));
        row.int(3, Some(known.order_days));
        row.int(4, Some(known.value.saturating_sub(net_loose(view))));
        row.int(5, Some(refunded.saturating_add(view.loose_refunds_minor)));
        row.float(6, facts.and_then(|facts| facts.mean_gap_days()));
        row.int(7, int(known.recent[2]));
        row.float(8, known.won_back_bound);
        row.int(9, days_since(known.last_day));
        row.int(10, days_since(known.first_day));
    }
}

/// Refunds that name no order lower net revenue, never the number of orders.
pub(crate) fn net_loose(view: &CustomerView<'_>) -> i64 {
    match view.instant.revenue {
        perennial_fold::Revenue::Net => view.loose_refunds_minor,
        perennial_fold::Revenue::Gross => 0,
    }
}

fn specs() -> Vec<ColumnSpec> {
    use ColumnType::{Day, Float, Int, Money, Time};
    let spec = |name, column_type, description| ColumnSpec { name, column_type, description };
    vec![
        spec(FIRST_ORDER_DAY, Day, "local day of the first kept order"),
        spec(LAST_ORDER_DAY, Day, "local day of the last kept order"),
        spec("first_order_time", Time, "time of the first kept order"),
        spec("last_order_time", Time, "time of the last kept order"),
        spec(ORDERS, Int, "kept orders: not cancelled, worth more than 0 (F of 1.10)"),
        spec(ORDER_DAYS, Int, "distinct local days with a kept order (2.6)"),
        spec(
            REVENUE,
            Money,
            "value of kept orders, on the net basis less refunds that name no order; may be negative (M of 1.10)",
        ),
        spec(REFUNDS, Money, "all refunds, those that name no order among them, whatever the basis"),
        spec("aov", Money, "average order value: revenue / orders, to the minor unit (0.11)"),
        spec("units", Float, "units in kept orders (0.11)"),
        spec("first_gap_days", Int, "days from the first order day to the second (2.6)"),
        spec("second_gap_days", Int, "days from the second order day to the third (2.6)"),
        spec(MEAN_GAP_DAYS, Float, "mean days between consecutive order days, m of 0.3"),
        spec("gaps", Int, "number of gaps between order days, n of 0.3"),
        spec(
            "revenue_30d",
            Money,
            "value of kept orders of the last 30 days; refunds without an order have no day and stay out",
        ),
        spec("revenue_90d", Money, "as revenue_30d, 90 days"),
        spec(REVENUE_365D, Money, "as revenue_30d, 365 days"),
        spec("orders_365d", Int, "kept orders of the last 365 days"),
        spec(
            WON_BACK_BOUND_DAYS,
            Float,
            "an order of the last 60 days ended a lapse if the population's median interval is below this (5.1)",
        ),
        spec(RECENCY_DAYS, Int, "whole days from the last kept order's date to the as-of date (R of 1.10)"),
        spec(AGE_DAYS, Int, "whole days from the first kept order's date to the as-of date"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{instant, orders, view};

    #[test]
    fn facts_of_three_orders_on_two_days() {
        let instant = instant(100);
        let kept = orders(&[(10, 500), (10, 700), (95, 300)]);
        let facts = OrderFacts::of(&view(&kept, &instant), 99, &LifecycleThresholds::default()).unwrap();
        assert_eq!((facts.orders, facts.order_days, facts.value), (3, 2, 1500));
        assert_eq!(facts.recent, [300, 1500, 1500]);
        assert_eq!(facts.first_gaps, [Some(85), None]);
        assert_eq!(facts.mean_gap_days(), Some(85.0));
        // 85 > 3 × med (nothing is known before the second order) holds where med < 28.33.
        assert_eq!(facts.won_back_bound, Some(85.0 / 3.0));
    }

    #[test]
    fn a_window_of_thirty_days_has_thirty_days() {
        let instant = instant(100);
        let facts = |day| {
            let kept = orders(&[(day, 1)]);
            OrderFacts::of(&view(&kept, &instant), 99, &LifecycleThresholds::default()).unwrap().recent[0]
        };
        assert_eq!((facts(70), facts(69), facts(99)), (1, 0, 1));
    }

    #[test]
    fn the_bound_is_where_the_rule_turns() {
        let lifecycle = LifecycleThresholds::default();
        for (gap, gaps, sum) in [(100, 2, 30), (46, 0, 0), (200, 7, 400)] {
            let Some(bound) = lapse_bound(gap, gaps, sum, &lifecycle) else { continue };
            let lapsed = |median: f64| {
                let interval = (sum as f64 + 3.0 * median) / (gaps as f64 + 3.0);
                gap as f64 > (3.0 * interval).max(45.0)
            };
            assert!(lapsed(bound - 1e-6) && !lapsed(bound + 1e-6), "gap {gap}");
        }
        assert_eq!(lapse_bound(45, 0, 0, &lifecycle), None);
        assert_eq!(lapse_bound(50, 10, 1000, &lifecycle), None);
    }
}
