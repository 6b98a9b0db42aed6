//! Any bytes as a run of the timeline, their length and checksums taken for right: reading it ends
//! with the rows or an error that names the file.
#![no_main]

mod library_panics;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use perennial_ports::{Files, FilesError, RunRecord, RunState};
use perennial_timeline::{TimelineError, read_run_unchecked};
use std::ops::Range;
use std::sync::Arc;

const NAME: &str = "runs/fuzzed.parquet";
/// Where reading ends: a few bytes can claim more rows than a fuzzer has patience for.
const MOST_ROWS: u64 = 1 << 16;

/// One file that is there, and nothing else.
struct OneFile(Bytes);

impl Files for OneFile {
    fn put(&self, _name: &str, _bytes: &[u8]) -> Result<(), FilesError> {
        Ok(())
    }

    fn read(&self, name: &str, range: Range<u64>) -> Result<Bytes, FilesError> {
        let (start, end) = (range.start as usize, range.end as usize);
        if start > end || end > self.0.len() {
            return Err(FilesError::NotFound { name: name.to_owned() });
        }
        Ok(self.0.slice(start..end))
    }

    fn length(&self, _name: &str) -> Result<u64, FilesError> {
        Ok(self.0.len() as u64)
    }

    fn list(&self, _folder: &str) -> Result<Vec<String>, FilesError> {
        Ok(vec![NAME.to_owned()])
    }

    fn delete(&self, _name: &str) -> Result<(), FilesError> {
        Ok(())
    }
}

fuzz_target!(init: library_panics::are_for_the_product(), |bytes: &[u8]| {
    let record = RunRecord {
        run_id: 1,
        shard: 0,
        epoch: 1,
        file: NAME.to_owned(),
        format_version: 2,
        rows: MOST_ROWS,
        bytes: bytes.len() as u64,
        checksum: 0,
        min_time_us: i64::MIN,
        max_time_us: i64::MAX,
        rehomed: false,
        state: RunState::Live,
    };
    let files = Arc::new(OneFile(Bytes::copy_from_slice(bytes)));
    match read_run_unchecked(files, record) {
        Ok(_) => {}
        Err(TimelineError::DamagedRun { file, .. } | TimelineError::RunFormat { file, .. }) => assert_eq!(file, NAME),
        Err(other) => assert!(!other.to_string().is_empty()),
    }
});
