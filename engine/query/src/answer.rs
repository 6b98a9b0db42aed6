//! The answer of a server, as it comes from its own threads.

use crate::service::{GRACE, SqlLimits, out_of_time};
use crate::{QueryError, Rows};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use futures::StreamExt;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

/// Work on another runtime, ended when nobody wants it any more.
#[derive(Debug)]
pub(crate) struct Task<T>(pub(crate) Option<JoinHandle<Result<T, QueryError>>>);

impl<T> Task<T> {
    /// What came of it; a panic is a fault of this statement alone.
    pub(crate) async fn outcome(&mut self) -> Result<T, QueryError> {
        match self.0.as_mut() {
            Some(handle) => handle.await.unwrap_or(Err(QueryError::Fault)),
            None => Err(QueryError::Fault),
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            handle.abort();
        }
    }
}

/// Rows as they come. Dropping it stops the query.
#[derive(Debug)]
pub struct Answer {
    schema: SchemaRef,
    as_of_us: i64,
    batches: mpsc::Receiver<RecordBatch>,
    task: Option<Task<()>>,
    limits: SqlLimits,
}

impl Answer {
    pub(crate) const fn new(
        schema: SchemaRef,
        as_of_us: i64,
        batches: mpsc::Receiver<RecordBatch>,
        task: Task<()>,
        limits: SqlLimits,
    ) -> Self {
        Self { schema, as_of_us, batches, task: Some(task), limits }
    }

    /// Its columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// The instant: what happened before it was seen.
    #[must_use]
    pub const fn as_of_us(&self) -> i64 {
        self.as_of_us
    }

    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// [`QueryError::Time`], [`QueryError::Memory`], [`QueryError::Timeline`] or [`QueryError::Execution`].
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, QueryError> {
        let next = timeout(self.limits.time + GRACE, self.batches.recv()).await;
        match next.map_err(|_| out_of_time(self.limits))? {
            Some(batch) => Ok(Some(batch)),
            None => match self.task.take() {
                Some(mut task) => task.outcome().await.map(|()| None),
                None => Ok(None),
            },
        }
    }

    /// At most so many rows, and whether there are more.
    ///
    /// # Errors
    /// As [`Self::next`], and [`QueryError::Memory`] when they are larger than the query's memory.
    pub async fn take(mut self, most: usize) -> Result<(Rows, bool), QueryError> {
        let limit_bytes = self.limits.memory_bytes;
        let (mut batches, mut left, mut bytes) = (Vec::new(), most, 0_usize);
        while let Some(batch) = self.next().await? {
            let rows = batch.num_rows().min(left);
            if rows > 0 {
                bytes = bytes.saturating_add(batch.get_array_memory_size());
                batches.push(batch.slice(0, rows));
            }
            if bytes > limit_bytes {
                return Err(QueryError::Memory { limit_bytes });
            }
            left -= rows;
            if rows < batch.num_rows() {
                return Ok((Rows { schema: self.schema, batches }, true));
            }
        }
        Ok((Rows { schema: self.schema, batches }, false))
    }
}

/// Plans, says the columns, then the rows. Only computing counts as time.
pub(crate) async fn produce<W>(
    frame: W,
    limits: SqlLimits,
    planned: oneshot::Sender<SchemaRef>,
    rows: mpsc::Sender<RecordBatch>,
) -> Result<(), QueryError>
where
    W: Future<Output = Result<DataFrame, QueryError>>,
{
    let translate = |error: DataFusionError| QueryError::from_engine(&error, limits.memory_bytes);
    let mut clock = Computing { left: limits.time, limits };
    let mut stream = clock.run(async { frame.await?.execute_stream().await.map_err(translate) }).await??;
    if planned.send(stream.schema()).is_err() {
        return Ok(());
    }
    while let Some(batch) = clock.run(stream.next()).await? {
        let sent = timeout(limits.time, rows.send(batch.map_err(translate)?)).await;
        match sent.map_err(|_| QueryError::Abandoned { limit_secs: limits.time.as_secs() })? {
            Ok(()) => {}
            // Nobody wants more.
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}

/// Time that is spent only while something is computed.
struct Computing {
    left: Duration,
    limits: SqlLimits,
}

impl Computing {
    async fn run<T>(&mut self, work: impl Future<Output = T>) -> Result<T, QueryError> {
        let began = Instant::now();
        let done = timeout(self.left, work).await.map_err(|_| out_of_time(self.limits));
        self.left = self.left.saturating_sub(began.elapsed());
        done
    }
}
