//! CSV: RFC 4180, and nothing in it that a spreadsheet would compute.

use super::cell::{Cell, Head};
use super::{ExportError, TextEncoding};
use csv::{Terminator, Writer, WriterBuilder};
use std::borrow::Cow;
use std::io::Write;

/// The byte order mark, in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// See the module.
pub(super) struct CsvFile<W> {
    out: W,
    encoding: TextEncoding,
    lines: Writer<Vec<u8>>,
    cell: String,
}

fn lines() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

impl<W: Write> CsvFile<W> {
    pub(super) fn begin(heads: &[Head], encoding: TextEncoding, mut out: W) -> Result<Self, ExportError> {
        if encoding == TextEncoding::Utf8Marked {
            out.write_all(MARK)?;
        }
        let mut file = Self { out, encoding, lines: lines(), cell: String::new() };
        let heads: Vec<Cell<'_>> = heads.iter().map(|head| Cell::Text(head.title.as_str().into())).collect();
        file.row(&heads)?;
        file.flush()?;
        Ok(file)
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        for cell in cells {
            self.cell.clear();
            match cell {
                Cell::Text(text) => self.cell.push_str(&harmless(text)),
                other => other.write(&mut self.cell),
            }
            self.lines.write_field(&self.cell).map_err(failed)?;
        }
        self.lines.write_record(None::<&[u8]>).map_err(failed)
    }

    /// Hands over what was written.
    pub(super) fn flush(&mut self) -> Result<(), ExportError> {
        let written = std::mem::replace(&mut self.lines, lines()).into_inner();
        let bytes = written.map_err(|problem| ExportError::Write(problem.into_error()))?;
        if self.encoding == TextEncoding::Gb18030 {
            let text = String::from_utf8_lossy(&bytes);
            self.out.write_all(&encoding_rs::GB18030.encode(&text).0)?;
        } else {
            self.out.write_all(&bytes)?;
        }
        Ok(self.out.flush()?)
    }
}

/// Text behind an apostrophe where a spreadsheet would take it for a formula. A phone as it is kept, a plus
/// and digits, names nothing that could be computed and stays as it is: programs read it.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let phones = || text.starts_with('+') && text.bytes().all(|byte| b"+0123456789*; ".contains(&byte));
    if begins && !phones() { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn failed(problem: csv::Error) -> ExportError {
    ExportError::Format(problem.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text_and_a_phone_stays() {
        for formula in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "+A1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["+8613800138000", "+86138****8000; +85212345678", "a=b", "ann@shop.example", "小明", ""] {
            assert_eq!(harmless(text), text);
        }
    }
}
