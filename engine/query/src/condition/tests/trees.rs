//! The parts of a condition are those that the parser sees, in the words of the text.

use super::forms::condition;
use super::metrics;
use crate::{ConditionTree, leaves};
use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use proptest::prelude::*;

fn leaf(sql: &str, columns: &[&str]) -> ConditionTree {
    let columns = columns.iter().map(|&name| name.to_owned()).collect();
    ConditionTree::Leaf { sql: sql.to_owned(), columns, segment: None, list: None, tag: None }
}

#[test]
fn parts_have_their_text_and_columns() {
    let sql = "  Stage = '客 and (' and -- said\n not ( a+B > 2 or \"C d\" between a AND 3 ) and (x or y) is not true \
               and IN_SEGMENT( 'vip' ) and in_list('l') and has_tag('t') and (a) > lower( customers.b )";
    let parts = vec![
        leaf("Stage = '客 and ('", &["stage"]),
        ConditionTree::Not {
            part: Box::new(ConditionTree::Any(vec![
                leaf("a+B > 2", &["a", "b"]),
                leaf("\"C d\" between a AND 3", &["C d", "a"]),
            ])),
            unknown_too: false,
        },
        ConditionTree::Not {
            part: Box::new(ConditionTree::Any(vec![leaf("x", &["x"]), leaf("y", &["y"])])),
            unknown_too: true,
        },
        named("IN_SEGMENT( 'vip' )", Some("vip"), None, None),
        named("in_list('l')", None, Some("l"), None),
        named("has_tag('t')", None, None, Some("t")),
        leaf("(a) > lower( customers.b )", &["a", "b"]),
    ];
    assert_eq!(leaves(sql).unwrap(), ConditionTree::All(parts));
    assert_eq!(leaves("stage = 'x'").unwrap(), leaf("stage = 'x'", &["stage"]));
    assert!(leaves("stage = ").is_err());
}

fn named(sql: &str, segment: Option<&str>, list: Option<&str>, tag: Option<&str>) -> ConditionTree {
    let owned = |name: Option<&str>| name.map(str::to_owned);
    ConditionTree::Leaf {
        sql: sql.to_owned(),
        columns: Vec::new(),
        segment: owned(segment),
        list: owned(list),
        tag: owned(tag),
    }
}

fn parsed(sql: &str) -> Option<Expr> {
    Parser::new(&GenericDialect {}).try_with_sql(sql).ok()?.parse_expr().ok()
}

/// Whether our parts are those of the parser.
pub(super) fn is_as_the_parser_has_it(sql: &str) -> bool {
    parsed(sql).is_some_and(|expression| drawn_of(&leaves(sql).unwrap()) == drawn(&expression))
}

/// With a bracket around everything, of the parser's tree.
fn drawn(expression: &Expr) -> String {
    match expression {
        Expr::Nested(inner) => drawn(inner),
        Expr::BinaryOp { left, op: op @ (BinaryOperator::And | BinaryOperator::Or), right } => {
            format!("[{} {op} {}]", drawn(left), drawn(right))
        }
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => format!("[NOT {}]", drawn(expr)),
        Expr::IsNotTrue(inner) if matches!(inner.as_ref(), Expr::Nested(_)) => {
            format!("[{} IS NOT TRUE]", drawn(inner))
        }
        other => other.to_string(),
    }
}

/// The same of ours.
fn drawn_of(tree: &ConditionTree) -> String {
    let joined = |parts: &[ConditionTree], word: &str| {
        let parts = parts.iter().map(drawn_of);
        parts.reduce(|left, right| format!("[{left} {word} {right}]")).unwrap()
    };
    match tree {
        ConditionTree::All(parts) => joined(parts, "AND"),
        ConditionTree::Any(parts) => joined(parts, "OR"),
        ConditionTree::Not { part, unknown_too: false } => format!("[NOT {}]", drawn_of(part)),
        ConditionTree::Not { part, unknown_too: true } => format!("[{} IS NOT TRUE]", drawn_of(part)),
        ConditionTree::Leaf { sql, .. } => parsed(sql).map_or_else(String::new, |expression| drawn(&expression)),
    }
}

#[test]
fn precedence_is_the_parsers() {
    for sql in [
        "a or b and not c = 1 or not not d",
        "not a is not true and (b is not true or c)",
        "(a) is not true or ((b or c)) and d",
        "not (a) = b and (a, b) = (1, 2)",
        "a between 1 and 2 and b or c between (1) and (2)",
        "a = b is true or a like 'x' and not a in (1, 2)",
        "not (a + 1) * 2 > 3 or (a or b) is true and ((a)) is not true",
        "case when a and b then c or d end or e",
        "a is distinct from b or c and d",
        "not a between 1 and 2 or not exists_in(a) and a is not distinct from b",
        "a = any(b) or a collate x = 'c' and a at time zone 'utc' > b::date",
        "(a or b) = (c and d) or a -> 'b' = 'c'",
    ] {
        assert_eq!(
            drawn_of(&leaves(sql).unwrap()),
            parsed(sql).map_or_else(String::new, |expression| drawn(&expression)),
            "{sql}"
        );
    }
}

proptest! {
    #[test]
    fn random_conditions_are_taken_apart_as_the_parser_does(condition in condition()) {
        let sql = condition.to_sql(&metrics()).unwrap().sql;
        prop_assert_eq!(drawn_of(&leaves(&sql).unwrap()), drawn(&parsed(&sql).unwrap()), "{}", sql);
    }
}
