//! The table `events`: the timeline, streamed shard by shard.

use crate::event_columns::EventColumns;
use crate::partitions::{Emit, ShardReader, external, scan_shards};
use async_trait::async_trait;
use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use perennial_model::CustomerId;
use perennial_timeline::Snapshot;
use std::sync::Arc;

/// Visible events before an instant.
pub(crate) struct EventsTable {
    snapshot: Snapshot,
    columns: Arc<EventColumns>,
    as_of_us: i64,
    threads: usize,
}

impl std::fmt::Debug for EventsTable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("EventsTable")
    }
}

impl EventsTable {
    pub(crate) fn new(snapshot: Snapshot, columns: Arc<EventColumns>, as_of_us: i64, threads: usize) -> Self {
        Self { snapshot, columns, as_of_us, threads }
    }
}

#[async_trait]
impl TableProvider for EventsTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.columns.schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // Inexact: a scan leaves out what it can cheaply, the engine filters what remains.
        let support = |filter: &&Expr| match Bound::of(filter) {
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wanted = projection.cloned().unwrap_or_else(|| (0..self.columns.schema().fields().len()).collect());
        let mut until_us = self.as_of_us;
        let mut shards: Vec<u16> = (0..self.snapshot.shards()).collect();
        for bound in filters.iter().filter_map(Bound::of) {
            match bound {
                Bound::Until(bound_us) => until_us = until_us.min(bound_us),
                Bound::Customer(customer) => shards.retain(|shard| *shard == customer.shard()),
            }
        }
        let reader = EventsReader {
            snapshot: self.snapshot.clone(),
            stored: self.columns.stored(&wanted),
            schema: Arc::new(self.columns.schema().project(&wanted)?),
            columns: Arc::clone(&self.columns),
            wanted,
            until_us,
        };
        scan_shards("events", reader, &shards, self.threads, limit)
    }
}

/// What a filter spares the scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// Nothing at or after this instant is wanted.
    Until(i64),
    /// Only this customer is wanted, hence one shard.
    Customer(CustomerId),
}

impl Bound {
    fn of(filter: &Expr) -> Option<Self> {
        let Expr::BinaryExpr(BinaryExpr { left, op, right }) = filter else { return None };
        let (column, operator, value) = match (left.as_ref(), right.as_ref()) {
            (Expr::Column(column), Expr::Literal(value, _)) => (column, *op, value),
            (Expr::Literal(value, _), Expr::Column(column)) => (column, op.swap()?, value),
            _ => return None,
        };
        match (column.name(), operator, value) {
            ("time", Operator::Lt, ScalarValue::TimestampMicrosecond(Some(at), _)) => Some(Self::Until(*at)),
            ("time", Operator::LtEq | Operator::Eq, ScalarValue::TimestampMicrosecond(Some(at), _)) => {
                Some(Self::Until(at.saturating_add(1)))
            }
            ("customer_id", Operator::Eq, ScalarValue::UInt64(Some(id))) => Some(Self::Customer(CustomerId(*id))),
            _ => None,
        }
    }
}

/// The customer of `customer_id = 257`.
pub(crate) fn customer_filter(filter: &Expr) -> Option<CustomerId> {
    match Bound::of(filter) {
        Some(Bound::Customer(customer)) => Some(customer),
        _ => None,
    }
}

struct EventsReader {
    snapshot: Snapshot,
    columns: Arc<EventColumns>,
    wanted: Vec<usize>,
    stored: Vec<usize>,
    schema: SchemaRef,
    until_us: i64,
}

impl ShardReader for EventsReader {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn read(&self, shard: u16, emit: Emit<'_>) -> Result<bool> {
        let batches = self.snapshot.event_batches(shard, &self.stored, Some(self.until_us)).map_err(external)?;
        for batch in batches {
            if !emit(self.convert(&batch.map_err(external)?)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl EventsReader {
    fn convert(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let arrays = self.wanted.iter().map(|wanted| self.columns.array(*wanted, batch, &self.stored));
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let arrays = arrays.collect::<Result<Vec<_>>>()?;
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?)
    }
}
