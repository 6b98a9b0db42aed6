//! Whole rows of a shard, all runs at once: for merges of runs, moves of profiles, and SQL.

use crate::TimelineError;
use crate::aliases::Aliases;
use crate::dedup::{MidTable, Version};
use crate::hot::HotShard;
use crate::run::{Footer, GroupChoice, LogicalColumns, RunBatches, RunHandle, column, to_logical};
use arrow::array::{Array, Int64Array, RecordBatch, UInt8Array, UInt64Array};
use arrow::buffer::ScalarBuffer;
use arrow::compute::interleave_record_batch;
use perennial_model::{CustomerId, PropertySpec};
use std::cmp::Ordering;
use std::sync::Arc;

/// Columns that decide which rows count and where they stand.
const KEYS: [&str; 6] = ["customer", "profile", "mid", "kind", "time", "received"];

/// Which visible rows a reader gets.
#[derive(Debug, Clone)]
pub(crate) enum Policy {
    /// Each event once, before the instant (exclusive): what SQL sees.
    Events(Option<i64>),
    /// Rows that may count under any later aliases: of the rows of one profile with one mid only
    /// that which beats the others. Rows of another profile stay, because a merge can be undone.
    Survivors,
    /// Of those, the rows of these profiles (sorted).
    Profiles(Vec<CustomerId>),
}

/// One decoded batch with its keys as slices.
struct Loaded {
    batch: RecordBatch,
    customer: ScalarBuffer<u64>,
    profile: ScalarBuffer<u64>,
    mid: ScalarBuffer<u64>,
    kind: ScalarBuffer<u8>,
    time: ScalarBuffer<i64>,
    received: ScalarBuffer<i64>,
    rest: [Option<Arc<dyn Array>>; 3],
}

impl Loaded {
    fn new(batch: RecordBatch) -> Result<Self, TimelineError> {
        let unsigned = |name| Ok::<_, TimelineError>(column::<UInt64Array>(&batch, name)?.values().clone());
        let signed = |name| Ok::<_, TimelineError>(column::<Int64Array>(&batch, name)?.values().clone());
        Ok(Self {
            customer: unsigned("customer")?,
            profile: unsigned("profile")?,
            mid: unsigned("mid")?,
            kind: column::<UInt8Array>(&batch, "kind")?.values().clone(),
            time: signed("time")?,
            received: signed("received")?,
            rest: ["value_minor", "quantity_milli", "order_key"].map(|name| batch.column_by_name(name).cloned()),
            batch,
        })
    }

    fn candidate(&self, batch: usize, row: usize) -> Option<Candidate> {
        Some(Candidate {
            time: *self.time.get(row)?,
            mid: *self.mid.get(row)?,
            profile: *self.profile.get(row)?,
            kind: *self.kind.get(row)?,
            received: *self.received.get(row)?,
            batch,
            row,
        })
    }
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    time: i64,
    mid: u64,
    profile: u64,
    kind: u8,
    received: i64,
    batch: usize,
    row: usize,
}

enum Source {
    Run { batches: Box<RunBatches>, footer: Footer },
    Memory(Option<RecordBatch>),
}

struct Cursor {
    source: Source,
    /// Its batch among those loaded; `None` at the end.
    batch: Option<usize>,
    at: usize,
}

/// Merges the rows of several runs of one shard, by customer.
pub(crate) struct RowMerge {
    cursors: Vec<Cursor>,
    loaded: Vec<Loaded>,
    wanted: LogicalColumns,
    /// How many of the columns the caller asked for; the rest are keys.
    asked: usize,
    aliases: Aliases,
    policy: Policy,
    mids: MidTable,
    candidates: Vec<Candidate>,
}

/// What a [`RowMerge`] reads.
pub(crate) struct RowQuery<'a> {
    pub(crate) runs: &'a [Arc<RunHandle>],
    pub(crate) hot: Option<&'a HotShard>,
    pub(crate) properties: &'a [PropertySpec],
    /// Indices into the logical schema.
    pub(crate) projection: Vec<usize>,
    pub(crate) aliases: Aliases,
    pub(crate) policy: Policy,
    pub(crate) choice: GroupChoice,
    pub(crate) batch_rows: usize,
}

impl RowQuery<'_> {
    pub(crate) fn open(mut self) -> Result<RowMerge, TimelineError> {
        let all = LogicalColumns::all(self.properties);
        let asked = self.projection.len();
        for key in KEYS {
            let index = all.schema.index_of(key).map_err(TimelineError::codec("find a key column"))?;
            if !self.projection.contains(&index) {
                self.projection.push(index);
            }
        }
        let wanted = LogicalColumns::new(self.properties, &self.projection)?;
        let mut cursors = Vec::new();
        for handle in self.runs {
            let Some(run) = handle.open_if_sound()? else { continue };
            let (footer, columns) = (run.footer, wanted.physical(run.metadata.schema()));
            let batches = match RunBatches::new(Arc::clone(handle), run, &columns, self.choice.clone(), self.batch_rows)
            {
                // What writes rows anew must know of it: these rows would be lost.
                Err(error) if error.leaves_out_a_run() && matches!(self.policy, Policy::Events(_)) => continue,
                batches => batches?,
            };
            cursors.push(Cursor { source: Source::Run { batches: Box::new(batches), footer }, batch: None, at: 0 });
        }
        if let Some(hot) = self.hot {
            let full = crate::run::with_properties(&hot.logical, self.properties)?;
            let rows = full.project(&self.projection).map_err(TimelineError::codec("project hot events"))?;
            cursors.push(Cursor { source: Source::Memory(Some(rows)), batch: None, at: 0 });
        }
        let mut merge = RowMerge {
            cursors,
            loaded: Vec::new(),
            wanted,
            asked,
            aliases: self.aliases,
            policy: self.policy,
            mids: MidTable::default(),
            candidates: Vec::new(),
        };
        (0..merge.cursors.len()).try_for_each(|index| merge.load(index))?;
        Ok(merge)
    }
}

impl RowMerge {
    /// At least `least` rows, whole customers only, fewer at the end; `None` after it.
    pub(crate) fn next_rows(&mut self, least: usize) -> Result<Option<RecordBatch>, TimelineError> {
        let mut picked: Vec<(usize, usize)> = Vec::with_capacity(least);
        while picked.len() < least {
            let Some(customer) = self.lowest() else { break };
            self.collect(customer)?;
            self.settle();
            picked.extend(self.candidates.iter().map(|row| (row.batch, row.row)));
        }
        if picked.is_empty() {
            return Ok(None);
        }
        let batches: Vec<&RecordBatch> = self.loaded.iter().map(|loaded| &loaded.batch).collect();
        let rows = interleave_record_batch(&batches, &picked).map_err(TimelineError::codec("merge rows"))?;
        let asked: Vec<usize> = (0..self.asked).collect();
        self.forget();
        rows.project(&asked).map(Some).map_err(TimelineError::codec("merge rows"))
    }

    fn head(&self, cursor: &Cursor) -> Option<u64> {
        self.loaded.get(cursor.batch?)?.customer.get(cursor.at).copied()
    }

    fn lowest(&self) -> Option<u64> {
        self.cursors.iter().filter_map(|cursor| self.head(cursor)).min()
    }

    fn load(&mut self, index: usize) -> Result<(), TimelineError> {
        let Some(cursor) = self.cursors.get_mut(index) else { return Ok(()) };
        let next = match &mut cursor.source {
            Source::Run { batches, footer } => match batches.next()? {
                Some(stored) => Some(to_logical(&stored, footer, &self.wanted)?),
                None => None,
            },
            Source::Memory(rows) => rows.take(),
        };
        cursor.at = 0;
        cursor.batch = next.as_ref().map(|_| self.loaded.len());
        self.loaded.extend(next.map(Loaded::new).transpose()?);
        Ok(())
    }

    /// Visible rows of a customer become the candidates.
    fn collect(&mut self, customer: u64) -> Result<(), TimelineError> {
        self.candidates.clear();
        for index in 0..self.cursors.len() {
            while let Some((batch, at)) = self.position(index, customer) {
                let Some(loaded) = self.loaded.get(batch) else { break };
                let numbers = loaded.customer.get(at..).unwrap_or_default();
                let end = at + numbers.iter().position(|number| *number != customer).unwrap_or(numbers.len());
                let rows = (at..end).filter_map(|row| loaded.candidate(batch, row));
                let visible = rows.filter(|row| self.aliases.of(CustomerId(row.profile)).0 == customer);
                self.candidates.extend(visible);
                let exhausted = end >= loaded.customer.len();
                if let Some(cursor) = self.cursors.get_mut(index) {
                    cursor.at = end;
                }
                if exhausted {
                    self.load(index)?;
                }
            }
        }
        Ok(())
    }

    fn position(&self, index: usize, customer: u64) -> Option<(usize, usize)> {
        let cursor = self.cursors.get(index)?;
        (self.head(cursor)? == customer).then_some((cursor.batch?, cursor.at))
    }

    /// The candidates that count, sorted by (time, mid).
    fn settle(&mut self) {
        if let Policy::Profiles(profiles) = &self.policy {
            self.candidates.retain(|row| profiles.binary_search(&CustomerId(row.profile)).is_ok());
        }
        self.drop_duplicates();
        if let Policy::Events(Some(until)) = self.policy {
            self.candidates.retain(|row| row.time < until);
        }
        self.candidates.sort_by_key(|row| (row.time, row.mid, row.received));
    }

    fn drop_duplicates(&mut self) {
        self.mids.clear();
        let all = self.candidates.len();
        let distinct = self.candidates.iter().zip(0..).all(|(row, at)| self.mids.insert(row.mid, at).is_none());
        if distinct {
            return;
        }
        let candidates = std::mem::take(&mut self.candidates);
        let mut order: Vec<u32> = (0..all as u32).collect();
        let row = |index: &u32| candidates.get(*index as usize);
        let by_profile = !matches!(self.policy, Policy::Events(_));
        let group = |index: &u32| row(index).map(|row| (row.mid, if by_profile { row.profile } else { 0 }));
        order.sort_by(|one, other| {
            let versions = row(one).zip(row(other)).map(|(one, other)| self.version(one).rank(&self.version(other)));
            group(one).cmp(&group(other)).then(versions.unwrap_or(Ordering::Equal))
        });
        let mut kept: Vec<Candidate> = Vec::with_capacity(all);
        for candidate in order.iter().filter_map(row) {
            let beaten = kept.last().is_some_and(|last| {
                last.mid == candidate.mid
                    && (!by_profile || last.profile == candidate.profile && self.settled(last, candidate))
            });
            if !beaten {
                kept.push(*candidate);
            }
        }
        self.candidates = kept;
    }

    /// Whether the later of two versions, in the order of their rank, can never count: a tie that
    /// only columns decide which some readers do not read is left to them.
    fn settled(&self, first: &Candidate, later: &Candidate) -> bool {
        let decided = (first.kind, first.received, first.time) != (later.kind, later.received, later.time);
        decided || self.version(first) == self.version(later)
    }

    fn version(&self, row: &Candidate) -> Version {
        let loaded = self.loaded.get(row.batch);
        let number = |column: &Option<Arc<dyn Array>>| {
            let column = column.as_ref().filter(|column| !column.is_null(row.row));
            let any = column.map(|column| column.as_any());
            let signed = any.and_then(|any| any.downcast_ref::<Int64Array>()).map(|values| values.value(row.row));
            let unsigned = any.and_then(|any| any.downcast_ref::<UInt64Array>());
            signed.or_else(|| unsigned.map(|values| values.value(row.row) as i64))
        };
        let [value, quantity, order] = loaded.map_or([None; 3], |loaded| loaded.rest.each_ref().map(number));
        let rest = [value.unwrap_or(crate::NONE), quantity.unwrap_or(crate::NONE), order.unwrap_or(0)];
        Version { kind: row.kind, received: row.received, time: row.time, rest }
    }

    /// Drops batches that no cursor stands in.
    fn forget(&mut self) {
        let mut kept = Vec::with_capacity(self.cursors.len());
        let mut old: Vec<Option<Loaded>> = std::mem::take(&mut self.loaded).into_iter().map(Some).collect();
        for cursor in &mut self.cursors {
            let loaded = cursor.batch.and_then(|index| old.get_mut(index)?.take());
            cursor.batch = loaded.as_ref().map(|_| kept.len());
            kept.extend(loaded);
        }
        self.loaded = kept;
    }
}
