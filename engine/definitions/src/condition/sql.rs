//! To SQL.

use super::names::Columns;
use super::{Comparison, Condition, ConditionProblem, ConditionValue};
use crate::Metric;

/// A condition in SQL over the customer table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The condition.
    pub sql: String,
    /// Metrics that it names and that nobody has defined yet.
    pub metrics: Vec<Metric>,
}

/// What a part stands in, from the loosest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Within {
    /// Nothing, or brackets.
    Brackets,
    Or,
    And,
    Not,
}

impl Condition {
    /// The same in SQL, without a bracket that is not needed. A behaviour is the column of a metric: of the one
    /// among these that is defined so, else of a new one that comes with the SQL.
    ///
    /// # Errors
    /// As [`Condition::check`].
    pub fn to_sql(&self, metrics: &[Metric]) -> Result<Written, ConditionProblem> {
        self.check()?;
        let mut columns = Columns::new(metrics);
        let mut sql = String::new();
        write(&self.clone().normal(), Within::Brackets, &mut columns, &mut sql);
        Ok(Written { sql, metrics: columns.made })
    }

    /// Whether it is one word or call, to which nothing beside it can get.
    fn is_atom(&self) -> bool {
        match self {
            Self::Segment { .. } | Self::List { .. } | Self::Tag { .. } => true,
            Self::All { all: parts } | Self::Any { any: parts } => parts.is_empty(),
            Self::Column { comparison, .. } | Self::Behaviour { comparison, .. } => {
                matches!(comparison, Comparison::Yes {})
            }
            Self::Not { .. } | Self::Sql { .. } => false,
        }
    }

    fn needs_brackets(&self, within: Within) -> bool {
        match self {
            _ if within == Within::Brackets || self.is_atom() => false,
            Self::Any { .. } => within > Within::Or,
            // What is written beside it could get into it: the parser lets some operators take all that follows.
            Self::Sql { .. } => true,
            _ => within == Within::Not,
        }
    }
}

fn write(condition: &Condition, within: Within, columns: &mut Columns<'_>, out: &mut String) {
    if condition.needs_brackets(within) {
        out.push('(');
        write(condition, Within::Brackets, columns, out);
        // A comment to the end of the line would take the bracket in.
        out.push_str(if matches!(condition, Condition::Sql { sql } if sql.contains("--")) { "\n)" } else { ")" });
        return;
    }
    match condition {
        Condition::All { all } if all.is_empty() => out.push_str("true"),
        Condition::All { all } => joined(all, " and ", Within::And, columns, out),
        Condition::Any { any } if any.is_empty() => out.push_str("false"),
        Condition::Any { any } => joined(any, " or ", Within::Or, columns, out),
        Condition::Not { not, unknown_too } => {
            out.push_str(if *unknown_too { "" } else { "not " });
            write(not, Within::Not, columns, out);
            out.push_str(if *unknown_too { " is not true" } else { "" });
        }
        Condition::Column { column, comparison } => compare(column, comparison, columns.is_time(column), out),
        Condition::Behaviour { behaviour, comparison } => {
            let column = columns.of(behaviour);
            compare(&column, comparison, behaviour.is_time(), out);
        }
        Condition::Segment { segment } => call("in_segment", segment, out),
        Condition::List { list } => call("in_list", list, out),
        Condition::Tag { tag } => call("has_tag", tag, out),
        Condition::Sql { sql } => out.push_str(sql),
    }
}

fn joined(parts: &[Condition], word: &str, within: Within, columns: &mut Columns<'_>, out: &mut String) {
    for (place, part) in parts.iter().enumerate() {
        out.push_str(if place == 0 { "" } else { word });
        write(part, within, columns, out);
    }
}

fn call(function: &str, name: &str, out: &mut String) {
    out.push_str(&format!("{function}({})", quoted(name)));
}

fn compare(column: &str, comparison: &Comparison, is_time: bool, out: &mut String) {
    let column = identifier(column);
    let list = |values: &[ConditionValue]| values.iter().map(literal).collect::<Vec<_>>().join(", ");
    out.push_str(&match comparison {
        Comparison::Equal { value } => format!("{column} = {}", literal(value)),
        Comparison::NotEqual { value } => format!("{column} <> {}", literal(value)),
        Comparison::Less { value } => format!("{column} < {}", literal(value)),
        Comparison::AtMost { value } => format!("{column} <= {}", literal(value)),
        Comparison::More { value } => format!("{column} > {}", literal(value)),
        Comparison::AtLeast { value } => format!("{column} >= {}", literal(value)),
        Comparison::OneOf { values } => format!("{column} in ({})", list(values)),
        Comparison::NoneOf { values } => format!("{column} not in ({})", list(values)),
        Comparison::Between { least, most } => {
            format!("{column} between {} and {}", literal(least), literal(most))
        }
        Comparison::Contains { value } => format!("{column} like {}", quoted(&format!("%{}%", plain(value)))),
        Comparison::BeginsWith { value } => format!("{column} like {}", quoted(&format!("{}%", plain(value)))),
        Comparison::Known {} => format!("{column} is not null"),
        Comparison::Unknown {} => format!("{column} is null"),
        Comparison::Yes {} => column,
        Comparison::No {} => format!("not {column}"),
        Comparison::WithinDays { value } if is_time => {
            format!("{column} between now() - interval '{value} days' and now()")
        }
        Comparison::BeforeDays { value } if is_time => format!("{column} < now() - interval '{value} days'"),
        Comparison::WithinDays { value: 0 | 1 } => format!("{column} = current_date"),
        Comparison::BeforeDays { value: 0 | 1 } => format!("{column} < current_date"),
        // Today is one of the days.
        Comparison::WithinDays { value } => {
            format!("{column} between current_date - {} and current_date", value - 1)
        }
        Comparison::BeforeDays { value } => format!("{column} < current_date - {}", value - 1),
    });
}

fn literal(value: &ConditionValue) -> String {
    match value {
        ConditionValue::Boolean(value) => value.to_string(),
        ConditionValue::Number(value) => value.to_string(),
        ConditionValue::Text(value) => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Letters of a pattern that stand for themselves.
fn plain(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

fn identifier(name: &str) -> String {
    if crate::is_name(name) && RESERVED.binary_search(&name).is_err() {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Words that mean something else where a condition begins, in their order.
const RESERVED: [&str; 47] = [
    "all",
    "and",
    "any",
    "array",
    "between",
    "case",
    "cast",
    "current_catalog",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "distinct",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "from",
    "group",
    "having",
    "in",
    "intersect",
    "interval",
    "is",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "or",
    "order",
    "select",
    "session_user",
    "some",
    "struct",
    "then",
    "trim",
    "true",
    "union",
    "user",
    "values",
    "when",
    "where",
    "with",
];
