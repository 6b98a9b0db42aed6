//! `GET /api/customers/{id}`, its timeline, and who is found by a key.

use crate::access::Access;
use crate::answers::customer::Customer;
use crate::answers::customers::Found;
use crate::answers::timeline::Timeline;
use crate::{ApiError, Route};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;

/// What to show.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CustomerQuery {
    /// Keys in full. Needs the permission `reveal_keys`, and is audited.
    pub(crate) reveal: bool,
}

/// Which part of a timeline.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TimelineQuery {
    /// Entries before this instant (UTC µs); the newest unless given.
    pub(crate) before_us: Option<i64>,
    /// How many; 50 unless given, at most 200. Entries of one instant stay together, so there may be more.
    pub(crate) limit: Option<u32>,
}

/// Whom to find.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindRequest {
    /// A phone, an e-mail, a member number, any other key in full, or a customer's number.
    pub(crate) text: String,
    /// Only keys of this kind.
    #[serde(default)]
    pub(crate) kind: Option<String>,
}

pub(crate) fn page() -> Route {
    Route::get("/api/customers/{id}", "customer", soon)
        .summary("One customer: stage and how it came, scores and why, value, identity")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<CustomerQuery>()
        .answers::<Customer>()
}

pub(crate) fn timeline() -> Route {
    Route::get("/api/customers/{id}/timeline", "customer_timeline", soon)
        .summary("What one customer did, newest first")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<TimelineQuery>()
        .answers::<Timeline>()
}

pub(crate) fn find() -> Route {
    Route::post("/api/customers/find", "find_customer", soon)
        .summary("The customer with a key in full, all about it, and its latest events")
        .access(Access::Needs(Permission::FindCustomer))
        .takes::<FindRequest>()
        .answers::<Found>()
}

async fn soon() -> ApiError {
    ApiError::unavailable("this is not there yet")
}
