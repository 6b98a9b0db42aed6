//! The batch driver: all registered folds over the whole timeline in one pass.

use crate::live::check_columns;
use crate::{Column, ColumnSpec, CustomerTable, Fold, FoldError, FoldHandle, Instant, Registry, Scratch, TableShard};
use perennial_model::CustomerId;
use perennial_timeline::{Columns, Snapshot};
use std::any::Any;
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
    summaries: Vec<Box<dyn Any + Send>>,
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

/// Stands where a summary was taken out.
struct Taken;

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
    let started = std::time::Instant::now();
    registry.bind(snapshot.symbols())?;
    let pass = Pass { snapshot, registry, instant, reads: registry.reads(), next_shard: AtomicU16::new(0) };
    let workers = threads.clamp(1, usize::from(snapshot.shards().max(1)));
    let parts = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(|| pass.work())).collect();
        running.into_iter().map(|worker| worker.join().unwrap_or(Err(FoldError::WorkerDied))).collect::<Vec<_>>()
    });
    let mut table = CustomerTable { specs: registry.specs().to_vec(), shards: Vec::new() };
    table.shards.resize_with(usize::from(snapshot.shards()), TableShard::default);
    let mut stats = BatchStats::default();
    let mut summaries = Vec::new();
    for part in parts {
        let part = part?;
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
    let summaries = registry.merge_summaries(summaries)?;
    stats.wall_s = started.elapsed().as_secs_f64();
    Ok(BatchResult { table, stats, summaries })
}

/// What all workers of a pass share.
struct Pass<'a> {
    snapshot: &'a Snapshot,
    registry: &'a Registry,
    instant: &'a Instant,
    reads: Columns,
    next_shard: AtomicU16,
}

/// What one worker brings home.
struct Part {
    shards: Vec<(u16, TableShard)>,
    stats: BatchStats,
    summaries: Vec<Box<dyn Any + Send>>,
}

impl Pass<'_> {
    /// Takes shards until none is left.
    fn work(&self) -> Result<Part, FoldError> {
        let mut state = self.registry.live_state(CustomerId::unidentified(0));
        let mut scratch = Scratch::default();
        let mut shards = Vec::new();
        let mut stats = BatchStats::default();
        loop {
            let shard = self.next_shard.fetch_add(1, Ordering::Relaxed);
            if shard >= self.snapshot.shards() {
                break;
            }
            let rows = self.shard(shard, &mut state, &mut scratch, &mut stats).inspect_err(|_| {
                // The pass has failed: nobody need begin another shard.
                self.next_shard.store(self.snapshot.shards(), Ordering::Relaxed);
            })?;
            shards.push((shard, rows));
        }
        Ok(Part { shards, stats, summaries: state.into_summaries() })
    }

    fn shard(
        &self,
        shard: u16,
        state: &mut crate::LiveState,
        scratch: &mut Scratch,
        stats: &mut BatchStats,
    ) -> Result<TableShard, FoldError> {
        let specs = self.registry.specs();
        let columns = specs.iter().map(ColumnSpec::empty_column).collect();
        let mut rows = TableShard { customers: Vec::new(), columns };
        let mut scan = self.snapshot.scan(shard, self.reads, Some(self.instant.as_of_us))?;
        while let Some(events) = scan.next()? {
            stats.events += events.len() as u64;
            if events.customer.is_identified() {
                rows.customers.push(events.customer.0);
            } else {
                stats.unidentified_events += events.len() as u64;
            }
            state.reset(events.customer);
            state.extend(&events, self.instant);
            state.finish(scratch, self.instant, &mut rows.columns);
        }
        stats.customers += rows.customers.len() as u64;
        rows.customers.shrink_to_fit();
        rows.columns.iter_mut().for_each(Column::shrink_to_fit);
        check_columns(self.registry.slots(), specs, &rows.columns, usize::from(shard), rows.customers.len())?;
        Ok(rows)
    }
}
