//! Tables that are read on blocking threads, a few shards each.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use std::sync::Arc;

/// Batches made ahead of the reader: one being read, one ready.
const BATCHES_AHEAD: usize = 2;

/// Hands on a batch; false when nobody wants more.
pub(crate) type Emit<'a> = &'a mut dyn FnMut(RecordBatch) -> bool;

/// Reads one shard after the other.
pub(crate) trait ShardReader: Send + Sync + 'static {
    /// What its batches look like.
    fn schema(&self) -> &SchemaRef;
    /// All batches of a shard; blocks. Returns false when nobody wants more.
    fn read(&self, shard: u16, emit: Emit<'_>) -> Result<bool>;
}

/// A plan that reads these shards on at most `threads` threads.
pub(crate) fn scan_shards<R: ShardReader>(
    name: &'static str,
    reader: R,
    shards: &[u16],
    threads: usize,
    limit: Option<usize>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let reader = Arc::new(reader);
    let count = threads.clamp(1, shards.len().max(1));
    let partitions = (0..count)
        .map(|part| {
            let shards = shards.iter().copied().skip(part).step_by(count).collect();
            Arc::new(ShardsPartition { name, reader: Arc::clone(&reader), shards }) as Arc<dyn PartitionStream>
        })
        .collect();
    let schema = Arc::clone(reader.schema());
    Ok(Arc::new(StreamingTableExec::try_new(schema, partitions, None, None, false, limit)?))
}

struct ShardsPartition<R> {
    name: &'static str,
    reader: Arc<R>,
    shards: Vec<u16>,
}

impl<R> std::fmt::Debug for ShardsPartition<R> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} of {} shards", self.name, self.shards.len())
    }
}

impl<R: ShardReader> PartitionStream for ShardsPartition<R> {
    fn schema(&self) -> &SchemaRef {
        self.reader.schema()
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut stream = RecordBatchReceiverStream::builder(Arc::clone(self.reader.schema()), BATCHES_AHEAD);
        let sender = stream.tx();
        let (reader, shards) = (Arc::clone(&self.reader), self.shards.clone());
        stream.spawn_blocking(move || {
            for shard in shards {
                if !reader.read(shard, &mut |batch| sender.blocking_send(Ok(batch)).is_ok())? {
                    break;
                }
            }
            Ok(())
        });
        stream.build()
    }
}

/// For `map_err`: an error of ours on its way through the engine.
pub(crate) fn external<E: std::error::Error + Send + Sync + 'static>(error: E) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
