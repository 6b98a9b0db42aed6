//! What acquisition comes to.

use perennial_definitions::{Month, SourceKind, SourceMode, Text};
use serde::Serialize;

/// What the months say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Acquisition {
    /// Of events before this instant (UTC µs).
    pub as_of_us: i64,
    /// Acquisition's share of a month's spend beyond which the month is marked.
    pub alert_above: f64,
    /// Each month, the earliest first.
    pub months: Vec<MonthFigures>,
    /// All customers acquired in these months.
    pub all: Figures,
    /// Of explicit and implicit sources, then of those of whom no source is known.
    pub modes: Vec<OfMode>,
    /// Of each source, in the order of the file, then of those of whom no source is known.
    pub sources: Vec<OfSource>,
}

/// Acquisition beside retention.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Split<T> {
    /// To win customers.
    pub acquisition: T,
    /// To keep them.
    pub retention: T,
    /// Acquisition's share; none where one of them is unknown, or both are nothing.
    pub share: Option<f64>,
}

/// A month (mechanism 1.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthFigures {
    /// Which.
    pub month: Month,
    /// Whether it is over and known to its end.
    pub over: bool,
    /// What was spent, minor units; none where no figure is given.
    pub spend: Split<Option<i64>>,
    /// Messages and contacts: acquisition before a customer's first order, retention from then on; none where the
    /// brand does not say which events they are.
    pub touches: Option<Split<u64>>,
    /// Whether acquisition's share of spend is beyond the limit.
    pub alert: bool,
}

/// Customers of explicit or implicit sources.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfMode {
    /// None for those of whom no source is known.
    pub mode: Option<SourceMode>,
    /// What they come to.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Customers of a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfSource {
    /// Its name; `unknown` for those of whom none is known.
    pub source: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Of which kind it is.
    pub kind: Option<SourceKind>,
    /// Explicit or implicit.
    pub mode: Option<SourceMode>,
    /// What they come to.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What some customers come to (mechanism 2.14).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Acquired: their first kept order fell into these months.
    pub customers: u64,
    /// What they cost; none where no spend is given.
    pub cost: Option<Cost>,
    /// Who ordered again in time.
    pub second_orders: SecondOrders,
    /// What they complained of in time; none where the brand does not say what a complaint is.
    pub complaints: Option<Complaints>,
    /// What remains of their money in time, mean of those of `second_orders.n`, minor units; none of nobody.
    pub value_minor: Option<f64>,
}

/// What customers cost, in the months that are over and of which spend is given.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// What was spent, minor units.
    pub spend_minor: i64,
    /// Whom it acquired.
    pub customers: u64,
    /// Minor units for a customer; none where nobody came.
    pub per_customer_minor: Option<f64>,
}

/// Who ordered again within [`crate::HORIZON_DAYS`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SecondOrders {
    /// Customers of whom these days are over.
    pub n: u64,
    /// Of those, who did.
    pub count: u64,
    /// Their share; none of nobody.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval (Wilson 1927).
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Complaints within [`crate::HORIZON_DAYS`] of the first order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Complaints {
    /// How many.
    pub count: u64,
    /// By a hundred customers of whom these days are over; none of nobody.
    pub per_100: Option<f64>,
}
