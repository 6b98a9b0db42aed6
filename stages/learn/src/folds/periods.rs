//! Sums of a period, and which of the compared periods an order falls into.

use crate::thresholds::KpiThresholds;
use perennial_fold::{Order, Revenue};

/// Parts that a minor unit is divided into where an order is shared among groups: whole numbers
/// add up to the same in any order.
pub(crate) const SHARES: i128 = 1_000_000;

/// What an order, or its part in one group, adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sale {
    /// In [`SHARES`] of a minor unit.
    pub(crate) revenue: i128,
    pub(crate) units_milli: i64,
}

/// Kept orders of identified customers in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PeriodSums {
    revenue: i128,
    pub(crate) orders: u64,
    pub(crate) buyers: u64,
    pub(crate) new_buyers: u64,
    pub(crate) units_milli: i64,
    pub(crate) orders_with_units: u64,
}

impl Sale {
    /// Of a whole order.
    #[inline]
    pub(crate) fn of(order: &Order, revenue: Revenue) -> Self {
        Self { revenue: i128::from(order.value(revenue)) * SHARES, units_milli: order.units_milli }
    }
}

impl PeriodSums {
    #[inline]
    pub(crate) fn add(&mut self, sale: Sale, first_of_customer: bool) {
        self.revenue = self.revenue.saturating_add(sale.revenue);
        self.orders += 1;
        self.buyers += u64::from(first_of_customer);
        self.units_milli = self.units_milli.saturating_add(sale.units_milli);
        self.orders_with_units += u64::from(sale.units_milli > 0);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.revenue = self.revenue.saturating_add(other.revenue);
        self.orders += other.orders;
        self.buyers += other.buyers;
        self.new_buyers += other.new_buyers;
        self.units_milli = self.units_milli.saturating_add(other.units_milli);
        self.orders_with_units += other.orders_with_units;
    }

    /// Minor units, rounded to the nearest.
    pub(crate) fn revenue_minor(&self) -> i64 {
        let rounded = self.revenue.saturating_add(SHARES / 2).div_euclid(SHARES);
        i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
    }
}

impl KpiThresholds {
    /// Which of the compared periods an order so many days before the last day falls into. A
    /// period that reaches into last year's belongs to the nearer one.
    #[inline]
    pub(crate) fn period(&self, days_ago: i32) -> Option<usize> {
        let within = |from: i32| (from..from.saturating_add(self.compared_days)).contains(&days_ago);
        [0, self.compared_days, self.year_days].into_iter().position(within)
    }
}
