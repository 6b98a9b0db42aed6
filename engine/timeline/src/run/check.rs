//! Reads one run whole, outside of any timeline.

use super::{GroupChoice, RunBatches, RunHandle};
use crate::TimelineError;
use perennial_ports::{Files, RunRecord};
use std::sync::Arc;

/// Rows decoded at once.
const BATCH_ROWS: usize = 4096;

/// Checks a run's length, checksums and footer, decodes every column of every row and returns how
/// many rows there are. For tools and fuzzing; a timeline reads what it needs through a snapshot.
///
/// # Errors
/// [`TimelineError::DamagedRun`], [`TimelineError::RunFormat`], or what the files say.
pub fn read_run(files: Arc<dyn Files>, record: RunRecord) -> Result<u64, TimelineError> {
    read_all(RunHandle::new(record, files, Arc::default()))
}

/// The same with all checksums taken to fit: a fuzzer's bytes would never get past one.
///
/// # Errors
/// As [`read_run`].
pub fn read_run_unchecked(files: Arc<dyn Files>, record: RunRecord) -> Result<u64, TimelineError> {
    read_all(RunHandle::trusted(record, files))
}

fn read_all(handle: Arc<RunHandle>) -> Result<u64, TimelineError> {
    let run = handle.open()?;
    let columns: Vec<usize> = (0..run.metadata.schema().fields().len()).collect();
    let mut batches = RunBatches::new(handle, run, &columns, GroupChoice::All, BATCH_ROWS)?;
    let mut rows = 0;
    while let Some(batch) = batches.next()? {
        rows += batch.num_rows() as u64;
    }
    Ok(rows)
}
