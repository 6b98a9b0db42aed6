//! A condition's expression as a test on columns.

use super::functions::Group;
use super::judge::{CUSTOMER_ID, Judge};
use crate::event_test::bound::{Limit, limit};
use crate::event_test::columns::Unit;
use crate::problem::{place_of, problem};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DFSchemaRef, ScalarValue};
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::expr::{Between, InList};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::prelude::SessionContext;
use perennial_definitions::ExpressionProblem;
use perennial_fold::{ColumnSpec, ColumnType, Comparison, CustomerTest, RowsTest};
use perennial_model::{Currency, nearest};
use std::sync::Arc;

/// What stands for another group of customers.
pub(super) type Resolve<'a> = dyn FnMut(Group, &str, usize) -> Result<CustomerTest, ExpressionProblem> + 'a;

/// What conditions are read with.
pub(super) struct Words<'a> {
    pub(super) context: &'a SessionContext,
    pub(super) schema: &'a DFSchemaRef,
    pub(super) specs: &'a [ColumnSpec],
    pub(super) currency: Currency,
    /// When it is now.
    pub(super) now: SimplifyContext,
}

pub(super) struct Reader<'a, 'b> {
    pub(super) words: &'a Words<'a>,
    pub(super) sql: &'a str,
    pub(super) resolve: &'a mut Resolve<'b>,
}

type Read = Result<CustomerTest, ExpressionProblem>;

impl Reader<'_, '_> {
    pub(super) fn test(&mut self, expression: &Expr) -> Read {
        let not = |test| CustomerTest::Not(Box::new(test));
        let certain = |test| CustomerTest::Certain(Box::new(test));
        match expression {
            Expr::Alias(alias) => self.test(&alias.expr),
            Expr::Not(part) => Ok(not(self.test(part)?)),
            Expr::IsTrue(part) => Ok(certain(self.test(part)?)),
            Expr::IsNotTrue(part) => Ok(not(certain(self.test(part)?))),
            Expr::IsFalse(part) => Ok(certain(not(self.test(part)?))),
            Expr::IsNotFalse(part) => Ok(not(certain(not(self.test(part)?)))),
            Expr::IsNull(part) | Expr::IsUnknown(part) => match self.place(part) {
                Some((place, _)) => Ok(CustomerTest::Missing(place)),
                None => self.other(expression),
            },
            Expr::IsNotNull(part) | Expr::IsNotUnknown(part) => match self.place(part) {
                Some((place, _)) => Ok(not(CustomerTest::Missing(place))),
                None => self.other(expression),
            },
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                Ok(CustomerTest::All(vec![self.test(left)?, self.test(right)?]))
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
                Ok(CustomerTest::Any(vec![self.test(left)?, self.test(right)?]))
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => self.compared(expression, left, *op, right),
            Expr::Between(between) => self.between(expression, between),
            Expr::InList(list) => self.in_list(expression, list),
            Expr::ScalarFunction(_) => match Group::called(expression) {
                Some(Ok((group, name))) => {
                    let place = place_of(self.sql, name);
                    (self.resolve)(group, name, place)
                }
                Some(Err(group)) => Err(no_name(group, self.sql)),
                None => self.other(expression),
            },
            _ => self.other(expression),
        }
    }

    /// The column that an expression is.
    fn place(&self, expression: &Expr) -> Option<(usize, &ColumnSpec)> {
        let Expr::Column(column) = expression else { return None };
        self.words.specs.iter().enumerate().find(|(_, spec)| spec.name == column.name)
    }

    fn compared(&mut self, whole: &Expr, left: &Expr, op: Operator, right: &Expr) -> Read {
        let ((place, spec), op, other) = match (self.place(left), self.place(right)) {
            (Some(column), None) => (column, Some(op), right),
            (None, Some(column)) => (column, op.swap(), left),
            _ => return self.other(whole),
        };
        let (comparison, negated) = match op {
            Some(Operator::Eq) => (Comparison::Equal, false),
            Some(Operator::NotEq) => (Comparison::Equal, true),
            Some(Operator::Lt) => (Comparison::Less, false),
            Some(Operator::LtEq) => (Comparison::AtMost, false),
            Some(Operator::Gt) => (Comparison::Greater, false),
            Some(Operator::GtEq) => (Comparison::AtLeast, false),
            _ => return self.other(whole),
        };
        let Some(value) = self.value(other)? else { return self.other(whole) };
        if value.is_null() {
            return Ok(CustomerTest::Known(None));
        }
        let test = match spec.column_type {
            ColumnType::Bool => return self.other(whole),
            ColumnType::Word(words) => {
                self.check_word(spec.name, words, &value)?;
                return self.other(whole);
            }
            _ => self.number(place, spec, comparison, &value)?,
        };
        Ok(if negated { CustomerTest::Not(Box::new(test)) } else { test })
    }

    fn number(&self, place: usize, spec: &ColumnSpec, comparison: Comparison, value: &ScalarValue) -> Read {
        let unit = match spec.column_type {
            ColumnType::Money => Unit::Decimal(crate::customers::scale(self.words.currency)),
            ColumnType::Day => Unit::Day,
            ColumnType::Time => Unit::Time,
            _ => Unit::Decimal(0),
        };
        let no_number = || {
            let (name, message) = (spec.name, format!("{value} is not {}", unit.words()));
            let fix = format!("compare {name} with {}, like {name} {}", unit.words(), unit.example());
            problem(self.place_of_value(&value.to_string(), name), message, fix)
        };
        if spec.column_type == ColumnType::Float {
            let number = value.data_type().is_numeric().then(|| value.cast_to(&DataType::Float64).ok()).flatten();
            let Some(ScalarValue::Float64(Some(number))) = number else { return Err(no_number()) };
            return Ok(CustomerTest::Float(place, comparison, number));
        }
        let Limit { floor, exact } = limit(value, unit).ok_or_else(no_number)?;
        Ok(match (comparison, exact) {
            (_, true) => CustomerTest::Int(place, comparison, floor),
            // Never, though unknown where there is no number.
            (Comparison::Equal, false) => CustomerTest::Int(place, Comparison::Less, i64::MIN),
            (Comparison::Less | Comparison::AtMost, false) => CustomerTest::Int(place, Comparison::AtMost, floor),
            (Comparison::Greater | Comparison::AtLeast, false) => CustomerTest::Int(place, Comparison::Greater, floor),
        })
    }

    /// A word that the column never holds is a slip of the pen.
    fn check_word(&self, name: &str, words: &[&str], value: &ScalarValue) -> Result<(), ExpressionProblem> {
        let Some(Some(word)) = value.try_as_str() else { return Ok(()) };
        if words.contains(&word) {
            return Ok(());
        }
        let fix = match nearest(word, words.iter().copied()) {
            Some(near) => format!("is {near} meant?"),
            None => format!("its words are {}", words.join(", ")),
        };
        Err(problem(self.place_of_value(&format!("'{word}'"), name), format!("{name} is never {word}"), fix))
    }

    fn between(&mut self, whole: &Expr, between: &Between) -> Read {
        let numbers = self.place(&between.expr).is_some_and(|(_, spec)| is_number(spec.column_type));
        if !numbers {
            return self.other(whole);
        }
        let low = self.compared(whole, &between.expr, Operator::GtEq, &between.low)?;
        let high = self.compared(whole, &between.expr, Operator::LtEq, &between.high)?;
        let test = CustomerTest::All(vec![low, high]);
        Ok(if between.negated { CustomerTest::Not(Box::new(test)) } else { test })
    }

    fn in_list(&mut self, whole: &Expr, list: &InList) -> Read {
        let Some((place, spec)) = self.place(&list.expr).map(|(place, spec)| (place, spec.clone())) else {
            return self.other(whole);
        };
        let mut tests = Vec::new();
        for expression in &list.list {
            match self.value(expression)? {
                // Of a list with NULL it is never known that a value is not in it.
                Some(value) if !value.is_null() => match spec.column_type {
                    ColumnType::Word(words) => self.check_word(spec.name, words, &value)?,
                    ColumnType::Bool => {}
                    _ => tests.push(self.number(place, &spec, Comparison::Equal, &value)?),
                },
                _ => return self.other(whole),
            }
        }
        if !is_number(spec.column_type) {
            return self.other(whole);
        }
        let test = CustomerTest::Any(tests);
        Ok(if list.negated { CustomerTest::Not(Box::new(test)) } else { test })
    }

    /// The value of an expression without columns.
    fn value(&self, expression: &Expr) -> Result<Option<ScalarValue>, ExpressionProblem> {
        if !expression.column_refs().is_empty() {
            return Ok(None);
        }
        let value = self.words.simplified(expression);
        match value.map_err(|error| problem(0, error.strip_backtrace(), "mend the value"))? {
            Expr::Literal(value, _) => Ok(Some(value)),
            _ => Ok(None),
        }
    }

    /// What no comparison expresses.
    fn other(&self, expression: &Expr) -> Read {
        if let Some(group) = inner_group(expression) {
            let (function, fix) = (group.function(), "join it to other conditions by and, or and not");
            return Err(problem(place_of(self.sql, function), format!("{function} must stand by itself"), fix));
        }
        let Words { specs, currency, context, .. } = self.words;
        let named = expression.column_refs();
        let places = specs.iter().enumerate().filter(|(_, spec)| named.iter().any(|column| column.name == spec.name));
        let (places, columns): (Vec<usize>, Vec<ColumnSpec>) =
            places.map(|(place, spec)| (place, spec.clone())).unzip();
        let numbered = named.iter().any(|column| column.name == CUSTOMER_ID);
        let codes = matches!(columns.as_slice(), [spec] if !is_number(spec.column_type)) && !numbered;
        let simplified = self.words.simplified(expression);
        let judge = simplified.and_then(|expression| Judge::new(context, expression, columns, *currency));
        let judge = judge
            .map_err(|error| problem(0, error.strip_backtrace(), "a condition is true or false of one customer"))?;
        Ok(match places.as_slice() {
            [] if !numbered => {
                let nobody = perennial_fold::TableShard { customers: vec![0], columns: Vec::new() };
                CustomerTest::Known(judge.of(&nobody).first().copied().flatten())
            }
            [place] if codes => CustomerTest::Codes(*place, judge.codes()),
            _ => CustomerTest::Rows(RowsTest::new(places, Arc::new(move |rows| judge.of(rows)))),
        })
    }

    /// Where a value stands, or at least the column it is compared with.
    fn place_of_value(&self, value: &str, column: &str) -> usize {
        self.sql.find(value).unwrap_or_else(|| place_of(self.sql, column))
    }
}

impl Words<'_> {
    /// With types that fit, and short.
    fn simplified(&self, expression: &Expr) -> EngineResult<Expr> {
        let simplifier = ExprSimplifier::new(self.now.clone());
        let schema: &DFSchema = self.schema;
        simplifier.simplify(simplifier.coerce(expression.clone(), schema)?)
    }
}

const fn is_number(column_type: ColumnType) -> bool {
    !matches!(column_type, ColumnType::Bool | ColumnType::Word(_))
}

/// Another group of customers within something else.
fn inner_group(expression: &Expr) -> Option<Group> {
    let mut found = None;
    // Walking fails where the closure does.
    let _ = expression.apply(|part| {
        found = match Group::called(part) {
            Some(Ok((group, _)) | Err(group)) => Some(group),
            None => None,
        };
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    found
}

pub(super) fn no_name(group: Group, sql: &str) -> ExpressionProblem {
    let (function, what) = match group {
        Group::Segment => ("in_segment", "a segment's name"),
        Group::List => ("in_list", "a list's name"),
        Group::Tag => ("has_tag", "a tag"),
    };
    problem(place_of(sql, function), format!("{function} takes {what}"), format!("write {function}('name')"))
}
