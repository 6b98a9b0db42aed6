//! One of the ways in which the same can be said.

use super::{Comparison, Condition, ConditionValue};
use serde_json::Number;

/// Whole numbers below are exact as floating-point numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Condition {
    /// The same condition with groups of one kind flattened, groups of one taken out, comparisons with true and
    /// false as yes and no and their negations, and whole numbers without a point. SQL is written of this
    /// form and read into it. It has the same value for every customer, known or not.
    #[must_use]
    pub fn normal(self) -> Self {
        match self {
            Self::All { all } => {
                let parts = all.into_iter().map(Self::normal).flat_map(|part| match part {
                    Self::All { all } => all,
                    other => vec![other],
                });
                only(parts.collect()).unwrap_or_else(|all| Self::All { all })
            }
            Self::Any { any } => {
                let parts = any.into_iter().map(Self::normal).flat_map(|part| match part {
                    Self::Any { any } => any,
                    other => vec![other],
                });
                only(parts.collect()).unwrap_or_else(|any| Self::Any { any })
            }
            Self::Not { not, unknown_too } => negated(not.normal(), unknown_too),
            Self::Column { column, comparison } => Self::Column { column, comparison: comparison.normal() },
            Self::Behaviour { behaviour, comparison } => Self::Behaviour { behaviour, comparison: comparison.normal() },
            Self::Sql { sql } => Self::Sql { sql: sql.trim().to_owned() },
            other => other,
        }
    }

    /// The comparison of a column or of a behaviour.
    fn comparison_mut(&mut self) -> Option<&mut Comparison> {
        match self {
            Self::Column { comparison, .. } | Self::Behaviour { comparison, .. } => Some(comparison),
            _ => None,
        }
    }
}

fn only(mut parts: Vec<Condition>) -> Result<Condition, Vec<Condition>> {
    match parts.pop() {
        Some(part) if parts.is_empty() => Ok(part),
        Some(last) => {
            parts.push(last);
            Err(parts)
        }
        None => Err(parts),
    }
}

fn negated(mut not: Condition, unknown_too: bool) -> Condition {
    if !unknown_too && let Some(comparison) = not.comparison_mut() {
        let opposite = match comparison {
            Comparison::Yes {} => Some(Comparison::No {}),
            Comparison::No {} => Some(Comparison::Yes {}),
            _ => None,
        };
        if let Some(opposite) = opposite {
            *comparison = opposite;
            return not;
        }
    }
    Condition::Not { not: Box::new(not), unknown_too }
}

impl Comparison {
    fn normal(self) -> Self {
        match self {
            Self::Equal { value: ConditionValue::Boolean(true) } => Self::Yes {},
            Self::Equal { value: ConditionValue::Boolean(false) } => Self::No {},
            Self::Equal { value } => Self::Equal { value: value.normal() },
            Self::NotEqual { value } => Self::NotEqual { value: value.normal() },
            Self::Less { value } => Self::Less { value: value.normal() },
            Self::AtMost { value } => Self::AtMost { value: value.normal() },
            Self::More { value } => Self::More { value: value.normal() },
            Self::AtLeast { value } => Self::AtLeast { value: value.normal() },
            Self::OneOf { values } => Self::OneOf { values: values.into_iter().map(ConditionValue::normal).collect() },
            Self::NoneOf { values } => {
                Self::NoneOf { values: values.into_iter().map(ConditionValue::normal).collect() }
            }
            Self::Between { least, most } => Self::Between { least: least.normal(), most: most.normal() },
            other => other,
        }
    }
}

impl ConditionValue {
    fn normal(self) -> Self {
        let Self::Number(number) = self else { return self };
        let whole = number.as_f64().filter(|value| !number.is_i64() && value.fract() == 0.0 && value.abs() < EXACT);
        #[expect(clippy::cast_possible_truncation, reason = "whole and exact")]
        Self::Number(whole.map_or(number, |value| Number::from(value as i64)))
    }
}
