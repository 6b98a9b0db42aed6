//! Files of all kinds, good and bad, made here.

mod bad;
mod formats;
mod real;

use std::io::Write;
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

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

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

/// A workbook of sheets given as their rows in XML.
fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut list = String::new();
    let mut relations = String::new();
    let mut types = String::new();
    let mut parts = Vec::new();
    for (i, (name, rows)) in sheets.iter().enumerate() {
        let id = i + 1;
        list += &format!(r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#);
        relations += &format!(
            r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        );
        types += &format!(
            r#"<Override PartName="/xl/worksheets/sheet{id}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        );
        let sheet = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet));
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    parts.extend([
        ("[Content_Types].xml".to_owned(), format!(r#"<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>"#)),
        ("_rels/.rels".to_owned(), format!(r#"<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#)),
        ("xl/workbook.xml".to_owned(), format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{list}</sheets></workbook>"#)),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!(r#"<Relationships xmlns="{package}/relationships">{relations}<Relationship Id="rId99" Type="{office}/styles" Target="styles.xml"/></Relationships>"#)),
        ("xl/styles.xml".to_owned(), format!(r#"<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>"#)),
    ]);
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip_of(&parts)
}
