//! Asks DataFusion about one event.

use super::columns::{self, Named, Unit, kind_word, unit};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    RecordBatchOptions, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::prelude::SessionContext;
use perennial_fold::{Cell, EventColumn, RowTest, Test, of_ordinal};
use perennial_model::{Currency, EventKind};
use std::sync::Arc;

/// An expression over some columns of an event.
pub(super) struct Judge {
    expression: Arc<dyn PhysicalExpr>,
    schema: SchemaRef,
    columns: Vec<(EventColumn, Unit)>,
}

impl Judge {
    pub(super) fn new(
        context: &SessionContext,
        expression: &Expr,
        columns: &[Named],
        currency: Currency,
    ) -> Result<Self> {
        let schema = columns::of(columns, currency)?;
        let expression = context.create_physical_expr(super::simplified(expression, &schema)?, &schema)?;
        let schema = Arc::clone(schema.inner());
        let data_type = expression.data_type(&schema)?;
        if !matches!(data_type, DataType::Boolean | DataType::Null) {
            return Err(DataFusionError::Plan(format!("it comes to {data_type}, not to true or false")));
        }
        let columns = columns.iter().map(|named| (named.column, unit(named, currency))).collect();
        Ok(Self { expression, schema, columns })
    }

    /// Whether the event with these cells passes. What cannot be computed is unknown.
    pub(super) fn of(&self, cells: &[Cell]) -> Option<bool> {
        let arrays = cells.iter().zip(&self.columns).map(|(cell, (_, unit))| array(cell, *unit)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        let row = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options).ok()?;
        let outcome = self.expression.evaluate(&row).ok()?.into_array(1).ok()?;
        let outcome = outcome.as_boolean_opt()?;
        outcome.is_valid(0).then(|| outcome.value(0))
    }

    pub(super) fn word(&self, word: Option<&str>) -> Option<bool> {
        self.of(&[Cell::Word(word.map(Arc::from))])
    }

    /// The kinds that pass.
    pub(super) fn kinds(&self) -> Vec<EventKind> {
        EventKind::ALL.into_iter().filter(|kind| self.of(&[Cell::Kind(*kind)]) == Some(true)).collect()
    }

    pub(super) fn into_test(self) -> Test {
        let columns = self.columns.iter().map(|(column, _)| *column).collect();
        Test::Row(Arc::new(RowTest::new(columns, Arc::new(move |cells| self.of(cells)))))
    }
}

fn array(cell: &Cell, unit: Unit) -> ArrayRef {
    match cell {
        Cell::Kind(kind) => Arc::new(StringArray::from(vec![kind_word(*kind)])),
        Cell::Word(word) => Arc::new(StringArray::from(vec![word.as_deref()])),
        Cell::Number(number) => match unit {
            Unit::Decimal(0) => Arc::new(Int64Array::from(vec![*number])),
            Unit::Decimal(scale) => {
                let exact = Decimal128Array::from(vec![number.map(i128::from)]);
                Arc::new(exact.with_data_type(DataType::Decimal128(crate::customers::MONEY_PRECISION, scale)))
            }
            Unit::Time => Arc::new(TimestampMicrosecondArray::from(vec![*number]).with_timezone("UTC")),
            Unit::Ordinal => Arc::new(Float64Array::from(vec![number.map(of_ordinal)])),
            Unit::Boolean => Arc::new(BooleanArray::from(vec![number.map(|number| number != 0)])),
            Unit::Day => Arc::new(Date32Array::from(vec![number.and_then(|day| i32::try_from(day).ok())])),
        },
    }
}
