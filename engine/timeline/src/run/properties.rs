//! Typed columns of declared properties, out of the JSON they came in.

use super::format::property_field;
use crate::TimelineError;
use arrow::array::{
    Array, ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, StringArray, StringBuilder,
    new_null_array,
};
use arrow::datatypes::{Field, Schema};
use perennial_model::{PropertySpec, PropertyType};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The column of a property; a value of another type, or JSON that cannot be read, gives null.
pub(crate) fn property_column(json: Option<&StringArray>, rows: usize, spec: &PropertySpec) -> ArrayRef {
    let Some(json) = json.filter(|json| json.null_count() < json.len()) else {
        return new_null_array(property_field(spec).data_type(), rows);
    };
    let quoted = format!("\"{}\"", spec.name);
    let values = json.iter().map(|text| {
        // Most rows have none of it: a look is quicker than a parse. A name may be written escaped.
        let text = text.filter(|text| text.contains(&quoted) || text.contains('\\'))?;
        member(text, &spec.name)
    });
    match spec.property_type {
        PropertyType::Text => texts(values),
        PropertyType::Integer => {
            let mut column = Int64Builder::new();
            values.for_each(|value| column.append_option(value.and_then(|value| value.as_i64())));
            Arc::new(column.finish())
        }
        PropertyType::Number => {
            let mut column = Float64Builder::new();
            values.for_each(|value| column.append_option(value.and_then(|value| value.as_f64())));
            Arc::new(column.finish())
        }
        PropertyType::Boolean => {
            let mut column = BooleanBuilder::new();
            values.for_each(|value| column.append_option(value.and_then(|value| value.as_bool())));
            Arc::new(column.finish())
        }
    }
}

/// A member of an object; of two with one name the last counts. Nothing is made of the others.
fn member(text: &str, name: &str) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let found = reader.deserialize_map(Member(name)).ok()?;
    reader.end().ok()?;
    found
}

struct Member<'n>(&'n str);

/// A name, borrowed where it is written without escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(Name(name)) = map.next_key()? {
            if name == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

fn texts(values: impl Iterator<Item = Option<Value>>) -> ArrayRef {
    let mut column = StringBuilder::new();
    for value in values {
        match value {
            Some(Value::String(text)) => column.append_value(text),
            _ => column.append_null(),
        }
    }
    Arc::new(column.finish())
}

/// A batch of events with the columns of all declared properties, which it may have already.
pub(crate) fn with_properties(batch: &RecordBatch, specs: &[PropertySpec]) -> Result<RecordBatch, TimelineError> {
    let json = batch.column_by_name("properties").and_then(|column| column.as_any().downcast_ref::<StringArray>());
    let mut fields: Vec<Arc<Field>> = batch.schema().fields().to_vec();
    let mut columns = batch.columns().to_vec();
    for spec in specs {
        let field = property_field(spec);
        if batch.schema().column_with_name(field.name()).is_none() {
            columns.push(property_column(json, batch.num_rows(), spec));
            fields.push(Arc::new(field));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(TimelineError::codec("add property columns"))
}
