//! Experiments: whose customers are divided by lot, from which day, and what is compared.

use crate::model::{OneOrMany, one_or_many};
use crate::{Day, Function, Metric, Share, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Share held out unless told otherwise, percent.
pub const USUAL_HOLDOUT_PERCENT: u16 = 10;
/// Days for which outcomes count unless told otherwise.
pub const USUAL_DAYS: u16 = 30;
/// Days for which outcomes count, at most.
pub const MAX_DAYS: u16 = 366;
/// Arms of an experiment, at most.
pub const MAX_ARMS: usize = 20;
/// The greatest weight of an arm.
pub const MAX_WEIGHT: u32 = 10_000;
/// Name of the group that is left alone.
pub const HOLDOUT: &str = "holdout";
/// Name of the group that no programme contacts.
pub const GLOBAL_CONTROL: &str = "global_control";
/// Name of the only arm where none is named.
const USUAL_ARM: &str = "treated";

/// Whether a customer ordered.
pub const OUTCOME_CONVERTED: &str = "converted";
/// How many orders a customer placed.
pub const OUTCOME_ORDERS: &str = "orders";
/// What remains of their money after refunds.
pub const OUTCOME_REVENUE: &str = "revenue";
/// Outcomes that need no metric.
pub const OUTCOMES: [&str; 3] = [OUTCOME_CONVERTED, OUTCOME_ORDERS, OUTCOME_REVENUE];

/// An experiment: its audience is fixed on a day and divided by lot, and the groups are compared afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Its name: lower-case letters, digits and _, a letter first. The lot is drawn by it: another name, other groups.
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{0,62}$"))]
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What is done to whom, and what for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The segment whose customers take part: those in it at the start of the first day, once and for all.
    pub audience: String,
    /// Share of them who are left alone, for example 10%, which is the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[0-9]{1,2}([.][0-9]{1,2})?%$"))]
    pub holdout: Option<Share>,
    /// Between what the others are divided; one arm called treated without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Arm>>", length(min = 1, max = 20))]
    pub arms: Vec<Arm>,
    /// The first day, for example 2026-03-01, from its midnight in the brand's zone.
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub starts: Day,
    /// For so many days what customers do counts; 30 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 366))]
    pub days: Option<u16>,
    /// What is compared, the main outcome first: converted (ordered at all), orders, revenue, or metrics by name,
    /// which are then computed over exactly these days; a name or a list of names. Without it converted and revenue.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    #[schemars(with = "Option<OneOrMany>")]
    pub outcomes: Vec<String>,
}

/// One of the things that are done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// Its name: lower-case letters, digits and _, a letter first.
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{0,62}$"))]
    pub name: String,
    /// How much of what is not held out it gets, beside the other arms' weights; 1 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub weight: Option<u32>,
}

impl Experiment {
    /// Share held out, a part of one.
    #[must_use]
    pub fn holdout_fraction(&self) -> f64 {
        self.holdout.map_or(f64::from(USUAL_HOLDOUT_PERCENT) / 100.0, Share::fraction)
    }

    /// The arms with their weights, in their order.
    #[must_use]
    pub fn arms_with_weights(&self) -> Vec<(&str, u32)> {
        match self.arms.as_slice() {
            [] => vec![(USUAL_ARM, 1)],
            arms => arms.iter().map(|arm| (arm.name.as_str(), arm.weight.unwrap_or(1))).collect(),
        }
    }

    /// For how many days outcomes count.
    #[must_use]
    pub fn days(&self) -> u16 {
        self.days.unwrap_or(USUAL_DAYS)
    }

    /// What is compared, the main outcome first.
    #[must_use]
    pub fn outcome_names(&self) -> Vec<&str> {
        match self.outcomes.as_slice() {
            [] => vec![OUTCOME_CONVERTED, OUTCOME_REVENUE],
            outcomes => outcomes.iter().map(String::as_str).collect(),
        }
    }

    /// The keys in which it differs from itself as it began, and that cannot change any more.
    #[must_use]
    pub fn frozen_differences(&self, begun: &Self) -> Vec<&'static str> {
        let same = [
            ("audience", self.audience == begun.audience),
            ("holdout", self.holdout_fraction().to_bits() == begun.holdout_fraction().to_bits()),
            ("arms", self.arms_with_weights() == begun.arms_with_weights()),
            ("starts", self.starts == begun.starts),
        ];
        same.into_iter().filter(|(_, same)| !same).map(|(key, _)| key).collect()
    }
}

/// Whether a metric can be an outcome: it needs a figure for everybody, also for those who did nothing.
#[must_use]
pub(crate) const fn is_outcome(metric: &Metric) -> bool {
    matches!(metric.function, Function::Count | Function::Sum | Function::Distinct | Function::Sequence)
}
