//! Conditions over the customer table, taken apart: for a builder, and to explain one customer.
//!
//! SQL is what counts. [`condition_of`] is the way back from what
//! [`Condition::to_sql`](perennial_definitions::Condition::to_sql) writes, and from whatever else is
//! written by hand; [`leaves`] shows its parts as they stand in the text.

mod form;
mod parse;
#[cfg(test)]
mod tests;
mod tree;

pub use tree::{ConditionTree, leaves};

use parse::{Node, Parsed, Part};
use perennial_definitions::{Behaviour, Condition, ExpressionProblem, MAX_CONDITION_DEPTH, Metric};

/// A condition in SQL as a builder shows it, in its [normal form](Condition::normal). What has no form is
/// SQL within it; all of it is, where the text has comments, or more parts than a builder takes. A column
/// of one of these metrics is the behaviour that it computes, under its name.
///
/// # Errors
/// Where it is no SQL, and why.
pub fn condition_of(sql: &str, metrics: &[Metric]) -> Result<Condition, ExpressionProblem> {
    let parsed = Parsed::of(sql)?;
    let whole = || Condition::Sql { sql: sql.trim().to_owned() };
    if parsed.has_comments {
        return Ok(whole());
    }
    let reader = Reader { sql, metrics };
    let condition = reader.condition(&parsed.root, 0).normal();
    Ok(if condition.check().is_ok() { condition } else { whole() })
}

struct Reader<'a> {
    sql: &'a str,
    metrics: &'a [Metric],
}

impl Reader<'_> {
    fn condition(&self, node: &Node, depth: usize) -> Condition {
        let within = |part: &Node| self.condition(part, depth + 1);
        match &node.part {
            Part::Leaf(expression) => {
                let found = form::of(expression, self.metrics).map(|condition| self.behaviour(condition));
                found.filter(|found| found.check().is_ok()).unwrap_or_else(|| self.text(node))
            }
            // What lies deeper than a builder shows stays text.
            _ if depth + 1 >= MAX_CONDITION_DEPTH => self.text(node),
            Part::All(parts) => Condition::All { all: parts.iter().map(within).collect() },
            Part::Any(parts) => Condition::Any { any: parts.iter().map(within).collect() },
            Part::Not { part, unknown_too } => {
                Condition::Not { not: Box::new(within(part)), unknown_too: *unknown_too }
            }
        }
    }

    fn text(&self, node: &Node) -> Condition {
        Condition::Sql { sql: self.sql.get(node.range.clone()).unwrap_or_default().to_owned() }
    }

    /// A column that is a metric, as what it computes.
    fn behaviour(&self, condition: Condition) -> Condition {
        match condition {
            Condition::Column { column, comparison } => {
                match self.metrics.iter().find(|metric| metric.name == column) {
                    Some(metric) => Condition::Behaviour { behaviour: Behaviour::of_metric(metric), comparison },
                    None => Condition::Column { column, comparison },
                }
            }
            Condition::Not { not, unknown_too } => Condition::Not { not: Box::new(self.behaviour(*not)), unknown_too },
            other => other,
        }
    }
}
