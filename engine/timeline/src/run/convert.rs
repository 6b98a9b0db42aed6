//! Between the columns of a run's file and the columns that writers hand in and SQL sees.

use super::format::{Footer, physical_schema, property_field, word_type};
use super::properties::property_column;
use crate::batch::EVENT_SCHEMA;
use crate::{NONE, TimelineError};
use arrow::array::{
    Array, ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray, UInt64Array,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{Field, Int32Type, Schema, SchemaRef};
use perennial_model::{CustomerId, PropertySpec};
use std::sync::Arc;

/// Columns that writers hand in and SQL sees: those of every event, then declared properties.
pub(crate) fn logical_schema(properties: &[PropertySpec]) -> SchemaRef {
    let fields = EVENT_SCHEMA.fields().iter().cloned();
    Arc::new(Schema::new(
        fields.chain(properties.iter().map(|spec| Arc::new(property_field(spec)))).collect::<Vec<_>>(),
    ))
}

fn broken(reason: String) -> TimelineError {
    TimelineError::Codec { action: "convert a batch of events", source: reason.into() }
}

pub(crate) fn column<'a, T: 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a T, TimelineError> {
    let found = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref());
    found.ok_or_else(|| broken(format!("column {name} is missing or has another type")))
}

/// As a file keeps it. The batch holds one shard's rows; units divide all its times.
pub(crate) fn to_physical(
    batch: &RecordBatch,
    footer: &Footer,
    with_profile: bool,
    properties: &[PropertySpec],
) -> Result<RecordBatch, TimelineError> {
    let schema = physical_schema(with_profile, properties);
    let columns =
        schema.fields().iter().map(|field| physical_column(batch, footer, field)).collect::<Result<_, _>>()?;
    RecordBatch::try_new(schema, columns).map_err(TimelineError::codec("encode a run"))
}

fn physical_column(batch: &RecordBatch, footer: &Footer, field: &Field) -> Result<ArrayRef, TimelineError> {
    let name = field.name().as_str();
    let divided = |unit: i64| -> Result<ArrayRef, TimelineError> {
        let values: &Int64Array = column(batch, name)?;
        Ok(if unit == 1 {
            Arc::new(values.clone())
        } else {
            Arc::new(values.unary::<_, arrow::datatypes::Int64Type>(|value| value / unit))
        })
    };
    match name {
        "customer" => {
            let values: &UInt64Array = column(batch, name)?;
            let numbers: UInt64Array = values.unary(|customer| CustomerId(customer).number());
            Ok(Arc::new(numbers))
        }
        "time" => divided(footer.time_unit),
        "received" => divided(footer.received_unit),
        "order_key" => {
            let values: &UInt64Array = column(batch, name)?;
            Ok(Arc::new(values.iter().map(|key| key.unwrap_or(0)).collect::<UInt64Array>()))
        }
        "quantity_milli" | "value_minor" => {
            let values: &Int64Array = column(batch, name)?;
            Ok(Arc::new(values.iter().map(|value| value.unwrap_or(NONE)).collect::<Int64Array>()))
        }
        _ if *field.data_type() == word_type() => words_without_nulls(column(batch, name)?),
        _ => batch.column_by_name(name).cloned().ok_or_else(|| broken(format!("column {name} is missing"))),
    }
}

/// No word becomes the empty word.
fn words_without_nulls(words: &DictionaryArray<Int32Type>) -> Result<ArrayRef, TimelineError> {
    if words.null_count() == 0 {
        return Ok(Arc::new(words.clone()));
    }
    let known = words.values().as_any().downcast_ref::<StringArray>();
    let known = known.ok_or_else(|| broken("words are no text".to_owned()))?;
    let values: StringArray = known.iter().map(|word| Some(word.unwrap_or(""))).chain([Some("")]).collect();
    let empty = known.len() as i32;
    let keys: Int32Array = words.keys().iter().map(|key| key.unwrap_or(empty)).collect();
    let filled = DictionaryArray::try_new(keys, Arc::new(values)).map_err(TimelineError::codec("encode words"))?;
    Ok(Arc::new(filled))
}

/// What a reader wants of a run, in the columns of [`logical_schema`].
#[derive(Debug, Clone)]
pub(crate) struct LogicalColumns {
    pub(crate) schema: SchemaRef,
    properties: Vec<PropertySpec>,
}

impl LogicalColumns {
    /// The columns `projection` (indices) of the full schema.
    pub(crate) fn new(properties: &[PropertySpec], projection: &[usize]) -> Result<Self, TimelineError> {
        let schema = logical_schema(properties).project(projection).map_err(TimelineError::codec("project events"))?;
        Ok(Self { schema: Arc::new(schema), properties: properties.to_vec() })
    }

    pub(crate) fn all(properties: &[PropertySpec]) -> Self {
        Self { schema: logical_schema(properties), properties: properties.to_vec() }
    }

    /// Columns of a file that are needed for it.
    pub(crate) fn physical(&self, file: &Schema) -> Vec<usize> {
        let wanted = |name: &str| self.schema.column_with_name(name).is_some();
        let from_json =
            self.schema.fields().iter().any(|field| self.spec(field).is_some() && file.index_of(field.name()).is_err());
        let needed = |name: &str| wanted(name) || name == "customer" || (name == "properties" && from_json);
        (0..file.fields().len()).filter(|index| needed(file.field(*index).name())).collect()
    }

    fn spec(&self, field: &Field) -> Option<&PropertySpec> {
        let name = field.name().strip_prefix("p_")?;
        self.properties.iter().find(|spec| spec.name == name)
    }
}

/// A batch out of a file as SQL sees it.
pub(crate) fn to_logical(
    batch: &RecordBatch,
    footer: &Footer,
    wanted: &LogicalColumns,
) -> Result<RecordBatch, TimelineError> {
    let columns = wanted.schema.fields().iter().map(|field| logical_column(batch, footer, wanted, field));
    let columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(&wanted.schema), columns, &options)
        .map_err(TimelineError::codec("decode a run"))
}

fn logical_column(
    batch: &RecordBatch,
    footer: &Footer,
    wanted: &LogicalColumns,
    field: &Field,
) -> Result<ArrayRef, TimelineError> {
    let name = field.name().as_str();
    let times = |unit: i64| -> Result<ArrayRef, TimelineError> {
        let values: &Int64Array = column(batch, name)?;
        Ok(Arc::new(values.unary::<_, arrow::datatypes::Int64Type>(|value| value * unit)))
    };
    match name {
        "customer" => customers(batch, footer),
        "profile" if batch.column_by_name(name).is_none() => customers(batch, footer),
        "time" => times(footer.time_unit),
        "received" => times(footer.received_unit),
        "order_key" => {
            let values: &UInt64Array = column(batch, name)?;
            let nulls = NullBuffer::from_iter(values.values().iter().map(|key| *key != 0));
            Ok(Arc::new(UInt64Array::new(values.values().clone(), Some(nulls))))
        }
        "quantity_milli" | "value_minor" => {
            let values: &Int64Array = column(batch, name)?;
            let nulls = NullBuffer::from_iter(values.values().iter().map(|value| *value != NONE));
            Ok(Arc::new(Int64Array::new(values.values().clone(), Some(nulls))))
        }
        _ if *field.data_type() == word_type() && field.is_nullable() => words_with_nulls(column(batch, name)?),
        _ => match (batch.column_by_name(name), wanted.spec(field)) {
            (Some(column), _) if column.data_type() == field.data_type() => Ok(Arc::clone(column)),
            (_, Some(spec)) => Ok(property_column(batch_json(batch), batch.num_rows(), spec)),
            _ => Err(broken(format!("column {name} is missing"))),
        },
    }
}

fn batch_json(batch: &RecordBatch) -> Option<&StringArray> {
    batch.column_by_name("properties").and_then(|column| column.as_any().downcast_ref())
}

fn customers(batch: &RecordBatch, footer: &Footer) -> Result<ArrayRef, TimelineError> {
    let numbers: &UInt64Array = column(batch, "customer")?;
    let shard = footer.shard;
    Ok(Arc::new(numbers.unary::<_, arrow::datatypes::UInt64Type>(|number| CustomerId::new(shard, number).0)))
}

/// The empty word becomes no word.
fn words_with_nulls(words: &DictionaryArray<Int32Type>) -> Result<ArrayRef, TimelineError> {
    let known = words.values().as_any().downcast_ref::<StringArray>();
    let known = known.ok_or_else(|| broken("words are no text".to_owned()))?;
    let Some(empty) = known.iter().position(|word| word == Some("")) else { return Ok(Arc::new(words.clone())) };
    let empty = empty as i32;
    let nulls = NullBuffer::from_iter(words.keys().values().iter().map(|key| *key != empty));
    let keys = Int32Array::new(words.keys().values().clone(), Some(nulls));
    let holed =
        DictionaryArray::try_new(keys, Arc::clone(words.values())).map_err(TimelineError::codec("decode words"))?;
    Ok(Arc::new(holed))
}
