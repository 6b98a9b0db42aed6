//! `GET /api/customers` and `GET /api/columns`.

use super::{Terms, Text};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A page of the customer table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CustomerPage {
    /// Now (UTC µs): the table is live.
    pub(crate) as_of_us: i64,
    /// Zone and currency.
    pub(crate) terms: Terms,
    /// How many customers there are that fit.
    pub(crate) total: u64,
    /// How many customers there are in all.
    pub(crate) customers: u64,
    /// The columns given, in the order asked for.
    pub(crate) columns: Vec<String>,
    /// Sorted as asked for.
    pub(crate) rows: Vec<CustomerRow>,
}

/// One customer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CustomerRow {
    /// A decimal number; too large for a JavaScript number.
    pub(crate) customer_id: String,
    /// Keys, strongest first; masked unless revealed.
    pub(crate) keys: Vec<Key>,
    /// By column. Days are `YYYY-MM-DD`, times UTC µs, money minor units; null is unknown.
    pub(crate) values: BTreeMap<String, Value>,
}

/// A key of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Key {
    /// `member`, `unionid`, `phone`, `email`, `openid`, `external_userid`, `platform` or `anonymous`.
    pub(crate) kind: String,
    /// `+86138****8000`, `a***@example.com`, or in full where `masked` is false.
    pub(crate) value: String,
    /// Whether some of it is hidden.
    pub(crate) masked: bool,
}

/// Whom a key led to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Found {
    /// Customers with this key, of whatever kind it may be of, or with an order of this number; usually one.
    pub(crate) matches: Vec<FoundCustomer>,
}

/// One of them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FoundCustomer {
    /// The customer.
    pub(crate) customer_id: String,
    /// The key it was found by, masked; absent where it was found by its number or an order's.
    pub(crate) by: Option<Key>,
    /// The order it was found by.
    pub(crate) order: Option<OrderOf>,
    /// Its page.
    pub(crate) customer: super::customer::Customer,
    /// Its latest events.
    pub(crate) timeline: super::timeline::Timeline,
}

/// An order by which a customer was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct OrderOf {
    /// The feed that it came from.
    pub(crate) source: String,
    /// Its number.
    pub(crate) order_id: String,
}

/// The columns of the customer table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Columns {
    /// In the order of the table.
    pub(crate) columns: Vec<ColumnInfo>,
}

/// A column.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ColumnInfo {
    /// Name in SQL and in `values`.
    pub(crate) name: String,
    /// `int`, `money` (minor units), `day`, `time`, `float`, `bool` or `word`.
    #[serde(rename = "type")]
    pub(crate) column_type: String,
    /// The words of a column of type `word`.
    pub(crate) words: Vec<String>,
    /// What it is called.
    pub(crate) title: Text,
    /// What it means.
    pub(crate) description: Text,
    /// Whether the list shows it unless told otherwise.
    pub(crate) shown: bool,
}
