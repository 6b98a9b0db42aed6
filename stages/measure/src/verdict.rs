//! What an experiment says, in one word: it works, it harms, there is nothing in it, or not yet known.

use crate::difference::two_sided;
use crate::distribution::normal_point;
use crate::power::{USUAL_POWER, days_for};
use crate::{Difference, Words};
use serde::{Deserialize, Serialize};

/// More customers than this are as good as never.
const NEVER: f64 = 1e9;

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Orders, revenue.
    #[default]
    Higher,
    /// Unsubscribes, returns.
    Lower,
}

/// What is asked of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Level of the interval, such as 0.95.
    pub level: f64,
    /// Probability of seeing an effect that is there.
    pub power: f64,
    /// The smallest difference worth speaking of, if anybody has said.
    pub worthwhile: Option<f64>,
    /// Customers of both groups who come each day, if known.
    pub customers_per_day: Option<f64>,
    /// Which way is good.
    pub better: Better,
}

impl Question {
    /// Of this level, with the usual power.
    #[must_use]
    pub const fn new(level: f64) -> Self {
        Self { level, power: USUAL_POWER, worthwhile: None, customers_per_day: None, better: Better::Higher }
    }
}

/// What is known of the answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The difference, of an interval at the question's level; none where nothing can be computed.
    pub difference: Option<Difference>,
    /// Its probability among all that were compared (see [`crate::benjamini_hochberg`]).
    pub p_adjusted: Option<f64>,
    /// Customers of both groups together.
    pub customers: u64,
    /// Whether the groups' sizes are as assigned.
    pub ratio_alarm: bool,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// The arm does better than the control group.
    Works,
    /// The arm does worse.
    Harms,
    /// Whatever difference there is, it is smaller than what is worth speaking of.
    NoDifference,
    /// Too early.
    NotYetKnown {
        /// So many more customers, both groups together, are wanted; none where that cannot be said.
        customers: Option<u64>,
        /// Days until they have come, where it is known how many come.
        days: Option<u64>,
    },
    /// The groups' sizes are not as assigned: no figure is to be trusted.
    Untrusted,
}

impl Verdict {
    /// The answer to a question.
    #[must_use]
    pub fn of(question: &Question, evidence: &Evidence) -> Self {
        if evidence.ratio_alarm {
            return Self::Untrusted;
        }
        let Some(difference) = &evidence.difference else {
            return Self::NotYetKnown { customers: None, days: None };
        };
        let interval = &difference.interval;
        if question.worthwhile.is_some_and(|least| -least < interval.low && interval.high < least) {
            return Self::NoDifference;
        }
        let sure = evidence.p_adjusted.unwrap_or(difference.p) <= 1.0 - question.level;
        if sure && (interval.low > 0.0 || interval.high < 0.0) {
            let good = (interval.low > 0.0) == (question.better == Better::Higher);
            return if good { Self::Works } else { Self::Harms };
        }
        let customers = more_customers(question, evidence, difference);
        let days = customers.zip(question.customers_per_day).and_then(|(more, rate)| days_for(more, rate));
        Self::NotYetKnown { customers, days }
    }

    /// The word by which programs know it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Harms => "harms",
            Self::NoDifference => "no_difference",
            Self::NotYetKnown { .. } => "not_yet_known",
            Self::Untrusted => "untrusted",
        }
    }

    /// In words for people.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Works => Words::new("works", "有效"),
            Self::Harms => Words::new("harms", "有害"),
            Self::NoDifference => Words::new("no difference worth speaking of", "没有值得一提的差异"),
            Self::NotYetKnown { customers: None, .. } => Words::new("not yet known", "尚不确定"),
            Self::NotYetKnown { customers: Some(customers), days } => {
                let more = crate::words::grouped(rounded_up(*customers));
                let (en, zh) = match days {
                    None => (String::new(), String::new()),
                    Some(1) => (" or 1 day".to_owned(), "，或 1 天".to_owned()),
                    Some(days) => (format!(" or {days} days"), format!("，或 {days} 天")),
                };
                Words::new(
                    format!("not yet known: {more} more customers{en}"),
                    format!("尚不确定：还需 {more} 位客户{zh}"),
                )
            }
            Self::Untrusted => Words::new(
                "not to be trusted: the groups are not as large as they were assigned",
                "不可采信：各组人数与分配不符",
            ),
        }
    }
}

/// How many more customers are wanted, divided over the groups as now.
///
/// Enough to see the smallest difference worth speaking of with the power asked for. Where so many have come
/// and it still is not known, enough for an interval that cannot hold both zero and that difference.
/// Where nobody said what is worth speaking of, the difference seen so far is taken for the true one.
fn more_customers(question: &Question, evidence: &Evidence, difference: &Difference) -> Option<u64> {
    let aim = question.worthwhile.unwrap_or(difference.value).abs();
    // A difference among several has to be surer: by as much as its probability was adjusted.
    let share = evidence.p_adjusted.map_or(1.0, |adjusted| (difference.p / adjusted).clamp(1e-6, 1.0));
    let adjusted = two_sided(1.0 - (1.0 - question.level) * share);
    let half = difference.interval.width() / 2.0;
    // Where nobody has done it yet the standard error is zero and the interval is not.
    let error = if difference.standard_error > 0.0 { difference.standard_error } else { half / adjusted };
    let sure = adjusted.max(half / error);
    let now = evidence.customers as f64;
    let need = |errors: f64| now * (errors * error / aim).powi(2);
    let powered = need(sure + normal_point(1.0 - question.power));
    let more = if powered > now { powered - now } else { need(2.0 * sure) - now };
    // Of a number that is none, too.
    (more < NEVER).then(|| more.ceil().max(1.0) as u64)
}

/// To two figures: nobody knows it better.
fn rounded_up(customers: u64) -> u64 {
    let unit = 10_u64.pow(customers.max(1).ilog10().saturating_sub(1));
    customers.div_ceil(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Baseline, PowerPlan, Share, difference_of_shares};

    fn evidence(arm: Share, control: Share) -> Evidence {
        let difference = difference_of_shares(arm, control, 0.95);
        Evidence { difference, p_adjusted: None, customers: arm.of + control.of, ratio_alarm: false }
    }

    #[test]
    fn clear_answers() {
        let question = Question::new(0.95);
        let (many, few) = (Share::new(600, 1_000), Share::new(500, 1_000));
        assert_eq!(Verdict::of(&question, &evidence(many, few)), Verdict::Works);
        assert_eq!(Verdict::of(&question, &evidence(few, many)), Verdict::Harms);
        let lower = Question { better: Better::Lower, ..question };
        assert_eq!(Verdict::of(&lower, &evidence(few, many)), Verdict::Works);
        let skewed = Evidence { ratio_alarm: true, ..evidence(many, few) };
        assert_eq!(Verdict::of(&question, &skewed), Verdict::Untrusted);
    }

    #[test]
    fn a_sure_difference_too_small_to_matter_is_none() {
        let question = Question { worthwhile: Some(0.01), ..Question::new(0.95) };
        let found = evidence(Share::new(503_000, 1_000_000), Share::new(500_000, 1_000_000));
        assert!(found.difference.unwrap().p < 0.001);
        assert_eq!(Verdict::of(&question, &found), Verdict::NoDifference);
    }

    #[test]
    fn one_discovery_among_many_is_not_yet_one() {
        let found = evidence(Share::new(550, 1_000), Share::new(500, 1_000));
        assert_eq!(Verdict::of(&Question::new(0.95), &found), Verdict::Works);
        let among = Evidence { p_adjusted: Some(0.2), ..found };
        let Verdict::NotYetKnown { customers: Some(more), .. } = Verdict::of(&Question::new(0.95), &among) else {
            panic!("known");
        };
        assert!(more > 1_000, "{more}");
    }

    #[test]
    fn it_says_how_many_more() {
        let question = Question { customers_per_day: Some(270.0), ..Question::new(0.95) };
        let found = evidence(Share::new(108, 1_000), Share::new(86, 1_000));
        let verdict = Verdict::of(&question, &found);
        // As the plan from 8.6 % to 10.8 % says, less the 2,000 who are there.
        let Verdict::NotYetKnown { customers: Some(more), days: Some(days) } = verdict else { panic!("{verdict:?}") };
        let plan = PowerPlan::new(Baseline::Share(0.086)).customers(0.022).unwrap() - 2_000;
        assert!(more.abs_diff(plan) < plan / 20 && days == more.div_ceil(270), "{verdict:?}, {plan}");
        let told = Verdict::NotYetKnown { customers: Some(2_241), days: Some(9) }.words();
        assert_eq!(told.en, "not yet known: 2,300 more customers or 9 days");
        assert_eq!(told.zh, "尚不确定：还需 2,300 位客户，或 9 天");
        let same = evidence(Share::new(500, 1_000), Share::new(500, 1_000));
        assert_eq!(Verdict::of(&question, &same), Verdict::NotYetKnown { customers: None, days: None });
    }

    #[test]
    fn where_nobody_did_it_yet_a_number_is_said_for_a_difference_worth_speaking_of_alone() {
        let nobody = evidence(Share::new(0, 500), Share::new(0, 500));
        let question = Question::new(0.95);
        assert_eq!(Verdict::of(&question, &nobody), Verdict::NotYetKnown { customers: None, days: None });
        let least = Question { worthwhile: Some(0.005), ..question };
        let Verdict::NotYetKnown { customers: Some(more), .. } = Verdict::of(&least, &nobody) else { panic!("known") };
        assert!((500..5_000).contains(&more), "{more}");
    }

    #[test]
    fn more_customers_are_wanted_as_long_as_it_is_not_known() {
        // From sizes too small to sizes large enough: the number wanted ends in an answer.
        let question = Question { worthwhile: Some(0.02), ..Question::new(0.95) };
        for customers in (200..40_000).step_by(400) {
            let found =
                evidence(Share::new(customers * 51 / 1_000, customers / 2), Share::new(customers / 20, customers / 2));
            match Verdict::of(&question, &found) {
                Verdict::NotYetKnown { customers: Some(more), .. } => assert!(more > 0),
                verdict => {
                    assert_eq!(verdict, Verdict::NoDifference);
                    assert!(customers > 2_000, "{customers}");
                    return;
                }
            }
        }
        panic!("never known");
    }
}
