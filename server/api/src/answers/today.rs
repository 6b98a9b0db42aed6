//! `GET /api/today`: the base as a whole.

use super::{Figure, Terms, Text};
use schemars::JsonSchema;
use serde::Serialize;

/// The customer base as of one instant.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Today {
    /// Everything below is as of this instant (exclusive, UTC µs).
    pub(crate) as_of_us: i64,
    /// When it was computed (UTC µs).
    pub(crate) computed_us: i64,
    /// Whether there is newer data, from which it is being computed anew: ask again in a while.
    pub(crate) stale: bool,
    /// Zone and currency.
    pub(crate) terms: Terms,
    /// `net`: kept orders less refunds.
    pub(crate) revenue_basis: String,
    /// The latest event of all (UTC µs); null where there is none. Long before `as_of_us` for imported
    /// history: ask with `as_of` the day after it.
    pub(crate) latest_event_us: Option<i64>,
    /// Identified customers with a kept order.
    pub(crate) customers: u64,
    /// Their kept orders.
    pub(crate) orders: u64,
    /// Their revenue to date.
    pub(crate) revenue_minor: i64,
    /// Kept orders that nobody could be found for.
    pub(crate) unidentified_orders: u64,
    /// The one sentence to begin with: of the finding with most money at stake.
    pub(crate) headline: Option<Text>,
    /// What to do, most money first.
    pub(crate) findings: Vec<Finding>,
    /// Who of the base is active.
    pub(crate) active_rate: ActiveRate,
    /// Activity accounting by calendar month, oldest first.
    pub(crate) growth: Vec<GrowthMonth>,
    /// Customers by lifecycle stage.
    pub(crate) stages: Vec<StageCount>,
    /// Customers by RFM segment, best first.
    pub(crate) segments: Vec<SegmentCount>,
    /// Between stages, from 30 days before to now.
    pub(crate) stage_flow: StageFlow,
    /// Operator's figures over 30 days.
    pub(crate) operator: Operator,
    /// Runs of the timeline that are damaged and left out: figures are incomplete while there are any.
    pub(crate) damaged: Vec<String>,
}

/// Something worth doing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// Which: `at_risk_valuable`, `cant_lose`, `lapsed_winnable`, `second_order_gap`,
    /// `active_rate_falling`, `active_rate_rising`, `concentration`, `refunds_high`,
    /// `unidentified_orders`, `loyal_core`, `first_60_days`. `GET /api/customers?finding=` lists whom.
    pub(crate) kind: String,
    /// `good`, `watch` or `bad`.
    pub(crate) tone: String,
    /// Money at stake, minor units.
    pub(crate) money_minor: i64,
    /// Customers concerned.
    pub(crate) customers: u64,
    /// What was found.
    pub(crate) text: Text,
    /// What to do next.
    pub(crate) action: Text,
    /// How the money was computed.
    pub(crate) method: Text,
}

/// Active rate in both series (mechanism 0.1).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ActiveRate {
    /// Length of the window, days.
    pub(crate) window_days: u32,
    /// Active: on so many days of the window at least.
    pub(crate) min_active_days: u32,
    /// Fixed base: of those who had bought before the window, who was active inside it.
    pub(crate) rate: Figure,
    /// Active ones of them.
    pub(crate) active: u64,
    /// The rate that the brand wants; null where none was set.
    pub(crate) target: Option<f64>,
    /// Base-adaptive: each customer's own window.
    pub(crate) adaptive: Figure,
    /// Fixed base at the ends of the last twelve months and on the last day, oldest first.
    pub(crate) months: Vec<ActivePoint>,
    /// Running base by day over the last 365 days, oldest first.
    pub(crate) days: Vec<ActivePoint>,
}

/// A point of the line of active rates.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ActivePoint {
    /// Last day of the window, `YYYY-MM-DD`.
    pub(crate) day: String,
    /// Active customers.
    pub(crate) active: u64,
    /// Of the base.
    pub(crate) base: u64,
    /// Their share.
    pub(crate) rate: Option<f64>,
    /// Lower bound of its 95 % interval.
    pub(crate) low: Option<f64>,
    /// Upper bound.
    pub(crate) high: Option<f64>,
}

/// One calendar month: active = new + retained + resurrected.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct GrowthMonth {
    /// `YYYY-MM`.
    pub(crate) month: String,
    /// With a kept order in the month.
    pub(crate) active: u64,
    /// Whose first it was.
    pub(crate) new: u64,
    /// Active in the month before too.
    pub(crate) retained: u64,
    /// Bought before, not in the month before.
    pub(crate) resurrected: u64,
    /// Active in the month before, not in this one.
    pub(crate) churned: u64,
    /// (new + resurrected) ÷ churned.
    pub(crate) quick_ratio: Option<f64>,
    /// Whether the month is over.
    pub(crate) complete: bool,
}

/// Customers in a stage.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct StageCount {
    /// `new`, `active`, `loyal`, `at_risk`, `lapsed`, `lost` or `won_back`.
    pub(crate) stage: String,
    /// How many.
    pub(crate) customers: u64,
    /// Their share of all customers.
    pub(crate) share: Option<f64>,
    /// Their revenue to date.
    pub(crate) revenue_minor: i64,
    /// Their revenue of the last 365 days.
    pub(crate) revenue_365d_minor: i64,
    /// Median days since the last order.
    pub(crate) median_silence_days: Option<f64>,
    /// The rule with the thresholds in force.
    pub(crate) rule: Text,
}

/// Customers in an RFM segment.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct SegmentCount {
    /// In lower snake case.
    pub(crate) segment: String,
    /// How many.
    pub(crate) customers: u64,
    /// Their revenue to date.
    pub(crate) revenue_minor: i64,
    /// Median days since the last order.
    pub(crate) median_recency_days: Option<f64>,
}

/// From stage to stage between two days.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct StageFlow {
    /// At the beginning of this day, `YYYY-MM-DD`.
    pub(crate) from_day: String,
    /// At the beginning of this day, or now where it is today.
    pub(crate) to_day: String,
    /// Customers who had bought by the later day.
    pub(crate) customers: u64,
    /// How many went where.
    pub(crate) flows: Vec<Flow>,
}

/// Customers who went from one stage to another, or stayed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Flow {
    /// Stage then; `none` for those who had not bought yet.
    pub(crate) from: String,
    /// Stage later.
    pub(crate) to: String,
    /// How many.
    pub(crate) customers: u64,
}

/// Operator's figures (mechanism 0.11).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Operator {
    /// `revenue`, `orders`, `buyers`, `new_buyers`, `aov`, `units_per_order`.
    pub(crate) compared: Vec<Compared>,
    /// Days of the periods compared.
    pub(crate) periods: Periods,
    /// Revenue ÷ orders to date, minor units.
    pub(crate) aov_minor: Option<f64>,
    /// Second order within 30 days of the first, of those whose 30 days are over.
    pub(crate) repurchase_30d: Figure,
    /// Within 90 days.
    pub(crate) repurchase_90d: Figure,
    /// Within 365 days.
    pub(crate) repurchase_365d: Figure,
    /// Customers with two orders or more.
    pub(crate) second_order: Figure,
    /// Median days from first to second order.
    pub(crate) median_days_to_second: Option<f64>,
}

/// A figure now, before, and a year ago.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Compared {
    /// Which.
    pub(crate) figure: String,
    /// `money_minor`, `count` or `ratio`.
    pub(crate) unit: String,
    /// Over the last 30 days.
    pub(crate) current: Option<f64>,
    /// Over the 30 days before; null where the base is younger.
    pub(crate) previous: Option<f64>,
    /// Over the same 30 days last year.
    pub(crate) last_year: Option<f64>,
    /// current ÷ previous − 1.
    pub(crate) change_previous: Option<f64>,
    /// current ÷ last year − 1.
    pub(crate) change_last_year: Option<f64>,
    /// Customers who bought in the current period.
    pub(crate) n: Option<u64>,
}

/// First and last day of each period.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Periods {
    /// Now.
    pub(crate) current: [String; 2],
    /// Before.
    pub(crate) previous: [String; 2],
    /// A year ago.
    pub(crate) last_year: [String; 2],
    /// `weeks`: 364 days ago, the same weekdays. `spring_festival`: equally far from the festival.
    pub(crate) alignment: String,
}
