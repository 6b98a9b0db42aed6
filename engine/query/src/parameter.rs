//! Values handed in beside a statement.

use datafusion::common::{ParamValues, ScalarValue};

/// A value in place of `$1`, `$2` and so on.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number.
    Float(f64),
    /// Text; also a date, an instant or a decimal, which the comparison makes of it.
    Text(String),
}

impl From<&Parameter> for ScalarValue {
    fn from(parameter: &Parameter) -> Self {
        match parameter {
            Parameter::Null => Self::Null,
            Parameter::Bool(value) => Self::Boolean(Some(*value)),
            Parameter::Int(value) => Self::Int64(Some(*value)),
            Parameter::Float(value) => Self::Float64(Some(*value)),
            Parameter::Text(value) => Self::Utf8(Some(value.clone())),
        }
    }
}

/// As the engine takes them.
pub(crate) fn param_values(parameters: &[Parameter]) -> ParamValues {
    ParamValues::from(parameters.iter().map(ScalarValue::from).collect::<Vec<_>>())
}
