//! What is true of a simulated brand. Tests hold figures against it; nothing else reads it.

use super::customer::{Cause, Customer};
use super::season;
use super::{DROP_OUT, RATE_DAYS, RATE_SHAPE};
use perennial_model::civil_from_day;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that is true as of one instant.
#[derive(Debug, Clone, Serialize)]
pub struct Truth {
    /// The seed.
    pub seed: u64,
    /// The instant, exclusive, UTC microseconds.
    pub until_us: i64,
    /// Rates of purchase are Gamma(`rate_shape`, rate `rate_days`) orders by season day.
    pub rate_shape: f64,
    /// See `rate_shape`.
    pub rate_days: f64,
    /// The chance to leave after an order is Beta of these two.
    pub drop_out: [f64; 2],
    /// Whoever has ordered, in the order of arrival.
    pub customers: Vec<TrueCustomer>,
    /// People who were seen and have not ordered yet, of those who will.
    pub prospects: u64,
    /// Customers by local month of the first order, `YYYY-MM`.
    pub cohorts: BTreeMap<String, u64>,
    /// What goes wrong.
    pub failings: Vec<Failing>,
}

/// What is true of one customer.
#[derive(Debug, Clone, Serialize)]
pub struct TrueCustomer {
    /// Its member number.
    pub member: String,
    /// Where it mostly buys.
    pub channel: &'static str,
    /// Where it came from: the property `utm_source` of its first visit, or else of its first order.
    pub source: Option<&'static str>,
    /// Orders by season day while it stays.
    pub rate: f64,
    /// Chance to leave after each order.
    pub drop_out: f64,
    /// Time of the first order.
    pub first_order_us: i64,
    /// Orders, those that were given back too; not the ones placed by mistake and cancelled.
    pub orders: u32,
    /// Season days from the first order until it left, or until now.
    pub exposure_days: f64,
    /// Season days since the last order.
    pub silent_days: f64,
    /// Whether a failing has met it: then it may leave for that, too.
    pub harmed: bool,
    /// When it left for good.
    pub lost_us: Option<i64>,
    /// Why it did.
    pub cause: Option<Cause>,
}

/// Something that goes wrong at the brand, planted to be found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failing {
    /// `late_delivery` or `defective_product`.
    pub kind: Cause,
    /// The store's name or the product's id.
    pub of: String,
    /// How often it happens there.
    pub chance: f64,
    /// How often it happens elsewhere.
    pub usual: f64,
    /// Chance that whom it happens to leaves.
    pub drives_away: f64,
    /// From when on it happens there as rarely as elsewhere.
    pub repaired_us: Option<i64>,
}

impl Truth {
    pub(super) fn of(seed: u64, until_us: i64, customers: &[Customer], failings: Vec<Failing>) -> Self {
        let mut cohorts = BTreeMap::new();
        let (buyers, prospects): (Vec<_>, Vec<_>) =
            customers.iter().partition(|customer| customer.first_order_us.is_some());
        let mut buyers: Vec<TrueCustomer> =
            buyers.into_iter().filter_map(|customer| TrueCustomer::of(customer, until_us)).collect();
        buyers.sort_by(|one, other| (one.first_order_us, &one.member).cmp(&(other.first_order_us, &other.member)));
        for buyer in &buyers {
            let (year, month, _) = civil_from_day(season::day_of(buyer.first_order_us));
            *cohorts.entry(format!("{year:04}-{month:02}")).or_default() += 1;
        }
        Self {
            seed,
            until_us,
            rate_shape: RATE_SHAPE,
            rate_days: RATE_DAYS,
            drop_out: DROP_OUT,
            customers: buyers,
            prospects: prospects.len() as u64,
            cohorts,
            failings,
        }
    }
}

impl TrueCustomer {
    fn of(customer: &Customer, until_us: i64) -> Option<Self> {
        let first_order_us = customer.first_order_us?;
        let end_us = customer.lost.map_or(until_us, |(lost_us, _)| lost_us);
        Some(Self {
            member: customer.member(),
            channel: customer.channel.as_str(),
            source: customer.source,
            rate: customer.rate,
            drop_out: customer.drop_out,
            first_order_us,
            orders: customer.orders,
            exposure_days: season::between(first_order_us, end_us),
            silent_days: season::between(customer.last_order_us, until_us),
            harmed: customer.is_harmed,
            lost_us: customer.lost.map(|(lost_us, _)| lost_us),
            cause: customer.lost.map(|(_, cause)| cause),
        })
    }
}
