//! Properties that a condition names and nobody has declared: what they are compared with tells their type.

use super::EventConditions;
use super::columns::{property_name, type_of_own, value_type};
use crate::problem::{missing_column, place_of, problem};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use perennial_definitions::{ExpressionProblem, type_of_both, type_word};
use perennial_model::{PropertySpec, PropertyType};
use std::collections::BTreeMap;

/// Undeclared properties of one condition, at most.
const MOST_UNDECLARED: usize = 64;

/// Type of each column in question, as far as it is known; none where two do not fit.
type Types = BTreeMap<String, Option<Result<PropertyType, (PropertyType, PropertyType)>>>;

impl EventConditions {
    /// Properties that a condition names and nobody has declared.
    ///
    /// # Errors
    /// As [`Self::read`]; and a property of which the condition does not tell the type.
    pub fn undeclared(&self, sql: &str) -> Result<Vec<PropertySpec>, ExpressionProblem> {
        let (expression, names) = self.parsed(sql)?;
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let typed = |name: String| {
            let own = property_name(&name).and_then(type_of_own);
            (name, own.map(Ok))
        };
        let types = names.into_iter().map(typed).collect();
        let mut uses = Uses { conditions: self, types };
        uses.boolean(&expression);
        // The walk itself cannot fail.
        let _ = expression.apply(|part| {
            uses.note(part);
            Ok(TreeNodeRecursion::Continue)
        });
        uses.types.into_iter().map(|(column, found)| declared(sql, &column, found)).collect()
    }

    /// The expression, and the columns of properties in it that nobody has declared: NULL at first, which fits
    /// anywhere.
    fn parsed(&self, sql: &str) -> Result<(Expr, Vec<String>), ExpressionProblem> {
        let mut names: Vec<String> = Vec::new();
        loop {
            let fields = self.schema.fields().iter().map(|field| field.as_ref().clone());
            let more = names.iter().map(|name| Field::new(name, DataType::Null, true));
            let schema = DFSchema::try_from(Schema::new(fields.chain(more).collect::<Vec<_>>()));
            let schema = schema.map_err(|error| problem(0, error.to_string(), ""))?;
            let error = match self.context.parse_sql_expr(sql, &schema) {
                Ok(expression) => return Ok((expression, names)),
                Err(error) => error,
            };
            match missing_column(&error).filter(|name| property_name(name).is_some()) {
                Some(name) if names.len() < MOST_UNDECLARED && !names.iter().any(|known| known == name) => {
                    names.push(name.to_owned());
                }
                _ => return Err(self.misread(sql, &error)),
            }
        }
    }
}

/// A property as it is to be declared.
fn declared(
    sql: &str,
    column: &str,
    found: Option<Result<PropertyType, (PropertyType, PropertyType)>>,
) -> Result<PropertySpec, ExpressionProblem> {
    let (at, name) = (place_of(sql, column), property_name(column).unwrap_or_default());
    let written = sql.get(at..at + column.len()).unwrap_or_default();
    if written != column {
        let message = format!("{written} is read as {column}: letters are small outside quotes");
        return Err(problem(at, message, format!("write \"{written}\", with the quotes")));
    }
    match found {
        Some(Ok(property_type)) => Ok(PropertySpec { name: name.to_owned(), property_type }),
        Some(Err((one, other))) => {
            let (one, other) = (type_word(one), type_word(other));
            let message = format!("the property {name} is taken for {one} and for {other}");
            Err(problem(at, message, "compare it with one type of values"))
        }
        None => {
            let message = format!("nobody has declared the property {name}, and nothing tells its type");
            let fix =
                format!("compare {column} with a text, a number or true; where it is declared, check with --data");
            Err(problem(at, message, fix))
        }
    }
}

struct Uses<'a> {
    conditions: &'a EventConditions,
    types: Types,
}

impl Uses<'_> {
    /// What an expression tells of the columns right in it.
    fn note(&mut self, part: &Expr) {
        match part {
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And | Operator::Or, right }) => {
                self.boolean(left);
                self.boolean(right);
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) if compares(*op) => {
                self.pair(left, right);
                self.pair(right, left);
            }
            Expr::Between(between) => {
                self.pair(&between.expr, &between.low);
                self.pair(&between.expr, &between.high);
            }
            Expr::InList(list) => list.list.iter().for_each(|other| self.pair(&list.expr, other)),
            Expr::Like(like) | Expr::SimilarTo(like) => self.is(&like.expr, PropertyType::Text),
            Expr::Not(part)
            | Expr::IsTrue(part)
            | Expr::IsFalse(part)
            | Expr::IsNotTrue(part)
            | Expr::IsNotFalse(part) => self.boolean(part),
            _ => {}
        }
    }

    fn boolean(&mut self, part: &Expr) {
        self.is(part, PropertyType::Boolean);
    }

    /// An expression that is compared with another one.
    fn pair(&mut self, part: &Expr, other: &Expr) {
        let told = match other {
            Expr::Column(column) => self.conditions.column(&column.name).and_then(|named| value_type(&named)),
            _ if other.column_refs().is_empty() => match self.conditions.constant(other) {
                Ok(Some(value)) => of_value(&value.data_type()),
                _ => None,
            },
            _ => None,
        };
        if let Some(told) = told {
            self.is(part, told);
        }
    }

    fn is(&mut self, part: &Expr, told: PropertyType) {
        let Expr::Column(column) = part else { return };
        let Some(known) = self.types.get_mut(&column.name) else { return };
        *known = Some(match *known {
            None => Ok(told),
            Some(Ok(known)) => type_of_both(known, told).ok_or((known, told)),
            Some(differ) => differ,
        });
    }
}

const fn compares(op: Operator) -> bool {
    use Operator as O;
    matches!(op, O::Eq | O::NotEq | O::Lt | O::LtEq | O::Gt | O::GtEq | O::IsDistinctFrom | O::IsNotDistinctFrom)
}

fn of_value(data_type: &DataType) -> Option<PropertyType> {
    match data_type {
        DataType::Boolean => Some(PropertyType::Boolean),
        text if text.is_string() => Some(PropertyType::Text),
        whole if whole.is_integer() => Some(PropertyType::Integer),
        number if number.is_numeric() => Some(PropertyType::Number),
        _ => None,
    }
}
