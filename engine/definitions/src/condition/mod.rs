//! The condition of a segment as a builder has it: groups of comparisons, nested, as JSON.
//!
//! SQL is what counts and what is kept. [`Condition::to_sql`] writes it, `condition_of` of the crate
//! `perennial-query` reads it; what has no form here stays SQL within it. Everything is three-valued: a
//! comparison with what is unknown of a customer is neither true nor false, and so is its negation.

mod check;
mod json;
mod names;
mod normal;
mod sql;
#[cfg(test)]
mod tests;

pub use sql::Written;

use crate::{Function, Metric, Then, Unit, Window};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Number;

/// Conditions within one another, at most: their SQL nests twice as deep, and its parser reads fifty levels.
pub const MAX_CONDITION_DEPTH: usize = 20;
/// Parts of a condition, groups among them, at most.
pub const MAX_CONDITION_PARTS: usize = 500;

/// Why a condition cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}: {fix}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct ConditionProblem {
    /// Where in it, such as `all[2].any[0].value`; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

/// A condition over one customer. It is true, false, or unknown where the customer's value is; who is unknown
/// to it is not in the segment.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(deny_unknown_fields)]
pub enum Condition {
    /// All of several conditions.
    All {
        /// True when all of these are, so an empty list is true of everybody.
        all: Vec<Self>,
    },
    /// Any of several conditions.
    Any {
        /// True when one of these is, so an empty list is true of nobody.
        any: Vec<Self>,
    },
    /// The opposite of a condition.
    Not {
        /// True when this is false. Who is unknown to it stays unknown, and is left out.
        not: Box<Self>,
        /// Whether those to whom it is unknown are taken too.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unknown_too: bool,
    },
    /// A column of the customer table is compared.
    Column {
        /// Name of the column.
        column: String,
        /// With what.
        #[serde(flatten)]
        comparison: Comparison,
    },
    /// A figure of the customer's events is compared.
    Behaviour {
        /// The figure.
        behaviour: Behaviour,
        /// With what.
        #[serde(flatten)]
        comparison: Comparison,
    },
    /// The customer is in another segment.
    Segment {
        /// Name of the segment.
        segment: String,
    },
    /// The customer is on a list.
    List {
        /// Name of the list.
        list: String,
    },
    /// The customer has a tag.
    Tag {
        /// The tag, as it is written on the customer.
        tag: String,
    },
    /// What has no other form.
    Sql {
        /// A condition in SQL over the customer table.
        sql: String,
    },
}

/// How a value is compared.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Comparison {
    /// It is this.
    Equal {
        /// The value.
        value: ConditionValue,
    },
    /// It is known and not this.
    NotEqual {
        /// The value.
        value: ConditionValue,
    },
    /// It is less, or earlier.
    Less {
        /// The value, no boolean.
        value: ConditionValue,
    },
    /// It is this or less, or earlier.
    AtMost {
        /// The value, no boolean.
        value: ConditionValue,
    },
    /// It is more, or later.
    More {
        /// The value, no boolean.
        value: ConditionValue,
    },
    /// It is this or more, or later.
    AtLeast {
        /// The value, no boolean.
        value: ConditionValue,
    },
    /// It is one of these.
    OneOf {
        /// Values of one type, one at least.
        values: Vec<ConditionValue>,
    },
    /// It is known and none of these.
    NoneOf {
        /// Values of one type, one at least.
        values: Vec<ConditionValue>,
    },
    /// It lies between two values.
    Between {
        /// The least that is taken.
        least: ConditionValue,
        /// The most that is taken.
        most: ConditionValue,
    },
    /// A text has these letters in it.
    Contains {
        /// The letters, as they are.
        value: String,
    },
    /// A text begins with these letters.
    BeginsWith {
        /// The letters, as they are.
        value: String,
    },
    /// There is a value.
    Known {},
    /// There is none.
    Unknown {},
    /// A boolean is true.
    Yes {},
    /// A boolean is false.
    No {},
    /// A day lies within the last so many days of the brand, today among them. A time, as first and last of a
    /// behaviour may be, within so many times 24 hours up to now.
    WithinDays {
        /// How many days, 1 to 36500.
        value: u32,
    },
    /// A day or time is earlier than that.
    BeforeDays {
        /// How many days, 1 to 36500.
        value: u32,
    },
}

/// A number (money in major units), a text (also a day, as "2026-03-01", and a time), or true or false.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ConditionValue {
    /// True or false.
    Boolean(bool),
    /// A number; money in major units.
    Number(Number),
    /// A text, a day or a time.
    Text(String),
}

/// A figure of the customer's events: the keys of a metric. When no metric is defined so, one is made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Behaviour {
    /// Name of the metric that is defined so, or that is made when none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{0,62}$"))]
    pub metric: Option<String>,
    /// What is computed of the events.
    pub function: Function,
    /// Which events count; all without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// The column whose values are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// A condition in SQL over one event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#where: Option<String>,
    /// Only events of the last so many days or weeks, for example 90d or 12w.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[1-9][0-9]{0,3}[dw]$"))]
    pub window: Option<Window>,
    /// What a streak counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// What must follow, for sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
    /// In which time it must follow, for sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[1-9][0-9]{0,3}[dw]$"))]
    pub within: Option<Window>,
}

impl Behaviour {
    /// What a metric computes, under its name.
    #[must_use]
    pub fn of_metric(metric: &Metric) -> Self {
        let Metric { name, function, events, of, r#where, window, unit, then, within, .. } = metric.clone();
        Self { metric: Some(name), function, events, of, r#where, window, unit, then, within }
    }

    /// A metric that computes it, under this name.
    #[must_use]
    pub fn into_metric(self, name: String) -> Metric {
        let Self { metric: _, function, events, of, r#where, window, unit, then, within } = self;
        Metric { name, title: None, description: None, function, events, of, r#where, window, unit, then, within }
    }

    /// Whether a metric computes just this.
    #[must_use]
    pub fn is(&self, metric: &Metric) -> bool {
        Self { metric: None, ..self.clone() } == Self { metric: None, ..Self::of_metric(metric) }
    }

    /// Whether it comes to a time of day, not to a day or a number.
    #[must_use]
    pub fn is_time(&self) -> bool {
        matches!(self.function, Function::Min | Function::Max | Function::First | Function::Last)
            && matches!(self.of.as_deref(), Some("time" | "received"))
    }
}
