//! Values as JSON, exact.

use crate::QueryError;
use crate::described::sql_type;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Number, Value};

/// JSON's numbers are floats to most programs: exact up to here.
const MAX_EXACT: i64 = (1 << 53) - 1;

/// A column's type as SQL writes it.
#[must_use]
pub fn type_name(data_type: &DataType) -> String {
    sql_type(data_type)
}

/// The first column as ids of customers; nothing where it is something else.
#[must_use]
pub fn customer_ids(batch: &RecordBatch) -> Vec<u64> {
    let ids = batch.columns().first().and_then(|column| column.as_primitive_opt::<UInt64Type>());
    ids.map_or_else(Vec::new, |ids| ids.iter().flatten().collect())
}

/// The rows. Integers are numbers while a float holds them exactly, and text beyond; unsigned integers
/// (ids of customers) and decimals are text always, as is a float that is no number; days are
/// `2026-01-31`, instants RFC 3339; NULL is null.
///
/// # Errors
/// [`QueryError::Execution`] for a value that cannot be shown.
pub fn json_rows(batch: &RecordBatch) -> Result<Vec<Vec<Value>>, QueryError> {
    let row = |row| batch.columns().iter().map(|column| cell(column.as_ref(), row)).collect();
    let rows: Result<_, ArrowError> = (0..batch.num_rows()).map(row).collect();
    rows.map_err(|problem| QueryError::Execution { reason: problem.to_string() })
}

fn cell(column: &dyn Array, row: usize) -> Result<Value, ArrowError> {
    if column.is_null(row) || *column.data_type() == DataType::Null {
        return Ok(Value::Null);
    }
    let exact = match column.data_type() {
        DataType::Boolean => Some(Value::Bool(column.as_boolean().value(row))),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            shown(column, row)?.parse::<i64>().ok().map(Value::from)
        }
        DataType::Int64 => {
            let value = column.as_primitive::<Int64Type>().value(row);
            (-MAX_EXACT..=MAX_EXACT).contains(&value).then(|| Value::from(value))
        }
        DataType::Float64 => Number::from_f64(column.as_primitive::<Float64Type>().value(row)).map(Value::Number),
        _ => None,
    };
    Ok(match exact {
        Some(value) => value,
        None => Value::String(shown(column, row)?),
    })
}

fn shown(column: &dyn Array, row: usize) -> Result<String, ArrowError> {
    ArrayFormatter::try_new(column, &FormatOptions::default())?.value(row).try_to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, StringArray, UInt64Array};
    use std::sync::Arc;

    #[test]
    fn no_value_loses_a_digit() {
        let money = Decimal128Array::from(vec![Some(-12_345), None]).with_precision_and_scale(19, 2).unwrap();
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("id", Arc::new(UInt64Array::from(vec![257, u64::MAX]))),
            ("count", Arc::new(Int64Array::from(vec![Some(9_007_199_254_740_991), Some(9_007_199_254_740_993)]))),
            ("mean", Arc::new(Float64Array::from(vec![0.1, f64::NAN]))),
            ("money", Arc::new(money)),
            ("name", Arc::new(StringArray::from(vec!["a\"\u{1}", "西湖"]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let text = serde_json::to_string(&json_rows(&batch).unwrap()).unwrap();
        let expected = r#"[["257",9007199254740991,0.1,"-123.45","a\"\u0001"],["18446744073709551615","9007199254740993","NaN",null,"西湖"]]"#;
        assert_eq!(text, expected);
        assert_eq!(type_name(batch.schema().field(3).data_type()), "decimal(19,2)");
    }
}
