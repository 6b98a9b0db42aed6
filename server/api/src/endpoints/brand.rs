//! `GET /api/brand`: what every page needs to know.

use crate::access::Access;
use crate::body::Answer;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_ports::BrandSettings;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What every page needs to know.
#[derive(Serialize, JsonSchema)]
struct Brand {
    /// In which days begin, by its IANA name.
    timezone: String,
    /// Of all amounts, by ISO 4217; none before the first import or order.
    currency: Option<String>,
    /// Customers in the customer table.
    customers: u64,
    /// The instant of this answer (UTC µs).
    as_of_us: i64,
    /// Of the server.
    version: &'static str,
    /// Whether there is any customer yet.
    has_data: bool,
}

pub(crate) fn route() -> Route {
    Route::get("/api/brand", "brand", told)
        .summary("The brand's time zone and currency, and how many customers it has")
        .access(Access::SignedIn)
        .answers::<Brand>()
}

async fn told(State(server): State<Arc<Server>>) -> Result<Answer<Brand>, ApiError> {
    let settings = BrandSettings::load(&**server.timeline.store()).await?;
    let live = server.live.borrow().clone();
    let customers = live.columns.len() as u64;
    Ok(Answer(Brand {
        timezone: live.zone.name().to_owned(),
        currency: settings.map(|settings| settings.currency.as_str().to_owned()),
        customers,
        as_of_us: server.clock.now_us(),
        version: env!("CARGO_PKG_VERSION"),
        has_data: customers > 0,
    }))
}
