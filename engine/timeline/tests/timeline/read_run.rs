//! One run read by itself: what was written comes back whole, and anything else is an error that
//! names the file.

use crate::world::{World, small};
use bytes::Bytes;
use perennial_model::{PropertySpec, PropertyType};
use perennial_ports::{Files, FilesError, RunRecord};
use perennial_testkit::TestRow;
use perennial_timeline::{TimelineError, read_run};
use std::ops::Range;
use std::sync::Arc;

/// One file that is there, and nothing else.
struct OneFile(String, Bytes);

impl Files for OneFile {
    fn put(&self, _name: &str, _bytes: &[u8]) -> Result<(), FilesError> {
        Ok(())
    }

    fn read(&self, name: &str, range: Range<u64>) -> Result<Bytes, FilesError> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        let there = name == self.0 && range.start <= range.end && range.end <= self.1.len();
        there.then(|| self.1.slice(range)).ok_or_else(|| FilesError::NotFound { name: name.to_owned() })
    }

    fn length(&self, name: &str) -> Result<u64, FilesError> {
        let there = (name == self.0).then_some(self.1.len() as u64);
        there.ok_or_else(|| FilesError::NotFound { name: name.to_owned() })
    }

    fn list(&self, _folder: &str) -> Result<Vec<String>, FilesError> {
        Ok(vec![self.0.clone()])
    }

    fn delete(&self, _name: &str) -> Result<(), FilesError> {
        Ok(())
    }
}

/// Runs as a timeline writes them, with several row groups and a typed property.
async fn written(count: usize) -> Vec<(RunRecord, Vec<u8>)> {
    let mut world = World::new(small()).await;
    let spec = PropertySpec { name: "stars".to_owned(), property_type: PropertyType::Integer };
    world.timeline.declare_property(spec).await.unwrap();
    let rows = world.draw(7, count, 9).into_iter();
    let rows: Vec<_> = rows.map(|row| TestRow { properties: Some("{\"stars\":4}".to_owned()), ..row }).collect();
    world.import(&rows).await;
    let manifest = world.timeline.store().manifest().await.unwrap();
    let read = |run: &RunRecord| {
        let files = world.files();
        let path = files.iter().find(|path| path.to_str().unwrap().ends_with(&run.file)).unwrap();
        std::fs::read(path).unwrap()
    };
    manifest.runs.iter().map(|run| (run.clone(), read(run))).collect()
}

fn read(record: &RunRecord, bytes: &[u8]) -> Result<u64, TimelineError> {
    let files = OneFile(record.file.clone(), Bytes::copy_from_slice(bytes));
    read_run(Arc::new(files), record.clone())
}

/// Read by somebody whose manifest takes these bytes for right.
fn read_trusting(record: &RunRecord, bytes: &[u8]) -> Result<u64, TimelineError> {
    read(&RunRecord { bytes: bytes.len() as u64, checksum: crc32fast::hash(bytes), ..record.clone() }, bytes)
}

fn assert_named(outcome: &Result<u64, TimelineError>, record: &RunRecord, what: &str) {
    let message = outcome.as_ref().map_err(ToString::to_string);
    assert!(matches!(&message, Err(text) if text.contains(&record.file)), "{what}: {message:?}");
}

/// Where the footer of a Parquet file begins: its length stands before the last four bytes.
fn footer_start(bytes: &[u8]) -> usize {
    let end = bytes.len() - 8;
    end - u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize
}

#[tokio::test]
async fn every_row_that_was_written_is_read() {
    let runs = written(200).await;
    assert!(runs.len() > 1);
    for (record, bytes) in &runs {
        assert_eq!(read(record, bytes).unwrap(), record.rows);
    }
    assert_eq!(runs.iter().map(|(record, _)| record.rows).sum::<u64>(), 200);
}

#[tokio::test]
async fn a_run_cut_off_anywhere_is_damaged() {
    let (record, bytes) = written(200).await.remove(0);
    for length in 0..bytes.len() {
        let cut = &bytes[..length];
        assert_named(&read(&record, cut), &record, &format!("{length} bytes are left"));
        // Even where the manifest was written anew from what is left.
        assert_named(&read_trusting(&record, cut), &record, &format!("{length} trusted bytes are left"));
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_named(&read(&record, &longer), &record, "one byte more");
}

#[tokio::test]
async fn a_flipped_bit_anywhere_is_damage() {
    let (record, bytes) = written(200).await.remove(0);
    // The word that every Parquet file begins with holds no row; `verify` looks at it.
    for place in 4..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        assert_named(&read(&record, &flipped), &record, &format!("a bit of byte {place} of {}", bytes.len()));
    }
}

#[tokio::test]
async fn a_trusted_footer_with_a_flipped_bit_never_gives_other_rows() {
    let (record, bytes) = written(60).await.remove(0);
    for place in footer_start(&bytes)..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        match read_trusting(&record, &flipped) {
            Ok(rows) => assert_eq!(rows, record.rows, "a bit of byte {place}"),
            outcome => assert_named(&outcome, &record, &format!("a bit of byte {place}")),
        }
    }
}

#[tokio::test]
async fn what_is_no_run_of_ours_is_damaged() {
    let runs = written(200).await;
    let ((record, bytes), (_, other)) = (&runs[0], &runs[1]);
    assert_named(&read(record, other), record, "another run in its place");
    assert_named(&read_trusting(record, other), record, "another shard's run, trusted");
    let garbage: Vec<u8> = (0..4096_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut dressed = garbage.clone();
    dressed.extend_from_slice(&bytes[bytes.len() - 8..]);
    for bytes in [&b""[..], b"PAR1", b"PAR1PAR1", b"PAR1\xff\xff\xff\x7fPAR1", &garbage, &dressed] {
        assert_named(&read(record, bytes), record, "garbage");
        assert_named(&read_trusting(record, bytes), record, "trusted garbage");
    }
    for rows in [0, record.rows - 1, record.rows + 1] {
        let other = RunRecord { rows, ..record.clone() };
        assert_named(&read(&other, bytes), record, &format!("{rows} rows in its record"));
    }
    let missing = OneFile("runs/other.parquet".to_owned(), Bytes::copy_from_slice(bytes));
    assert_named(&read_run(Arc::new(missing), record.clone()), record, "a missing file");
}

#[tokio::test]
async fn another_format_is_told_from_damage() {
    let (record, bytes) = written(200).await.remove(0);
    let newer = RunRecord { format_version: u32::MAX, ..record.clone() };
    let message = read(&newer, &bytes).unwrap_err().to_string();
    assert!(message.contains(&record.file) && message.contains(&u32::MAX.to_string()), "{message}");
    assert!(!message.contains("damaged"), "{message}");
}
