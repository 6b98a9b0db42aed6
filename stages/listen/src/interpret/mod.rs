//! Rows into events: parsed, put together into orders, and handed on in chunks.
//!
//! Rows of one order that follow each other are held until the next order begins, because exports
//! write what belongs to the order on its first row only, and close sub-orders one by one. An order
//! whose rows come in several places stays one order: its header is emitted once.

mod emit;
mod keys;
mod late;
mod line;
mod memo;
mod owner;
mod parse;
mod part;
mod properties;
mod rows;
mod seen;
mod sink;

pub(crate) use keys::{BlockKeys, scan, scan_orders};
pub(crate) use part::{PartReader, Settings};
pub(crate) use properties::quoted;
pub(crate) use sink::{Outgoing, Sink, Taken};

use crate::ListenError;
use crate::identify::{KeyHash, Resolver};
use crate::import::{Block, ImportOutcome, RejectLog, RejectReason, Rejected, RowView};
use crate::layout::event_word::event_word;
use crate::layout::status::{is_refunded, order_status};
use crate::owners::OrderOwners;
use crate::recognise::{Field, Role};
use emit::Emitter;
use line::Group;
use memo::Memo;
use parse::{NoEvent, Words, parse};
use part::Fault;
use perennial_model::{HashKey, OrderKey, ShardCount};
use seen::Seen;

/// Events of all rows before a row.
pub(crate) struct Chunk {
    pub(crate) events: Taken,
    /// Rows of the unit, counted from its start, that are in this chunk or an earlier one.
    pub(crate) rows_done: u64,
}

/// What an interpreter is made for.
pub(crate) struct Task {
    pub(crate) hash_key: HashKey,
    pub(crate) shards: ShardCount,
    pub(crate) settings: Settings,
    /// When the rows of this unit were received.
    pub(crate) received_us: i64,
    pub(crate) chunk_events: usize,
    /// Rows that an interrupted import has kept.
    pub(crate) rows_kept: u64,
}

/// Turns the rows of one unit into events.
pub(crate) struct Interpreter {
    task: Task,
    pub(crate) parts: Vec<PartReader>,
    part: usize,
    words: Words,
    seen: Seen,
    pub(crate) owners: OrderOwners,
    sink: Sink,
    group: Group,
    pub(crate) outcome: ImportOutcome,
    canonical: Vec<u8>,
    scratch: String,
    rejected_order: Option<OrderKey>,
}

impl Interpreter {
    pub(crate) fn new(task: Task, parts: Vec<PartReader>, owners: OrderOwners) -> Self {
        let sink = Sink::new(&task.settings.properties, task.settings.currency, task.received_us);
        let keeps_orders = parts.iter().any(|part| part.role == Role::Items);
        let outcome = ImportOutcome { rows_of_files: vec![0; parts.len()], ..ImportOutcome::default() };
        let words =
            Words { event: Memo::new(event_word), status: Memo::new(order_status), refunded: Memo::new(is_refunded) };
        Self {
            task,
            parts,
            part: 0,
            words,
            seen: Seen::new(keeps_orders),
            owners,
            sink,
            group: Group::default(),
            outcome,
            canonical: Vec::new(),
            scratch: String::new(),
            rejected_order: None,
        }
    }

    /// Reads all rows of a block; adds the chunks that became full.
    pub(crate) fn block(
        &mut self,
        block: &Block,
        keys: &BlockKeys,
        resolver: &mut Resolver,
        rejects: &mut RejectLog,
        full: &mut Vec<Chunk>,
    ) -> Result<(), ListenError> {
        if block.part != self.part {
            self.end_part(rejects)?;
            self.part = block.part;
        }
        for (index, row) in block.rows().enumerate() {
            full.extend(self.row(row, keys.of_row(index), resolver, rejects)?);
            self.outcome.rows += 1;
        }
        if let Some(rows) = self.outcome.rows_of_files.get_mut(block.part) {
            *rows += block.len() as u64;
        }
        Ok(())
    }

    /// What is left when all rows are read.
    pub(crate) fn finish(&mut self, rejects: &mut RejectLog) -> Result<Chunk, ListenError> {
        self.end_part(rejects)?;
        self.outcome.events = self.sink.counts;
        let readers = self.parts.iter_mut().flat_map(|part| &mut part.properties);
        self.outcome.left_out = readers.filter_map(|reader| reader.left_out.take()).collect();
        self.take_chunk()
    }

    fn take_chunk(&mut self) -> Result<Chunk, ListenError> {
        let events = self.sink.take().map_err(|error| ListenError::Stopped(error.to_string()))?;
        Ok(Chunk { events, rows_done: self.outcome.rows })
    }

    fn row(
        &mut self,
        row: RowView<'_>,
        hashes: &[KeyHash],
        resolver: &mut Resolver,
        rejects: &mut RejectLog,
    ) -> Result<Option<Chunk>, ListenError> {
        if let Some(problem) = row.problem() {
            let part = &self.parts[self.part];
            let rejected = Rejected {
                file: part.file.clone(),
                line: row.line(),
                column: problem.column().map(|column| column.to_string()),
                reason: RejectReason::Unreadable,
                detail: Some(problem.to_string()),
            };
            rejects.add(rejected, row.cell(0))?;
            return Ok(None);
        }
        match parse(&mut self.parts[self.part], &mut self.words, row) {
            Ok(parsed) if self.parts[self.part].role == Role::Items => self.item_row(parsed, row, rejects),
            Ok(parsed) if self.parts[self.part].is_list => self.list_row(&parsed, row, hashes, resolver, rejects),
            Ok(parsed) if parsed.is_order_row() => self.order_row(parsed, row, hashes, resolver, rejects),
            Ok(parsed) => self.event_row(parsed, row, hashes, resolver, rejects),
            Err(NoEvent::Skip(reason)) => {
                *self.outcome.skipped.entry(reason).or_default() += 1;
                Ok(None)
            }
            Err(NoEvent::Fault(fault)) => {
                let order = self.parts[self.part].id(row, Field::Order).ok().flatten();
                self.rejected_order = order.map(|id| self.task.hash_key.order(&self.parts[self.part].source, &id));
                self.reject(row, fault, rejects).map(|()| None)
            }
        }
    }

    fn reject(&self, row: RowView<'_>, fault: Fault, rejects: &mut RejectLog) -> Result<(), ListenError> {
        let part = &self.parts[self.part];
        let column = fault.field.and_then(|field| part.column_name(field));
        let rejected =
            Rejected { file: part.file.clone(), line: row.line(), column, reason: fault.reason, detail: None };
        rejects.add(rejected, &row.joined())
    }

    /// Ends the order before, and the chunk if it is full. Called before anything of a row is emitted.
    fn begin(&mut self, rejects: &mut RejectLog) -> Result<Option<Chunk>, ListenError> {
        self.flush(rejects)?;
        self.sink.dry = self.outcome.rows < self.task.rows_kept;
        if !self.sink.is_full(self.task.chunk_events) {
            return Ok(None);
        }
        self.take_chunk().map(Some)
    }

    /// Emits what only all rows of a file can tell.
    fn end_part(&mut self, rejects: &mut RejectLog) -> Result<(), ListenError> {
        self.flush(rejects)?;
        self.sink.dry = false;
        self.emitter(rejects).late();
        Ok(())
    }

    fn flush(&mut self, rejects: &mut RejectLog) -> Result<(), ListenError> {
        if self.group.order.is_none() {
            return Ok(());
        }
        let mut group = std::mem::take(&mut self.group);
        self.emitter(rejects).group(&group)?;
        group.clear();
        self.group = group;
        Ok(())
    }

    fn emitter<'a>(&'a mut self, rejects: &'a mut RejectLog) -> Emitter<'a> {
        Emitter {
            part: &self.parts[self.part],
            hash_key: &self.task.hash_key,
            shards: self.task.shards,
            seen: &mut self.seen,
            owners: &mut self.owners,
            sink: &mut self.sink,
            rejects,
            outcome: &mut self.outcome,
            scratch: &mut self.scratch,
        }
    }
}
