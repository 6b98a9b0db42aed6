//! A place in one run, or in the hot rows of a shard.

use super::decoded::{Decoded, Wanted};
use crate::run::{Footer, GroupChoice, RunBatches, RunHandle};
use crate::{Symbols, TimelineError};
use arrow::array::RecordBatch;
use std::sync::Arc;

enum Source {
    Run(RunBatches),
    /// Rows in memory, as a file would keep them.
    Memory(Option<RecordBatch>),
}

/// Reads forward; `head` is the next customer's number.
pub(crate) struct Cursor {
    source: Source,
    footer: Footer,
    wanted: Wanted,
    pub(crate) batch: Decoded,
    pub(crate) at: usize,
}

/// Of a cursor at its end.
pub(crate) const END: u64 = u64::MAX;

impl Cursor {
    /// Over a run; `None` when it does not answer.
    pub(crate) fn over_run(
        handle: &Arc<RunHandle>,
        wanted: Wanted,
        choice: GroupChoice,
        batch_rows: usize,
        symbols: &Arc<Symbols>,
    ) -> Result<Option<Self>, TimelineError> {
        let Some(run) = handle.open_if_sound()? else { return Ok(None) };
        let fields = run.metadata.schema().fields().iter().enumerate();
        let columns: Vec<usize> =
            fields.filter(|(_, field)| wanted.reads(field.name(), true)).map(|(index, _)| index).collect();
        let footer = run.footer;
        let batches = RunBatches::new(Arc::clone(handle), run, &columns, choice, batch_rows);
        Self::begin(Source::Run(batches), footer, wanted, symbols).map(Some)
    }

    /// Over rows in memory, which are all visible.
    pub(crate) fn over_memory(
        rows: RecordBatch,
        footer: Footer,
        wanted: Wanted,
        symbols: &Arc<Symbols>,
    ) -> Result<Self, TimelineError> {
        Self::begin(Source::Memory(Some(rows)), footer, wanted, symbols)
    }

    fn begin(source: Source, footer: Footer, wanted: Wanted, symbols: &Arc<Symbols>) -> Result<Self, TimelineError> {
        let mut cursor = Self { source, footer, wanted, batch: Decoded::new(symbols), at: 0 };
        cursor.load()?;
        Ok(cursor)
    }

    fn load(&mut self) -> Result<(), TimelineError> {
        let next = match &mut self.source {
            Source::Run(batches) => batches.next()?,
            Source::Memory(rows) => rows.take(),
        };
        self.at = 0;
        match next {
            Some(rows) => self.batch.fill(&rows, &self.footer, self.wanted),
            None => {
                self.batch.number = Vec::<u64>::new().into();
                Ok(())
            }
        }
    }

    #[inline]
    pub(crate) fn head(&self) -> u64 {
        self.batch.number.get(self.at).copied().unwrap_or(END)
    }

    /// Goes on to `end`, and to the next batch at the end of this one.
    #[inline]
    pub(crate) fn advance(&mut self, end: usize) -> Result<(), TimelineError> {
        self.at = end;
        if end >= self.batch.rows() { self.load() } else { Ok(()) }
    }
}
