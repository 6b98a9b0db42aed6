//! Any bytes as a file: opening and reading them ends, in order and within the limits, and never panics.
#![no_main]

mod library_panics;

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use perennial_listen::read::{MAX_COLUMNS, MAX_RECORD_BYTES, ReadOptions, RowReader, open};

/// Rows of one input; an archive can unpack to more than a fuzzer has patience for.
const ROWS: usize = 100_000;

fuzz_target!(init: library_panics::are_for_the_product(), |bytes: &[u8]| {
    let Some((&choice, content)) = bytes.split_first() else { return };
    let header = match choice % 3 {
        0 => None,
        1 => Some(true),
        _ => Some(false),
    };
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(content).expect("room for it");
    let Ok(sources) = open(file.path(), &ReadOptions { header, ..ReadOptions::default() }) else { return };
    for source in sources {
        assert!(!source.header().is_empty() && source.header().len() <= MAX_COLUMNS);
        if let Ok(reader) = source.rows() {
            check_rows(reader, source.header().len());
        }
    }
});

fn check_rows(mut reader: RowReader, columns: usize) {
    let mut last_line = 0;
    for _ in 0..ROWS {
        let Ok(Some(row)) = reader.next() else { return };
        assert!(row.line() > last_line, "line {} after {last_line}", row.line());
        last_line = row.line();
        assert!(row.raw().len() <= 2 * MAX_RECORD_BYTES);
        assert!(row.problem().is_some() || row.len() == columns);
        assert!(row.cells().all(|cell| row.problem().is_some() || !cell.contains('\0')));
    }
}
