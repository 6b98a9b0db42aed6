//! Values of declared properties on their way in: typed from the start, so that nothing is written
//! as JSON only to be parsed again.

use crate::run::{column, property_column, property_field};
use crate::{EventBatch, TimelineError};
use arrow::array::{
    Array, ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, StringArray, StringBuilder,
};
use arrow::compute::is_not_null;
use arrow::compute::kernels::zip::zip;
use arrow::datatypes::{Field, Schema};
use perennial_model::{PropertySpec, PropertyType};
use std::sync::Arc;

/// A value of a declared property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PropertyValue<Text> {
    /// Of [`PropertyType::Text`].
    Text(Text),
    /// Of [`PropertyType::Integer`].
    Integer(i64),
    /// Of [`PropertyType::Number`].
    Number(f64),
    /// Of [`PropertyType::Boolean`].
    Boolean(bool),
}

impl<Text> PropertyValue<Text> {
    /// The same with another text.
    pub fn map<Other>(self, text: impl FnOnce(Text) -> Other) -> PropertyValue<Other> {
        match self {
            Self::Text(known) => PropertyValue::Text(text(known)),
            Self::Integer(value) => PropertyValue::Integer(value),
            Self::Number(value) => PropertyValue::Number(value),
            Self::Boolean(value) => PropertyValue::Boolean(value),
        }
    }
}

/// Typed columns of declared properties, a row for each event of a batch. By default none.
#[derive(Debug, Clone, Default)]
pub struct DeclaredColumns(Vec<(PropertySpec, ArrayRef)>);

impl DeclaredColumns {
    /// The events with these columns; where one has no value, that of the event's JSON counts.
    pub(crate) fn beside(&self, batch: &EventBatch, known: &[PropertySpec]) -> Result<RecordBatch, TimelineError> {
        let failed = TimelineError::codec("add property columns");
        let batch = &batch.0;
        let mut fields: Vec<Arc<Field>> = batch.schema().fields().to_vec();
        let mut columns = batch.columns().to_vec();
        let json: &StringArray = column(batch, "properties")?;
        for (spec, given) in &self.0 {
            if !known.contains(spec) {
                return Err(TimelineError::PropertyConflict { name: spec.name.clone() });
            }
            let has_json = json.null_count() < json.len() && given.null_count() > 0;
            columns.push(if has_json {
                let in_json = property_column(Some(json), batch.num_rows(), spec);
                zip(&is_not_null(given).map_err(&failed)?, given, &in_json).map_err(&failed)?
            } else {
                Arc::clone(given)
            });
            fields.push(Arc::new(property_field(spec)));
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(failed)
    }
}

/// Builds [`DeclaredColumns`] row by row.
#[derive(Default)]
pub struct DeclaredColumnsBuilder(Vec<(Builder, PropertySpec)>);

impl DeclaredColumnsBuilder {
    /// For these properties, each declared with this type.
    #[must_use]
    pub fn new(specs: &[PropertySpec]) -> Self {
        Self(specs.iter().map(|spec| (Builder::of(spec.property_type), spec.clone())).collect())
    }

    /// Adds a row: a value for each property, none for those behind the last. One of another type is none.
    #[inline]
    pub fn push(&mut self, values: &[Option<PropertyValue<&str>>]) {
        let mut values = values.iter().copied();
        for (column, _) in &mut self.0 {
            column.push(values.next().flatten());
        }
    }

    /// The columns; the builder is empty afterwards.
    pub fn finish(&mut self) -> DeclaredColumns {
        DeclaredColumns(self.0.iter_mut().map(|(column, spec)| (spec.clone(), column.finish())).collect())
    }
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
}

impl Builder {
    fn of(property_type: PropertyType) -> Self {
        match property_type {
            PropertyType::Text => Self::Text(StringBuilder::new()),
            PropertyType::Integer => Self::Integer(Int64Builder::new()),
            PropertyType::Number => Self::Number(Float64Builder::new()),
            PropertyType::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
    }

    #[inline]
    fn push(&mut self, value: Option<PropertyValue<&str>>) {
        match (self, value) {
            (Self::Text(column), Some(PropertyValue::Text(value))) => column.append_value(value),
            (Self::Integer(column), Some(PropertyValue::Integer(value))) => column.append_value(value),
            (Self::Number(column), Some(PropertyValue::Number(value))) => column.append_value(value),
            (Self::Boolean(column), Some(PropertyValue::Boolean(value))) => column.append_value(value),
            (Self::Text(column), _) => column.append_null(),
            (Self::Integer(column), _) => column.append_null(),
            (Self::Number(column), _) => column.append_null(),
            (Self::Boolean(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Integer(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
            Self::Boolean(column) => Arc::new(column.finish()),
        }
    }
}
