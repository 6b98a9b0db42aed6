//! The report as data: what `--json` writes and what the page draws. Names are a contract.
//!
//! Money is in minor units of `currency` (`currency_decimals` says how many digits follow the
//! point). Rates are fractions of one. Days are `YYYY-MM-DD`, months `YYYY-MM`. `null` is unknown.

mod kpis;

pub use kpis::{Compared, ComparedPeriods, Cut, GroupFigures, Kpis, RepurchaseRate};

use serde::Serialize;

/// Everything about one customer base as of one instant.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Report {
    /// Version of this shape.
    pub version: u32,
    /// Exclusive instant, RFC 3339 in the brand's zone.
    pub as_of: String,
    /// `zh` or `en`: the language the page opens in.
    pub language: &'static str,
    /// IANA name.
    pub timezone: String,
    /// ISO 4217, `XXX` where the file names none.
    pub currency: String,
    /// Digits after the point.
    pub currency_decimals: u32,
    /// `net` or `gross`.
    pub revenue_basis: &'static str,
    /// First and last order's day.
    pub first_day: Option<String>,
    /// See `first_day`.
    pub last_day: Option<String>,
    /// Identified buyers with at least one kept order.
    pub customers: u64,
    /// Their kept orders.
    pub orders: u64,
    /// Revenue of identified customers on the chosen basis: kept orders, less (net) refunds that
    /// name no order. The segments' revenue plus `non_buyers_revenue` is exactly this.
    pub revenue: i64,
    /// Part of `revenue`: identified people without a kept order, that is their refunds that name
    /// no order (zero or negative, zero on the gross basis).
    pub non_buyers_revenue: i64,
    /// All refunds of identified customers (also shown when the basis is gross).
    pub refunds: i64,
    /// Orders nobody could be found for.
    pub unidentified: Unidentified,
    /// Operator's figures (0.11).
    pub kpis: Kpis,
    /// Active rate of the base (0.1).
    pub active_rate: ActiveRate,
    /// RFM (1.10).
    pub rfm: Rfm,
    /// Activity accounting by calendar month (0.2).
    pub growth: Vec<GrowthMonth>,
    /// Retention by month of first order.
    pub cohorts: Vec<Cohort>,
    /// Concentration (0.9, 2.8).
    pub concentration: Concentration,
    /// Repurchase ladder (2.6).
    pub ladder: Vec<LadderStep>,
    /// Smallest k with next rate (k + 1) − next rate (k) below 0.02 (2.6).
    pub ladder_knee: Option<u32>,
    /// The first 60 days (2.7).
    pub first_60_days: First60Days,
    /// Customers by lifecycle stage (5.1).
    pub stages: Vec<StageCount>,
    /// Flow between stages from `stage_flow_from` to `as_of`.
    pub stage_flow: Vec<StageFlow>,
    /// Start of the flow, RFC 3339.
    pub stage_flow_from: String,
    /// Personal interval (0.3).
    pub interval: IntervalFigures,
    /// Stickiness (3.1): buyers' activity over the last 28 days.
    pub stickiness: Stickiness,
    /// What to do, ranked by money at stake.
    pub findings: Vec<Finding>,
    /// Rows that could not be read.
    pub rejected_rows: u64,
    /// Reasons of the rejected and skipped rows, most frequent first.
    pub rejects: Vec<RejectReason>,
    /// The files and what was recognised in them.
    pub inputs: Vec<InputFile>,
}

/// Orders without a customer.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Unidentified {
    /// Kept orders.
    pub orders: u64,
    /// Their value.
    pub revenue: i64,
}

/// A rate with what it is made of and its 95 % Wilson interval.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Rate {
    /// Who did.
    pub count: u64,
    /// Out of how many.
    pub of: u64,
    /// `count ÷ of`.
    pub rate: Option<f64>,
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
}

/// Active rate in both series.
#[derive(Debug, Clone, Serialize, Default)]
pub struct ActiveRate {
    /// Length of the window in days.
    pub window_days: u32,
    /// Active: on at least so many days of the window (k of 0.1; what happens on one day counts once).
    pub min_active_days: u32,
    /// Fixed base: buyers before `as_of − window` who were active inside the window.
    pub active: u64,
    /// Buyers before `as_of − window`.
    pub base: u64,
    /// `active ÷ base`.
    pub rate: Option<f64>,
    /// 95 % Wilson interval.
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// Base-adaptive rate AR*: each customer's own window (0.1).
    pub adaptive: Rate,
    /// Fixed base: windows that end with each of the last 12 calendar months and with the last day,
    /// oldest first. The last point is `active` of `base`.
    pub fixed_series: Vec<SeriesPoint>,
    /// Running base, daily for the last 365 days, oldest first.
    pub running_series: Vec<SeriesPoint>,
}

/// A point of an activity series.
#[derive(Debug, Clone, Serialize, Default)]
pub struct SeriesPoint {
    /// Last local day of the window.
    pub day: String,
    /// Customers active in the window ending that day.
    pub active: u64,
    /// The base.
    pub base: u64,
}

/// RFM segments and the grid.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Rfm {
    /// All eleven segments, best first.
    pub segments: Vec<SegmentCount>,
    /// Customers by R score (1–5, outer) and FM score (1–5, inner).
    pub grid: Vec<Vec<u64>>,
    /// Quantile edges used: recency days, orders, revenue (four each).
    pub thresholds: RfmThresholds,
    /// From segment, to segment, customers: against 90 days earlier, for those who had bought by then.
    pub transitions: Vec<SegmentFlow>,
}

/// Edges of the value-based scores.
#[derive(Debug, Clone, Serialize, serde::Deserialize, Default, PartialEq)]
pub struct RfmThresholds {
    /// Recency in days at 20/40/60/80 %.
    pub recency_days: Vec<f64>,
    /// Orders.
    pub orders: Vec<f64>,
    /// Revenue in minor units.
    pub revenue: Vec<f64>,
}

/// Customers and money of a segment.
#[derive(Debug, Clone, Serialize, Default)]
pub struct SegmentCount {
    /// Lower snake case.
    pub segment: &'static str,
    /// How many.
    pub customers: u64,
    /// Their revenue.
    pub revenue: i64,
    /// Median days since the last order.
    pub median_recency_days: Option<f64>,
}

/// Customers that went from one segment to another.
#[derive(Debug, Clone, Serialize, Default)]
pub struct SegmentFlow {
    /// Before.
    pub from: &'static str,
    /// Now.
    pub to: &'static str,
    /// How many.
    pub customers: u64,
}

/// One calendar month: new + retained + resurrected = active, and
/// active = previous active − churned + new + resurrected.
#[derive(Debug, Clone, Serialize, Default)]
pub struct GrowthMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// Customers with at least one kept order in the month.
    pub active: u64,
    /// First kept order ever.
    pub new: u64,
    /// Active in the month before too.
    pub retained: u64,
    /// Bought before, not in the month before.
    pub resurrected: u64,
    /// Active in the month before, not in this one.
    pub churned: u64,
    /// (new + resurrected) ÷ churned; null where nobody churned.
    pub quick_ratio: Option<f64>,
    /// Whether the month is over at `as_of`.
    pub complete: bool,
}

/// Customers by month of first order.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Cohort {
    /// `YYYY-MM`.
    pub cohort: String,
    /// How many.
    pub size: u64,
    /// Classic: with an order in exactly month k; index 0 is the month of the first order.
    pub active: Vec<u64>,
    /// Whether month k is over at `as_of`.
    pub complete: Vec<bool>,
    /// Rolling: with an order in month k or any later one.
    pub rolling: Vec<u64>,
    /// Bracket: with an order on day 1–30, 31–60, 61–90, 91–180, 181–365 after the first.
    pub bracket: Vec<u64>,
    /// Whether the bracket is over for the whole cohort.
    pub bracket_complete: Vec<bool>,
}

/// How much hangs on how few.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Concentration {
    /// Share of revenue of the top 25 % of customers (ceil).
    pub top25_share: Option<f64>,
    /// Of the top 1 %.
    pub top1_percent_share: Option<f64>,
    /// Of the top 5 %.
    pub top5_percent_share: Option<f64>,
    /// Of the single largest customer.
    pub top_customer_share: Option<f64>,
    /// Gini coefficient of revenue (negative revenue counts as 0).
    pub gini: Option<f64>,
    /// Herfindahl–Hirschman index, 0 to 1.
    pub hhi: Option<f64>,
    /// Fewest customers that make 75 % of revenue.
    pub customers_for_75_percent: u64,
    /// Lorenz curve: 101 points, share of revenue of the poorest 0 %, 1 % … 100 %.
    pub lorenz: Vec<f64>,
    /// Whether an alert of 2.8 holds: HHI > 0.25 or one customer > 20 %.
    pub dependence_alert: bool,
}

/// One rung: customers who made at least `orders` orders on distinct days.
#[derive(Debug, Clone, Serialize, Default)]
pub struct LadderStep {
    /// k.
    pub orders: u32,
    /// Customers with at least k.
    pub customers: u64,
    /// Kaplan–Meier probability of a next order day within the horizon, with those still inside
    /// theirs censored; unknown where nobody was followed that long.
    pub next_rate: Option<f64>,
    /// Share with at least k+1 among those with at least k, whatever their time.
    pub raw_rate: Option<f64>,
    /// 95 % interval of `next_rate` (Greenwood, log–log).
    pub low: Option<f64>,
    /// See `low`.
    pub high: Option<f64>,
    /// Horizon of `next_rate` in days: clamp(2 × median interval, 30, 365).
    pub horizon_days: u32,
}

/// The first 60 days (2.7). Customers followed for 120 days after their first order are counted by
/// further order days within days 1–60, and are retained when they ordered on days 61–120: what is
/// counted and what it is held against do not overlap, and everyone was followed equally long.
/// bought_0 + bought_1 + bought_2plus = customers = retained + churned. (The retention by number of
/// purchases and the churn of those with two or more that 2.7 asks for are `retained_by_repeats`.)
#[derive(Debug, Clone, Serialize, Default)]
pub struct First60Days {
    /// Customers all of whose first 120 days are over at `as_of`.
    pub customers: u64,
    /// No order on a later day within 60 days of the first.
    pub bought_0: u64,
    /// On one.
    pub bought_1: u64,
    /// On two or more.
    pub bought_2plus: u64,
    /// An order on days 61–120.
    pub retained: u64,
    /// None.
    pub churned: u64,
    /// `retained` by the number of repeat orders: 0, 1, 2+; each with its base.
    pub retained_by_repeats: Vec<Rate>,
    /// Cumulative share with a second order by day 0..=60 after the first (61 points), of all who
    /// were followed for 60 days; empty where nobody was.
    pub second_order_curve: Vec<f64>,
}

/// Customers in a stage.
#[derive(Debug, Clone, Serialize, Default)]
pub struct StageCount {
    /// Lower snake case.
    pub stage: &'static str,
    /// How many.
    pub customers: u64,
    /// Their revenue to date.
    pub revenue: i64,
    /// Their revenue in the last 365 days.
    pub revenue_365d: i64,
    /// Median days since the last order.
    pub median_silence_days: Option<f64>,
    /// Rule that put them there, with the thresholds in force.
    pub rule: String,
}

/// Today's customers by stage then and now.
#[derive(Debug, Clone, Serialize, Default)]
pub struct StageFlow {
    /// Stage at `stage_flow_from`; `none` for those who had not bought yet.
    pub from: &'static str,
    /// Stage now.
    pub to: &'static str,
    /// How many.
    pub customers: u64,
}

/// Intervals between orders.
#[derive(Debug, Clone, Serialize, Default)]
pub struct IntervalFigures {
    /// Median over repeat customers of their own mean gap, days; unknown while there are none.
    pub median_days: Option<f64>,
    /// What was assumed instead while `median_days` is unknown.
    pub assumed_days: Option<f64>,
    /// Repeat customers.
    pub repeat_customers: u64,
    /// Histogram of the gaps: upper edge in days (null is the rest) and number of gaps.
    pub histogram: Vec<(Option<u32>, u64)>,
}

/// Days active of 28.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Stickiness {
    /// Mean daily active ÷ active over the last 28 days.
    pub ratio: Option<f64>,
    /// Active over the last 28 days.
    pub active_28d: u64,
    /// Customers by number of active days, 1..=28.
    pub days_active: Vec<u64>,
    /// What counts as active: `orders`, or `value_events` where the file holds more than orders.
    pub basis: &'static str,
}

/// Something worth doing.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Finding {
    /// Which: `at_risk_valuable`, `cant_lose`, `lapsed_winnable`, `second_order_gap`,
    /// `active_rate_falling`, `active_rate_rising`, `concentration`, `refunds_high`,
    /// `unidentified_orders`, `loyal_core`, `first_60_days`.
    pub kind: &'static str,
    /// `good`, `watch` or `bad`.
    pub tone: &'static str,
    /// Money at stake over the next 90 days or as the text says, minor units.
    pub money_at_stake: i64,
    /// Customers concerned.
    pub customers: u64,
    /// Plain sentence, English.
    pub text_en: String,
    /// Plain sentence, Chinese.
    pub text_zh: String,
    /// What to do next, English.
    pub action_en: String,
    /// What to do next, Chinese.
    pub action_zh: String,
    /// How the money was computed, English.
    pub method_en: String,
    /// How the money was computed, Chinese.
    pub method_zh: String,
    /// File with the customers, when asked for, relative to the report.
    pub csv: Option<String>,
    /// Ids of the customers, for the CSV; not in the JSON.
    #[serde(skip)]
    pub customer_ids: Vec<u64>,
}

/// Why rows were left out.
#[derive(Debug, Clone, Serialize, Default)]
pub struct RejectReason {
    /// `rejected` (could not be read) or `skipped` (not an order, total row …).
    pub kind: &'static str,
    /// In words, English.
    pub reason_en: String,
    /// In words, Chinese.
    pub reason_zh: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them: file and line.
    pub example: Option<String>,
}

/// A file that was read.
#[derive(Debug, Clone, Serialize, Default)]
pub struct InputFile {
    /// Its name without folders.
    pub name: String,
    /// Format, encoding, header line.
    pub description: String,
    /// Layout, for example `shopify`.
    pub layout: String,
    /// Rows read.
    pub rows: u64,
    /// Field and the column it was read from.
    pub fields: Vec<(String, String)>,
}
