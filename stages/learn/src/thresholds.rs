//! Every threshold of Learn, with the default of its mechanism; none is buried in code.

use crate::LearnError;
use crate::festival::HolidayCalendar;
use crate::folds::{KEPT_DAYS, YEAR_DAYS};
use crate::rfm::{Scoring, SegmentRule, default_map};
use serde::{Deserialize, Serialize};

/// All thresholds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Personal interval and stages (0.3, 5.1).
    pub lifecycle: LifecycleThresholds,
    /// RFM (1.10).
    pub rfm: RfmRules,
    /// Active rate and stickiness (0.1, 3.1).
    pub activity: ActivityThresholds,
    /// Operator's figures (0.11).
    pub kpis: KpiThresholds,
    /// Retention cohorts (models.md D3).
    pub cohorts: CohortThresholds,
    /// Repurchase ladder (2.6).
    pub ladder: LadderThresholds,
    /// The first 60 days (2.7).
    pub first_days: FirstDaysThresholds,
    /// Concentration (0.9, 2.8).
    pub concentration: ConcentrationThresholds,
    /// Which findings are worth saying.
    pub findings: FindingThresholds,
}

/// Personal interval (0.3) and lifecycle stage (5.1). Silence and age are whole calendar days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifecycleThresholds {
    /// κ of 0.3: how many gaps the population's median weighs.
    pub shrinkage: f64,
    /// Median interval assumed while nobody has bought twice, days (ours; shown as assumed).
    pub assumed_interval_days: f64,
    /// At risk beyond so many personal intervals …
    pub at_risk_intervals: f64,
    /// … and so many days.
    pub at_risk_days: f64,
    /// Lapsed beyond so many personal intervals …
    pub lapsed_intervals: f64,
    /// … and so many days.
    pub lapsed_days: f64,
    /// Lost beyond so many personal intervals …
    pub lost_intervals: f64,
    /// … and so many days.
    pub lost_days: f64,
    /// Won back for so many days after the order that ended a lapse.
    pub won_back_days: i32,
    /// New while the first order is less than so many days ago.
    pub new_days: i32,
    /// Loyal from so many kept orders on distinct days (k* of 2.6).
    pub loyal_orders: i64,
    /// The stage flow starts so many days before the instant.
    pub flow_days: i32,
}

impl Default for LifecycleThresholds {
    fn default() -> Self {
        Self {
            shrinkage: 3.0,
            assumed_interval_days: 90.0,
            at_risk_intervals: 1.5,
            at_risk_days: 14.0,
            lapsed_intervals: 3.0,
            lapsed_days: 45.0,
            lost_intervals: 6.0,
            lost_days: 90.0,
            won_back_days: 60,
            new_days: 60,
            loyal_orders: 5,
            flow_days: 30,
        }
    }
}

/// RFM (1.10).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RfmRules {
    /// How scores are cut.
    pub scoring: Scoring,
    /// The segment map: the first rule that matches.
    pub map: Vec<SegmentRule>,
    /// Transitions start so many days before the instant.
    pub transition_days: i32,
}

impl Default for RfmRules {
    fn default() -> Self {
        Self { scoring: Scoring::default(), map: default_map(), transition_days: 90 }
    }
}

/// Active rate (0.1) and stickiness (3.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityThresholds {
    /// w of 0.1, days.
    pub window_days: i32,
    /// k of 0.1: active on at least so many days of the window. Events of one day count once, for
    /// a visit of five pages is one visit.
    pub min_active_days: i32,
    /// AR*: a customer's own window in personal intervals …
    pub adaptive_intervals: f64,
    /// … at least so many days …
    pub adaptive_days_min: f64,
    /// … and at most.
    pub adaptive_days_max: f64,
    /// Names of events that count besides orders. Never what we send ourselves. Empty: orders
    /// alone, and the pass need not look at other events.
    pub value_events: Vec<String>,
    /// Length of the running series, days.
    pub running_days: i32,
    /// Points of the fixed series at month ends.
    pub fixed_months: i32,
    /// Window of stickiness, days.
    pub stickiness_days: i32,
}

impl Default for ActivityThresholds {
    fn default() -> Self {
        let names = [
            "visit",
            "page",
            "screen",
            "Page",
            "Screen",
            "Product Reviewed",
            "core_use",
            "core use",
            "reply",
            "community_post",
            "community post",
            "review",
        ];
        Self {
            window_days: 30,
            min_active_days: 1,
            adaptive_intervals: 1.5,
            adaptive_days_min: 7.0,
            adaptive_days_max: 180.0,
            value_events: names.map(str::to_owned).to_vec(),
            running_days: 365,
            fixed_months: 12,
            stickiness_days: 28,
        }
    }
}

/// Operator's figures (0.11).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KpiThresholds {
    /// Windows of the repurchase rate, days, ascending.
    pub repurchase_days: [i32; 3],
    /// Length of the compared periods, days.
    pub compared_days: i32,
    /// The same period last year lies so many days back: whole weeks keep weekdays together.
    pub year_days: i32,
    /// Holidays that move with the year, by which the same period last year is found instead.
    pub calendar: HolidayCalendar,
    /// How many groups of a cut (stores, channels, categories, staff) are listed; the rest is "other".
    pub groups: usize,
}

impl Default for KpiThresholds {
    fn default() -> Self {
        Self {
            repurchase_days: [30, 90, 365],
            compared_days: 30,
            year_days: 364,
            calendar: HolidayCalendar::None,
            groups: 12,
        }
    }
}

/// Retention cohorts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CohortThresholds {
    /// Last day after the first order of each bracket; the first bracket begins on day 1.
    pub bracket_days: Vec<i32>,
}

impl Default for CohortThresholds {
    fn default() -> Self {
        Self { bracket_days: vec![30, 60, 90, 180, 365] }
    }
}

/// Repurchase ladder (2.6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LadderThresholds {
    /// Horizon in median personal intervals …
    pub horizon_intervals: f64,
    /// … at least so many days …
    pub horizon_days_min: i32,
    /// … and at most.
    pub horizon_days_max: i32,
    /// The knee: the next-order rate grows by less.
    pub knee: f64,
    /// Rungs reported.
    pub rungs: usize,
    /// Upper edges of the histogram of gaps, days.
    pub gap_edges: Vec<u32>,
}

impl Default for LadderThresholds {
    fn default() -> Self {
        Self {
            horizon_intervals: 2.0,
            horizon_days_min: 30,
            horizon_days_max: 365,
            knee: 0.02,
            rungs: 20,
            gap_edges: vec![7, 14, 30, 45, 60, 90, 120, 180, 365],
        }
    }
}

/// The first 60 days (2.7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FirstDaysThresholds {
    /// The window after the first order in which repeats are counted, days.
    pub days: i32,
    /// Retained: an order after the window and up to this day.
    pub follow_days: i32,
}

impl Default for FirstDaysThresholds {
    fn default() -> Self {
        Self { days: 60, follow_days: 120 }
    }
}

/// Concentration (2.8).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConcentrationThresholds {
    /// Alert above this Herfindahl–Hirschman index …
    pub hhi_alert: f64,
    /// … or this share of one customer.
    pub top_customer_alert: f64,
}

impl Default for ConcentrationThresholds {
    fn default() -> Self {
        Self { hhi_alert: 0.25, top_customer_alert: 0.20 }
    }
}

/// Findings (ours): when something is said, and over which time money is reckoned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingThresholds {
    /// Money is reckoned over so many days.
    pub horizon_days: i32,
    /// M score from which a customer is called valuable: 4 is the top two fifths by revenue.
    pub valuable_m_score: i64,
    /// A rate is measured on at least so many customers.
    pub min_customers: u64,
    /// Refunds are high from this share of gross revenue.
    pub refund_share: f64,
    /// Orders without a customer are many from this share.
    pub unidentified_share: f64,
    /// At most so many findings.
    pub most: usize,
}

impl Default for FindingThresholds {
    fn default() -> Self {
        Self {
            horizon_days: 90,
            valuable_m_score: 4,
            min_customers: 30,
            refund_share: 0.05,
            unidentified_share: 0.05,
            most: 9,
        }
    }
}

impl Thresholds {
    /// Whether they can be meant.
    ///
    /// # Errors
    /// [`LearnError::Threshold`] names the first that cannot.
    pub fn check(&self) -> Result<(), LearnError> {
        if !self.lifecycle.shrinkage.is_finite() || self.lifecycle.shrinkage < 0.0 {
            return refuse("lifecycle.shrinkage", self.lifecycle.shrinkage.to_string(), "zero or more");
        }
        self.check_days()?;
        let longest_series = self.activity.running_days.max(31 * self.activity.fixed_months).max(YEAR_DAYS);
        if longest_series + self.activity.window_days > KEPT_DAYS {
            let found = format!("{} beside a series of {longest_series} days", self.activity.window_days);
            return refuse("activity.window_days", found, "such that both together are at most 512 days");
        }
        if self.ladder.horizon_days_max < self.ladder.horizon_days_min {
            return refuse(
                "ladder.horizon_days_max",
                self.ladder.horizon_days_max.to_string(),
                "no less than the minimum",
            );
        }
        if self.first_days.follow_days <= self.first_days.days {
            return refuse(
                "first_days.follow_days",
                self.first_days.follow_days.to_string(),
                "more than first_days.days",
            );
        }
        if self.ladder.rungs == 0 || self.ladder.rungs > 100 {
            return refuse("ladder.rungs", self.ladder.rungs.to_string(), "from 1 to 100");
        }
        if self.cohorts.bracket_days.len() > 32 {
            return refuse("cohorts.bracket_days", self.cohorts.bracket_days.len().to_string(), "at most 32 brackets");
        }
        self.rfm.scoring.check()
    }

    fn check_days(&self) -> Result<(), LearnError> {
        let days = [
            ("activity.window_days", self.activity.window_days, KEPT_DAYS),
            ("activity.min_active_days", self.activity.min_active_days, self.activity.window_days.min(KEPT_DAYS)),
            ("activity.stickiness_days", self.activity.stickiness_days, KEPT_DAYS),
            ("activity.running_days", self.activity.running_days, KEPT_DAYS),
            ("activity.fixed_months", self.activity.fixed_months, 12),
            ("kpis.compared_days", self.kpis.compared_days, 3660),
            ("ladder.horizon_days_min", self.ladder.horizon_days_min, 3660),
            ("ladder.horizon_days_max", self.ladder.horizon_days_max, 3660),
            ("first_days.days", self.first_days.days, 3660),
            ("findings.horizon_days", self.findings.horizon_days, 3660),
        ];
        for (name, found, most) in days {
            if found < 1 || found > most {
                return refuse(
                    name,
                    found.to_string(),
                    "at least 1, at most 3660 days (512 for activity, the window for active days), or 12 months",
                );
            }
        }
        Ok(())
    }
}

fn refuse(name: &'static str, found: String, expected: &'static str) -> Result<(), LearnError> {
    Err(LearnError::Threshold { name, found, expected })
}
