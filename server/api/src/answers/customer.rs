//! `GET /api/customers/{id}`: one customer.

use super::customers::Key;
use super::identity::JournalItem;
use super::{Terms, Text};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// All about one customer but the events.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Customer {
    /// The customer.
    pub(crate) customer_id: String,
    /// The number asked for, where it is part of this customer by now.
    pub(crate) merged_from: Option<String>,
    /// Now (UTC µs).
    pub(crate) as_of_us: i64,
    /// Zone and currency.
    pub(crate) terms: Terms,
    /// All columns; `GET /api/columns` says what they mean.
    pub(crate) values: BTreeMap<String, Value>,
    /// Stage and how it came; null for who has no kept order.
    pub(crate) stage: Option<StageNow>,
    /// Rhythm of purchases; null for who has no kept order.
    pub(crate) rhythm: Option<Rhythm>,
    /// RFM; null for who has no kept order.
    pub(crate) rfm: Option<RfmNow>,
    /// What the customer is worth now; null for who has no kept order.
    pub(crate) value: Option<ValueNow>,
    /// Keys and what was merged.
    pub(crate) identity: Identity,
}

/// Lifecycle stage (mechanism 5.1).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct StageNow {
    /// The stage.
    pub(crate) stage: String,
    /// Why: `silent_beyond_interval`, `silent_beyond_days`, `returned_after_lapse`,
    /// `first_order_recent`, `enough_orders` or `in_rhythm`.
    pub(crate) cause: String,
    /// First day in it, `YYYY-MM-DD`.
    pub(crate) since_day: Option<String>,
    /// Days since the last kept order.
    pub(crate) silence_days: i64,
    /// Stages that silence leads to.
    pub(crate) limits: Vec<StageLimit>,
    /// Stages so far, oldest first, by the orders that are kept today.
    pub(crate) history: Vec<StageChange>,
}

/// When silence leads to a stage.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct StageLimit {
    /// `at_risk`, `lapsed` or `lost`.
    pub(crate) stage: String,
    /// Beyond so many days of silence: the greater of intervals × personal interval and a number of days.
    pub(crate) silence_days: f64,
    /// So many personal intervals …
    pub(crate) intervals: f64,
    /// … but at least so many days.
    pub(crate) least_days: f64,
    /// First day in that stage if nothing is bought until then, `YYYY-MM-DD`.
    pub(crate) day: String,
}

/// A change of stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct StageChange {
    /// First day in it, `YYYY-MM-DD`.
    pub(crate) day: String,
    /// Stage before; null at first.
    pub(crate) from: Option<String>,
    /// The stage.
    pub(crate) stage: String,
    /// Why.
    pub(crate) cause: String,
    /// Days since the last order then.
    pub(crate) silence_days: i64,
}

/// Personal interval (mechanism 0.3): (n·m + κ·median) ÷ (n + κ).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Rhythm {
    /// The interval, days.
    pub(crate) personal_interval_days: f64,
    /// n: gaps between this customer's order days.
    pub(crate) gaps: i64,
    /// m: their mean, days; null without one.
    pub(crate) mean_gap_days: Option<f64>,
    /// The median of all customers, days.
    pub(crate) median_days: f64,
    /// Whether that is assumed, because nobody has bought twice.
    pub(crate) median_assumed: bool,
    /// κ: how many gaps the median weighs.
    pub(crate) shrinkage: f64,
    /// Share of the customer's own gaps in the interval: n ÷ (n + κ).
    pub(crate) own_weight: f64,
    /// The day by which the next order is expected, `YYYY-MM-DD`.
    pub(crate) expected_day: String,
    /// Days since the last order ÷ the interval.
    pub(crate) silence_intervals: f64,
}

/// RFM scores (mechanism 1.10).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RfmNow {
    /// The segment: the first rule of the map that matches.
    pub(crate) segment: String,
    /// Days since the last order.
    pub(crate) recency: Score,
    /// Kept orders.
    pub(crate) frequency: Score,
    /// Revenue to date, minor units.
    pub(crate) monetary: Score,
    /// ceil((F + M) ÷ 2).
    pub(crate) fm_score: i64,
}

/// A score from 1 to 5, and why.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Score {
    /// 5 is best.
    pub(crate) score: i64,
    /// What is scored.
    pub(crate) value: i64,
    /// Edges at 20, 40, 60 and 80 % of all customers; the score counts those below the value (for
    /// recency: 6 less one more than those).
    pub(crate) edges: Vec<f64>,
}

/// Value now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ValueNow {
    /// Revenue to date.
    pub(crate) revenue_minor: i64,
    /// Of the last 365 days.
    pub(crate) revenue_365d_minor: i64,
    /// Refunds to date.
    pub(crate) refunds_minor: i64,
    /// Kept orders.
    pub(crate) orders: i64,
    /// Revenue ÷ orders, minor units.
    pub(crate) aov_minor: f64,
    /// At the customer's own rhythm over the next 90 days: average order value × 90 ÷ personal interval,
    /// minor units; null for who has bought on one day only.
    pub(crate) at_rhythm_90d_minor: Option<f64>,
}

/// Who this is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Identity {
    /// Profiles that make up the customer, each with the keys it arrived with.
    pub(crate) profiles: Vec<Profile>,
    /// Merges that concern the customer, newest first.
    pub(crate) journal: Vec<JournalItem>,
    /// Open suggestions that it may be one with others.
    pub(crate) suggestions: Vec<Suggested>,
}

/// A profile.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Profile {
    /// Its number.
    pub(crate) profile_id: String,
    /// Its keys, strongest first.
    pub(crate) keys: Vec<Key>,
}

/// Another customer that may be the same person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Suggested {
    /// For `POST /api/identity/suggestions/{id}`.
    pub(crate) suggestion_id: u64,
    /// The other.
    pub(crate) customer_id: String,
    /// The kind of key that leads to it.
    pub(crate) by: String,
    /// In how many messages.
    pub(crate) times_seen: u64,
    /// What it says.
    pub(crate) text: Text,
}
