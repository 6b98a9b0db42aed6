//! One customer's events, as the table `events` shows them, without SQL: for an archive of all about them.

use crate::QueryError;
use crate::described::sql_type;
use crate::event_columns::EventColumns;
use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow::json::writer::LineDelimited;
use perennial_fold::Instant;
use perennial_model::{Currency, CustomerId};
use perennial_timeline::Snapshot;
use std::io::Write;
use std::sync::Arc;

/// Left out: whose they are is said once, and money stands in minor units beside its currency.
const WITHOUT: [&str; 2] = ["customer_id", "value"];

/// See the module. Reading blocks on files: on a blocking thread only.
pub struct CustomerEvents {
    snapshot: Snapshot,
    customer: CustomerId,
    as_of_us: i64,
    columns: EventColumns,
    wanted: Vec<usize>,
}

/// A column for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventColumnText {
    /// Its name.
    pub name: String,
    /// Its type, as SQL calls it.
    pub data_type: String,
    /// What it means.
    pub description: String,
}

impl CustomerEvents {
    /// Of a customer before the instant.
    #[must_use]
    pub fn new(snapshot: Snapshot, customer: CustomerId, instant: &Instant, currency: Currency) -> Self {
        let columns = EventColumns::new(&snapshot.event_schema(), instant.zone.clone(), currency);
        let kept = |(_, field): &(usize, &Arc<arrow::datatypes::Field>)| !WITHOUT.contains(&field.name().as_str());
        let wanted = columns.schema().fields().iter().enumerate().filter(kept).map(|(index, _)| index).collect();
        Self { snapshot, customer, as_of_us: instant.as_of_us, columns, wanted }
    }

    /// What is written.
    #[must_use]
    pub fn columns(&self) -> Vec<EventColumnText> {
        let described = self.columns.described();
        let text = |index: &usize| {
            let column = described.get(*index)?;
            Some(EventColumnText {
                name: column.column.clone(),
                data_type: sql_type(&column.data_type),
                description: column.description.clone(),
            })
        };
        self.wanted.iter().filter_map(text).collect()
    }

    /// As CSV with a header; returns the number of events.
    ///
    /// # Errors
    /// What reading or writing says.
    pub fn write_csv(&self, out: &mut dyn Write) -> Result<usize, QueryError> {
        let mut writer = arrow::csv::WriterBuilder::new().with_header(true).build(out);
        let schema = self.columns.schema().project(&self.wanted).map_err(failed)?;
        writer.write(&RecordBatch::new_empty(Arc::new(schema))).map_err(failed)?;
        self.each(|batch| writer.write(batch).map_err(failed))
    }

    /// As JSON, an object a line; returns the number of events.
    ///
    /// # Errors
    /// What reading or writing says.
    pub fn write_json_lines(&self, out: &mut dyn Write) -> Result<usize, QueryError> {
        let mut writer = arrow::json::WriterBuilder::new().build::<_, LineDelimited>(out);
        let written = self.each(|batch| writer.write(batch).map_err(failed))?;
        writer.finish().map_err(failed)?;
        Ok(written)
    }

    fn each(&self, mut take: impl FnMut(&RecordBatch) -> Result<(), QueryError>) -> Result<usize, QueryError> {
        let stored = self.columns.stored(&self.wanted);
        let schema = Arc::new(self.columns.schema().project(&self.wanted).map_err(failed)?);
        let refused = |problem: &dyn std::fmt::Display| QueryError::Execution { reason: problem.to_string() };
        let batches = self.snapshot.customer_event_batches(self.customer, &stored, Some(self.as_of_us));
        let mut written = 0;
        for batch in batches.map_err(|problem| refused(&problem))? {
            let batch = batch.map_err(|problem| refused(&problem))?;
            let arrays = self.wanted.iter().map(|wanted| self.columns.array(*wanted, &batch, &stored));
            let arrays = arrays.collect::<Result<Vec<_>, _>>().map_err(|problem| refused(&problem))?;
            let rows = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(failed)?;
            written += rows.num_rows();
            take(&rows)?;
        }
        Ok(written)
    }
}

fn failed(error: ArrowError) -> QueryError {
    match error {
        ArrowError::IoError(_, source) => QueryError::Write(source),
        other => QueryError::Execution { reason: other.to_string() },
    }
}
