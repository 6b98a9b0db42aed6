//! XLSX: one sheet with real numbers, days and times, its ZIP written from front to back.
//!
//! Text stands in the cells themselves: a table of shared texts would have to be held until the end.
//! Nothing can be a formula, since cells of text are typed as text.

use super::ExportError;
use super::cell::{Cell, Head, Look};
use std::fmt::Write as _;
use std::io::Write;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};

/// Text of rows gathered before it is compressed.
const PIECE_BYTES: usize = 64 << 10;
/// Digits of a number that a sheet keeps.
const EXACT: u64 = 1_000_000_000_000_000;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="customers" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_PARTS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const SHEET: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"#;

/// Looks of cells, by their place in [`styles`].
const HEAD: u8 = 1;
const DAY: u8 = 2;
const TIME: u8 = 3;
const MONEY: u8 = 4;
const TEXT: u8 = 5;

fn styles(decimals: u32) -> String {
    let money = if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals as usize)) };
    let look = |format: u8, font: u8| {
        format!(r#"<xf numFmtId="{format}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#)
    };
    // 49 is text in every program; from 164 on they are our own.
    let looks: String = [look(0, 0), look(49, 1), look(164, 0), look(165, 0), look(166, 0), look(49, 0)].concat();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="{money}"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">{looks}</cellXfs></styleSheet>"#
    )
}

/// See the module.
pub(super) struct XlsxFile<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    letters: Vec<String>,
    /// The number of the row written last.
    row: usize,
    piece: String,
}

impl<W: Write> XlsxFile<W> {
    pub(super) fn begin(heads: &[Head], decimals: u32, out: W) -> Result<Self, ExportError> {
        let mut zip = ZipWriter::new_stream(out);
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, text) in [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_PARTS),
            ("xl/styles.xml", &styles(decimals)),
        ] {
            zip.start_file(name, options).map_err(failed)?;
            zip.write_all(text.as_bytes())?;
        }
        zip.start_file("xl/worksheets/sheet1.xml", options).map_err(failed)?;
        let letters = (0..heads.len()).map(letters).collect();
        let mut file = Self { zip, letters, row: 0, piece: SHEET.to_owned() };
        file.piece.push_str("<cols>");
        for (place, head) in (1..).zip(heads) {
            let own = head.title.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum::<usize>() + 2;
            let width = own.clamp(if matches!(head.look, Look::Text | Look::Time) { 20 } else { 12 }, 40);
            file.put(format_args!(r#"<col min="{place}" max="{place}" width="{width}" customWidth="1"/>"#));
        }
        file.piece.push_str("</cols><sheetData>");
        let heads: Vec<Cell<'_>> = heads.iter().map(|head| Cell::Text(head.title.as_str().into())).collect();
        file.row_of(&heads, HEAD)?;
        Ok(file)
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        self.row_of(cells, TEXT)
    }

    fn row_of(&mut self, cells: &[Cell<'_>], text_look: u8) -> Result<(), ExportError> {
        self.row += 1;
        let row = self.row;
        self.put(format_args!(r#"<row r="{row}">"#));
        for (place, cell) in cells.iter().enumerate() {
            self.cell(place, cell, text_look);
        }
        self.piece.push_str("</row>");
        if self.piece.len() >= PIECE_BYTES {
            self.hand_over()?;
        }
        Ok(())
    }

    fn cell(&mut self, place: usize, cell: &Cell<'_>, text_look: u8) {
        let (look, kind) = match cell {
            Cell::Unknown => return,
            Cell::Bool(_) => (0, r#" t="b""#),
            Cell::Float(_) => (0, ""),
            Cell::Int(value) if value.unsigned_abs() < EXACT => (0, ""),
            Cell::Money(value, _) if value.unsigned_abs() < EXACT => (MONEY, ""),
            Cell::Day(_) if cell.serial().is_some() => (DAY, ""),
            Cell::Time(_) if cell.serial().is_some() => (TIME, ""),
            _ => (text_look, r#" t="inlineStr""#),
        };
        let (row, letters) = (self.row, self.letters.get(place).map_or("", String::as_str));
        // To write into a string never fails.
        let _ = write!(self.piece, r#"<c r="{letters}{row}" s="{look}"{kind}>"#);
        if kind.contains("inline") {
            let mut text = String::new();
            cell.write(&mut text);
            self.piece.push_str(r#"<is><t xml:space="preserve">"#);
            escape(&text, &mut self.piece);
            self.piece.push_str("</t></is></c>");
            return;
        }
        self.piece.push_str("<v>");
        match (cell, cell.serial()) {
            (Cell::Bool(value), _) => self.put(format_args!("{}", u8::from(*value))),
            (_, Some(serial)) => self.put(format_args!("{serial}")),
            _ => cell.write(&mut self.piece),
        }
        self.piece.push_str("</v></c>");
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // To write into a string never fails.
        let _ = self.piece.write_fmt(text);
    }

    fn hand_over(&mut self) -> Result<(), ExportError> {
        self.zip.write_all(self.piece.as_bytes())?;
        self.piece.clear();
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), ExportError> {
        self.piece.push_str("</sheetData></worksheet>");
        self.hand_over()?;
        let out = self.zip.finish().map_err(failed)?;
        Ok(out.into_inner().flush()?)
    }
}

/// A, B … Z, AA …
fn letters(mut place: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.insert(0, b'A' + u8::try_from(place % 26).unwrap_or(0));
        if place < 26 {
            return String::from_utf8_lossy(&name).into_owned();
        }
        place = place / 26 - 1;
    }
}

/// As XML has it; characters that XML cannot have are told by the one for what is not known.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(letter),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
}

fn failed(problem: ZipError) -> ExportError {
    ExportError::Format(problem.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_sheets_do() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
