//! Reads a run row group by row group, only the bytes of the columns wanted. All of those are
//! checked before the first row counts, once per process: a run found damaged can then be left out.

use super::convert::column;
use super::open::{OpenRun, RunHandle};
use super::sums::{begins_well, chunk_range};
use crate::TimelineError;
use arrow::array::{RecordBatch, UInt64Array};
use bytes::{Buf, Bytes, buf::Reader};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::statistics::Statistics;
use perennial_ports::{Files, RunRecord};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Bytes between two wanted columns that are read along, to save a call.
const GAP_BYTES: u64 = 16 << 10;
/// Checked bytes of a run that are kept until they are decoded; those above are read again.
const KEEP_BYTES: u64 = 16 << 20;

/// A file of which some ranges are in memory; others are read when asked for.
#[derive(Clone)]
pub(crate) struct RunBytes {
    files: Arc<dyn Files>,
    name: String,
    length: u64,
    ranges: Vec<(u64, Bytes)>,
}

impl RunBytes {
    pub(crate) fn of(files: Arc<dyn Files>, record: &RunRecord, ranges: Vec<(u64, Bytes)>) -> Self {
        Self { files, name: record.file.clone(), length: record.bytes, ranges }
    }

    fn with_ranges(mut self, mut wanted: Vec<Range<u64>>) -> Result<Self, TimelineError> {
        wanted.sort_unstable_by_key(|range| range.start);
        let mut joined: Vec<Range<u64>> = Vec::new();
        for range in wanted {
            match joined.last_mut() {
                Some(last) if range.start <= last.end + GAP_BYTES => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        for range in joined {
            let start = range.start;
            self.ranges.push((start, self.files.read(&self.name, range)?));
        }
        Ok(self)
    }

    fn slice(&self, start: u64, length: Option<usize>) -> Option<Bytes> {
        let (at, bytes) = self.ranges.iter().rev().find(|(at, _)| *at <= start)?;
        let offset = usize::try_from(start - at).ok()?;
        let end = length.map_or(bytes.len(), |length| offset + length);
        (offset <= end && end <= bytes.len() && offset < bytes.len()).then(|| bytes.slice(offset..end))
    }

    fn read(&self, range: Range<u64>) -> parquet::errors::Result<Bytes> {
        self.files.read(&self.name, range).map_err(|error| ParquetError::External(Box::new(error)))
    }
}

impl Length for RunBytes {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for RunBytes {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        match self.slice(start, None) {
            Some(bytes) => Ok(bytes.reader()),
            None => Ok(self.read(start..self.length)?.reader()),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        match self.slice(start, Some(length)) {
            Some(bytes) => Ok(bytes),
            None => self.read(start..start + length as u64),
        }
    }
}

/// Which rows to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GroupChoice {
    All,
    /// Only those of the customer of this number.
    Customer(u64),
    /// Only those of the customers of these numbers, ascending.
    Among(Arc<[u64]>),
}

/// Record batches of a run's file, in order, with the columns as they are stored.
pub(crate) struct RunBatches {
    handle: Arc<RunHandle>,
    run: Arc<OpenRun>,
    mask: ProjectionMask,
    choice: GroupChoice,
    groups: VecDeque<usize>,
    /// Bytes of the first of them.
    kept: VecDeque<RunBytes>,
    batch_rows: usize,
    current: Option<ParquetRecordBatchReader>,
}

impl RunBatches {
    /// `columns` are indices into the file's schema.
    ///
    /// # Errors
    /// [`TimelineError::DamagedRun`] when a chunk to be read is not what was written.
    pub(crate) fn new(
        handle: Arc<RunHandle>,
        run: Arc<OpenRun>,
        columns: &[usize],
        choice: GroupChoice,
        batch_rows: usize,
    ) -> Result<Self, TimelineError> {
        let metadata = run.metadata.metadata();
        let mask = ProjectionMask::roots(run.metadata.parquet_schema(), columns.iter().copied());
        let groups = metadata.row_groups().iter().enumerate();
        let groups = groups.filter(|(_, group)| may_hold(group, &choice)).map(|(index, _)| index).collect();
        let kept = VecDeque::new();
        let mut batches = Self { handle, run, mask, choice, groups, kept, batch_rows, current: None };
        batches.check()?;
        Ok(batches)
    }

    /// Compares the checksums of all chunks to be read that were not compared before.
    fn check(&mut self) -> Result<(), TimelineError> {
        let (mut room, mut keeping) = (KEEP_BYTES, true);
        for group in &self.groups {
            let new: Vec<usize> = self.leaves(*group).filter(|leaf| !self.run.sums.checked(*group, *leaf)).collect();
            keeping &= !new.is_empty();
            if new.is_empty() || self.handle.trusted {
                continue;
            }
            let bytes = self.read_group(*group)?;
            new.iter().try_for_each(|leaf| check_chunk(&self.handle, &self.run, *group, *leaf, &bytes))?;
            let size: u64 = bytes.ranges.iter().map(|(_, bytes)| bytes.len() as u64).sum();
            keeping &= size <= room;
            if keeping {
                room -= size;
                self.kept.push_back(bytes);
            }
        }
        Ok(())
    }

    fn leaves(&self, group: usize) -> impl Iterator<Item = usize> + '_ {
        let columns = self.run.metadata.metadata().row_group(group).num_columns();
        (0..columns).filter(|leaf| self.mask.leaf_included(*leaf))
    }

    fn read_group(&self, group: usize) -> Result<RunBytes, TimelineError> {
        let metadata = self.run.metadata.metadata().row_group(group);
        let wanted = self.leaves(group).filter_map(|leaf| chunk_range(metadata, leaf)).collect();
        RunBytes::of(Arc::clone(&self.handle.files), &self.handle.record, Vec::new()).with_ranges(wanted)
    }

    /// The next rows; never none of them.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, TimelineError> {
        loop {
            if let Some(reader) = self.current.as_mut() {
                match reader.next() {
                    Some(Ok(batch)) if batch.num_rows() == 0 => continue,
                    Some(Ok(batch)) => return Ok(Some(batch)),
                    Some(Err(error)) => return Err(self.handle.broken(error.to_string())),
                    None => self.current = None,
                }
            }
            let Some(group) = self.groups.pop_front() else { return Ok(None) };
            self.current = Some(self.open_group(group)?);
        }
    }

    fn open_group(&mut self, group: usize) -> Result<ParquetRecordBatchReader, TimelineError> {
        let bytes = match self.kept.pop_front() {
            Some(kept) => kept,
            None => self.read_group(group)?,
        };
        let rows = match &self.choice {
            GroupChoice::All => None,
            GroupChoice::Customer(number) => Some(self.rows_of(std::slice::from_ref(number), group, bytes.clone())?),
            GroupChoice::Among(numbers) => Some(self.rows_of(numbers, group, bytes.clone())?),
        };
        let builder = self.group_reader(group, bytes, self.mask.clone());
        let builder = match rows {
            Some(rows) => builder.with_row_selection(rows),
            None => builder,
        };
        builder.build().map_err(|error| self.handle.broken(error.to_string()))
    }

    fn group_reader(
        &self,
        group: usize,
        bytes: RunBytes,
        mask: ProjectionMask,
    ) -> ParquetRecordBatchReaderBuilder<RunBytes> {
        ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, self.run.metadata.clone())
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(self.batch_rows)
    }

    /// Where the rows of some customers lie in a row group, so that no other is decoded.
    fn rows_of(&self, numbers: &[u64], group: usize, bytes: RunBytes) -> Result<RowSelection, TimelineError> {
        let mask = ProjectionMask::roots(self.run.metadata.parquet_schema(), [0]);
        let broken = |error: String| self.handle.broken(error);
        let reader = self.group_reader(group, bytes, mask).build().map_err(|error| broken(error.to_string()))?;
        let mut selectors = Vec::<RowSelector>::new();
        for batch in reader {
            let batch = batch.map_err(|error| broken(error.to_string()))?;
            let customers = column::<UInt64Array>(&batch, "customer")?.values();
            for rows in customers.chunk_by(|one, next| one == next) {
                let skip = rows.first().is_none_or(|number| numbers.binary_search(number).is_err());
                match selectors.last_mut() {
                    Some(last) if last.skip == skip => last.row_count += rows.len(),
                    _ => selectors.push(RowSelector { row_count: rows.len(), skip }),
                }
            }
        }
        Ok(selectors.into())
    }
}

fn check_chunk(
    handle: &RunHandle,
    run: &OpenRun,
    group: usize,
    leaf: usize,
    bytes: &RunBytes,
) -> Result<(), TimelineError> {
    let metadata = run.metadata.metadata().row_group(group);
    let chunk = chunk_range(metadata, leaf).and_then(|range| {
        let length = usize::try_from(range.end - range.start).ok()?;
        if length == 0 { Some(Bytes::new()) } else { bytes.slice(range.start, Some(length)) }
    });
    if chunk.is_some_and(|chunk| run.sums.fits(group, leaf, &chunk)) {
        return Ok(());
    }
    let column = metadata.columns().get(leaf).map(|column| column.column_path().string()).unwrap_or_default();
    Err(handle.broken(format!("column {column} of row group {group} has another checksum than the footer says")))
}

/// Compares every byte of a run that was not compared before.
///
/// # Errors
/// As [`RunHandle::open`].
pub(crate) fn check_all(handle: &Arc<RunHandle>) -> Result<(), TimelineError> {
    let run = handle.open()?;
    if !begins_well(&handle.files.read(&handle.record.file, 0..4)?) {
        return Err(handle.broken("it does not begin as a Parquet file does".to_owned()));
    }
    let metadata = run.metadata.metadata();
    for (group, columns) in metadata.row_groups().iter().enumerate() {
        for leaf in (0..columns.num_columns()).filter(|leaf| !run.sums.checked(group, *leaf)) {
            let wanted = chunk_range(columns, leaf).into_iter().collect();
            let bytes = RunBytes::of(Arc::clone(&handle.files), &handle.record, Vec::new()).with_ranges(wanted)?;
            check_chunk(handle, &run, group, leaf, &bytes)?;
        }
    }
    Ok(())
}

/// Statistics are kept for the first column, the customer's number, alone.
fn may_hold(group: &RowGroupMetaData, choice: &GroupChoice) -> bool {
    let numbers = match choice {
        GroupChoice::All => return true,
        GroupChoice::Customer(number) => std::slice::from_ref(number),
        GroupChoice::Among(numbers) => numbers,
    };
    let statistics = group.columns().first().and_then(|column| column.statistics());
    let Some(Statistics::Int64(range)) = statistics else { return true };
    let (least, most) = (range.min_opt().copied(), range.max_opt().copied());
    let (least, most) = (least.map_or(0, |least| least as u64), most.map_or(u64::MAX, |most| most as u64));
    numbers.get(numbers.partition_point(|number| *number < least)).is_some_and(|number| *number <= most)
}
