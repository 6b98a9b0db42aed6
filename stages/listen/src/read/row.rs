//! One row as the caller sees it: borrowed from the reader's buffer, copied by nobody.

use super::error::RowProblem;

/// Set in [`Span::start`] when the cell lies in the side buffer (it had to be unescaped or rendered).
const SIDE: u32 = 1 << 31;

/// Where a cell lies in the reader's buffer. Buffers stay far below 2 GiB, so 31 bits do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// A cell in the decoded text.
    #[inline]
    pub(super) fn text(start: usize, end: usize) -> Self {
        Span { start: start as u32, end: end as u32 }
    }

    /// A cell in the side buffer.
    #[inline]
    pub(super) fn side(start: usize, end: usize) -> Self {
        Span { start: start as u32 | SIDE, end: end as u32 }
    }

    /// Bytes of the cell.
    #[inline]
    pub(super) fn len(self) -> usize {
        (self.end - (self.start & !SIDE)) as usize
    }

    #[inline]
    pub(super) fn of<'a>(self, text: &'a str, side: &'a str) -> &'a str {
        let (within, start) = if self.start & SIDE == 0 { (text, self.start) } else { (side, self.start & !SIDE) };
        &within[start as usize..self.end as usize]
    }
}

/// A row borrowed from its [`super::RowReader`] until the next call of `next`.
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'a> {
    pub(super) text: &'a str,
    pub(super) side: &'a str,
    pub(super) cells: &'a [Span],
    pub(super) raw: &'a str,
    pub(super) line: u64,
    pub(super) problem: Option<&'a RowProblem>,
}

impl<'a> RowRef<'a> {
    /// The 1-based line on which the row starts; the sheet's row in XLSX, the number of the row in Parquet.
    #[inline]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Cells of this row: as many as the file has columns unless there is a [`RowRef::problem`].
    #[inline]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether the row has no cell at all, as a row that could not be taken apart.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The text of cell `i`, counted from 0; empty when the row has no such cell.
    #[inline]
    pub fn get(&self, i: usize) -> &'a str {
        match self.cells.get(i) {
            Some(span) => span.of(self.text, self.side),
            None => "",
        }
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> {
        let (text, side) = (self.text, self.side);
        self.cells.iter().map(move |span| span.of(text, side))
    }

    /// The row in canonical bytes for hashing: UTF-8 without the line's end, quoted only where a cell needs
    /// it. The same row in another encoding, compression, line ending or quoting has the same bytes.
    ///
    /// In XLSX, JSON lines and Parquet the cells are joined by U+001F. Rows with a problem give their text
    /// as it stands in the file (at most its beginning), for the rejects file.
    #[inline]
    pub fn raw(&self) -> &'a [u8] {
        self.raw.as_bytes()
    }

    /// Why the row cannot be used; the caller rejects it with this reason and reads on.
    #[inline]
    pub fn problem(&self) -> Option<RowProblem> {
        self.problem.cloned()
    }
}
