//! `GET /api/customers/{id}`, its timeline, and who is found by a key.

use crate::access::{Access, Caller};
use crate::answers::customer::Customer;
use crate::answers::customers::{Found, FoundCustomer, OrderOf};
use crate::answers::timeline::Timeline;
use crate::body::{Answer, Body};
use crate::customer_page::{self, Known};
use crate::customer_timeline;
use crate::params::{Named, Params, customer_id, page_size};
use crate::reveal::revealed;
use crate::table::key;
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use perennial_listen::{FoundOrder, find_orders, normalise_key};
use perennial_model::{CustomerId, IdentityKey, IdentityKind, Permission};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Events shown beside a customer that was found.
const FOUND_EVENTS: usize = 50;
/// Instead of a kind of key: an order's number.
const ORDER: &str = "order";

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
    /// A phone, an e-mail, a member number, any other key in full; for whoever may read customers also a
    /// customer's number or an order's, with or without the `#` before it.
    pub(crate) text: String,
    /// Only keys of this kind, or `order` for orders only.
    #[serde(default)]
    pub(crate) kind: Option<String>,
}

pub(crate) fn page() -> Route {
    Route::get("/api/customers/{id}", "customer", answer)
        .summary("One customer: stage and how it came, scores and why, value, identity")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<CustomerQuery>()
        .answers::<Customer>()
}

pub(crate) fn timeline() -> Route {
    Route::get("/api/customers/{id}/timeline", "customer_timeline", answer_timeline)
        .summary("What one customer did, newest first")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<TimelineQuery>()
        .answers::<Timeline>()
}

pub(crate) fn find() -> Route {
    Route::post("/api/customers/find", "find_customer", answer_find)
        .summary("The customer with a key in full or an order, all about it, and its latest events")
        .access(Access::Needs(Permission::FindCustomer))
        .takes::<FindRequest>()
        .answers::<Found>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    Params(query): Params<CustomerQuery>,
) -> Result<Answer<Customer>, ApiError> {
    let known = Known::find(&server, customer_id(&id, "id")?)?;
    let reveal = revealed(&server, &caller, query.reveal, &format!("customer:{}", known.customer.0)).await?;
    customer_page::page(&server, known, reveal).await.map(Answer)
}

async fn answer_timeline(
    State(server): State<Arc<Server>>,
    Named(id): Named,
    Params(query): Params<TimelineQuery>,
) -> Result<Answer<Timeline>, ApiError> {
    let known = Known::find(&server, customer_id(&id, "id")?)?;
    let limit = page_size(query.limit)?.max(1);
    customer_timeline::page(&server, known.customer, query.before_us, limit).await.map(Answer)
}

async fn answer_find(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Body(wanted): Body<FindRequest>,
) -> Result<Answer<Found>, ApiError> {
    let mut matches: Vec<FoundCustomer> = Vec::new();
    for (profile, by) in possible(&server, &caller, &wanted).await? {
        let customer = server.timeline.customer_of(profile);
        let customer_id = customer.0.to_string();
        if matches.iter().any(|known| known.customer_id == customer_id) {
            continue;
        }
        // Nobody, without events before now, or erased between both looks.
        let Ok(known) = Known::find(&server, customer) else { continue };
        let (by, order) = match by {
            By::Number => (None, None),
            By::Key(by) => (Some(key(&by, false)), None),
            By::Order(order) => (None, Some(order)),
        };
        matches.push(FoundCustomer {
            customer_id,
            by,
            order,
            customer: customer_page::page(&server, known, false).await?,
            timeline: customer_timeline::page(&server, customer, None, FOUND_EVENTS).await?,
        });
    }
    Ok(Answer(Found { matches }))
}

/// What somebody was found by.
enum By {
    Number,
    Key(IdentityKey),
    Order(OrderOf),
}

/// Profiles that a text may mean: by the customer's number, by a key, by an order.
async fn possible(server: &Server, caller: &Caller, wanted: &FindRequest) -> Result<Vec<(CustomerId, By)>, ApiError> {
    let mut found: Vec<(CustomerId, By)> = Vec::new();
    // Numbers are no keys: who may only look up keys must not walk through all customers by them.
    let by_numbers = caller.may(Permission::ReadCustomers);
    if let Some(id) = customer_id(wanted.text.trim(), "text").ok().filter(|_| by_numbers && wanted.kind.is_none()) {
        found.push((id, By::Number));
    }
    let keys = possible_keys(wanted)?;
    let profiles = server.timeline.store().find_identities(&keys).await?;
    found.extend(keys.into_iter().zip(profiles).filter_map(|(key, profile)| Some((profile?, By::Key(key)))));
    if by_numbers && wanted.kind.as_deref().is_none_or(|kind| kind == ORDER) {
        let orders = find_orders(&server.timeline, &wanted.text).await;
        let orders = orders.map_err(|problem| ApiError::of_listen(&problem))?;
        let by = |FoundOrder { source, order_id, profile }| (profile, By::Order(OrderOf { source, order_id }));
        found.extend(orders.into_iter().map(by));
    }
    Ok(found)
}

/// The keys that a text may be.
fn possible_keys(wanted: &FindRequest) -> Result<Vec<IdentityKey>, ApiError> {
    let kinds: Vec<IdentityKind> = match wanted.kind.as_deref() {
        None => IdentityKind::ALL.to_vec(),
        Some(ORDER) => Vec::new(),
        Some(word) => vec![IdentityKind::parse(word).ok_or_else(|| {
            let known = IdentityKind::ALL.map(IdentityKind::as_str).join(", ");
            ApiError::bad_request("bad_value", format!("use one of {known}, {ORDER}")).at("kind")
        })?],
    };
    let key = |kind| Some(IdentityKey { kind, value: normalise_key(kind, &wanted.text)? });
    Ok(kinds.into_iter().filter_map(key).collect())
}
