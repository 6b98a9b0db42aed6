//! Writes one run.

use super::convert::{column, to_physical};
use super::format::{FORMAT_VERSION, Footer, KEY_SUMS, physical_schema, writer_properties};
use super::properties::with_properties;
use super::sums::{footer_bytes, text_of};
use crate::TimelineError;
use crate::dedup::MidTable;
use arrow::array::{Int64Array, RecordBatch, UInt64Array};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use perennial_model::{CustomerId, PropertySpec};

/// What must be known of a run before its first row.
#[derive(Debug, Clone)]
pub(crate) struct RunShape {
    pub(crate) shard: u16,
    /// Whether a row's customer may differ from its profile.
    pub(crate) rehomed: bool,
    /// Divides every time (µs).
    pub(crate) time_unit: i64,
    /// Divides every instant of receipt (µs).
    pub(crate) received_unit: i64,
    pub(crate) properties: Vec<PropertySpec>,
    pub(crate) row_group_rows: usize,
}

/// A finished run, not yet a file.
#[derive(Debug)]
pub(crate) struct EncodedRun {
    pub(crate) shard: u16,
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: u64,
    /// Of the footer, in which the checksums of all else are.
    pub(crate) checksum: u32,
    pub(crate) min_time_us: i64,
    pub(crate) max_time_us: i64,
    pub(crate) rehomed: bool,
}

/// Takes sorted batches, ends row groups where a customer ends.
pub(crate) struct RunWriter {
    shape: RunShape,
    footer: Footer,
    writer: ArrowWriter<Vec<u8>>,
    rows: u64,
    group_rows: usize,
    customer: Option<u64>,
    mids: MidTable,
    times: (i64, i64),
}

impl RunWriter {
    pub(crate) fn new(shape: RunShape) -> Result<Self, TimelineError> {
        let schema = physical_schema(shape.rehomed, &shape.properties);
        let writer = ArrowWriter::try_new(Vec::new(), schema, Some(writer_properties()))
            .map_err(TimelineError::codec("begin a run"))?;
        let footer = Footer {
            format: FORMAT_VERSION,
            shard: shape.shard,
            time_unit: shape.time_unit,
            received_unit: shape.received_unit,
            distinct: true,
        };
        let (mids, times) = (MidTable::default(), (i64::MAX, i64::MIN));
        Ok(Self { shape, footer, writer, rows: 0, group_rows: 0, customer: None, mids, times })
    }

    /// Adds rows of [`super::logical_schema`] that follow the ones before in (customer, time, mid).
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), TimelineError> {
        self.observe(batch)?;
        let full = with_properties(batch, &self.shape.properties)?;
        let physical = to_physical(&full, &self.footer, self.shape.rehomed, &self.shape.properties)?;
        let numbers: UInt64Array = column::<UInt64Array>(&physical, "customer")?.clone();
        let mut start = 0;
        while start < physical.num_rows() {
            let room = self.shape.row_group_rows.saturating_sub(self.group_rows);
            let end = group_end(numbers.values(), start, room, self.customer);
            let (until, ends_group) = end.map_or((physical.num_rows(), false), |end| (end, true));
            if until > start {
                self.writer
                    .write(&physical.slice(start, until - start))
                    .map_err(TimelineError::codec("encode a run"))?;
                self.group_rows += until - start;
                self.customer = numbers.values().get(until - 1).copied();
            }
            if ends_group {
                self.writer.flush().map_err(TimelineError::codec("encode a run"))?;
                self.group_rows = 0;
            }
            start = until;
        }
        Ok(())
    }

    /// Rows, times, and whether a mid comes twice under a customer.
    fn observe(&mut self, batch: &RecordBatch) -> Result<(), TimelineError> {
        let customers = column::<UInt64Array>(batch, "customer")?.values();
        let mids = column::<UInt64Array>(batch, "mid")?.values();
        let times = column::<Int64Array>(batch, "time")?.values();
        let mut before = self.customer.map(|number| CustomerId::new(self.shape.shard, number).0);
        for ((customer, mid), time) in customers.iter().zip(mids).zip(times) {
            if before != Some(*customer) {
                self.mids.clear();
                before = Some(*customer);
            }
            if self.footer.distinct && self.mids.insert(*mid, 0).is_some() {
                self.footer.distinct = false;
            }
            self.times = (self.times.0.min(*time), self.times.1.max(*time));
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// The run; `None` when it has no row.
    pub(crate) fn finish(mut self) -> Result<Option<EncodedRun>, TimelineError> {
        if self.rows == 0 {
            return Ok(None);
        }
        let failed = TimelineError::codec::<ParquetError>("finish a run");
        let outside = || ParquetError::General("a part lies outside of the file".to_owned());
        self.writer.flush().map_err(&failed)?;
        self.writer.sync().map_err(TimelineError::codec("finish a run"))?;
        let sums = text_of(self.writer.inner(), self.writer.flushed_row_groups());
        let sums = sums.ok_or_else(|| failed(outside()))?;
        for pair in self.footer.to_pairs().into_iter().chain([KeyValue::new(KEY_SUMS.to_owned(), sums)]) {
            self.writer.append_key_value_metadata(pair);
        }
        let bytes = self.writer.into_inner().map_err(&failed)?;
        let footer = footer_of(&bytes).ok_or_else(|| failed(outside()))?;
        Ok(Some(EncodedRun {
            shard: self.shape.shard,
            rows: self.rows,
            checksum: crc32fast::hash(footer),
            bytes,
            min_time_us: self.times.0,
            max_time_us: self.times.1,
            rehomed: self.shape.rehomed,
        }))
    }
}

fn footer_of(bytes: &[u8]) -> Option<&[u8]> {
    let length = footer_bytes(bytes.last_chunk::<8>()?, bytes.len() as u64)?;
    bytes.get(bytes.len() - usize::try_from(length).ok()?..)
}

/// First row from `start` that begins a new row group: `room` rows are in this one, and the
/// customer changes. `None` when the group goes on after the batch.
fn group_end(numbers: &[u64], start: usize, room: usize, last: Option<u64>) -> Option<usize> {
    let from = start + room;
    (from..numbers.len()).find(|index| {
        let before = if *index == 0 { last } else { numbers.get(index - 1).copied() };
        before.is_some_and(|before| Some(&before) != numbers.get(*index))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_group_ends_with_the_customer() {
        let numbers = [1, 1, 2, 2, 2, 3];
        assert_eq!(group_end(&numbers, 0, 1, None), Some(2));
        assert_eq!(group_end(&numbers, 0, 3, None), Some(5));
        assert_eq!(group_end(&numbers, 0, 6, None), None);
        assert_eq!(group_end(&numbers, 0, 0, Some(1)), Some(2));
        assert_eq!(group_end(&numbers, 0, 0, Some(0)), Some(0));
        assert_eq!(group_end(&numbers, 0, 0, None), Some(2));
    }
}
