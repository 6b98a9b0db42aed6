//! Operator's figures (mechanism 0.11) in the report.

use super::Rate;
use serde::Serialize;

/// A figure now, in the previous period of the same length, and in the same period last year.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Compared {
    /// `revenue`, `orders`, `buyers`, `new_buyers`, `aov`, `units_per_order`.
    pub figure: &'static str,
    /// Over the last 30 days.
    pub current: Option<f64>,
    /// Over the 30 days before.
    pub previous: Option<f64>,
    /// Over the same 30 days last year, see [`ComparedPeriods`].
    pub last_year: Option<f64>,
}

/// Operator's figures.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Kpis {
    /// Average order value: `revenue` ÷ `orders`, minor units. (By channel and in the compared
    /// periods refunds that name no order stay out, for they belong to none.)
    pub aov: Option<f64>,
    /// Units ÷ kept orders that have units.
    pub units_per_order: Option<f64>,
    /// Share of customers whose second kept order came within so many days of the first, among
    /// those whose every one of these days is over at `as_of`.
    pub repurchase_rate: RepurchaseRate,
    /// Share of all customers with two kept orders or more.
    pub second_order_rate: Option<f64>,
    /// Median of whole days from first to second order (0 is the same day) among those with two.
    pub median_days_to_second: Option<f64>,
    /// 30 days against the previous 30 and the same 30 last year; unknown where the first order is
    /// younger than the period. Identified customers.
    pub compared: Vec<Compared>,
    /// The days of the compared periods, and how the same period last year was found.
    pub periods: ComparedPeriods,
    /// By store, channel, category and member of staff; a cut that the files say nothing of is absent.
    pub cuts: Vec<Cut>,
}

/// The days that [`Compared`] is about, first and last of each.
#[derive(Debug, Clone, Serialize, Default)]
pub struct ComparedPeriods {
    /// `cn` or `none`: whose moving holidays count.
    pub calendar: &'static str,
    /// `spring_festival`: both years' periods lie equally far from Spring Festival. `weeks`: 364
    /// days, whole weeks, because no festival is near (or none counts).
    pub alignment: &'static str,
    /// The days now.
    pub current: [String; 2],
    /// The days before.
    pub previous: [String; 2],
    /// The days last year.
    pub last_year: [String; 2],
    /// From the days last year to the days now.
    pub year_days: i32,
    /// Spring Festival this year and last year, where periods are aligned by it.
    pub festivals: Option<[String; 2]>,
}

/// The operator's figures by one thing.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Cut {
    /// `store`, `channel`, `category` or `staff`.
    pub by: &'static str,
    /// Largest revenue first, at most 12.
    pub groups: Vec<GroupFigures>,
    /// How many groups are not listed.
    pub others: u64,
    /// Those together. What cannot be added up (a customer may be in several) is unknown.
    pub other: Option<GroupFigures>,
}

/// One group of a cut: kept orders of identified customers, without refunds that name no order.
///
/// Channel, store and staff are the order's. An order counts in each category that it has a line
/// of, its revenue shared in proportion to the lines' amounts. Repurchase figures are of customers
/// whose first order was in the group, wherever the second was.
#[derive(Debug, Clone, Serialize, Default)]
pub struct GroupFigures {
    /// Its name; empty where the file names none.
    pub name: String,
    /// Kept orders.
    pub orders: Option<u64>,
    /// Distinct customers.
    pub customers: Option<u64>,
    /// Value of the orders, of categories their share.
    pub revenue: i64,
    /// Average order value; of a category its revenue by order.
    pub aov: Option<f64>,
    /// Units by order that has units; of a category those of its own lines.
    pub units_per_order: Option<f64>,
    /// Customers whose first order was in the group.
    pub first_orders: Option<u64>,
    /// Of those customers.
    pub repurchase_rate: RepurchaseRate,
    /// Of those customers.
    pub second_order_rate: Option<f64>,
    /// Of those customers.
    pub median_days_to_second: Option<f64>,
    /// As [`Kpis::compared`]; `new_buyers` are those whose first order was in the group.
    pub compared: Vec<Compared>,
}

/// Repurchase rates; the plain numbers are the contract, details beside them.
#[derive(Debug, Clone, Serialize, Default)]
pub struct RepurchaseRate {
    /// Within 30 days.
    pub d30: Option<f64>,
    /// Within 90 days.
    pub d90: Option<f64>,
    /// Within 365 days.
    pub d365: Option<f64>,
    /// The three with counts and intervals, in the same order.
    pub details: Vec<Rate>,
}
