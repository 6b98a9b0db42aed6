//! Answers, whole or as they come.

use crate::QueryError;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt;

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Its columns.
    pub schema: SchemaRef,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
}

impl Rows {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Rows {
    /// As CSV with a header; NULL is empty.
    ///
    /// # Errors
    /// [`QueryError::Execution`] for a value that cannot be written.
    pub fn to_csv(&self) -> Result<Vec<u8>, QueryError> {
        let mut out = Vec::new();
        let mut writer = arrow::csv::WriterBuilder::new().with_header(true).build(&mut out);
        let empty = RecordBatch::new_empty(SchemaRef::clone(&self.schema));
        let written = std::iter::once(&empty).chain(&self.batches).try_for_each(|batch| writer.write(batch));
        drop(writer);
        written.map_err(|problem| QueryError::Execution { reason: problem.to_string() })?;
        Ok(out)
    }
}

/// An answer as it comes. Dropping it stops the query.
pub struct RowStream {
    pub(crate) stream: SendableRecordBatchStream,
    pub(crate) limit_bytes: usize,
}

impl std::fmt::Debug for RowStream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RowStream").field("schema", &self.schema()).finish_non_exhaustive()
    }
}

impl RowStream {
    /// The answer's columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }

    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// [`QueryError::Memory`], [`QueryError::Timeline`] or [`QueryError::Execution`].
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, QueryError> {
        let next = self.stream.next().await.transpose();
        next.map_err(|error| QueryError::from_engine(&error, self.limit_bytes))
    }

    /// All rows.
    ///
    /// # Errors
    /// [`QueryError::Memory`] when they take more than the query's limit, and as [`Self::next`].
    pub async fn collect(mut self) -> Result<Rows, QueryError> {
        let (schema, mut batches, mut bytes) = (self.schema(), Vec::new(), 0_usize);
        while let Some(batch) = self.next().await? {
            bytes = bytes.saturating_add(batch.get_array_memory_size());
            if bytes > self.limit_bytes {
                return Err(QueryError::Memory { limit_bytes: self.limit_bytes });
            }
            batches.push(batch);
        }
        Ok(Rows { schema, batches })
    }
}
