//! The batch driver: all registered folds over the whole timeline in one pass.

use crate::state::check_columns;
use crate::{
    Column, ColumnSpec, CustomerTable, Fold, FoldError, FoldHandle, Instant, LiveState, OrderBook, Registry, Scratch,
    TableShard,
};
use perennial_model::{CustomerId, PropertySpec};
use perennial_timeline::{Columns, CustomerEvents, Reads, Snapshot};
use std::any::Any;
use std::ops::Range;
use std::sync::atomic::{AtomicU16, Ordering};

/// What a pass did. `cpu_s` is left to the caller, who knows what else its process does.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BatchStats {
    /// Events folded, those of unidentified customers among them.
    pub events: u64,
    /// Identified customers with at least one event.
    pub customers: u64,
    /// Events of unidentified customers.
    pub unidentified_events: u64,
    /// Seconds from the call to the result.
    pub wall_s: f64,
}

/// What a pass gives: own columns, summaries, and what it cost.
pub struct BatchResult {
    /// One row for each identified customer, own columns only (see [`crate::RelativeSet`]).
    pub table: CustomerTable,
    /// What the pass did.
    pub stats: BatchStats,
    pub(crate) summaries: Vec<Box<dyn Any + Send>>,
}

impl std::fmt::Debug for BatchResult {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("BatchResult").field("stats", &self.stats).finish_non_exhaustive()
    }
}

impl BatchResult {
    /// What a fold has added up.
    ///
    /// # Errors
    /// [`FoldError::ForeignHandle`] when the handle is of another registry.
    pub fn summary<F: Fold>(&self, handle: FoldHandle<F>) -> Result<&F::Summary, FoldError> {
        let summary = self.summaries.get(handle.index).and_then(|summary| summary.downcast_ref());
        summary.ok_or(FoldError::ForeignHandle { fold: handle.name })
    }

    /// What a fold has added up, taken out: asked again it is an error.
    ///
    /// # Errors
    /// [`FoldError::ForeignHandle`] when the handle is of another registry, or was used already.
    pub fn take_summary<F: Fold>(&mut self, handle: FoldHandle<F>) -> Result<F::Summary, FoldError> {
        let foreign = FoldError::ForeignHandle { fold: handle.name };
        let Some(place) = self.summaries.get_mut(handle.index).filter(|summary| summary.is::<F::Summary>()) else {
            return Err(foreign);
        };
        let taken: Box<dyn Any + Send> = std::mem::replace(place, Box::new(Taken));
        taken.downcast().map(|summary| *summary).map_err(|_| foreign)
    }
}

/// Stands where a summary was taken out, or was never made.
pub(crate) struct Taken;

/// Folds everything before `instant` with `threads` workers (at least one). Each worker takes whole
/// shards, so that a customer is never split, and keeps one state for all its customers in turn.
/// Blocks: call it on a blocking thread.
///
/// # Errors
/// What the timeline says, [`FoldError::InUse`], [`FoldError::UnevenColumn`].
pub fn run_batch(
    snapshot: &Snapshot,
    registry: &mut Registry,
    instant: &Instant,
    threads: usize,
) -> Result<BatchResult, FoldError> {
    let mut results = run_batches(snapshot, &mut [(registry, instant)], threads)?;
    results.pop().ok_or(FoldError::WorkerDied)
}

/// As [`run_batch`] of each registry as of its own instant, in the order given, while the timeline
/// is read once: what was known earlier is a prefix of each customer's events, and the order book
/// goes on from one instant to the next.
///
/// # Errors
/// As [`run_batch`].
pub fn run_batches(
    snapshot: &Snapshot,
    wanted: &mut [(&mut Registry, &Instant)],
    threads: usize,
) -> Result<Vec<BatchResult>, FoldError> {
    let started = std::time::Instant::now();
    for (registry, _) in wanted.iter_mut() {
        registry.bind(snapshot.symbols())?;
    }
    let questions: Vec<Question<'_>> =
        wanted.iter().map(|(registry, instant)| Question { registry, instant }).collect();
    let parts = Pass::new(snapshot, &questions).run(threads)?;
    let mut of_question: Vec<Vec<Part>> = questions.iter().map(|_| Vec::new()).collect();
    for (place, part) in parts {
        if let Some(parts) = of_question.get_mut(place) {
            parts.push(part);
        }
    }
    let wall_s = || started.elapsed().as_secs_f64();
    questions.iter().zip(of_question).map(|(question, parts)| question.result(parts, snapshot, wall_s)).collect()
}

/// A registry and when it is finished.
#[derive(Clone, Copy)]
struct Question<'a> {
    registry: &'a Registry,
    instant: &'a Instant,
}

impl Question<'_> {
    /// Puts together what the workers found.
    fn result(
        &self,
        parts: Vec<Part>,
        snapshot: &Snapshot,
        wall_s: impl Fn() -> f64,
    ) -> Result<BatchResult, FoldError> {
        let mut table = CustomerTable { specs: self.registry.specs().to_vec(), shards: Vec::new() };
        table.shards.resize_with(usize::from(snapshot.shards()), TableShard::default);
        let mut stats = BatchStats::default();
        let mut summaries = Vec::new();
        for part in parts {
            stats.events += part.stats.events;
            stats.customers += part.stats.customers;
            stats.unidentified_events += part.stats.unidentified_events;
            summaries.push(part.summaries);
            for (shard, rows) in part.shards {
                if let Some(place) = table.shards.get_mut(usize::from(shard)) {
                    *place = rows;
                }
            }
        }
        let summaries = self.registry.merge_summaries(summaries)?;
        stats.wall_s = wall_s();
        Ok(BatchResult { table, stats, summaries })
    }

    fn empty_shard(&self) -> TableShard {
        let columns = self.registry.specs().iter().map(ColumnSpec::empty_column).collect();
        TableShard { customers: Vec::new(), columns }
    }
}

/// What one worker brings home for one question.
struct Part {
    shards: Vec<(u16, TableShard)>,
    stats: BatchStats,
    summaries: Vec<Box<dyn Any + Send>>,
}

/// What all workers of a pass share.
struct Pass<'a> {
    snapshot: &'a Snapshot,
    /// By instant, each with its place among those asked.
    questions: Vec<(usize, Question<'a>)>,
    reads: Reads,
    /// Where the properties of each question are among all that are read.
    places: Vec<Range<usize>>,
    until_us: Option<i64>,
    next_shard: AtomicU16,
}

impl<'a> Pass<'a> {
    fn new(snapshot: &'a Snapshot, questions: &[Question<'a>]) -> Self {
        let mut questions: Vec<_> = questions.iter().copied().enumerate().collect();
        questions.sort_by_key(|(_, question)| question.instant.as_of_us);
        let columns = questions.iter().fold(Columns::BASE, |all, (_, question)| all.and(question.registry.reads()));
        let mut properties = Vec::new();
        let places = questions.iter().map(|(_, question)| places(&mut properties, question.registry.properties()));
        let places = places.collect();
        let reads = Reads { columns, properties: properties.into() };
        let until_us = questions.last().map(|(_, question)| question.instant.as_of_us);
        Self { snapshot, questions, reads, places, until_us, next_shard: AtomicU16::new(0) }
    }

    fn run(&self, threads: usize) -> Result<Vec<(usize, Part)>, FoldError> {
        let workers = threads.clamp(1, usize::from(self.snapshot.shards().max(1)));
        let found = std::thread::scope(|scope| {
            let running: Vec<_> = (0..workers).map(|_| scope.spawn(|| self.work())).collect();
            running.into_iter().map(|worker| worker.join().unwrap_or(Err(FoldError::WorkerDied))).collect::<Vec<_>>()
        });
        let mut parts = Vec::new();
        for worker in found {
            parts.extend(worker?);
        }
        Ok(parts)
    }

    fn lanes(&self) -> impl Iterator<Item = Lane<'a>> + '_ {
        self.questions.iter().zip(&self.places).map(|((_, question), places)| Lane::new(*question, places.clone()))
    }

    /// Takes shards until none is left.
    fn work(&self) -> Result<Vec<(usize, Part)>, FoldError> {
        let mut worker = Worker {
            lanes: self.lanes().collect(),
            orders: self.questions.iter().any(|(_, question)| question.registry.needs_orders()),
            book: OrderBook::default(),
            scratch: Scratch::default(),
        };
        loop {
            let shard = self.next_shard.fetch_add(1, Ordering::Relaxed);
            if shard >= self.snapshot.shards() {
                break;
            }
            self.shard(shard, &mut worker).inspect_err(|_| {
                // The pass has failed: nobody need begin another shard.
                self.next_shard.store(self.snapshot.shards(), Ordering::Relaxed);
            })?;
        }
        let parts = worker.lanes.into_iter().map(Lane::into_part);
        Ok(self.questions.iter().map(|(place, _)| *place).zip(parts).collect())
    }

    fn shard(&self, shard: u16, worker: &mut Worker<'_>) -> Result<(), FoldError> {
        let mut scan = self.snapshot.scan(shard, self.reads.clone(), self.until_us)?;
        while let Some(events) = scan.next()? {
            worker.see(&events);
        }
        worker.lanes.iter_mut().try_for_each(|lane| lane.end_shard(shard))
    }
}

/// Where these properties are among all, added where they are not.
fn places(all: &mut Vec<PropertySpec>, wanted: &[PropertySpec]) -> Range<usize> {
    let known = (0..all.len()).find(|first| all.get(*first..).is_some_and(|rest| rest.starts_with(wanted)));
    let first = known.unwrap_or_else(|| {
        all.extend_from_slice(wanted);
        all.len() - wanted.len()
    });
    first..first + wanted.len()
}

/// One worker: a lane for each question, earliest first, and one book for all.
struct Worker<'a> {
    lanes: Vec<Lane<'a>>,
    /// Whether any question needs the book.
    orders: bool,
    book: OrderBook,
    scratch: Scratch,
}

impl Worker<'_> {
    /// Answers all questions about one customer.
    fn see(&mut self, events: &CustomerEvents<'_>) {
        self.book.clear();
        let mut known = 0;
        for lane in &mut self.lanes {
            let before = events.time_us.partition_point(|time_us| *time_us < lane.question.instant.as_of_us);
            if before == 0 {
                continue;
            }
            if self.orders {
                self.book.extend_range(events, known..before);
                known = before;
            }
            lane.see((events, before), &mut self.book, &mut self.scratch);
        }
    }
}

/// One question at work.
struct Lane<'a> {
    question: Question<'a>,
    /// Of its properties among those of the pass.
    places: Range<usize>,
    state: LiveState,
    /// Of the shard at hand.
    rows: TableShard,
    shards: Vec<(u16, TableShard)>,
    stats: BatchStats,
}

impl<'a> Lane<'a> {
    fn new(question: Question<'a>, places: Range<usize>) -> Self {
        let state = question.registry.live_state(CustomerId::unidentified(0));
        let (rows, stats) = (question.empty_shard(), BatchStats::default());
        Self { question, places, state, rows, shards: Vec::new(), stats }
    }

    fn see(&mut self, (events, count): (&CustomerEvents<'_>, usize), book: &mut OrderBook, scratch: &mut Scratch) {
        self.stats.events += count as u64;
        if events.customer.is_identified() {
            self.rows.customers.push(events.customer.0);
        } else {
            self.stats.unidentified_events += count as u64;
        }
        let properties = events.properties.only(self.places.clone());
        let events = CustomerEvents { properties, ..*events };
        self.state.answer((&events, count), book, scratch, self.question.instant, &mut self.rows.columns);
    }

    fn end_shard(&mut self, shard: u16) -> Result<(), FoldError> {
        let mut rows = std::mem::replace(&mut self.rows, self.question.empty_shard());
        self.stats.customers += rows.customers.len() as u64;
        rows.customers.shrink_to_fit();
        rows.columns.iter_mut().for_each(Column::shrink_to_fit);
        let registry = self.question.registry;
        check_columns(registry.slots(), registry.specs(), &rows.columns, usize::from(shard), rows.customers.len())?;
        self.shards.push((shard, rows));
        Ok(())
    }

    fn into_part(self) -> Part {
        Part { shards: self.shards, stats: self.stats, summaries: self.state.into_summaries() }
    }
}
