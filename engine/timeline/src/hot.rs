//! Events between their group commit and their first run.

use crate::TimelineError;
use crate::aliases::Aliases;
use crate::arrange::arrange_here;
use crate::run::{FORMAT_VERSION, Footer, column, to_physical};
use arrow::array::{BooleanArray, RecordBatch, UInt64Array};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::DataType;
use arrow::ipc::CompressionType;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
use bytes::Bytes;
use perennial_model::CustomerId;
use std::sync::{Arc, OnceLock};

/// One row of the hot log, decoded.
#[derive(Debug)]
pub(crate) struct HotBatch {
    pub(crate) sequence: u64,
    pub(crate) batch: RecordBatch,
}

/// As the hot log keeps a batch: a compressed Arrow stream.
pub(crate) fn encode(batch: &RecordBatch) -> Result<Bytes, TimelineError> {
    let failed = TimelineError::codec("encode events for the hot log");
    let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD)).map_err(&failed)?;
    let mut writer = StreamWriter::try_new_with_options(Vec::new(), &batch.schema(), options).map_err(&failed)?;
    writer.write(batch).map_err(&failed)?;
    writer.into_inner().map(Bytes::from).map_err(&failed)
}

/// Back from [`encode`].
pub(crate) fn decode(bytes: &[u8]) -> Result<RecordBatch, TimelineError> {
    let failed = TimelineError::codec("decode a row of the hot log");
    let reader = StreamReader::try_new(bytes, None).map_err(&failed)?;
    let schema = reader.schema();
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().map_err(&failed)?;
    concat_batches(&schema, &batches).map_err(&failed)
}

/// Several batches as one; `None` for no rows.
pub(crate) fn join<'a>(
    batches: impl IntoIterator<Item = &'a RecordBatch>,
) -> Result<Option<RecordBatch>, TimelineError> {
    let batches: Vec<&RecordBatch> = batches.into_iter().filter(|batch| batch.num_rows() > 0).collect();
    let Some(first) = batches.first() else { return Ok(None) };
    concat_batches(&first.schema(), batches.iter().copied()).map(Some).map_err(TimelineError::codec("join events"))
}

/// A batch without the rows of some profiles, its dictionaries made anew; `None` where it has none of them.
pub(crate) fn without(batch: &RecordBatch, profiles: &[CustomerId]) -> Result<Option<RecordBatch>, TimelineError> {
    let owners = column::<UInt64Array>(batch, "profile")?.values();
    let kept: Vec<bool> = owners.iter().map(|owner| profiles.binary_search(&CustomerId(*owner)).is_err()).collect();
    if kept.iter().all(|kept| *kept) {
        return Ok(None);
    }
    let failed = TimelineError::codec("erase from the hot log");
    let rest = filter_record_batch(batch, &BooleanArray::from(kept)).map_err(&failed)?;
    let columns = rest.columns().iter().map(|column| match column.data_type() {
        DataType::Dictionary(..) => cast(&cast(column, &DataType::Utf8)?, column.data_type()),
        _ => Ok(Arc::clone(column)),
    });
    let columns = columns.collect::<Result<_, _>>().map_err(&failed)?;
    RecordBatch::try_new(rest.schema(), columns).map(Some).map_err(&failed)
}

/// Hot rows of one shard, sorted, in both forms.
#[derive(Debug, Clone)]
pub(crate) struct HotShard {
    pub(crate) shard: u16,
    pub(crate) logical: RecordBatch,
    /// As a run would keep it, without its profile: all its rows are visible.
    pub(crate) physical: RecordBatch,
    pub(crate) footer: Footer,
}

/// Hot rows of one instant; sorted when the first reader needs them.
#[derive(Debug, Default)]
pub(crate) struct HotTail {
    pub(crate) batches: Vec<Arc<HotBatch>>,
    pub(crate) rows: usize,
    sorted: OnceLock<Result<Vec<HotShard>, String>>,
}

impl HotTail {
    pub(crate) fn new(batches: Vec<Arc<HotBatch>>) -> Self {
        let rows = batches.iter().map(|hot| hot.batch.num_rows()).sum();
        Self { batches, rows, sorted: OnceLock::new() }
    }

    /// A shard's rows; `None` if it has none.
    pub(crate) fn shard(&self, shard: u16, aliases: &Aliases) -> Result<Option<&HotShard>, TimelineError> {
        let sorted = self.sorted.get_or_init(|| self.sort(aliases).map_err(|error| error.to_string()));
        match sorted {
            Ok(shards) => Ok(shards.iter().find(|hot| hot.shard == shard)),
            Err(reason) => Err(TimelineError::Codec { action: "sort hot events", source: reason.clone().into() }),
        }
    }

    fn sort(&self, aliases: &Aliases) -> Result<Vec<HotShard>, TimelineError> {
        let Some(all) = join(self.batches.iter().map(|hot| &hot.batch))? else { return Ok(Vec::new()) };
        let shards = arrange_here(&all, aliases)?.into_iter().map(|arranged| {
            let footer = Footer {
                format: FORMAT_VERSION,
                shard: arranged.shard,
                time_unit: 1,
                received_unit: 1,
                distinct: false,
            };
            let physical = to_physical(&arranged.batch, &footer, false, &[])?;
            Ok(HotShard { shard: arranged.shard, logical: arranged.batch, physical, footer })
        });
        shards.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::{batch_of, row};

    #[test]
    fn a_batch_survives_the_hot_log() {
        let batch = batch_of(&[row(1, 10, 5), row(2, 11, 6)]);
        assert_eq!(decode(&encode(&batch.0).unwrap()).unwrap(), batch.0);
    }

    #[test]
    fn erased_words_leave_the_dictionary() {
        let mut rows = [row(1, 10, 5), row(2, 11, 6)];
        rows[0].item = Some("secret-item");
        let batch = batch_of(&rows);
        let rest = without(&batch.0, &[rows[0].profile]).unwrap().unwrap();
        assert_eq!(rest.num_rows(), 1);
        assert!(!format!("{:?}", rest.columns()).contains("secret-item"));
        assert!(without(&rest, &[rows[0].profile]).unwrap().is_none());
    }
}
