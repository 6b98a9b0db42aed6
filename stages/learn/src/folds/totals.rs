//! Sums behind the operator's figures (mechanism 0.11) and the head of the report.

use super::periods::{PeriodSums, Sale};
use crate::own::{LastDay, net_loose};
use crate::series::{Months, count_at};
use crate::thresholds::{FindingThresholds, KpiThresholds};
use crate::{calendar, series};
use perennial_fold::{ColumnSpec, CustomerView, Fold, FoldClass, OwnRow, Summary};

/// The fold of the sums. Unidentified customers are part of it.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Windows of rates and compared periods.
    pub kpis: KpiThresholds,
    /// The horizon over which findings reckon money.
    pub findings: FindingThresholds,
}

/// What [`Totals`] adds up.
#[derive(Debug, Default)]
pub struct TotalsSummary {
    last_day: LastDay,
    pub(crate) customers: u64,
    pub(crate) orders: u64,
    /// Value of kept orders.
    pub(crate) order_value: i64,
    /// Revenue of customers with a kept order, and of identified people without one (never positive).
    pub(crate) buyers_revenue: i64,
    pub(crate) non_buyers_revenue: i64,
    pub(crate) refunds: i64,
    pub(crate) refunded_customers: u64,
    /// Gross value of orders that were not cancelled.
    pub(crate) gross: i64,
    pub(crate) units_milli: i64,
    pub(crate) orders_with_units: u64,
    /// First and last day with a kept order of an identified customer.
    pub(crate) days: Option<(i32, i32)>,
    /// Time of the last event of anybody, UTC µs.
    pub(crate) last_event_us: Option<i64>,
    pub(crate) unidentified_orders: u64,
    pub(crate) unidentified_revenue: i64,
    /// Of the last `findings.horizon_days`.
    pub(crate) unidentified_recent: (u64, i64),
    /// Now, before, a year ago.
    pub(crate) periods: [PeriodSums; 3],
    /// Gross value of orders of the last `findings.horizon_days` that were not cancelled.
    pub(crate) recent_gross: i64,
    /// For each window: customers with a second order within it, of those followed that long.
    pub(crate) repurchase: [(u64, u64); 3],
    pub(crate) second_orders: u64,
    /// Customers by days from the first to the second order.
    pub(crate) days_to_second: Vec<u64>,
    /// The repurchase rate of the middle window by month of first order.
    pub(crate) repurchase_by_month: Months<(u64, u64)>,
}

impl TotalsSummary {
    /// Time of the last event of anybody before the instant, UTC µs.
    #[must_use]
    pub const fn last_event_us(&self) -> Option<i64> {
        self.last_event_us
    }

    pub(crate) fn add(&mut self, view: &CustomerView<'_>, fold: &Totals) {
        self.last_event_us = self.last_event_us.max(Some(view.last_event_us));
        let end_day = self.last_day.of(view.instant);
        if view.customer.is_identified() {
            self.add_money(view, end_day, fold);
            self.add_kept(view, end_day, fold);
            self.add_repurchase(view, end_day, &fold.kpis);
        } else {
            self.add_unidentified(view, end_day, fold);
        }
    }

    fn add_unidentified(&mut self, view: &CustomerView<'_>, end_day: i32, fold: &Totals) {
        for order in view.kept {
            let value = order.value(view.instant.revenue);
            self.unidentified_orders += 1;
            self.unidentified_revenue = self.unidentified_revenue.saturating_add(value);
            if end_day.saturating_sub(order.day) < fold.findings.horizon_days {
                self.unidentified_recent.0 += 1;
                self.unidentified_recent.1 = self.unidentified_recent.1.saturating_add(value);
            }
        }
        self.unidentified_revenue = self.unidentified_revenue.saturating_sub(net_loose(view));
    }

    fn add_money(&mut self, view: &CustomerView<'_>, end_day: i32, fold: &Totals) {
        let mut refunds = view.loose_refunds_minor;
        for order in view.orders {
            refunds = refunds.saturating_add(order.refunded_minor);
            if !order.cancelled {
                self.gross = self.gross.saturating_add(order.gross_minor);
                if end_day.saturating_sub(order.day) < fold.findings.horizon_days {
                    self.recent_gross = self.recent_gross.saturating_add(order.gross_minor);
                }
            }
        }
        self.refunds = self.refunds.saturating_add(refunds);
        self.refunded_customers += u64::from(refunds > 0);
    }

    fn add_kept(&mut self, view: &CustomerView<'_>, end_day: i32, fold: &Totals) {
        let mut seen = [false; 3];
        let mut value = 0_i64;
        for order in view.kept {
            value = value.saturating_add(order.value(view.instant.revenue));
            self.units_milli = self.units_milli.saturating_add(order.units_milli);
            self.orders_with_units += u64::from(order.units_milli > 0);
            if let Some(period) = fold.kpis.period(end_day.saturating_sub(order.day)) {
                self.periods[period].add(Sale::of(order, view.instant.revenue), !seen[period]);
                seen[period] = true;
            }
        }
        self.orders += view.kept.len() as u64;
        self.order_value = self.order_value.saturating_add(value);
        let revenue = value.saturating_sub(net_loose(view));
        let (Some(first), Some(last)) = (view.kept.first(), view.kept.last()) else {
            self.non_buyers_revenue = self.non_buyers_revenue.saturating_add(revenue);
            return;
        };
        self.customers += 1;
        self.buyers_revenue = self.buyers_revenue.saturating_add(revenue);
        if let Some(period) = fold.kpis.period(end_day.saturating_sub(first.day)) {
            self.periods[period].new_buyers += 1;
        }
        self.days = Some(self.days.map_or((first.day, last.day), |(from, to)| (from.min(first.day), to.max(last.day))));
    }

    fn add_repurchase(&mut self, view: &CustomerView<'_>, end_day: i32, kpis: &KpiThresholds) {
        let Some(first) = view.kept.first() else { return };
        let followed = end_day.saturating_sub(first.day);
        let to_second = view.kept.get(1).map(|second| second.day.saturating_sub(first.day).max(0));
        if let Some(days) = to_second {
            self.second_orders += 1;
            count_at(&mut self.days_to_second, days as usize);
        }
        for (place, days) in kpis.repurchase_days.into_iter().enumerate() {
            if followed < days {
                continue;
            }
            let bought = u64::from(to_second.is_some_and(|to_second| to_second <= days));
            self.repurchase[place].0 += bought;
            self.repurchase[place].1 += 1;
            if place == 1 {
                let month = self.repurchase_by_month.at(calendar::month(first.day));
                month.0 += bought;
                month.1 += 1;
            }
        }
    }
}

impl Summary for TotalsSummary {
    fn merge(&mut self, other: Self) {
        self.last_day.merge(other.last_day);
        self.customers += other.customers;
        self.orders += other.orders;
        self.refunded_customers += other.refunded_customers;
        self.orders_with_units += other.orders_with_units;
        self.unidentified_orders += other.unidentified_orders;
        self.unidentified_recent.0 += other.unidentified_recent.0;
        self.second_orders += other.second_orders;
        let money = [
            (&mut self.order_value, other.order_value),
            (&mut self.buyers_revenue, other.buyers_revenue),
            (&mut self.non_buyers_revenue, other.non_buyers_revenue),
            (&mut self.refunds, other.refunds),
            (&mut self.gross, other.gross),
            (&mut self.recent_gross, other.recent_gross),
            (&mut self.units_milli, other.units_milli),
            (&mut self.unidentified_revenue, other.unidentified_revenue),
            (&mut self.unidentified_recent.1, other.unidentified_recent.1),
        ];
        for (sum, more) in money {
            *sum = sum.saturating_add(more);
        }
        self.days = match (self.days, other.days) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (days, others) => days.or(others),
        };
        self.last_event_us = self.last_event_us.max(other.last_event_us);
        self.periods.iter_mut().zip(&other.periods).for_each(|(sum, more)| sum.merge(more));
        self.repurchase.iter_mut().zip(other.repurchase).for_each(|(sum, more)| add_pair(sum, more));
        series::add_counts(&mut self.days_to_second, &other.days_to_second);
        self.repurchase_by_month.merge(other.repurchase_by_month, add_pair);
    }
}

fn add_pair(sum: &mut (u64, u64), more: (u64, u64)) {
    sum.0 += more.0;
    sum.1 += more.1;
}

impl Fold for Totals {
    type State = ();
    type Summary = TotalsSummary;

    fn name(&self) -> &'static str {
        "totals"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        Vec::new()
    }

    fn unidentified(&self) -> bool {
        true
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, _row: &mut OwnRow<'_>, summary: &mut TotalsSummary) {
        summary.add(view, self);
    }
}
