//! Asks DataFusion about some customers at once.

use crate::customers::{array, sql_type};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::prelude::SessionContext;
use perennial_fold::{Column, ColumnSpec, ColumnType, TableShard};
use perennial_model::Currency;
use std::sync::Arc;

/// The column that is not among the specs.
pub(super) const CUSTOMER_ID: &str = "customer_id";

/// A condition over some columns of a customer.
pub(super) struct Judge {
    expression: Arc<dyn PhysicalExpr>,
    schema: SchemaRef,
    columns: Vec<ColumnSpec>,
}

/// The customer table with these columns, as SQL sees it.
pub(crate) fn schema_of<'a>(columns: impl Iterator<Item = &'a ColumnSpec>, currency: Currency) -> Schema {
    let own = columns.map(|spec| Field::new(spec.name, sql_type(spec.column_type, currency), true));
    Schema::new(std::iter::once(Field::new(CUSTOMER_ID, DataType::UInt64, false)).chain(own).collect::<Vec<_>>())
}

impl Judge {
    /// `expression` is simplified and names these columns only, or the customer's number.
    pub(super) fn new(
        context: &SessionContext,
        expression: Expr,
        columns: Vec<ColumnSpec>,
        currency: Currency,
    ) -> Result<Self> {
        let schema = Arc::new(schema_of(columns.iter(), currency));
        let known = DFSchema::try_from(schema.as_ref().clone())?;
        let expression = context.create_physical_expr(expression, &known)?;
        let data_type = expression.data_type(&schema)?;
        if !matches!(data_type, DataType::Boolean | DataType::Null) {
            return Err(DataFusionError::Plan(format!("it comes to {data_type}, not to true or false")));
        }
        Ok(Self { expression, schema, columns })
    }

    /// What is said of each row. What cannot be computed is unknown.
    pub(super) fn of(&self, rows: &TableShard) -> Vec<Option<bool>> {
        let Ok(batch) = self.batch(rows) else { return vec![None; rows.customers.len()] };
        self.asked(&batch).unwrap_or_else(|_| {
            // One customer's division by zero is nobody else's.
            let each = (0..batch.num_rows()).map(|row| self.asked(&batch.slice(row, 1)).ok()?.first().copied()?);
            each.collect()
        })
    }

    fn batch(&self, rows: &TableShard) -> Result<RecordBatch> {
        let count = rows.customers.len();
        let mut arrays = vec![Arc::new(UInt64Array::from(rows.customers.clone())) as ArrayRef];
        for ((spec, column), field) in self.columns.iter().zip(&rows.columns).zip(self.schema.fields().iter().skip(1)) {
            arrays.push(array(spec, column, 0..count, field.data_type())?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?)
    }

    fn asked(&self, batch: &RecordBatch) -> Result<Vec<Option<bool>>> {
        let outcome = self.expression.evaluate(batch)?.into_array(batch.num_rows())?;
        let Some(outcome) = outcome.as_boolean_opt() else { return Ok(vec![None; batch.num_rows()]) };
        Ok((0..outcome.len()).map(|row| outcome.is_valid(row).then(|| outcome.value(row))).collect())
    }

    /// What is said of each code of the one column, at 255 of no value.
    pub(super) fn codes(&self) -> Box<[Option<bool>; 256]> {
        let mut outcomes = Box::new([None; 256]);
        let known: Vec<u8> = match self.columns.first().map(|spec| spec.column_type) {
            Some(ColumnType::Word(words)) => (0..=u8::MAX).take(words.len().min(255)).collect(),
            _ => vec![0, 1],
        };
        let codes: Vec<u8> = known.into_iter().chain([u8::MAX]).collect();
        let rows = TableShard { customers: vec![0; codes.len()], columns: vec![Column::Code(codes.clone())] };
        for (code, outcome) in codes.iter().zip(self.of(&rows)) {
            outcomes[usize::from(*code)] = outcome;
        }
        outcomes
    }
}
