//! What cannot be used in a condition, where, and what to do.

use datafusion::common::SchemaError;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::Expr;
use perennial_definitions::ExpressionProblem;

/// A problem at a place, in bytes.
pub(crate) fn problem(offset: usize, message: impl Into<String>, fix: impl Into<String>) -> ExpressionProblem {
    ExpressionProblem { offset, message: message.into(), fix: fix.into() }
}

/// The column that is not there, where that is what it fails for.
pub(crate) fn missing_column(error: &DataFusionError) -> Option<&str> {
    let DataFusionError::SchemaError(schema, _) = error.find_root() else { return None };
    match schema.as_ref() {
        SchemaError::FieldNotFound { field, .. } => Some(field.name()),
        _ => None,
    }
}

/// What DataFusion says of a condition that it does not understand.
pub(crate) fn not_understood(sql: &str, error: &DataFusionError) -> ExpressionProblem {
    let text = error.strip_backtrace();
    let parsed = text.split_once("ParserError(\"").map(|(_, rest)| rest.trim_end_matches("\")"));
    said_by_parser(sql, parsed.unwrap_or_else(|| text.rsplit(": ").next().unwrap_or(&text)))
}

/// What the parser says of it.
pub(crate) fn said_by_parser(sql: &str, reason: &str) -> ExpressionProblem {
    // What ends too early has no place of its own.
    let end = if reason.ends_with("found: EOF") { sql.trim_end().len() } else { 0 };
    let offset = parser_place(sql, reason).unwrap_or(end);
    let reason = reason.split(" at Line").next().unwrap_or(reason).trim();
    problem(offset, format!("the condition is not understood ({reason})"), "write it as in SQL's where")
}

/// Refuses an expression for the first of its parts against which there is something.
///
/// # Errors
/// What there is.
pub(crate) fn refuse_first(
    expression: &Expr,
    against: impl Fn(&Expr) -> Option<ExpressionProblem>,
) -> Result<(), ExpressionProblem> {
    let mut refused = None;
    let walked = expression.apply(|part| {
        refused = against(part);
        Ok(if refused.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    match (refused, walked) {
        (Some(refused), _) => Err(refused),
        (None, Err(error)) => Err(problem(0, error.to_string(), "write it as in SQL's where")),
        (None, Ok(_)) => Ok(()),
    }
}

/// Where a name stands in a condition, in bytes.
pub(crate) fn place_of(sql: &str, name: &str) -> usize {
    let lower = sql.to_ascii_lowercase();
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let whole = lower.match_indices(&name.to_ascii_lowercase()).map(|(byte, _)| byte).find(|byte| {
        let (before, after) = (lower.get(..*byte).unwrap_or(""), lower.get(byte + name.len()..).unwrap_or(""));
        !before.chars().next_back().is_some_and(is_part) && !after.chars().next().is_some_and(is_part)
    });
    whole.unwrap_or(0)
}

/// The place that the parser names, in characters of a line: "Line: 1, Column: 9".
fn parser_place(sql: &str, message: &str) -> Option<usize> {
    let (_, rest) = message.rsplit_once("Line: ")?;
    let (line, rest) = rest.split_once(", Column: ")?;
    let digits = rest.split(|character: char| !character.is_ascii_digit()).next()?;
    let (line, column): (usize, usize) = (line.parse().ok()?, digits.parse().ok()?);
    let before: usize = sql.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let within = sql.get(before..)?.char_indices().nth(column.checked_sub(1)?);
    Some(before + within.map_or(0, |(byte, _)| byte))
}
