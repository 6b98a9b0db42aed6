//! What a ZIP holds: a workbook, or files of which each becomes a source.

use std::io::{BufReader, Read, Seek};

use encoding_rs::GB18030;
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::error::ReadError;
use super::input::{Entry, Input};

/// Most files read from one archive.
pub(super) const MAX_ZIP_ENTRIES: usize = 1_000;
/// Endings that may be data; an archive's pictures and PDFs are passed over.
const READABLE: [&str; 12] =
    ["csv", "tsv", "tab", "txt", "dat", "json", "jsonl", "ndjson", "parquet", "xlsx", "xlsm", "gz"];

/// What a ZIP turned out to be.
pub(super) enum Contents {
    /// An Excel workbook, which is a ZIP.
    Workbook,
    /// The readable files in it.
    Files(Vec<Entry>),
}

/// Looks into the ZIP.
pub(super) fn contents(input: &Input) -> Result<Contents, ReadError> {
    let damaged = |error: zip::result::ZipError| ReadError::Damaged {
        file: input.name.clone(),
        line: 0,
        reason: error.to_string(),
    };
    let mut archive = ZipArchive::new(BufReader::new(input.open_file()?)).map_err(damaged)?;
    if let Some(what) = office_file(&archive) {
        return what.map_err(|what| ReadError::Unsupported {
            file: input.name.clone(),
            what: what.to_owned(),
            advice: "save it as .xlsx or CSV",
        });
    }
    if archive.len() > MAX_ZIP_ENTRIES {
        return Err(ReadError::TooLarge {
            file: input.name.clone(),
            what: "the number of files in the ZIP",
            limit: MAX_ZIP_ENTRIES.to_string(),
            advice: "unpack it and name the files to read",
        });
    }
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(damaged)?;
        let name = entry_name(file.name_raw());
        if !file.is_dir() && is_readable(&name) {
            files.push(entry(input, name, &file)?);
        }
    }
    Ok(Contents::Files(files))
}

/// Where the file lies in the archive, if we can unpack it.
fn entry<R: Read + ?Sized>(input: &Input, name: String, file: &ZipFile<'_, R>) -> Result<Entry, ReadError> {
    let unsupported = |what, advice| ReadError::Unsupported { file: format!("{}/{name}", input.name), what, advice };
    if file.encrypted() {
        return Err(unsupported("locked with a password".to_owned(), "unpack it with the password first"));
    }
    let (start, deflated) = match (file.data_start(), file.compression()) {
        (Some(start), CompressionMethod::Deflated) => (start, true),
        (Some(start), CompressionMethod::Stored) => (start, false),
        (_, other) => return Err(unsupported(format!("packed with {other}"), "unpack it first")),
    };
    let (packed, size, crc) = (file.compressed_size(), file.size(), file.crc32());
    Ok(Entry { name, start, packed, size, crc, deflated })
}

/// Office documents are ZIPs too: `Ok` for the one kind we read, `Err` with the name of the others.
fn office_file<R: Read + Seek>(archive: &ZipArchive<R>) -> Option<Result<Contents, &'static str>> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.bin") {
        return Some(Err("an Excel binary workbook (.xlsb)"));
    }
    if has("xl/workbook.xml") || (has("[Content_Types].xml") && archive.file_names_raw().any(|n| n.starts_with(b"xl/")))
    {
        return Some(Ok(Contents::Workbook));
    }
    if has("content.xml") && has("mimetype") {
        return Some(Err("an OpenDocument file"));
    }
    has("[Content_Types].xml").then_some(Err("an Office document that is no workbook"))
}

/// Chinese systems write names in GBK without a mark; the standard says CP437, which no order file uses.
fn entry_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

fn is_readable(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if file.is_empty() || file.starts_with('.') || name.starts_with("__MACOSX/") {
        return false;
    }
    match file.rsplit_once('.') {
        None => true,
        Some((_, ending)) => READABLE.iter().any(|readable| ending.eq_ignore_ascii_case(readable)),
    }
}
