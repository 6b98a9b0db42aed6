//! From which event a customer's value came: one customer's events, asked in SQL.

use crate::QueryError;
use crate::event_columns::EventColumns;
use crate::local_day::current_date;
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Field, Schema, TimestampMicrosecondType};
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::prelude::{SessionConfig, SessionContext};
use perennial_definitions::Metric;
use perennial_fold::Instant;
use perennial_model::{Currency, CustomerId};
use perennial_timeline::Snapshot;
use std::sync::Arc;

/// One customer's events before an instant.
pub struct SourceEvents {
    context: SessionContext,
    as_of_day: i32,
}

/// When an event happened (UTC µs), its name and its source.
type Found = (i64, String, String);

impl SourceEvents {
    /// Reads them.
    ///
    /// # Errors
    /// What reading says.
    pub async fn read(
        snapshot: Snapshot,
        customer: CustomerId,
        instant: Instant,
        currency: Currency,
    ) -> Result<Self, QueryError> {
        let (as_of_us, as_of_day) = (instant.as_of_us, instant.as_of_day);
        let read = move || {
            let columns = EventColumns::new(&snapshot.event_schema(), instant.zone, currency);
            batches(&snapshot, customer, as_of_us, &columns)
        };
        let batches = tokio::task::spawn_blocking(read).await.map_err(|_| QueryError::Fault)??;
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        context.register_udf(current_date(as_of_day));
        let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
        let table = MemTable::try_new(schema, vec![batches]).map_err(|error| failed(&error))?;
        context.register_table("events", Arc::new(table)).map_err(|error| failed(&error))?;
        Ok(Self { context, as_of_day })
    }

    /// The latest event that a metric counts.
    ///
    /// # Errors
    /// What SQL says of the metric's condition.
    pub async fn latest_of_metric(&self, metric: &Metric) -> Result<Option<Found>, QueryError> {
        let mut conditions = Vec::new();
        if !metric.events.is_empty() {
            let names: Vec<String> =
                metric.events.iter().map(|name| format!("'{}'", name.replace('\'', "''"))).collect();
            conditions.push(format!("name in ({})", names.join(", ")));
        }
        if let Some(condition) = &metric.r#where {
            // Behind a line of its own: a condition may end with a remark.
            conditions.push(format!("({condition}\n)"));
        }
        if let Some(window) = metric.window {
            let first = self.as_of_day - i32::try_from(window.days()).unwrap_or(i32::MAX).saturating_sub(1);
            conditions.push(format!("day >= arrow_cast({first}, 'Date32')"));
        }
        let all = conditions.join(" and ");
        self.latest(if all.is_empty() { None } else { Some(&all) }).await
    }

    /// The latest event that meets a condition.
    ///
    /// # Errors
    /// What SQL says of it.
    pub async fn latest(&self, condition: Option<&str>) -> Result<Option<Found>, QueryError> {
        let condition = condition.unwrap_or("true");
        let sql = format!("select time, name, source from events where {condition} order by time desc limit 1");
        let frame = self.context.sql(&sql).await.map_err(|error| failed(&error))?;
        let rows = frame.collect().await.map_err(|error| failed(&error))?;
        let Some(row) = rows.iter().find(|batch| batch.num_rows() > 0) else { return Ok(None) };
        let text = |column: usize| {
            let words =
                datafusion::arrow::compute::cast(row.column(column), &datafusion::arrow::datatypes::DataType::Utf8);
            words.map(|words| words.as_string::<i32>().value(0).to_owned())
        };
        let broken = |error: datafusion::arrow::error::ArrowError| QueryError::Execution { reason: error.to_string() };
        let time = row.column(0).as_primitive::<TimestampMicrosecondType>().value(0);
        Ok(Some((time, text(1).map_err(broken)?, text(2).map_err(broken)?)))
    }
}

/// All columns of the table `events`, properties under their own names too, as metrics know some of them.
fn batches(
    snapshot: &Snapshot,
    customer: CustomerId,
    as_of_us: i64,
    columns: &EventColumns,
) -> Result<Vec<RecordBatch>, QueryError> {
    let refused = |problem: &dyn std::fmt::Display| QueryError::Execution { reason: problem.to_string() };
    let all: Vec<usize> = (0..columns.schema().fields().len()).collect();
    let stored = columns.stored(&all);
    let fields = columns.schema().fields();
    let short = |index: &usize| {
        let name = fields.get(*index)?.name().strip_prefix("p_")?;
        fields.find(name).is_none().then(|| Arc::new(Field::new(name, fields[*index].data_type().clone(), true)))
    };
    let doubled: Vec<usize> = all.iter().copied().filter(|index| short(index).is_some()).collect();
    let mut schema: Vec<Arc<Field>> = fields.iter().map(Arc::clone).collect();
    schema.extend(doubled.iter().filter_map(short));
    let schema = Arc::new(Schema::new(schema));
    let mut found = vec![RecordBatch::new_empty(Arc::clone(&schema))];
    let read = snapshot.customer_event_batches(customer, &stored, Some(as_of_us));
    for batch in read.map_err(|problem| refused(&problem))? {
        let batch = batch.map_err(|problem| refused(&problem))?;
        let arrays = all.iter().chain(&doubled).map(|index| columns.array(*index, &batch, &stored));
        let arrays = arrays.collect::<Result<Vec<_>, _>>().map_err(|problem| refused(&problem))?;
        found.push(RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(|problem| refused(&problem))?);
    }
    Ok(found)
}

fn failed(error: &DataFusionError) -> QueryError {
    QueryError::Execution { reason: error.strip_backtrace() }
}
