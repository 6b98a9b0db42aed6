//! Reads a shard customer by customer, all runs at once.

mod apart;
mod block;
mod cursor;
mod decoded;
mod gather;
mod words;

pub(crate) use cursor::Cursor;
pub(crate) use decoded::{Wanted, properties};

use crate::aliases::Aliases;
use crate::run::RunHandle;
use crate::{Columns, CustomerEvents, Properties, Symbol, TimelineError};
use block::{Block, Rules};
use cursor::END;
use gather::Gather;
use perennial_model::CustomerId;
use std::ops::Range;
use std::sync::Arc;

/// Customers of one shard with their events, ascending.
pub struct ShardScan {
    shard: u16,
    cursors: Vec<Cursor>,
    heads: Vec<u64>,
    aliases: Aliases,
    wanted: Wanted,
    until: Option<i64>,
    gather: Gather,
    block: Block,
    lent: Option<(usize, usize)>,
    /// Proven of these runs when the scan ends, unless the block or the gathering disproved it.
    proving: Vec<Arc<RunHandle>>,
    failed: Option<TimelineError>,
}

/// Where a customer's settled rows are.
enum Place {
    /// Straight in a cursor's batch.
    Batch(usize, Range<usize>),
    Gathered,
    Block(Range<usize>),
}

impl ShardScan {
    pub(crate) fn new(
        shard: u16,
        mut cursors: Vec<Cursor>,
        aliases: Aliases,
        mut wanted: Wanted,
        until: Option<i64>,
    ) -> Self {
        wanted.deduplicate = wanted.deduplicate && !apart::known(&cursors);
        let mut proving = if wanted.deduplicate && aliases.is_empty() { apart::provable(&cursors) } else { Vec::new() };
        let mut failed = None;
        for cursor in &mut cursors {
            let answers = cursor.begin(wanted).unwrap_or_else(|error| {
                failed = Some(error);
                false
            });
            if !answers {
                proving.clear();
            }
        }
        let heads = cursors.iter().map(Cursor::head).collect();
        let apart = !proving.is_empty();
        Self {
            shard,
            cursors,
            heads,
            aliases,
            wanted,
            until,
            gather: Gather::new(apart),
            block: Block::new(apart),
            lent: None,
            proving,
            failed,
        }
    }

    /// The next customer that has events; `None` at the end.
    ///
    /// # Errors
    /// [`TimelineError::DamagedRun`] when a run changed under the scan: take a new snapshot, which
    /// leaves it out, and scan again.
    #[expect(clippy::should_implement_trait, reason = "it lends what it yields, which Iterator cannot")]
    pub fn next(&mut self) -> Result<Option<CustomerEvents<'_>>, TimelineError> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        self.release()?;
        let (number, place) = loop {
            if let Some((number, range)) = self.settled_together() {
                break (number, Place::Block(range));
            }
            let (number, holders) = self.lowest();
            if number == END {
                if self.block.apart && self.gather.apart {
                    apart::remember(&std::mem::take(&mut self.proving));
                }
                return Ok(None);
            }
            let customer = CustomerId::new(self.shard, number);
            if !self.aliases.is_empty() && self.aliases.of(customer) != customer {
                self.skip(number)?;
                continue;
            }
            let place = match self.straight(holders) {
                Some(place) => place,
                None => self.collect(number)?,
            };
            if !self.is_empty(&place) {
                break (number, place);
            }
            self.release()?;
        };
        Ok(Some(self.lend(CustomerId::new(self.shard, number), place)))
    }

    /// The next of many customers settled together; `None` where one must be settled alone,
    /// because it may go on in a cursor's next batch.
    #[inline]
    fn settled_together(&mut self) -> Option<(u64, Range<usize>)> {
        if self.cursors.len() < 2 {
            return None;
        }
        if let Some(next) = self.block.take() {
            return Some(next);
        }
        let (aliases, wanted) = (&self.aliases, self.wanted);
        let rules = Rules { shard: self.shard, aliases, wanted, until: self.until };
        self.block.fill(&mut self.cursors, &mut self.heads, &rules);
        self.block.take()
    }

    /// Moves past the batch rows lent last.
    fn release(&mut self) -> Result<(), TimelineError> {
        let Some((index, end)) = self.lent.take() else { return Ok(()) };
        self.advance(index, end)
    }

    fn advance(&mut self, index: usize, end: usize) -> Result<(), TimelineError> {
        let (Some(cursor), Some(head)) = (self.cursors.get_mut(index), self.heads.get_mut(index)) else {
            return Ok(());
        };
        let moved = cursor.advance(end);
        *head = cursor.head();
        if moved.is_err() {
            self.proving.clear();
        }
        moved
    }

    /// The lowest number, and the only cursor at it if it is one.
    fn lowest(&self) -> (u64, Option<usize>) {
        let mut lowest = (END, None);
        for (index, head) in self.heads.iter().enumerate() {
            if *head < lowest.0 {
                lowest = (*head, Some(index));
            } else if *head == lowest.0 {
                lowest.1 = None;
            }
        }
        lowest
    }

    fn skip(&mut self, number: u64) -> Result<(), TimelineError> {
        for index in 0..self.cursors.len() {
            while let Some((_, range)) = self.segment(index, number) {
                self.advance(index, range.end)?;
            }
        }
        Ok(())
    }

    /// Rows of a customer in a cursor's batch, if it stands at that customer.
    #[inline]
    fn segment(&self, index: usize, number: u64) -> Option<(&Cursor, Range<usize>)> {
        if self.heads.get(index) != Some(&number) {
            return None;
        }
        let cursor = self.cursors.get(index)?;
        Some((cursor, cursor.at..cursor.batch.end_of(cursor.at)))
    }

    /// The rows as they are in a batch, where nothing needs to change: one run holds the customer,
    /// whole within the batch, all rows are visible and no message comes twice.
    fn straight(&mut self, holder: Option<usize>) -> Option<Place> {
        let index = holder?;
        let cursor = self.cursors.get(index)?;
        let start = cursor.at;
        let end = cursor.batch.end_of(start);
        if end == cursor.batch.rows() || !cursor.batch.profile.is_empty() {
            return None;
        }
        if self.wanted.deduplicate && !cursor.distinct() && !self.gather.distinct(cursor.batch.mid.get(start..end)?) {
            return None;
        }
        self.lent = Some((index, end));
        let times = cursor.batch.time.get(start..end)?;
        let kept = self.until.map_or(times.len(), |until| times.partition_point(|time| *time < until));
        Some(Place::Batch(index, start..start + kept))
    }

    /// The rows of all cursors that stand at a customer, settled.
    fn collect(&mut self, number: u64) -> Result<Place, TimelineError> {
        let customer = CustomerId::new(self.shard, number);
        self.gather.rows.clear();
        for index in 0..self.cursors.len() {
            while self.heads.get(index) == Some(&number) {
                let Some(cursor) = self.cursors.get(index) else { break };
                let (start, end) = (cursor.at, cursor.batch.end_of(cursor.at));
                if cursor.batch.profile.is_empty() {
                    self.gather.rows.add(&cursor.batch, &(start..end));
                } else {
                    let profiles: &[u64] = &cursor.batch.profile;
                    for row in start..end {
                        if profiles.get(row).is_some_and(|own| self.aliases.of(CustomerId(*own)) == customer) {
                            self.gather.rows.add(&cursor.batch, &(row..row + 1));
                        }
                    }
                }
                self.advance(index, end)?;
            }
        }
        self.gather.settle(self.wanted, self.until);
        Ok(Place::Gathered)
    }

    fn is_empty(&self, place: &Place) -> bool {
        match place {
            Place::Batch(_, range) => range.is_empty(),
            Place::Block(range) => range.is_empty(),
            Place::Gathered => self.gather.settled().len() == 0,
        }
    }

    fn lend(&self, customer: CustomerId, place: Place) -> CustomerEvents<'_> {
        match place {
            Place::Gathered => {
                let rows = self.gather.settled();
                rows.events(customer, 0..rows.len(), self.wanted.columns)
            }
            Place::Block(range) => self.block.rows().events(customer, range, self.wanted.columns),
            Place::Batch(index, range) => self.lend_batch(customer, index, range),
        }
    }

    fn lend_batch(&self, customer: CustomerId, index: usize, range: Range<usize>) -> CustomerEvents<'_> {
        let batch = self.cursors.get(index).map(|cursor| &cursor.batch);
        let columns = self.wanted.columns;
        let words = |at: usize| -> &[Symbol] {
            batch.and_then(|batch| batch.words.get(at)?.get(range.clone())).unwrap_or_default()
        };
        macro_rules! slice {
            ($column:ident) => {
                batch.and_then(|batch| batch.$column.get(range.clone())).unwrap_or_default()
            };
        }
        CustomerEvents {
            customer,
            time_us: slice!(time),
            kind: slice!(kind),
            mid: if columns.has(Columns::MID) { slice!(mid) } else { &[] },
            name: words(0),
            order: slice!(order),
            item: words(1),
            quantity_milli: slice!(quantity),
            value_minor: slice!(value),
            channel: words(2),
            source: words(3),
            campaign: words(4),
            store: words(5),
            staff: words(6),
            category: words(7),
            received_us: if columns.has(Columns::RECEIVED) { slice!(received) } else { &[] },
            properties: batch.map_or_else(Properties::default, |batch| Properties::new(&batch.properties, &range)),
        }
    }
}
