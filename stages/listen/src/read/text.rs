//! Rows of a text: finds them in the window, checks them, and recovers where one cannot be taken apart.

use super::buffer::{TextBuffer, count_line_ends};
use super::error::{ReadError, RowProblem};
use super::json::{self, JsonColumns};
use super::row::RowRef;
use super::split::{Parts, Record, Scan, Splitter, split_whitespace};
use super::{MAX_CELL_BYTES, MAX_RECORD_BYTES, MAX_RECORD_LINES};

/// As much of a row too long is shown in the rejects file.
const SHOWN_BYTES: usize = 4 << 10;

/// How lines become cells.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Delimited(Splitter),
    Whitespace,
    Json(JsonColumns),
    /// Not taken apart: the row is its text.
    Whole,
}

/// Reads rows from a text.
pub(super) struct TextRows {
    buffer: TextBuffer,
    shape: Shape,
    /// Columns of the file; `None` while they are being found out, then no row has the wrong width.
    width: Option<usize>,
    parts: Parts,
    /// The row's canonical text where it does not stand in the window.
    canonical: String,
    problem: Option<RowProblem>,
    /// Cells of the row, those beyond the limit too.
    pub(super) columns: usize,
    /// Up to here (a position of the window) a quote may not span lines: text in which a quote was left open
    /// is read line by line, so that it is not scanned again for each quote in it.
    line_by_line_until: u64,
}

/// A row found: its line and, in the window, its text; `None` when `canonical` holds it.
struct Found {
    line: u64,
    raw: Option<(usize, usize)>,
}

impl TextRows {
    pub(super) fn new(buffer: TextBuffer, shape: Shape, width: Option<usize>) -> Self {
        TextRows {
            buffer,
            shape,
            width,
            parts: Parts::default(),
            canonical: String::new(),
            problem: None,
            columns: 0,
            line_by_line_until: 0,
        }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.buffer.bytes_read()
    }

    /// The line on which the next row starts or a blank one before it.
    pub(super) fn line(&self) -> u64 {
        self.buffer.line
    }

    /// Passes over what stands above `line`: titles and the header.
    pub(super) fn skip_to_line(&mut self, line: u64) -> Result<(), ReadError> {
        while self.buffer.line < line && self.next()?.is_some() {}
        Ok(())
    }

    /// The columns that lines of JSON have shown so far.
    pub(super) fn json_columns(&self) -> Option<&JsonColumns> {
        match &self.shape {
            Shape::Json(columns) => Some(columns),
            _ => None,
        }
    }

    /// The next row that is not blank.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<RowRef<'_>>, ReadError> {
        let found = match self.shape {
            Shape::Delimited(_) => self.next_delimited()?,
            Shape::Whitespace | Shape::Json(_) | Shape::Whole => self.next_line()?,
        };
        Ok(found.map(|found| RowRef {
            text: &self.buffer.text,
            side: &self.parts.side,
            cells: &self.parts.spans,
            raw: match found.raw {
                Some((start, end)) => &self.buffer.text[start..end],
                None => &self.canonical,
            },
            line: found.line,
            problem: self.problem.as_ref(),
        }))
    }

    fn next_delimited(&mut self) -> Result<Option<Found>, ReadError> {
        self.problem = None;
        loop {
            if self.buffer.waiting() == 0 {
                if self.buffer.ended {
                    return Ok(None);
                }
                self.buffer.fill()?;
                continue;
            }
            let Shape::Delimited(splitter) = &self.shape else { return Ok(None) };
            let start = self.buffer.at;
            let (limit, last) = self.scan_limit();
            match splitter.scan(&self.buffer.text[..limit], start, last, &mut self.parts) {
                Scan::Row(record) => {
                    if let Some(found) = self.finish_delimited(start, record)? {
                        return Ok(Some(found));
                    }
                }
                Scan::More(open_quote) => {
                    if let Some(found) = self.give_up(open_quote, last)? {
                        return Ok(Some(found));
                    }
                    self.buffer.fill()?;
                }
            }
        }
    }

    /// How far the row at hand may reach, and whether the text ends there for it.
    fn scan_limit(&self) -> (usize, bool) {
        if self.buffer.at < self.buffer.offset(self.line_by_line_until)
            && let Some((_, next)) = self.buffer.line_end(self.buffer.at)
        {
            return (next, true);
        }
        (self.buffer.text.len(), self.buffer.ended)
    }

    /// Checks a row that was taken apart; `None` when it is blank.
    fn finish_delimited(&mut self, start: usize, record: Record) -> Result<Option<Found>, ReadError> {
        let spans_lines = record.inner_lines > 0;
        if spans_lines && let Some(column) = record.sloppy {
            // Text follows a closing quote lines below the opening one: that was the opening quote of
            // another cell.
            return self.unclosed_quote(column, record.next).map(Some);
        }
        if record.inner_lines > MAX_RECORD_LINES {
            return self.unclosed_quote(1, record.next).map(Some);
        }
        if record.end - start > MAX_RECORD_BYTES {
            return self.too_long().map(Some);
        }
        let line = self.buffer.line;
        self.buffer.at = record.next;
        self.buffer.line += record.inner_lines as u64 + 1;
        if self.is_blank(start, &record) {
            return Ok(None);
        }
        self.fit_width(record.columns);
        self.check_cells(start, record.end);
        let raw = if self.problem.is_some() || !record.quoted {
            let kept = self.parts.spans.len();
            let end = if kept < record.columns && self.problem.is_none() { self.kept_end(start) } else { record.end };
            Some((start, end))
        } else {
            if let Shape::Delimited(splitter) = &self.shape {
                let (text, side) = (&self.buffer.text, &self.parts.side);
                splitter.canonical(self.parts.spans.iter().map(|span| span.of(text, side)), &mut self.canonical);
            }
            None
        };
        Ok(Some(Found { line, raw }))
    }

    /// Where the last kept cell of a bare row ends.
    fn kept_end(&self, start: usize) -> usize {
        let cells: usize = self.parts.spans.iter().map(|span| span.len() + 1).sum();
        start + cells.saturating_sub(1)
    }

    /// Nothing but delimiters and blanks: the padding of spreadsheets.
    fn is_blank(&self, start: usize, record: &Record) -> bool {
        let length = record.end - start;
        if !record.quoted && length == record.columns - 1 {
            return true;
        }
        record.columns == 1 && self.buffer.text[start..record.end].trim().is_empty()
    }

    /// Compares the number of cells with the header's; empty ones too many at the end are dropped.
    #[inline]
    fn fit_width(&mut self, found: usize) {
        self.columns = found;
        let Some(expected) = self.width else { return };
        if found == expected {
            return;
        }
        if found > expected
            && found == self.parts.spans.len()
            && self.parts.spans[expected..].iter().all(|span| span.len() == 0)
        {
            self.parts.spans.truncate(expected);
            return;
        }
        self.problem = Some(RowProblem::WrongWidth { expected, found });
    }

    /// Bytes 0, bytes that are no text and cells that are too long.
    #[inline]
    fn check_cells(&mut self, start: usize, end: usize) {
        if self.buffer.flaw(start, end).is_some() {
            self.problem = Some(self.flaw_problem());
        }
        if end - start > MAX_CELL_BYTES
            && let Some((column, span)) = self.parts.spans.iter().enumerate().find(|(_, s)| s.len() > MAX_CELL_BYTES)
        {
            self.problem = Some(RowProblem::CellTooLong { column: column + 1, bytes: span.len() });
        }
    }

    fn flaw_problem(&self) -> RowProblem {
        let (text, side) = (&self.buffer.text, &self.parts.side);
        let flawed = |c: char| c == '\0' || c == char::REPLACEMENT_CHARACTER;
        let cells = || self.parts.spans.iter().map(|span| span.of(text, side));
        let column = cells().position(|cell| cell.contains(flawed)).unwrap_or(0);
        match cells().nth(column).is_some_and(|cell| cell.contains('\0')) {
            true => RowProblem::NulByte { column: column + 1 },
            false => RowProblem::InvalidBytes { column: column + 1, encoding: self.buffer.encoding.label() },
        }
    }

    /// Decides whether to stop waiting for the end of the row at hand.
    fn give_up(&mut self, open_quote: Option<usize>, last: bool) -> Result<Option<Found>, ReadError> {
        let waiting = &self.buffer.text.as_bytes()[self.buffer.at..];
        let full = waiting.len() >= MAX_RECORD_BYTES;
        match open_quote {
            Some(column) if last || full || count_line_ends(waiting) > MAX_RECORD_LINES => {
                let scanned = self.scan_limit().0;
                self.unclosed_quote(column, scanned).map(Some)
            }
            None if full => self.too_long().map(Some),
            _ => Ok(None),
        }
    }

    /// Rejects the first line of a row whose quote is not closed and goes on with the line below it; what was
    /// scanned in vain, up to `scanned`, is read line by line.
    fn unclosed_quote(&mut self, column: usize, scanned: usize) -> Result<Found, ReadError> {
        let start = self.buffer.at;
        let Some((end, next)) = self.buffer.line_end(start) else { return self.too_long() };
        if end - start > MAX_RECORD_BYTES {
            return self.too_long();
        }
        // The last line scanned may well open a quote that is closed further below.
        let last_line = self.buffer.text.as_bytes()[..scanned.saturating_sub(1)]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(next, |feed| (feed + 1).max(next));
        self.line_by_line_until = self.line_by_line_until.max(self.buffer.position(last_line));
        self.parts.clear();
        self.problem = Some(RowProblem::UnclosedQuote { column });
        let line = self.buffer.line;
        self.buffer.at = next;
        self.buffer.line += 1;
        Ok(Found { line, raw: Some((start, end)) })
    }

    /// Rejects a line that does not end and passes over the rest of it.
    fn too_long(&mut self) -> Result<Found, ReadError> {
        let start = self.buffer.at;
        let shown = self.buffer.text.floor_char_boundary(start + SHOWN_BYTES);
        self.canonical.clear();
        self.canonical.push_str(&self.buffer.text[start..shown]);
        self.parts.clear();
        self.problem = Some(RowProblem::RecordTooLong);
        let line = self.buffer.line;
        self.buffer.skip_line()?;
        Ok(Found { line, raw: None })
    }

    /// The next row of a format in which each line is one.
    fn next_line(&mut self) -> Result<Option<Found>, ReadError> {
        self.problem = None;
        loop {
            if self.buffer.waiting() == 0 && self.buffer.ended {
                return Ok(None);
            }
            let start = self.buffer.at;
            let Some((end, next)) = self.buffer.line_end(start) else {
                if self.buffer.waiting() >= MAX_RECORD_BYTES {
                    return self.too_long().map(Some);
                }
                self.buffer.fill()?;
                continue;
            };
            if end - start > MAX_RECORD_BYTES {
                return self.too_long().map(Some);
            }
            let line = self.buffer.line;
            self.buffer.at = next;
            self.buffer.line += 1;
            if !self.buffer.text[start..end].trim().is_empty() {
                return Ok(Some(self.finish_line(line, start, end)));
            }
        }
    }

    fn finish_line(&mut self, line: u64, start: usize, end: usize) -> Found {
        if matches!(self.shape, Shape::Whole) {
            self.parts.clear();
            return Found { line, raw: Some((start, end)) };
        }
        let Shape::Json(columns) = &mut self.shape else {
            let columns = split_whitespace(&self.buffer.text, start, end, &mut self.parts);
            self.fit_width(columns);
            self.check_cells(start, end);
            return Found { line, raw: Some((start, end)) };
        };
        self.problem = json::read_object(&self.buffer.text[start..end], columns, &mut self.parts).err();
        if self.problem.is_none() {
            self.check_cells(start, end);
        }
        if self.problem.is_none() && memchr::memchr(0, self.parts.side.as_bytes()).is_some() {
            // Written as an escape, which the window does not show.
            self.problem = Some(self.flaw_problem());
        }
        if self.problem.is_some() {
            return Found { line, raw: Some((start, end)) };
        }
        self.canonical.clear();
        join(self.parts.spans.iter().map(|span| span.of("", &self.parts.side)), &mut self.canonical);
        Found { line, raw: None }
    }
}

/// Joins cells by U+001F, the unit separator: the canonical text of formats without a text of their own.
pub(super) fn join<'a>(cells: impl Iterator<Item = &'a str>, into: &mut String) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            into.push('\u{1f}');
        }
        into.push_str(cell);
    }
}
