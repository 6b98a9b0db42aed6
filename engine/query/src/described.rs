//! The table `columns`: what there is and what it means.

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use std::sync::Arc;

/// One column of a table, for people.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) table: &'static str,
    pub(crate) column: String,
    pub(crate) data_type: DataType,
    pub(crate) description: String,
}

/// A table of these.
pub(crate) fn columns_table(described: &[Described]) -> Result<MemTable> {
    let text = |get: &dyn Fn(&Described) -> String| -> ArrayRef {
        Arc::new(described.iter().map(|column| Some(get(column))).collect::<StringArray>())
    };
    let batch = RecordBatch::try_from_iter([
        ("table_name", text(&|column| column.table.to_owned())),
        ("column_name", text(&|column| column.column.clone())),
        ("data_type", text(&|column| sql_type(&column.data_type))),
        ("description", text(&|column| column.description.clone())),
    ])?;
    MemTable::try_new(batch.schema(), vec![vec![batch]])
}

/// The type as SQL writes it.
pub(crate) fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::UInt64 => "bigint unsigned".into(),
        DataType::Int64 => "bigint".into(),
        DataType::Float64 => "double".into(),
        DataType::Boolean => "boolean".into(),
        DataType::Date32 => "date".into(),
        DataType::Timestamp(..) => "timestamp with time zone".into(),
        DataType::Decimal128(precision, scale) => format!("decimal({precision},{scale})"),
        DataType::Utf8 => "text".into(),
        DataType::Dictionary(_, values) => sql_type(values),
        other => other.to_string(),
    }
}
