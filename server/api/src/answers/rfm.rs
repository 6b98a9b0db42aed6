//! `GET /api/rfm`.

use super::Terms;
use schemars::JsonSchema;
use serde::Serialize;

/// The RFM grid.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RfmGrid {
    /// Now (UTC µs): the scores are live.
    pub(crate) as_of_us: i64,
    /// Zone and currency.
    pub(crate) terms: Terms,
    /// Customers with scores: whoever has a kept order.
    pub(crate) customers: u64,
    /// Their revenue.
    pub(crate) revenue_minor: i64,
    /// Known customers without a kept order, who have no scores.
    pub(crate) unscored: u64,
    /// All 25, R1 with FM1 to FM5 first. `GET /api/customers?range=r_score:5:5,fm_score:4:4` has who is in one.
    pub(crate) cells: Vec<RfmCell>,
}

/// One of its cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct RfmCell {
    /// Recency score, 5 is the most recent.
    pub(crate) r: u8,
    /// Frequency and money in one score, 5 is the most.
    pub(crate) fm: u8,
    /// Customers in it.
    pub(crate) customers: u64,
    /// Their revenue.
    pub(crate) revenue_minor: i64,
}
