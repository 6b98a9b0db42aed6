//! The live driver: the states of all customers in memory, advanced by what is appended.
//!
//! One thread owns a [`LiveTable`] and feeds it; readers hold its [`LiveColumns`]. What cannot be
//! advanced (a message that may have come before, an event older than the customer's tail, profiles
//! merged or parted, an erasure, an import) makes a customer or a shard *dirty*, and dirty ones are
//! read again from the timeline. So that nothing counts twice, what is read comes from a snapshot,
//! and the feed is taken up to that snapshot's position first: [`LiveTable::catch_up`] does both.

mod check;
mod columns;
mod lane;
mod memory;
mod mids;
mod page;
mod shard;
pub(crate) mod slim;
mod tail;

pub use columns::LiveColumns;
pub(crate) use columns::{FREE, Rows};
pub(crate) use lane::{Lane, LaneOf};
pub use memory::LiveMemory;
pub use page::{Page, PageFilter, PageQuery, PageSort};
pub(crate) use slim::Slim;

use crate::batch::Taken;
use crate::relative::Prepared;
use crate::{
    BatchResult, BatchStats, ColumnSpec, CustomerTable, FittedParameters, FoldError, Instant, Registry, RelativeSet,
};
use perennial_timeline::{Change, Columns, Feed, Reads, Snapshot};
use rayon::prelude::*;
use shard::{SWEPT_SLOTS, Shard, Shared};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Bounds of a live table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveOptions {
    /// More dirty customers of a shard than this and the whole shard is read in one pass.
    pub point_reads: usize,
    /// How long after its last event a customer's tail is kept, µs.
    pub tail_us: i64,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self { point_reads: 256, tail_us: 60_000_000 }
    }
}

/// What [`LiveTable::apply`] and [`LiveTable::catch_up`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Customers whose columns are new.
    pub customers: usize,
    /// Rows taken from the feed.
    pub rows: usize,
    /// Customers, and whole shards, that were read again from the timeline.
    pub reread: (usize, usize),
}

/// Where [`LiveTable::sweep_some`] goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepPlace {
    shard: usize,
    slot: usize,
}

impl SweepPlace {
    /// The shard that is swept next.
    #[must_use]
    pub const fn shard(self) -> usize {
        self.shard
    }
}

/// Whose columns were computed anew since this was asked last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Customers of each shard, by their numbers; who has gone is among them.
    pub customers: BTreeMap<usize, BTreeSet<u64>>,
    /// Shards that were read again as a whole.
    pub shards: BTreeSet<usize>,
}

/// All customers' states (see the module).
pub struct LiveTable {
    registry: Registry,
    relatives: RelativeSet,
    shards: Vec<Shard>,
    shared: Shared,
    columns: Arc<LiveColumns>,
    options: LiveOptions,
    fitted: Vec<FittedParameters>,
    /// For whoever follows the columns; none where nobody does.
    shown: Option<Shown>,
}

impl std::fmt::Debug for LiveTable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LiveTable").field("customers", &self.columns.len()).finish_non_exhaustive()
    }
}

impl LiveTable {
    /// Folds everything before the instant; what lies ahead follows when its time comes. Relative
    /// columns use the parameters given, or are fitted to what was folded. Blocks; uses rayon's
    /// global pool.
    ///
    /// # Errors
    /// What the timeline or the relatives say, [`FoldError::HeavyFold`], [`FoldError::InUse`].
    pub fn load(
        snapshot: &Snapshot,
        mut registry: Registry,
        relatives: RelativeSet,
        fitted: Option<&[FittedParameters]>,
        instant: &Instant,
        options: LiveOptions,
    ) -> Result<Self, FoldError> {
        registry.bind(snapshot.symbols())?;
        registry.refuse_heavy_columns()?;
        let own = registry.specs().len();
        let specs = relatives.specs_after(registry.specs())?;
        let columns = Arc::new(LiveColumns::new(specs.clone(), snapshot.shards()));
        let whole = (0..snapshot.shards()).into_par_iter();
        let whole = whole.map(|shard| read_shard(snapshot, shard, &registry, &specs, instant));
        let read: Vec<(Shard, Rows)> = whole.collect::<Result<_, _>>()?;
        let shared = Shared { plan: registry.plan(), specs, own, relatives: Prepared::default() };
        let mut live =
            Self { registry, relatives, shards: Vec::new(), shared, columns, options, fitted: Vec::new(), shown: None };
        for (number, (shard, rows)) in read.into_iter().enumerate() {
            live.shards.push(shard);
            put_rows(&live.columns, number, rows);
        }
        match fitted {
            Some(fitted) => live.use_parameters(fitted, instant)?,
            None => drop(live.refit(instant)?),
        }
        Ok(live)
    }

    /// Folds everything anew, as [`Self::load`] does, with a few shards twice in memory at a time. Readers
    /// of [`Self::columns`] see each shard's new values as soon as it is read; where there are other
    /// columns than before they are another object. Blocks; uses rayon's global pool.
    ///
    /// # Errors
    /// As [`Self::load`]; then the table cannot be trusted before this was done again.
    pub fn reload(
        &mut self,
        snapshot: &Snapshot,
        mut registry: Registry,
        relatives: RelativeSet,
        instant: &Instant,
    ) -> Result<(), FoldError> {
        let specs = relatives.specs_after(registry.specs())?;
        if specs != self.shared.specs || usize::from(snapshot.shards()) != self.shards.len() {
            self.shards.clear();
            let shown = self.shown.take();
            *self = Self::load(snapshot, registry, relatives, None, instant, self.options)?;
            self.shown = shown;
            return Ok(());
        }
        registry.bind(snapshot.symbols())?;
        registry.refuse_heavy_columns()?;
        self.shared.plan = registry.plan();
        let together = rayon::current_num_threads().max(1);
        for first in (0..self.shards.len()).step_by(together) {
            let (shared, columns) = (&self.shared, &self.columns);
            let some = self.shards.iter_mut().zip(0_u16..).skip(first).take(together);
            let some: Vec<(&mut Shard, u16)> = some.collect();
            some.into_par_iter().try_for_each(|(shard, number)| {
                // What was is given back first.
                *shard = Shard::new(number, &registry, 0);
                let (fresh, mut rows) = read_shard(snapshot, number, &registry, &specs, instant)?;
                *shard = fresh;
                shard.show_all(&mut rows, shared, instant);
                put_rows(columns, usize::from(number), rows);
                Ok::<(), FoldError>(())
            })?;
        }
        (self.registry, self.relatives) = (registry, relatives);
        self.refit(instant).map(drop)
    }

    /// The customer table, for readers.
    #[must_use]
    pub const fn columns(&self) -> &Arc<LiveColumns> {
        &self.columns
    }

    /// The parameters that relative columns are computed with.
    #[must_use]
    pub fn fitted(&self) -> &[FittedParameters] {
        &self.fitted
    }

    /// From now on [`Self::take_shown`] tells whose columns are new.
    pub fn follow(&mut self) {
        self.shown.get_or_insert_default();
    }

    /// Whose columns [`Self::apply`] and [`Self::catch_up`] computed anew since this was asked last; nobody
    /// before [`Self::follow`]. A sweep and a reload compute everybody's.
    pub fn take_shown(&mut self) -> Shown {
        self.shown.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Customers, and whole shards, that are to be read again.
    #[must_use]
    pub fn dirty(&self) -> (usize, usize) {
        let shards = self.shards.iter().filter(|shard| shard.stale).count();
        (self.shards.iter().map(|shard| shard.dirty.len()).sum(), shards)
    }

    /// Takes what the feed has. Columns of the customers touched are new when it returns; dirty ones
    /// wait for [`Self::catch_up`].
    ///
    /// # Errors
    /// When rows do not decode.
    pub fn apply(&mut self, feed: &Feed, instant: &Instant) -> Result<Applied, FoldError> {
        let mut applied = self.take(feed.take(), instant)?;
        applied.customers = self.show(instant);
        Ok(applied)
    }

    /// Takes the feed up to a snapshot and reads all dirty customers again from it.
    ///
    /// # Errors
    /// What the timeline says; the dirty ones stay dirty.
    pub fn catch_up(&mut self, feed: &Feed, snapshot: &Snapshot, instant: &Instant) -> Result<Applied, FoldError> {
        let mut applied = self.take(feed.take_through(snapshot.position()), instant)?;
        for shard in &mut self.shards {
            shard.come_due(instant);
        }
        applied.reread = self.read_dirty(snapshot, instant)?;
        applied.customers = self.show(instant);
        Ok(applied)
    }

    /// Finishes every customer anew as of an instant: what time alone changes, and the summaries. The
    /// table of the result is empty: readers have [`Self::columns`]; heavy folds have no summary in it.
    /// Uses rayon's global pool.
    ///
    /// # Errors
    /// [`FoldError::UnevenColumn`] and the like.
    pub fn sweep(&mut self, instant: &Instant) -> Result<BatchResult, FoldError> {
        let started = std::time::Instant::now();
        let (columns, shared) = (&self.columns, &self.shared);
        let before_us = instant.as_of_us.saturating_sub(self.options.tail_us);
        let swept = self.shards.par_iter_mut().enumerate().map(|(number, shard)| {
            shard.drop_tails(before_us);
            sweep_shard(columns, number, shard, shared, instant)
        });
        let parts: Vec<(usize, Parts)> = swept.collect();
        let stats = BatchStats {
            customers: parts.iter().map(|(customers, _)| *customers as u64).sum(),
            wall_s: started.elapsed().as_secs_f64(),
            ..BatchStats::default()
        };
        let parts = parts.into_iter().flat_map(|(_, parts)| parts).collect();
        let mut summaries = self.registry.merge_summaries(parts)?;
        for (summary, _) in summaries.iter_mut().zip(self.registry.heavy()).filter(|(_, heavy)| *heavy) {
            *summary = Box::new(Taken);
        }
        Ok(BatchResult { table: CustomerTable::default(), stats, summaries })
    }

    /// Finishes the next few thousand customers anew, as [`Self::sweep`] does all of them, so that new
    /// events need not wait for it. `from` begins at its default; none when everybody was finished.
    #[must_use]
    pub fn sweep_some(&mut self, from: SweepPlace, instant: &Instant) -> Option<SweepPlace> {
        let SweepPlace { shard: number, slot } = from;
        let shard = self.shards.get_mut(number)?;
        if slot == 0 {
            shard.drop_tails(instant.as_of_us.saturating_sub(self.options.tail_us));
        }
        let swept = sweep_slots(&self.columns, number, shard, slot, &self.shared, instant);
        // What these add to the summaries is theirs for the second time.
        drop(shard.take_summaries());
        Some(match swept {
            Some(_) => SweepPlace { shard: number, slot: slot + SWEPT_SLOTS },
            None => SweepPlace { shard: number + 1, slot: 0 },
        })
    }

    /// Fits the relatives to the customers as they are and uses what comes out.
    ///
    /// # Errors
    /// As [`RelativeSet::fit`].
    pub fn refit(&mut self, instant: &Instant) -> Result<Vec<FittedParameters>, FoldError> {
        self.shared.relatives = Prepared::default();
        self.sweep(instant)?;
        let mut table = self.columns.part(|place, spec| place < self.shared.own && self.relatives.fits(spec.name));
        let fitted = self.relatives.fit(&mut table, instant)?;
        drop(table);
        self.use_parameters(&fitted, instant)?;
        Ok(fitted)
    }

    /// Uses parameters fitted before.
    ///
    /// # Errors
    /// As [`RelativeSet::compute`].
    pub fn use_parameters(&mut self, fitted: &[FittedParameters], instant: &Instant) -> Result<(), FoldError> {
        self.shared.relatives = self.relatives.prepare(fitted)?;
        self.fitted = fitted.to_vec();
        self.sweep(instant).map(drop)
    }

    fn take(&mut self, changes: Vec<Change>, instant: &Instant) -> Result<Applied, FoldError> {
        let mut applied = Applied::default();
        for change in changes {
            match change {
                Change::Appended(events) => {
                    applied.rows += events.rows();
                    let reads = reads(&self.registry);
                    for (number, shard) in (0_u16..).zip(&mut self.shards) {
                        let Some(mut scan) = events.scan(number, &reads)? else { continue };
                        let Some(mut rows) = self.columns.write(usize::from(number)) else { continue };
                        shard.apply(&mut rows, &mut scan, instant)?;
                    }
                }
                Change::Shards(shards) => {
                    for number in shards {
                        if let Some(shard) = self.shards.get_mut(usize::from(number)) {
                            shard.stale = true;
                        }
                    }
                }
                Change::Customers(customers) => {
                    for customer in customers {
                        if let Some(shard) = self.shards.get_mut(usize::from(customer.shard())) {
                            shard.dirty.insert(customer.number());
                        }
                    }
                }
            }
        }
        Ok(applied)
    }

    fn show(&mut self, instant: &Instant) -> usize {
        let mut customers = 0;
        for (number, shard) in self.shards.iter_mut().enumerate().filter(|(_, shard)| shard.is_touched()) {
            let Some(mut rows) = self.columns.write(number) else { continue };
            let numbers = shard.show(&mut rows, &self.shared, instant);
            customers += numbers.len();
            if let Some(shown) = &mut self.shown {
                shown.customers.entry(number).or_default().extend(numbers);
            }
        }
        customers
    }

    fn read_dirty(&mut self, snapshot: &Snapshot, instant: &Instant) -> Result<(usize, usize), FoldError> {
        let mut reread = (0, 0);
        for number in 0..snapshot.shards() {
            let Some(shard) = self.shards.get(usize::from(number)) else { continue };
            if shard.stale || shard.dirty.len() > self.options.point_reads {
                let (fresh, mut rows) = read_shard(snapshot, number, &self.registry, &self.shared.specs, instant)?;
                let Some(place) = self.shards.get_mut(usize::from(number)) else { continue };
                *place = fresh;
                place.show_all(&mut rows, &self.shared, instant);
                put_rows(&self.columns, usize::from(number), rows);
                if let Some(shown) = &mut self.shown {
                    shown.shards.insert(usize::from(number));
                }
                reread.1 += 1;
            } else if !shard.dirty.is_empty() {
                reread.0 += shard.dirty.len();
                self.read_customers(snapshot, number, instant)?;
            }
        }
        Ok(reread)
    }

    fn read_customers(&mut self, snapshot: &Snapshot, number: u16, instant: &Instant) -> Result<(), FoldError> {
        let reads = reads(&self.registry);
        let Some(shard) = self.shards.get_mut(usize::from(number)) else { return Ok(()) };
        let wanted: Vec<u64> = shard.dirty.iter().copied().collect();
        let mut missing = shard.dirty.clone();
        let mut scan = snapshot.scan_customers(number, &wanted, reads)?;
        while let Some(events) = scan.next()? {
            if missing.remove(&events.customer.number())
                && let Some(mut rows) = self.columns.write(usize::from(number))
            {
                shard.read_again(&mut rows, &events, instant);
            }
        }
        if let Some(mut rows) = self.columns.write(usize::from(number)) {
            missing.iter().for_each(|gone| shard.forget(&mut rows, *gone));
        }
        if let Some(shown) = &mut self.shown {
            shown.customers.entry(usize::from(number)).or_default().extend(missing);
        }
        shard.dirty.clear();
        Ok(())
    }
}

fn put_rows(columns: &LiveColumns, shard: usize, rows: Rows) {
    if let Some(mut place) = columns.write(shard) {
        *place = rows;
    }
}

/// What a live table reads of each event.
fn reads(registry: &Registry) -> Reads {
    let columns = registry.reads().and(Columns::MID).and(Columns::RECEIVED);
    Reads { columns, properties: Arc::clone(registry.properties()) }
}

fn read_shard(
    snapshot: &Snapshot,
    number: u16,
    registry: &Registry,
    specs: &[ColumnSpec],
    instant: &Instant,
) -> Result<(Shard, Rows), FoldError> {
    let mut shard = Shard::new(number, registry, snapshot.shard_rows(number));
    let mut rows = Rows::new(specs);
    let mut scan = snapshot.scan(number, reads(registry), None)?;
    shard.load(&mut rows, &mut scan, instant)?;
    Ok((shard, rows))
}

/// The summaries of a shard's customers, and of those nobody could be found for.
type Parts = Vec<Vec<Box<dyn Any + Send>>>;

fn sweep_shard(
    columns: &LiveColumns,
    number: usize,
    shard: &mut Shard,
    shared: &Shared,
    instant: &Instant,
) -> (usize, Parts) {
    let (mut customers, mut first) = (0, 0);
    while let Some(swept) = sweep_slots(columns, number, shard, first, shared, instant) {
        customers += swept;
        first += SWEPT_SLOTS;
    }
    (customers, std::iter::once(shard.take_summaries()).chain(shard.nobodys(instant)).collect())
}

/// Finishes the next customers of a shard; how many, `None` past the last.
fn sweep_slots(
    columns: &LiveColumns,
    number: usize,
    shard: &mut Shard,
    first: usize,
    shared: &Shared,
    instant: &Instant,
) -> Option<usize> {
    // This thread alone writes: others may read while these are finished.
    let (slots, finished) = shard.sweep(&*columns.read(number)?, first, shared, instant)?;
    columns.write(number)?.put(&slots, &finished);
    Some(slots.len())
}

impl LiveColumns {
    /// The table with some of the columns, each shard in no order.
    fn part(&self, wanted: impl Fn(usize, &ColumnSpec) -> bool) -> CustomerTable {
        let specs = self.specs().iter().enumerate();
        let places: Vec<usize> = specs.filter(|(place, spec)| wanted(*place, spec)).map(|(place, _)| place).collect();
        let shards = (0..self.shards()).map(|shard| self.shard(shard, &places)).collect();
        CustomerTable { specs: places.iter().map(|place| self.specs()[*place].clone()).collect(), shards }
    }
}

impl RelativeSet {
    /// Own columns, then those of the relatives.
    pub fn specs_after(&self, own: &[ColumnSpec]) -> Result<Vec<ColumnSpec>, FoldError> {
        let mut specs = own.to_vec();
        for (name, columns) in self.columns() {
            crate::registry::add_specs(&mut specs, name, columns)?;
        }
        Ok(specs)
    }
}
