//! `GET /api/customers`: the customer table, a page at a time.

use crate::access::Access;
use crate::answers::customers::CustomerPage;
use crate::{ApiError, Route};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which customers, in which order, with which columns.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CustomersQuery {
    /// In one of these lifecycle stages, separated by commas.
    pub(crate) stage: Option<String>,
    /// In one of these RFM segments, separated by commas.
    pub(crate) segment: Option<String>,
    /// Within these ranges, each `column:least:most` (both included, either may be empty), separated by
    /// commas: `orders:3:,last_order_day:2026-01-01:2026-03-31`. Money is in minor units.
    pub(crate) range: Option<String>,
    /// Those whom the finding of this kind of `GET /api/today` concerns.
    pub(crate) finding: Option<String>,
    /// A column, `-` before it for the greatest first; unknown values come last. `-last_order_time`
    /// unless given.
    pub(crate) sort: Option<String>,
    /// How many; 50 unless given, at most 200.
    pub(crate) limit: Option<u32>,
    /// After so many.
    pub(crate) offset: Option<u64>,
    /// Columns, separated by commas; those shown by default unless given (`GET /api/columns`).
    pub(crate) columns: Option<String>,
    /// Keys in full. Needs the permission `reveal_keys`, and is audited.
    pub(crate) reveal: bool,
}

pub(crate) fn route() -> Route {
    Route::get("/api/customers", "customers", soon)
        .summary("The customer table, filtered and sorted, a page at a time")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<CustomersQuery>()
        .answers::<CustomerPage>()
}

async fn soon() -> ApiError {
    ApiError::unavailable("this is not there yet")
}
