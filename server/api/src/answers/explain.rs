//! `GET /api/explain/{figure}`: how a figure is computed.

use super::Text;
use schemars::JsonSchema;
use serde::Serialize;

/// What a figure is.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct Explanation {
    /// Its name: the way to its field in the answer, without places in lists.
    pub(crate) figure: String,
    /// What it is called.
    pub(crate) title: Text,
    /// What it says, and from whom.
    pub(crate) definition: Text,
    /// Formula.
    pub(crate) formula: Option<Text>,
    /// Number of the mechanism in the guide.
    pub(crate) mechanism: Option<String>,
    /// The figure now; null where it is unknown, or belongs to one customer or one row of a list.
    pub(crate) value: Option<f64>,
    /// From how many customers.
    pub(crate) n: Option<u64>,
    /// Lower bound of the 95 % interval; null where it was counted rather than estimated.
    pub(crate) low: Option<f64>,
    /// Upper bound.
    pub(crate) high: Option<f64>,
    /// As of when (exclusive, UTC µs).
    pub(crate) as_of_us: i64,
    /// SQL that gives the same number, for `POST /api/query`; null where there is none. Money is in major
    /// units in SQL.
    pub(crate) sql: Option<String>,
}
