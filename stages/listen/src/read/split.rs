//! Takes one row apart into cells: quoted CSV, or columns separated by white space.

use memchr::{memchr, memchr2, memchr3};

use super::MAX_COLUMNS;
use super::buffer::count_line_ends;
use super::row::Span;

/// The cells of the current row; reused from row to row.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) spans: Vec<Span>,
    /// Text of cells that could not be left where they stood.
    pub(super) side: String,
}

impl Parts {
    pub(super) fn clear(&mut self) {
        self.spans.clear();
        self.side.clear();
    }

    /// One more cell; a row can hold a million, of which nobody wants more than the limit.
    fn push(&mut self, span: Span) {
        if self.spans.len() <= MAX_COLUMNS {
            self.spans.push(span);
        }
    }
}

/// A row that was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Where its text ends.
    pub(super) end: usize,
    /// Where the next row starts.
    pub(super) next: usize,
    /// Line ends inside quotes.
    pub(super) inner_lines: usize,
    /// Cells, beyond [`MAX_COLUMNS`] too.
    pub(super) columns: usize,
    /// Whether any cell was quoted.
    pub(super) quoted: bool,
    /// The first column in which text follows the closing quote.
    pub(super) sloppy: Option<usize>,
}

/// What was found in the text at hand.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    Row(Record),
    /// The row goes on beyond the text; the column of the open quote, if one is.
    More(Option<usize>),
}

/// Splits by one delimiter, with cells in double quotes (RFC 4180) and forgiving what shops write instead: a
/// quote inside a bare cell is text, and so is what follows a closing quote.
#[derive(Debug, Clone)]
pub(super) struct Splitter {
    pub(super) delimiter: u8,
    ends_cell: [bool; 256],
}

impl Splitter {
    pub(super) fn new(delimiter: u8) -> Self {
        let mut ends_cell = [false; 256];
        for byte in [delimiter, b'\n', b'\r'] {
            ends_cell[usize::from(byte)] = true;
        }
        Splitter { delimiter, ends_cell }
    }

    /// Takes the row at `from` apart; `last` when no text follows `text`.
    pub(super) fn scan(&self, text: &str, from: usize, last: bool, parts: &mut Parts) -> Scan {
        let bytes = text.as_bytes();
        parts.clear();
        let mut record = Record::default();
        let mut at = from;
        loop {
            record.columns += 1;
            let end = if bytes.get(at) == Some(&b'"') {
                match self.quoted(text, at, last, parts, &mut record) {
                    Some(end) => end,
                    None => return Scan::More(Some(record.columns)),
                }
            } else {
                let end = self.bare_end(bytes, at);
                parts.push(Span::text(at, end));
                end
            };
            record.end = end;
            record.next = match bytes.get(end) {
                Some(b'\n') => end + 1,
                Some(b'\r') => match bytes.get(end + 1) {
                    Some(b'\n') => end + 2,
                    None if !last => return Scan::More(None),
                    _ => end + 1,
                },
                Some(_) => {
                    at = end + 1;
                    continue;
                }
                None if last => end,
                None => return Scan::More(None),
            };
            return Scan::Row(record);
        }
    }

    #[inline]
    fn bare_end(&self, bytes: &[u8], from: usize) -> usize {
        let rest = &bytes[from..];
        from + rest.iter().position(|byte| self.ends_cell[usize::from(*byte)]).unwrap_or(rest.len())
    }

    /// The end of the cell whose opening quote is at `open`; `None` when its closing quote is not in sight.
    fn quoted(&self, text: &str, open: usize, last: bool, parts: &mut Parts, record: &mut Record) -> Option<usize> {
        let bytes = text.as_bytes();
        record.quoted = true;
        let side_start = parts.side.len();
        let mut copied = open + 1;
        let mut at = open + 1;
        let close = loop {
            let quote = at + memchr(b'"', &bytes[at..])?;
            match bytes.get(quote + 1) {
                Some(b'"') => {
                    parts.side.push_str(&text[copied..=quote]);
                    copied = quote + 2;
                    at = quote + 2;
                }
                None if !last => return None,
                _ => break quote,
            }
        };
        if memchr2(b'\n', b'\r', &bytes[open..close]).is_some() {
            record.inner_lines += count_line_ends(&bytes[open..close]);
        }
        let end = self.bare_end(bytes, close + 1);
        let tail = text[close + 1..end].trim_end();
        if copied == open + 1 && tail.is_empty() {
            parts.push(Span::text(open + 1, close));
            return Some(end);
        }
        parts.side.push_str(&text[copied..close]);
        if !tail.is_empty() {
            parts.side.push_str(tail);
            record.sloppy.get_or_insert(record.columns);
        }
        parts.push(Span::side(side_start, parts.side.len()));
        Some(end)
    }

    /// Writes a row as it would stand with quotes only where they are needed.
    pub(super) fn canonical<'a>(&self, cells: impl Iterator<Item = &'a str>, into: &mut String) {
        into.clear();
        for (i, cell) in cells.enumerate() {
            if i > 0 {
                into.push(char::from(self.delimiter));
            }
            if cell.starts_with('"') || memchr3(self.delimiter, b'\n', b'\r', cell.as_bytes()).is_some() {
                into.push('"');
                into.push_str(&cell.replace('"', "\"\""));
                into.push('"');
            } else {
                into.push_str(cell);
            }
        }
    }
}

/// Splits a line at runs of blanks and tabs; blanks around the line do not count.
pub(super) fn split_whitespace(text: &str, from: usize, end: usize, parts: &mut Parts) -> usize {
    parts.clear();
    let bytes = &text.as_bytes()[from..end];
    let (mut columns, mut at) = (0, 0);
    while let Some(start) = bytes[at..].iter().position(|byte| !byte.is_ascii_whitespace()).map(|n| at + n) {
        at = bytes[start..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |n| start + n);
        parts.push(Span::text(from + start, from + at));
        columns += 1;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<String> {
        let mut parts = Parts::default();
        let scan = Splitter::new(b',').scan(text, 0, true, &mut parts);
        assert!(matches!(scan, Scan::Row(_)), "{scan:?}");
        parts.spans.iter().map(|span| span.of(text, &parts.side).to_owned()).collect()
    }

    #[test]
    fn quotes() {
        assert_eq!(cells("a,b,c\nd"), ["a", "b", "c"]);
        assert_eq!(cells("\"a,b\",\"say \"\"hi\"\"\",\r\n"), ["a,b", "say \"hi\"", ""]);
        assert_eq!(cells("6\" pipe,\"two\nlines\",x"), ["6\" pipe", "two\nlines", "x"]);
        assert_eq!(cells("\"a\" ,\"b\"c,"), ["a", "bc", ""]);
        assert_eq!(cells("=\"123\",\"=\"\"123\"\"\""), ["=\"123\"", "=\"123\""]);
    }

    #[test]
    fn an_end_out_of_sight_asks_for_more() {
        let splitter = Splitter::new(b',');
        let mut parts = Parts::default();
        let mut scan = |text, last| splitter.scan(text, 0, last, &mut parts);
        assert_eq!(scan("a,b", false), Scan::More(None));
        assert_eq!(scan("a,b\r", false), Scan::More(None));
        assert_eq!(scan("a,\"b\"", false), Scan::More(Some(2)));
        assert_eq!(scan("a,\"b\nc", true), Scan::More(Some(2)));
        assert!(matches!(scan("a,b\r", true), Scan::Row(Record { end: 3, next: 4, .. })));
    }

    #[test]
    fn canonical_text_does_not_depend_on_needless_quotes() {
        let splitter = Splitter::new(b',');
        let mut out = String::new();
        splitter.canonical(["a", "6\" pipe", "x,y", "\"q"].into_iter(), &mut out);
        assert_eq!(out, "a,6\" pipe,\"x,y\",\"\"\"q\"");
    }

    #[test]
    fn white_space_columns() {
        let text = " 00001 19970101  1\t 11.77 ";
        let mut parts = Parts::default();
        assert_eq!(split_whitespace(text, 0, text.len(), &mut parts), 4);
        let found: Vec<_> = parts.spans.iter().map(|span| span.of(text, "")).collect();
        assert_eq!(found, ["00001", "19970101", "1", "11.77"]);
    }
}
