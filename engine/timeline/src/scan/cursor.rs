//! A place in one run, or in the hot rows of a shard.

use super::decoded::{Decoded, Wanted, reads_property};
use crate::run::{Footer, GroupChoice, RunBatches, RunHandle};
use crate::{Symbols, TimelineError};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use perennial_model::PropertySpec;
use std::sync::Arc;

enum Source {
    /// A run before the first row is read.
    Unread(Unread),
    Run(RunBatches),
    /// Rows in memory, as a file would keep them.
    Memory(Option<RecordBatch>),
}

struct Unread {
    handle: Arc<RunHandle>,
    schema: SchemaRef,
    choice: GroupChoice,
    batch_rows: usize,
    properties: Arc<[PropertySpec]>,
}

impl Unread {
    fn read(&self, wanted: Wanted) -> Result<RunBatches, TimelineError> {
        let fields = self.schema.fields().iter().enumerate();
        let of_a_property = |name: &str| self.properties.iter().any(|spec| reads_property(spec, name, &self.schema));
        let reads = |name: &str| wanted.reads(name, &self.schema) || of_a_property(name);
        let columns: Vec<usize> = fields.filter(|(_, field)| reads(field.name())).map(|(index, _)| index).collect();
        let (handle, run) = (Arc::clone(&self.handle), self.handle.open()?);
        RunBatches::new(handle, run, &columns, self.choice.clone(), self.batch_rows)
    }
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
        properties: &Arc<[PropertySpec]>,
    ) -> Result<Option<Self>, TimelineError> {
        let Some(run) = handle.open_if_sound()? else { return Ok(None) };
        let footer = run.footer;
        let source = Source::Unread(Unread {
            handle: Arc::clone(handle),
            schema: Arc::clone(run.metadata.schema()),
            choice,
            batch_rows,
            properties: Arc::clone(properties),
        });
        Ok(Some(Self { source, footer, wanted, batch: Decoded::new(symbols, properties), at: 0 }))
    }

    /// Over rows in memory, which are all visible.
    pub(crate) fn over_memory(
        rows: RecordBatch,
        footer: Footer,
        wanted: Wanted,
        symbols: &Arc<Symbols>,
        properties: &Arc<[PropertySpec]>,
    ) -> Result<Self, TimelineError> {
        let batch = Decoded::new(symbols, properties);
        Ok(Self { source: Source::Memory(Some(rows)), footer, wanted, batch, at: 0 })
    }

    /// Reads the first rows. `false` for a run that turns out not to answer: it has none.
    pub(crate) fn begin(&mut self, wanted: Wanted) -> Result<bool, TimelineError> {
        self.wanted = wanted;
        let mut answers = true;
        if let Source::Unread(unread) = &self.source {
            self.source = match unread.read(wanted) {
                Err(error) if error.leaves_out_a_run() => {
                    answers = false;
                    Source::Memory(None)
                }
                batches => Source::Run(batches?),
            };
        }
        self.load()?;
        Ok(answers)
    }

    /// The run, before [`Self::begin`], if every row in it is under its own customer; and whether
    /// all of it is read.
    pub(crate) fn unread(&self) -> Option<(&Arc<RunHandle>, bool)> {
        let Source::Unread(unread) = &self.source else { return None };
        let own = unread.schema.column_with_name("profile").is_none();
        own.then_some((&unread.handle, unread.choice == GroupChoice::All))
    }

    /// No mid comes twice under a customer.
    #[inline]
    pub(crate) fn distinct(&self) -> bool {
        self.footer.distinct
    }

    fn load(&mut self) -> Result<(), TimelineError> {
        let next = match &mut self.source {
            Source::Unread(_) => None,
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
