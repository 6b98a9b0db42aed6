//! How SQL inside definitions is judged: by whoever runs it.

use crate::{Function, Metric};
use perennial_model::{PropertySpec, PropertyType};

/// What SQL over one event names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventExpression {
    /// Columns of the table `events` and declared properties.
    pub columns: Vec<String>,
    /// Properties that nobody has declared yet, typed by what is done with them: to apply the definitions
    /// declares them.
    pub undeclared: Vec<PropertySpec>,
}

/// What SQL over one customer names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerExpression {
    /// Columns of the customer table, metrics too.
    pub columns: Vec<String>,
    /// Segments, as `in_segment('name')`, in the order of the text.
    pub segments: Vec<SegmentReference>,
}

/// A segment that another one names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentReference {
    /// Its name.
    pub name: String,
    /// Where in the SQL it is named, in bytes.
    pub offset: usize,
}

/// Why SQL cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionProblem {
    /// Where in the SQL, in bytes; 0 where nobody knows.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

/// The type that holds values of both: whole numbers are numbers; else only the same.
#[must_use]
pub fn type_of_both(one: PropertyType, other: PropertyType) -> Option<PropertyType> {
    use PropertyType::{Integer, Number};
    match (one, other) {
        (Integer, Number) | (Number, Integer) => Some(Number),
        _ => (one == other).then_some(one),
    }
}

/// The word of a type.
#[must_use]
pub const fn type_word(property_type: PropertyType) -> &'static str {
    match property_type {
        PropertyType::Text => "text",
        PropertyType::Integer => "whole number",
        PropertyType::Number => "number",
        PropertyType::Boolean => "true or false",
    }
}

/// Judges the SQL of definitions.
pub trait Expressions: Send + Sync {
    /// A condition over one event (`where`).
    ///
    /// # Errors
    /// Why it cannot be used.
    fn check_event(&self, sql: &str) -> Result<EventExpression, ExpressionProblem>;

    /// The column or property that a metric of this function is made of (`of`).
    ///
    /// # Errors
    /// Why it cannot be used: there is no such thing, or it has a type that the function does not take.
    fn check_value(&self, of: &str, function: Function) -> Result<EventExpression, ExpressionProblem>;

    /// A condition over one customer, whose columns are those of the customer table and these metrics.
    ///
    /// # Errors
    /// Why it cannot be used. That a segment is not known is not for this to say.
    fn check_customer(&self, sql: &str, metrics: &[Metric]) -> Result<CustomerExpression, ExpressionProblem>;
}
