//! `GET /api/customers/{id}/timeline`: what one customer did.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Events, newest first; lines are with their order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Timeline {
    /// The customer.
    pub(crate) customer_id: String,
    /// How many entries there are in all.
    pub(crate) total: u64,
    /// Newest first.
    pub(crate) entries: Vec<Entry>,
    /// For the next page, as `before_us`; null at the end.
    pub(crate) next_before_us: Option<i64>,
}

/// An event, or an order with its lines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Entry {
    /// `event`, `order`, `refund`, `cancellation`, `order_void` for an order that counts nothing here, or
    /// `order_line` for a line whose order never came.
    pub(crate) kind: String,
    /// What happened, in the source's words.
    pub(crate) name: String,
    /// When (UTC µs).
    pub(crate) time_us: i64,
    /// When we heard of it (UTC µs).
    pub(crate) received_us: i64,
    /// The feed.
    pub(crate) source: String,
    /// Where.
    pub(crate) channel: Option<String>,
    /// The campaign.
    pub(crate) campaign: Option<String>,
    /// The source's id of the order.
    pub(crate) order_id: Option<String>,
    /// The item.
    pub(crate) item: Option<String>,
    /// How many, in thousandths.
    pub(crate) quantity_milli: Option<i64>,
    /// Money, minor units of `currency`; a refund's is what was given back.
    pub(crate) value_minor: Option<i64>,
    /// Currency of the money, where it is not the brand's.
    pub(crate) currency: Option<String>,
    /// All else.
    pub(crate) properties: Option<Value>,
    /// Of an order.
    pub(crate) order: Option<OrderState>,
}

/// What became of an order.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct OrderState {
    /// Its lines.
    pub(crate) lines: Vec<OrderLine>,
    /// The header's value, or without one the sum of the lines; minor units.
    pub(crate) gross_minor: i64,
    /// Refunds that name it, minor units.
    pub(crate) refunded_minor: i64,
    /// Whether it was cancelled.
    pub(crate) cancelled: bool,
    /// Whether it counts: not cancelled, not void, worth more than its refunds.
    pub(crate) kept: bool,
}

/// A line of an order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct OrderLine {
    /// The item.
    pub(crate) item: Option<String>,
    /// How many, in thousandths.
    pub(crate) quantity_milli: Option<i64>,
    /// Money, minor units.
    pub(crate) value_minor: Option<i64>,
    /// All else.
    pub(crate) properties: Option<Value>,
}
