//! Rows as JSON arrays, exact in every value.

use crate::QueryError;
use crate::described::sql_type;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// JSON's numbers are floats to most programs: exact up to here.
const MAX_EXACT: i64 = (1 << 53) - 1;

/// A column's type as SQL writes it.
#[must_use]
pub fn type_name(data_type: &DataType) -> String {
    sql_type(data_type)
}

/// Writes a row as an array. Integers are numbers while a float holds them exactly, and text beyond;
/// unsigned integers (ids of customers) and decimals are text always; a float that is no number
/// is text; days are `2026-01-31`, instants RFC 3339; NULL is null.
///
/// # Errors
/// [`QueryError::Execution`] for a value that cannot be shown.
pub fn write_row(batch: &RecordBatch, row: usize, out: &mut String) -> Result<(), QueryError> {
    out.push('[');
    for (index, column) in batch.columns().iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_cell(column.as_ref(), row, out)
            .map_err(|problem| QueryError::Execution { reason: problem.to_string() })?;
    }
    out.push(']');
    Ok(())
}

fn write_cell(column: &dyn Array, row: usize, out: &mut String) -> Result<(), arrow::error::ArrowError> {
    if column.is_null(row) || *column.data_type() == DataType::Null {
        out.push_str("null");
        return Ok(());
    }
    let number = match column.data_type() {
        DataType::Boolean => Some(column.as_boolean().value(row).to_string()),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            Some(shown(column, row)?)
        }
        DataType::Int64 => {
            let value = column.as_primitive::<Int64Type>().value(row);
            (-MAX_EXACT..=MAX_EXACT).contains(&value).then(|| value.to_string())
        }
        DataType::Float64 => {
            let value = column.as_primitive::<Float64Type>().value(row);
            value.is_finite().then(|| format!("{value:?}"))
        }
        _ => None,
    };
    match number {
        Some(number) => out.push_str(&number),
        None => out.push_str(&serde_json::Value::from(shown(column, row)?).to_string()),
    }
    Ok(())
}

fn shown(column: &dyn Array, row: usize) -> Result<String, arrow::error::ArrowError> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(column, &options)?;
    formatter.value(row).try_to_string()
}
