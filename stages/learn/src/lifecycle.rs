//! Personal interval (mechanism 0.3) and lifecycle stage with its cause (5.1).

use crate::base::{Rows, TableRows};
use crate::own::RELATIVE_INPUTS;
use crate::stats::median;
use crate::thresholds::LifecycleThresholds;
use perennial_fold::{Column, ColumnSpec, ColumnType, CustomerTable, Instant, Relative};
use perennial_model::Stage;
use serde::{Deserialize, Serialize};

pub(crate) const INTERVAL: &str = "personal_interval_days";
pub(crate) const STAGE: &str = "stage";

/// Why a customer is in their stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum StageCause {
    /// Silent for longer than the stage's multiple of the personal interval.
    SilentBeyondInterval = 0,
    /// Silent for longer than the stage's number of days, which is more than that multiple.
    SilentBeyondDays,
    /// A recent order ended a lapse.
    ReturnedAfterLapse,
    /// The first order is recent, and there are few.
    FirstOrderRecent,
    /// Enough orders on distinct days.
    EnoughOrders,
    /// None of the others.
    InRhythm,
}

/// Causes as the column `stage_cause` stores them.
pub static CAUSE_WORDS: [&str; 6] = [
    "silent_beyond_interval",
    "silent_beyond_days",
    "returned_after_lapse",
    "first_order_recent",
    "enough_orders",
    "in_rhythm",
];

static STAGE_WORDS: [&str; 7] = {
    let mut words = [""; 7];
    let mut place = 0;
    while place < 7 {
        words[place] = Stage::ALL[place].as_str();
        place += 1;
    }
    words
};

/// The population's rhythm, fitted as of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LifecycleParameters {
    /// Version of the formula.
    pub formula: u32,
    /// Median over repeat customers of their own mean gap (med_pop of 0.3), days; unknown while
    /// nobody has bought on two days.
    pub median_days: Option<f64>,
    /// How many repeat customers that is.
    pub repeat_customers: u64,
}

/// What decides about a stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StageFacts {
    /// Whole days since the last kept order.
    pub silence_days: i64,
    /// Whole days since the first.
    pub age_days: i64,
    /// Kept orders.
    pub orders: i64,
    /// Distinct days with one.
    pub order_days: i64,
    /// Whether an order of the last 60 days followed a lapse.
    pub returned: bool,
}

/// The relative that adds interval, stage and cause.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    /// Its thresholds.
    pub thresholds: LifecycleThresholds,
}

/// ÎPI = (n·m + κ·med) / (n + κ): a customer's own mean gap, drawn towards the population's median
/// the more, the fewer gaps there are (mechanism 0.3).
#[must_use]
pub fn personal_interval(gaps: i64, mean_gap_days: f64, median_days: f64, shrinkage: f64) -> f64 {
    let n = gaps.max(0) as f64;
    let own = if gaps > 0 { n * mean_gap_days } else { 0.0 };
    if n + shrinkage > 0.0 { (own + shrinkage * median_days) / (n + shrinkage) } else { median_days }
}

/// The first stage that matches, in the order of mechanism 5.1, and why.
#[must_use]
pub fn stage_of(facts: &StageFacts, interval_days: f64, rules: &LifecycleThresholds) -> (Stage, StageCause) {
    let silence = facts.silence_days as f64;
    let limits = [
        (Stage::Lost, rules.lost_intervals, rules.lost_days),
        (Stage::Lapsed, rules.lapsed_intervals, rules.lapsed_days),
        (Stage::AtRisk, rules.at_risk_intervals, rules.at_risk_days),
    ];
    for (stage, intervals, days) in limits {
        let by_interval = intervals * interval_days;
        if silence > by_interval.max(days) {
            let binding =
                if by_interval >= days { StageCause::SilentBeyondInterval } else { StageCause::SilentBeyondDays };
            return (stage, binding);
        }
    }
    if facts.returned {
        (Stage::WonBack, StageCause::ReturnedAfterLapse)
    } else if facts.age_days < i64::from(rules.new_days) && facts.orders < rules.loyal_orders {
        (Stage::New, StageCause::FirstOrderRecent)
    } else if facts.order_days >= rules.loyal_orders {
        (Stage::Loyal, StageCause::EnoughOrders)
    } else {
        (Stage::Active, StageCause::InRhythm)
    }
}

/// The rule of a stage in words, with the thresholds in force.
#[must_use]
pub fn stage_rule(stage: Stage, rules: &LifecycleThresholds) -> String {
    let silence = |intervals: f64, days: f64| format!("silence > max({intervals} × personal interval, {days} d)");
    match stage {
        Stage::Lost => silence(rules.lost_intervals, rules.lost_days),
        Stage::Lapsed => silence(rules.lapsed_intervals, rules.lapsed_days),
        Stage::AtRisk => silence(rules.at_risk_intervals, rules.at_risk_days),
        Stage::WonBack => format!("an order of the last {} d followed lapsed or lost", rules.won_back_days),
        Stage::New => format!("first order < {} d ago, < {} orders", rules.new_days, rules.loyal_orders),
        Stage::Loyal => format!("orders on >= {} distinct days", rules.loyal_orders),
        Stage::Active => "none of the others".to_owned(),
    }
}

/// [`stage_rule`] in Chinese.
#[must_use]
pub fn stage_rule_zh(stage: Stage, rules: &LifecycleThresholds) -> String {
    let silence = |intervals: f64, days: f64| format!("沉默天数 > max({intervals} × 个人购买间隔, {days} 天)");
    match stage {
        Stage::Lost => silence(rules.lost_intervals, rules.lost_days),
        Stage::Lapsed => silence(rules.lapsed_intervals, rules.lapsed_days),
        Stage::AtRisk => silence(rules.at_risk_intervals, rules.at_risk_days),
        Stage::WonBack => format!("最近 {} 天内在沉睡或流失之后又下单", rules.won_back_days),
        Stage::New => format!("首单不足 {} 天，订单少于 {} 个", rules.new_days, rules.loyal_orders),
        Stage::Loyal => format!("在不少于 {} 个不同的日子下过单", rules.loyal_orders),
        Stage::Active => "不属于其他阶段".to_owned(),
    }
}

impl Lifecycle {
    /// The median interval in force: measured, or the documented default while it is unknown.
    #[must_use]
    pub fn median_in_force(&self, parameters: &LifecycleParameters) -> f64 {
        parameters.median_days.unwrap_or(self.thresholds.assumed_interval_days)
    }

    fn facts(rows: &Rows<'_>, row: usize, median_days: f64) -> StageFacts {
        StageFacts {
            silence_days: rows.recency_days[row],
            age_days: rows.age_days[row],
            orders: rows.orders[row],
            order_days: rows.order_days[row],
            returned: rows.won_back_bound_days.get(row).is_some_and(|bound| median_days < *bound),
        }
    }
}

impl Relative for Lifecycle {
    type Parameters = LifecycleParameters;

    fn name(&self) -> &'static str {
        "lifecycle"
    }

    fn fits(&self) -> Option<&'static [&'static str]> {
        Some(&RELATIVE_INPUTS)
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        let spec = |name, column_type, description| ColumnSpec { name, column_type, description };
        vec![
            spec(INTERVAL, ColumnType::Float, "personal interval between order days, drawn to the median, days (0.3)"),
            spec("silence_intervals", ColumnType::Float, "recency_days / personal_interval_days (5.1)"),
            spec(STAGE, ColumnType::Word(&STAGE_WORDS), "lifecycle stage (5.1)"),
            spec("stage_cause", ColumnType::Word(&CAUSE_WORDS), "why the customer is in the stage (5.1)"),
        ]
    }

    fn fit(&self, table: &CustomerTable, _instant: &Instant) -> LifecycleParameters {
        let rows = TableRows::new(table);
        let gaps = rows.shards.iter().flat_map(|rows| rows.mean_gap_days);
        let mut means: Vec<f64> = gaps.copied().filter(|mean| mean.is_finite()).collect();
        let repeat_customers = means.len() as u64;
        LifecycleParameters { formula: 1, median_days: median(&mut means), repeat_customers }
    }

    fn compute(
        &self,
        parameters: &LifecycleParameters,
        table: &CustomerTable,
        shard: usize,
        _: &Instant,
    ) -> Vec<Column> {
        let rows = Rows::of(table, shard);
        let median_days = self.median_in_force(parameters);
        let mut intervals = Vec::with_capacity(rows.len());
        let mut silences = Vec::with_capacity(rows.len());
        let mut stages = Vec::with_capacity(rows.len());
        let mut causes = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            if !rows.is_buyer(row) {
                intervals.push(f64::NAN);
                silences.push(f64::NAN);
                stages.push(u8::MAX);
                causes.push(u8::MAX);
                continue;
            }
            let facts = Self::facts(&rows, row, median_days);
            let mean = rows.mean_gap_days[row];
            let interval = personal_interval(facts.order_days - 1, mean, median_days, self.thresholds.shrinkage);
            let (stage, cause) = stage_of(&facts, interval, &self.thresholds);
            intervals.push(interval);
            silences.push(facts.silence_days as f64 / interval);
            stages.push(stage as u8);
            causes.push(cause as u8);
        }
        vec![Column::Float(intervals), Column::Float(silences), Column::Code(stages), Column::Code(causes)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: StageFacts = StageFacts { silence_days: 5, age_days: 200, orders: 3, order_days: 3, returned: false };

    fn stage(facts: StageFacts, interval: f64) -> (Stage, StageCause) {
        stage_of(&facts, interval, &LifecycleThresholds::default())
    }

    #[test]
    fn few_gaps_are_drawn_to_the_median() {
        assert_eq!(personal_interval(0, f64::NAN, 30.0, 3.0), 30.0);
        assert_eq!(personal_interval(1, 10.0, 30.0, 3.0), 25.0);
        assert_eq!(personal_interval(3, 10.0, 30.0, 3.0), 20.0);
    }

    #[test]
    fn silence_decides_first_and_names_the_limit_that_bound() {
        let silent = |silence_days| StageFacts { silence_days, ..FRESH };
        assert_eq!(stage(silent(181), 30.0), (Stage::Lost, StageCause::SilentBeyondInterval));
        assert_eq!(stage(silent(180), 30.0), (Stage::Lapsed, StageCause::SilentBeyondInterval));
        assert_eq!(stage(silent(91), 7.0), (Stage::Lost, StageCause::SilentBeyondDays));
        assert_eq!(stage(silent(46), 10.0), (Stage::Lapsed, StageCause::SilentBeyondDays));
        assert_eq!(stage(silent(46), 30.0), (Stage::AtRisk, StageCause::SilentBeyondInterval));
        assert_eq!(stage(silent(14), 2.0), (Stage::Active, StageCause::InRhythm));
        assert_eq!(stage(silent(15), 2.0), (Stage::AtRisk, StageCause::SilentBeyondDays));
    }

    #[test]
    fn the_others_follow_in_order() {
        let new = StageFacts { age_days: 59, ..FRESH };
        assert_eq!(stage(new, 30.0).0, Stage::New);
        assert_eq!(stage(StageFacts { age_days: 60, ..FRESH }, 30.0).0, Stage::Active);
        assert_eq!(stage(StageFacts { returned: true, ..new }, 30.0).0, Stage::WonBack);
        assert_eq!(stage(StageFacts { orders: 5, order_days: 5, ..new }, 30.0).0, Stage::Loyal);
        assert_eq!(stage(StageFacts { orders: 9, order_days: 4, ..FRESH }, 30.0).0, Stage::Active);
    }

    #[test]
    fn stages_are_stored_by_their_number() {
        for stage in Stage::ALL {
            assert_eq!(STAGE_WORDS[stage as usize], stage.as_str());
        }
    }
}
