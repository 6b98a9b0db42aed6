//! A condition with the text of its parts, to say of one customer which of them hold.

use super::form;
use super::parse::{Node, Parsed, Part};
use datafusion::sql::sqlparser::ast::{Expr, visit_expressions};
use perennial_definitions::{Condition, ExpressionProblem};
use std::ops::ControlFlow;

/// A condition taken apart, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionTree {
    /// True when all are.
    All(Vec<Self>),
    /// True when one is.
    Any(Vec<Self>),
    /// True when its part is false.
    Not {
        /// What is negated.
        part: Box<Self>,
        /// Whether it is true of the unknown too, as `(…) is not true` is.
        unknown_too: bool,
    },
    /// What is asked of a customer.
    Leaf {
        /// Its text.
        sql: String,
        /// The columns that it names, in their order, each once.
        columns: Vec<String>,
        /// The segment, where it is `in_segment('…')`.
        segment: Option<String>,
        /// The list, where it is `in_list('…')`.
        list: Option<String>,
        /// The tag, where it is `has_tag('…')`.
        tag: Option<String>,
    },
}

/// The parts of a condition over the customer table.
///
/// # Errors
/// Where it is no SQL, and why.
pub fn leaves(sql: &str) -> Result<ConditionTree, ExpressionProblem> {
    Ok(tree(sql, &Parsed::of(sql)?.root))
}

fn tree(sql: &str, node: &Node) -> ConditionTree {
    let each = |parts: &[Node]| parts.iter().map(|part| tree(sql, part)).collect();
    match &node.part {
        Part::All(parts) => ConditionTree::All(each(parts)),
        Part::Any(parts) => ConditionTree::Any(each(parts)),
        Part::Not { part, unknown_too } => {
            ConditionTree::Not { part: Box::new(tree(sql, part)), unknown_too: *unknown_too }
        }
        Part::Leaf(expression) => leaf(sql.get(node.range.clone()).unwrap_or_default(), expression),
    }
}

fn leaf(sql: &str, expression: &Expr) -> ConditionTree {
    let (mut segment, mut list, mut tag) = (None, None, None);
    match form::call(expression) {
        Some(Condition::Segment { segment: name }) => segment = Some(name),
        Some(Condition::List { list: name }) => list = Some(name),
        Some(Condition::Tag { tag: name }) => tag = Some(name),
        _ => {}
    }
    ConditionTree::Leaf { sql: sql.to_owned(), columns: columns(expression), segment, list, tag }
}

fn columns(expression: &Expr) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    let walked: ControlFlow<()> = visit_expressions(expression, |part| {
        let name = match part {
            Expr::Identifier(name) => Some(name),
            Expr::CompoundIdentifier(names) => names.last(),
            _ => None,
        };
        columns.extend(name.map(form::name).filter(|name| !columns.contains(name)));
        ControlFlow::Continue(())
    });
    debug_assert!(walked.is_continue(), "nothing stops the walk");
    columns
}
