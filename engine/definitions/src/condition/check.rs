//! What cannot be meant.

use super::{
    Behaviour, Comparison, Condition, ConditionProblem, ConditionValue, MAX_CONDITION_DEPTH, MAX_CONDITION_PARTS,
};
use crate::{Expressions, Function, Lexical, MAX_NAME_LETTERS, Need, is_name};

/// Days that a condition may look back: a hundred years.
const MAX_DAYS: u32 = 36_500;
/// Values of one list.
const MAX_VALUES: usize = 1_000;

/// A problem at a place.
pub(super) fn problem(path: &str, message: impl Into<String>, fix: impl Into<String>) -> ConditionProblem {
    ConditionProblem { path: path.to_owned(), message: message.into(), fix: fix.into() }
}

/// The path of a key within a condition.
pub(super) fn under(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// That it lies too deep, where it does.
pub(super) fn check_depth(path: &str, depth: usize) -> Result<(), ConditionProblem> {
    if depth < MAX_CONDITION_DEPTH {
        return Ok(());
    }
    let message = format!("conditions lie more than {MAX_CONDITION_DEPTH} deep within one another");
    Err(problem(path, message, "make a segment of a part, and name that"))
}

impl Condition {
    /// Whether it can be written as SQL. What was read from JSON can.
    ///
    /// # Errors
    /// What cannot be meant, and where: a list without values, more parts than anybody means.
    pub fn check(&self) -> Result<(), ConditionProblem> {
        let mut parts = 0;
        self.check_at("", 0, &mut parts)
    }

    fn check_at(&self, path: &str, depth: usize, parts: &mut usize) -> Result<(), ConditionProblem> {
        check_depth(path, depth)?;
        *parts += 1;
        if *parts > MAX_CONDITION_PARTS {
            let message = format!("the condition has more than {MAX_CONDITION_PARTS} parts");
            return Err(problem("", message, "make segments of some, and name those"));
        }
        match self {
            Self::All { all: group } | Self::Any { any: group } => {
                let key = if matches!(self, Self::All { .. }) { "all" } else { "any" };
                for (place, part) in group.iter().enumerate() {
                    part.check_at(&under(path, &format!("{key}[{place}]")), depth + 1, parts)?;
                }
                Ok(())
            }
            Self::Not { not, .. } => not.check_at(&under(path, "not"), depth + 1, parts),
            Self::Column { column, comparison } => {
                check_word(column, &under(path, "column"), "a column's name")?;
                comparison.check_at(path)
            }
            Self::Behaviour { behaviour, comparison } => {
                behaviour.check_at(&under(path, "behaviour"))?;
                comparison.check_at(path)
            }
            Self::Segment { segment } => check_word(segment, &under(path, "segment"), "a segment's name"),
            Self::List { list } => check_word(list, &under(path, "list"), "a list's name"),
            Self::Tag { tag } => check_word(tag, &under(path, "tag"), "a tag"),
            Self::Sql { sql } => check_sql(sql, &under(path, "sql")),
        }
    }
}

fn check_word(word: &str, path: &str, what: &str) -> Result<(), ConditionProblem> {
    if word.is_empty() {
        return Err(problem(path, "it is empty", format!("give it {what}")));
    }
    Ok(())
}

/// That it stands by itself: a bracket left open would reach into what is written beside it.
fn check_sql(sql: &str, path: &str) -> Result<(), ConditionProblem> {
    if sql.trim().is_empty() {
        return Err(problem(path, "it is empty", "write a condition, or take it away"));
    }
    let judged = Lexical.check_customer(sql, &[]).map(drop);
    judged.map_err(|found| problem(path, format!("{} (byte {})", found.message, found.offset), found.fix))
}

impl Comparison {
    fn check_at(&self, path: &str) -> Result<(), ConditionProblem> {
        match self {
            Self::Less { value } | Self::AtMost { value } | Self::More { value } | Self::AtLeast { value } => {
                ordered(value, &under(path, "value"))
            }
            Self::OneOf { values } | Self::NoneOf { values } => check_values(values, &under(path, "values")),
            Self::Between { least, most } => {
                ordered(least, &under(path, "least"))?;
                same_type(least, most, &under(path, "most"))
            }
            Self::Contains { value } | Self::BeginsWith { value } => {
                check_word(value, &under(path, "value"), "some letters")
            }
            Self::WithinDays { value } | Self::BeforeDays { value } if !(1..=MAX_DAYS).contains(value) => {
                let message = format!("{value} days are out of bounds");
                Err(problem(&under(path, "value"), message, format!("take 1 to {MAX_DAYS}")))
            }
            _ => Ok(()),
        }
    }
}

fn check_values(values: &[ConditionValue], path: &str) -> Result<(), ConditionProblem> {
    let Some(first) = values.first() else {
        return Err(problem(path, "it is empty", "give it a value at least"));
    };
    if values.len() > MAX_VALUES {
        let message = format!("{} values are more than {MAX_VALUES}", values.len());
        return Err(problem(path, message, "put the customers on a list, and name that"));
    }
    for (place, value) in values.iter().enumerate() {
        let path = format!("{path}[{place}]");
        ordered(value, &path)?;
        same_type(first, value, &path)?;
    }
    Ok(())
}

fn ordered(value: &ConditionValue, path: &str) -> Result<(), ConditionProblem> {
    match value {
        ConditionValue::Boolean(_) => Err(problem(path, "it is a boolean", "ask for yes or no")),
        ConditionValue::Number(_) | ConditionValue::Text(_) => Ok(()),
    }
}

fn same_type(one: &ConditionValue, other: &ConditionValue, path: &str) -> Result<(), ConditionProblem> {
    if std::mem::discriminant(one) == std::mem::discriminant(other) {
        return Ok(());
    }
    Err(problem(path, "it is of another type than the first value", "take numbers only, or texts only"))
}

impl Behaviour {
    fn check_at(&self, path: &str) -> Result<(), ConditionProblem> {
        if let Some(name) = self.metric.as_ref().filter(|name| !is_name(name)) {
            let fix = format!("take lower-case letters, digits and _, a letter first, at most {MAX_NAME_LETTERS}");
            return Err(problem(&under(path, "metric"), format!("{name:?} is no name"), fix));
        }
        let keys = [
            ("of", self.of.is_some()),
            ("window", self.window.is_some()),
            ("unit", self.unit.is_some()),
            ("then", self.then.is_some()),
            ("within", self.within.is_some()),
        ];
        for (key, is_there) in keys {
            let word = self.function.as_str();
            match (self.function.need(key), is_there) {
                (Need::Required, false) => {
                    return Err(problem(path, format!("{word} needs {key}"), format!("add {key}")));
                }
                (Need::Refused, true) => {
                    let takes = Function::ALL.into_iter().filter(|function| function.need(key) != Need::Refused);
                    let takes = takes.map(Function::as_str).collect::<Vec<_>>().join(", ");
                    let fix = format!("take it away; {key} is for {takes}");
                    return Err(problem(&under(path, key), format!("{word} does not take it"), fix));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
