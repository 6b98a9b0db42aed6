//! Conditions on one event, in SQL, as tests that a metric's fold can run.
//!
//! Comparisons of a column with a constant become comparisons of stored numbers and words. A condition
//! on one column of words is asked once for each word. Whatever else is left is asked of DataFusion event
//! by event.

pub(crate) mod bound;
pub(crate) mod columns;
mod judge;
mod undeclared;

pub(crate) use columns::KINDS;

use crate::parser::parser;
use crate::problem::{missing_column, not_understood, place_of, problem, refuse_first};
use bound::{Limit, limit};
use columns::{COLUMNS, Kinds, Named, kinds_of, of_property, property_name, unit};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::logical_expr::expr::{Between, InList};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::prelude::SessionContext;
use perennial_definitions::ExpressionProblem;
use perennial_fold::{Comparison, EventColumn, NumberColumn, Test, WordColumn, WordSet, WordTest};
use perennial_model::{Currency, PropertySpec, PropertyType};
use std::sync::Arc;

/// Functions whose answer depends on when they are asked.
const OF_NOW: [&str; 6] = ["now", "current_date", "current_time", "current_timestamp", "today", "random"];

/// Reads conditions on events.
pub struct EventConditions {
    context: SessionContext,
    columns: Vec<Named>,
    schema: DFSchema,
    currency: Currency,
}

impl std::fmt::Debug for EventConditions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("EventConditions").field("currency", &self.currency).finish_non_exhaustive()
    }
}

impl EventConditions {
    /// Of a brand whose money has this currency, with these properties.
    ///
    /// # Errors
    /// None in practice.
    pub fn new(currency: Currency, properties: &[PropertySpec]) -> Result<Self, ExpressionProblem> {
        Self::over(parser(), currency, COLUMNS.to_vec(), properties)
    }

    /// With more properties.
    ///
    /// # Errors
    /// None in practice.
    pub(crate) fn with(&self, properties: &[PropertySpec]) -> Result<Self, ExpressionProblem> {
        Self::over(self.context.clone(), self.currency, self.columns.clone(), properties)
    }

    fn over(
        context: SessionContext,
        currency: Currency,
        mut columns: Vec<Named>,
        properties: &[PropertySpec],
    ) -> Result<Self, ExpressionProblem> {
        columns.extend(properties.iter().map(of_property));
        let schema = columns::of(&columns, currency).map_err(|error| problem(0, error.to_string(), ""))?;
        Ok(Self { context, columns, schema, currency })
    }

    /// The column with this name.
    pub(crate) fn column(&self, name: &str) -> Option<Named> {
        self.columns.iter().copied().find(|named| named.name == name)
    }

    /// The columns that a condition names.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn names(&self, sql: &str) -> Result<Vec<String>, ExpressionProblem> {
        let expression = self.context.parse_sql_expr(sql, &self.schema).map_err(|error| self.misread(sql, &error))?;
        let mut names: Vec<String> = expression.column_refs().into_iter().map(|column| column.name.clone()).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// The test of a condition.
    ///
    /// # Errors
    /// What in it cannot be used, where, and what to do.
    pub fn read(&self, sql: &str) -> Result<Test, ExpressionProblem> {
        let expression = self.context.parse_sql_expr(sql, &self.schema).map_err(|error| self.misread(sql, &error))?;
        refuse(&expression, sql)?;
        let reader = Reader { conditions: self, sql };
        reader.test(&expression)
    }

    /// What DataFusion says of it, with its place.
    fn misread(&self, sql: &str, error: &DataFusionError) -> ExpressionProblem {
        if let Some(name) = missing_column(error) {
            let mut fix = format!("the columns of an event are {}", columns::names());
            if name.starts_with(columns::PREFIX) {
                fix = "the name of a property is letters, digits and _, a letter first, 63 bytes at most".to_owned();
            } else if property_name(&format!("{}{name}", columns::PREFIX)).is_some() {
                fix = format!("{fix}: that of a property {name} is {}{name}", columns::PREFIX);
            }
            return problem(place_of(sql, name), format!("there is no column {name}"), fix);
        }
        not_understood(sql, error)
    }

    /// What an expression without columns comes to.
    fn constant(&self, expression: &Expr) -> EngineResult<Option<ScalarValue>> {
        Ok(match simplified(expression, &self.schema)? {
            Expr::Literal(value, _) => Some(value),
            _ => None,
        })
    }
}

/// With types that fit, and short; some functions cannot be computed before.
fn simplified(expression: &Expr, schema: &DFSchema) -> EngineResult<Expr> {
    let simplifier = ExprSimplifier::new(SimplifyContext::builder().with_schema(Arc::new(schema.clone())).build());
    simplifier.simplify(simplifier.coerce(expression.clone(), schema)?)
}

/// Nothing but a condition on the event itself.
fn refuse(expression: &Expr, sql: &str) -> Result<(), ExpressionProblem> {
    refuse_first(expression, |part| match part {
        Expr::ScalarFunction(call) if OF_NOW.contains(&call.name()) || part.is_volatile_node() => {
            let fix = "give the metric a window, or compare with a date";
            let message = format!("{}() depends on when it is asked", call.name());
            Some(problem(place_of(sql, call.name()), message, fix))
        }
        Expr::AggregateFunction(_) | Expr::WindowFunction(_) => {
            let fix = "say it with the metric's function and window";
            Some(problem(0, "a condition looks at one event and cannot add up several", fix))
        }
        Expr::ScalarSubquery(_) | Expr::InSubquery(_) | Expr::Exists(_) => {
            Some(problem(0, "a condition looks at one event and cannot ask tables", "name its columns"))
        }
        Expr::Placeholder(_) => Some(problem(0, "a condition has no parameters", "write the value")),
        _ => None,
    })
}

struct Reader<'a> {
    conditions: &'a EventConditions,
    sql: &'a str,
}

impl Reader<'_> {
    fn test(&self, expression: &Expr) -> Result<Test, ExpressionProblem> {
        match expression {
            Expr::Alias(alias) => self.test(&alias.expr),
            Expr::Column(_) => self.is(expression, expression, true),
            Expr::IsTrue(part) => self.surely(expression, part, true),
            Expr::IsFalse(part) => self.surely(expression, part, false),
            Expr::IsNotTrue(part) => Ok(Test::Not(Box::new(self.surely(&Expr::IsTrue(part.clone()), part, true)?))),
            Expr::IsNotFalse(part) => {
                Ok(Test::Not(Box::new(self.surely(&Expr::IsFalse(part.clone()), part, false)?)))
            }
            Expr::Not(part) => Ok(Test::Not(Box::new(self.test(part)?))),
            Expr::IsNull(part) => self.missing(expression, part),
            Expr::IsNotNull(part) => Ok(Test::Not(Box::new(self.missing(&Expr::IsNull(part.clone()), part)?))),
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                Ok(Test::All(vec![self.test(left)?, self.test(right)?]))
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
                Ok(Test::Any(vec![self.test(left)?, self.test(right)?]))
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => self.compared(expression, left, *op, right),
            Expr::Between(between) => self.between(expression, between),
            Expr::InList(list) => self.in_list(expression, list),
            _ => self.other(expression),
        }
    }

    /// The column that an expression is.
    fn column(&self, expression: &Expr) -> Option<Named> {
        let Expr::Column(column) = expression else { return None };
        self.conditions.column(&column.name)
    }

    /// A column that is true or false.
    fn is(&self, whole: &Expr, part: &Expr, right: bool) -> Result<Test, ExpressionProblem> {
        match self.column(part) {
            Some(Named { column: EventColumn::Number(column @ NumberColumn::Property(property)), .. })
                if property.property_type() == PropertyType::Boolean =>
            {
                Ok(Test::Number(column, Comparison::Equal, i64::from(right)))
            }
            _ => self.other(whole),
        }
    }

    /// The same, false where it is unknown.
    fn surely(&self, whole: &Expr, part: &Expr, right: bool) -> Result<Test, ExpressionProblem> {
        Ok(match self.is(whole, part, right)? {
            Test::Number(column, comparison, right) => {
                let known = Test::Not(Box::new(Test::NoNumber(column)));
                Test::All(vec![known, Test::Number(column, comparison, right)])
            }
            other => other,
        })
    }

    /// The value of an expression without columns.
    fn value(&self, expression: &Expr) -> Result<Option<ScalarValue>, ExpressionProblem> {
        if !expression.column_refs().is_empty() {
            return Ok(None);
        }
        let value = self.conditions.constant(expression);
        value.map_err(|error| problem(0, error.strip_backtrace(), "mend the value"))
    }

    fn missing(&self, whole: &Expr, part: &Expr) -> Result<Test, ExpressionProblem> {
        Ok(match self.column(part).map(|named| named.column) {
            Some(EventColumn::Kind) => Test::Known(Some(false)),
            Some(EventColumn::Word(column)) => Test::NoWord(column),
            Some(EventColumn::Number(column)) => Test::NoNumber(column),
            None => return self.other(whole),
        })
    }

    fn compared(&self, whole: &Expr, left: &Expr, op: Operator, right: &Expr) -> Result<Test, ExpressionProblem> {
        let (named, op, other) = match (self.column(left), self.column(right)) {
            (Some(named), None) => (named, Some(op), right),
            (None, Some(named)) => (named, op.swap(), left),
            _ => return self.other(whole),
        };
        let (Some(op), Some(value)) = (op, self.value(other)?) else { return self.other(whole) };
        if value.is_null() {
            return Ok(Test::Known(None));
        }
        let (comparison, negated) = match op {
            Operator::Eq => (Comparison::Equal, false),
            Operator::NotEq => (Comparison::Equal, true),
            Operator::Lt => (Comparison::Less, false),
            Operator::LtEq => (Comparison::AtMost, false),
            Operator::Gt => (Comparison::Greater, false),
            Operator::GtEq => (Comparison::AtLeast, false),
            _ => return self.other(whole),
        };
        let test = match (named.column, comparison) {
            (EventColumn::Number(column), _) => self.number(&named, column, comparison, &value)?,
            (EventColumn::Word(column), Comparison::Equal) => self.one_of(column, &[value])?,
            (EventColumn::Kind, Comparison::Equal) => self.kinds(&[value])?,
            // SQL would compare letters: '10' < 9.
            (EventColumn::Word(_), _) if value.data_type().is_numeric() => return Err(self.no_text(&value)),
            _ => return self.other(whole),
        };
        Ok(if negated { Test::Not(Box::new(test)) } else { test })
    }

    fn number(
        &self,
        named: &Named,
        column: NumberColumn,
        comparison: Comparison,
        value: &ScalarValue,
    ) -> Result<Test, ExpressionProblem> {
        let unit = unit(named, self.conditions.currency);
        let Some(limit) = limit(value, unit) else {
            let (name, written) = (named.name, value.to_string());
            let shown = value.try_as_str().flatten().map_or_else(|| written.clone(), |text| format!("'{text}'"));
            let fix = format!("compare {name} with {}, like {name} {}", unit.words(), unit.example());
            return Err(problem(self.place(&written, name), format!("{shown} is not {}", unit.words()), fix));
        };
        Ok(compared(column, comparison, limit))
    }

    fn one_of(&self, column: WordColumn, values: &[ScalarValue]) -> Result<Test, ExpressionProblem> {
        let word =
            |value: &ScalarValue| value.try_as_str().flatten().map(str::to_owned).ok_or_else(|| self.no_text(value));
        Ok(Test::OneOf(column, WordSet::new(values.iter().map(word).collect::<Result<_, _>>()?)))
    }

    fn no_text(&self, value: &ScalarValue) -> ExpressionProblem {
        let value = value.to_string();
        let fix = format!("write it in quotes: '{value}'");
        problem(place_of(self.sql, &value), format!("{value} is no text"), fix)
    }

    fn kinds(&self, values: &[ScalarValue]) -> Result<Test, ExpressionProblem> {
        let mut kinds = Vec::new();
        for value in values {
            let word = value.try_as_str().flatten().unwrap_or_default();
            let Some(kind) = kinds_of(word) else {
                let fix = format!("the kinds are {}", Kinds::words());
                return Err(problem(place_of(self.sql, word), format!("there is no kind {value}"), fix));
            };
            kinds.push(kind);
        }
        Ok(Test::Kind(kinds))
    }

    fn between(&self, whole: &Expr, between: &Between) -> Result<Test, ExpressionProblem> {
        if self.column(&between.expr).is_none() {
            return self.other(whole);
        }
        let low = self.compared(whole, &between.expr, Operator::GtEq, &between.low)?;
        let high = self.compared(whole, &between.expr, Operator::LtEq, &between.high)?;
        let test = Test::All(vec![low, high]);
        Ok(if between.negated { Test::Not(Box::new(test)) } else { test })
    }

    fn in_list(&self, whole: &Expr, list: &InList) -> Result<Test, ExpressionProblem> {
        let Some(named) = self.column(&list.expr) else { return self.other(whole) };
        let mut values = Vec::new();
        for expression in &list.list {
            match self.value(expression)? {
                // Of a list with NULL it is never known that a value is not in it.
                Some(value) if !value.is_null() => values.push(value),
                _ => return self.other(whole),
            }
        }
        let test = match named.column {
            EventColumn::Kind => self.kinds(&values)?,
            EventColumn::Word(column) => self.one_of(column, &values)?,
            EventColumn::Number(column) => {
                let each = values.iter().map(|value| self.number(&named, column, Comparison::Equal, value));
                Test::Any(each.collect::<Result<_, _>>()?)
            }
        };
        Ok(if list.negated { Test::Not(Box::new(test)) } else { test })
    }

    /// What no comparison expresses.
    fn other(&self, expression: &Expr) -> Result<Test, ExpressionProblem> {
        let mut names: Vec<&str> = expression.column_refs().into_iter().map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        let all = self.conditions.columns.iter().copied();
        let columns: Vec<Named> = all.filter(|named| names.contains(&named.name)).collect();
        let judge = judge::Judge::new(&self.conditions.context, expression, &columns, self.conditions.currency);
        let judge =
            judge.map_err(|error| problem(0, error.strip_backtrace(), "a condition is true or false of one event"))?;
        Ok(match columns.as_slice() {
            [] => Test::Known(judge.of(&[])),
            [Named { column: EventColumn::Kind, .. }] => Test::Kind(judge.kinds()),
            [Named { column: EventColumn::Word(column), .. }] => {
                let without = judge.word(None);
                let judged = Test::Word(*column, Arc::new(WordTest::new(Arc::new(move |word| judge.word(Some(word))))));
                match without {
                    None => judged,
                    // Something else than unknown may come of no word, as of coalesce.
                    outcome => Test::All(vec![
                        Test::Any(vec![Test::Not(Box::new(Test::NoWord(*column))), Test::Known(outcome)]),
                        Test::Any(vec![Test::NoWord(*column), judged]),
                    ]),
                }
            }
            _ => judge.into_test(),
        })
    }

    /// Where a value stands, or at least the column it is compared with.
    fn place(&self, value: &str, column: &str) -> usize {
        self.sql.find(value).unwrap_or_else(|| place_of(self.sql, column))
    }
}

/// A comparison with a limit that may lie between two stored numbers.
fn compared(column: NumberColumn, comparison: Comparison, limit: Limit) -> Test {
    let Limit { floor, exact } = limit;
    match (comparison, exact) {
        (_, true) => Test::Number(column, comparison, floor),
        // Never, though unknown where there is no number.
        (Comparison::Equal, false) => Test::Number(column, Comparison::Less, i64::MIN),
        (Comparison::Less | Comparison::AtMost, false) => Test::Number(column, Comparison::AtMost, floor),
        (Comparison::Greater | Comparison::AtLeast, false) => Test::Number(column, Comparison::Greater, floor),
    }
}
