//! Rows copied out of a reader, some ten thousand at a time: identities are looked up for all of
//! them at once, and reading goes on in another thread meanwhile.

use crate::read::{RowProblem, RowRef};

/// Rows of a block, unless its text is full before.
pub(crate) const BLOCK_ROWS: usize = 32_768;
/// Bytes of text after which a block is full.
pub(crate) const BLOCK_BYTES: usize = 8 << 20;

/// Rows of one part, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Which part of its unit the rows are of.
    pub(crate) part: usize,
    text: String,
    /// Where each cell ends in the text; a cell starts where the one before ends.
    ends: Vec<u32>,
    rows: Vec<BlockRow>,
}

#[derive(Debug)]
struct BlockRow {
    line: u64,
    start: u32,
    first_cell: u32,
    cells: u32,
    problem: Option<Box<RowProblem>>,
}

/// One row of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowView<'a> {
    block: &'a Block,
    row: &'a BlockRow,
}

impl Block {
    pub(crate) fn of_part(part: usize) -> Self {
        Self { part, ..Self::default() }
    }

    /// The next block of the same part, with as much room as this one took.
    pub(crate) fn next(&self) -> Self {
        Self {
            part: self.part,
            text: String::with_capacity(self.text.len() + self.text.len() / 8),
            ends: Vec::with_capacity(self.ends.len() + self.ends.len() / 8),
            rows: Vec::with_capacity(self.rows.len()),
        }
    }

    /// Copies a row.
    pub(crate) fn push(&mut self, row: &RowRef<'_>) {
        let problem = row.problem().map(Box::new);
        if problem.is_some() {
            let raw = String::from_utf8_lossy(row.raw()).into_owned();
            self.push_cells(row.line(), std::iter::once(raw.as_str()), problem);
        } else {
            self.push_cells(row.line(), row.cells(), None);
        }
    }

    pub(crate) fn push_cells<'a>(
        &mut self,
        line: u64,
        cells: impl Iterator<Item = &'a str>,
        problem: Option<Box<RowProblem>>,
    ) {
        let (start, first_cell) = (self.text.len(), self.ends.len());
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(offset(self.text.len()));
        }
        self.rows.push(BlockRow {
            line,
            start: offset(start),
            first_cell: offset(first_cell),
            cells: offset(self.ends.len() - first_cell),
            problem,
        });
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= BLOCK_ROWS || self.text.len() >= BLOCK_BYTES
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = RowView<'_>> {
        self.rows.iter().map(|row| RowView { block: self, row })
    }
}

/// Blocks stay far below 4 GiB: one row is at most a few MiB and ends the block.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl<'a> RowView<'a> {
    pub(crate) fn line(&self) -> u64 {
        self.row.line
    }

    pub(crate) fn problem(&self) -> Option<&'a RowProblem> {
        self.row.problem.as_deref()
    }

    /// A cell, counted from 0; empty past the end.
    #[inline]
    pub(crate) fn cell(&self, column: usize) -> &'a str {
        let row = self.row;
        if column >= row.cells as usize {
            return "";
        }
        let index = row.first_cell as usize + column;
        let start = if column == 0 { row.start } else { self.block.ends[index - 1] };
        &self.block.text[start as usize..self.block.ends[index] as usize]
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row = *self;
        (0..self.row.cells as usize).map(move |column| row.cell(column))
    }

    /// The row as one text, for the rejects file.
    pub(crate) fn joined(&self) -> String {
        self.cells().collect::<Vec<_>>().join(",")
    }
}
