//! Reads one run whole, outside of any timeline.

use super::{GroupChoice, RunBatches, RunHandle};
use crate::TimelineError;
use perennial_ports::{Files, RunRecord};
use std::sync::Arc;

/// Rows decoded at once.
const BATCH_ROWS: usize = 4096;

/// Checks a run's length, checksums and footer, decodes every column of every row and returns how
/// many rows there are: as many as the record says. For tools and fuzzing; a timeline reads what it
/// needs through a snapshot.
///
/// # Errors
/// [`TimelineError::DamagedRun`], [`TimelineError::RunFormat`], or what the files say.
pub fn read_run(files: Arc<dyn Files>, record: RunRecord) -> Result<u64, TimelineError> {
    let handle = RunHandle::new(record, files, Arc::default());
    read_whole(handle)
}

/// The same with all checksums taken to fit: a fuzzer's bytes would never get past one.
///
/// # Errors
/// As [`read_run`].
pub fn read_run_unchecked(files: Arc<dyn Files>, record: RunRecord) -> Result<u64, TimelineError> {
    read_whole(RunHandle::trusted(record, files))
}

fn read_whole(handle: Arc<RunHandle>) -> Result<u64, TimelineError> {
    let (file, expected) = (handle.record.file.clone(), handle.record.rows);
    // Bytes that a checksum lets through may still trip an assertion of the decoder.
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read_all(handle)));
    match read {
        Ok(Ok(rows)) if rows != expected => {
            Err(TimelineError::DamagedRun { file, reason: format!("other rows than the {expected} of its record") })
        }
        Ok(outcome) => outcome,
        Err(_) => Err(TimelineError::DamagedRun { file, reason: "its decoder gave up".to_owned() }),
    }
}

/// Rows read; no more than a batch past what the record says.
fn read_all(handle: Arc<RunHandle>) -> Result<u64, TimelineError> {
    let expected = handle.record.rows;
    let run = handle.open()?;
    let columns: Vec<usize> = (0..run.metadata.schema().fields().len()).collect();
    let mut batches = RunBatches::new(handle, run, &columns, GroupChoice::All, BATCH_ROWS)?;
    let mut rows = 0;
    while let Some(batch) = batches.next()? {
        rows += batch.num_rows() as u64;
        // A few bytes can claim billions of rows.
        if rows > expected {
            break;
        }
    }
    Ok(rows)
}
