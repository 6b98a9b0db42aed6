//! Files of all kinds, good and bad, made here.

mod bad;
mod formats;
mod real;
#[path = "../../../tests/fixtures/workbook.rs"]
mod workbook;

use std::io::Write;
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use workbook::{xlsx, zip_of};

use super::{ReadError, ReadOptions, RowProblem, Source, open};

/// A folder with one file in it.
struct Fixture {
    _folder: TempDir,
    path: PathBuf,
}

fn file(name: &str, content: impl AsRef<[u8]>) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    Fixture { _folder: folder, path }
}

/// A row as a test compares it.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    line: u64,
    cells: Vec<String>,
    raw: String,
    problem: Option<RowProblem>,
}

fn read_rows(source: &Source) -> Result<Vec<Row>, ReadError> {
    let mut reader = source.rows()?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next()? {
        rows.push(Row {
            line: row.line(),
            cells: row.cells().map(str::to_owned).collect(),
            raw: String::from_utf8(row.raw().to_vec()).unwrap(),
            problem: row.problem(),
        });
    }
    assert!(reader.next()?.is_none(), "the end stays the end");
    Ok(rows)
}

fn open_only(path: &Path) -> Result<Source, ReadError> {
    let mut sources = open(path, &ReadOptions::default())?;
    assert_eq!(sources.len(), 1, "{sources:?}");
    Ok(sources.remove(0))
}

/// Opens and reads a file of one source.
fn read(content: impl AsRef<[u8]>) -> (Source, Vec<Row>) {
    let fixture = file("orders.csv", content);
    let source = open_only(&fixture.path).unwrap();
    let rows = read_rows(&source).unwrap();
    (source, rows)
}

fn cells(rows: &[Row]) -> Vec<Vec<&str>> {
    rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn open_error(content: impl AsRef<[u8]>) -> ReadError {
    let fixture = file("orders.csv", content);
    open(&fixture.path, &ReadOptions::default()).map(|_| ()).unwrap_err()
}

fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}
