//! One instant of the timeline, for readers.

use crate::hot::HotTail;
use crate::maintain::ADVICE;
use crate::rows::{Policy, RowMerge, RowQuery};
use crate::run::{GroupChoice, RunHandle, column, logical_schema};
use crate::scan::{Cursor, Wanted, properties};
use crate::timeline::Inner;
use crate::view::{State, View};
use crate::{Columns, Reads, ShardScan, Symbols, TimelineError};
use arrow::array::{Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use perennial_model::{CustomerId, PropertyType};
use std::sync::Arc;

/// Rows of a batch that SQL gets, at least, while there are more.
const EVENT_BATCH_ROWS: usize = 8 << 10;

/// What was visible at one instant. Cheap to clone; later writes do not change it, but files
/// replaced meanwhile go away after the grace period.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
    view: Arc<View>,
    tail: Arc<HotTail>,
    position: u64,
}

impl Snapshot {
    pub(crate) fn of(inner: &Arc<Inner>, state: &mut State) -> Self {
        Self {
            inner: Arc::clone(inner),
            view: Arc::clone(&state.view),
            tail: state.tail(),
            position: state.followers.position(),
        }
    }

    /// It holds every change up to this position of a [`crate::Feed`], and none after it.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// Number of shards.
    #[must_use]
    pub fn shards(&self) -> u16 {
        self.inner.meta.shards.get()
    }

    /// Words of this process.
    #[must_use]
    pub fn symbols(&self) -> &Arc<Symbols> {
        &self.inner.symbols
    }

    /// The customer to whom a profile belonged.
    #[must_use]
    pub fn customer_of(&self, profile: CustomerId) -> CustomerId {
        self.view.aliases.of(profile)
    }

    /// Rows stored, duplicates and invisible ones among them: an upper bound of the events.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.view.live().map(|run| run.record.rows).sum::<u64>() + self.tail.rows as u64
    }

    /// Latest time (UTC µs) of any row kept, replaced ones and those of damaged runs too: no visible
    /// event is later. `None` where there are no rows.
    #[must_use]
    pub fn latest_time_us(&self) -> Option<i64> {
        let runs = self.view.live().filter(|run| run.record.rows > 0).map(|run| run.record.max_time_us);
        let times = self.tail.batches.iter().filter_map(|hot| column::<Int64Array>(&hot.batch, "time").ok());
        runs.chain(times.filter_map(arrow::compute::max)).max()
    }

    /// Runs that do not answer, each with the reason: figures are incomplete while there are any.
    #[must_use]
    pub fn damaged(&self) -> Vec<String> {
        let list = &self.inner.source.damage;
        let quarantined = self
            .view
            .quarantined
            .iter()
            .map(|run| list.of(run.run_id).unwrap_or_else(|| format!("run {} is quarantined: {ADVICE}", run.file)));
        quarantined.chain(self.view.live().filter_map(|run| list.of(run.record.run_id))).collect()
    }

    /// Customers of a shard, ascending, each with all its events before `until_us` (exclusive), as far as
    /// they are asked for: [`Columns`] alone, or with properties as [`Reads`]. Blocks on files: call it and
    /// the scan on a blocking thread.
    ///
    /// # Errors
    /// When a file cannot be read; a damaged one is left out instead, see [`Self::damaged`].
    pub fn scan(&self, shard: u16, reads: impl Into<Reads>, until_us: Option<i64>) -> Result<ShardScan, TimelineError> {
        self.scan_groups(shard, &reads.into(), until_us, GroupChoice::All)
    }

    /// As [`Self::scan`] of the whole time, but only of parts that may hold the customers of these
    /// numbers, ascending; gives all of those that have events, and others too.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn scan_customers(
        &self,
        shard: u16,
        numbers: &[u64],
        reads: impl Into<Reads>,
    ) -> Result<ShardScan, TimelineError> {
        self.scan_groups(shard, &reads.into(), None, GroupChoice::Among(numbers.into()))
    }

    /// Rows stored of a shard, see [`Self::rows`].
    #[must_use]
    pub fn shard_rows(&self, shard: u16) -> u64 {
        let runs: u64 = self.view.shard(shard).iter().map(|run| run.record.rows).sum();
        runs + (self.tail.rows / usize::from(self.shards().max(1))) as u64
    }

    fn scan_groups(
        &self,
        shard: u16,
        reads: &Reads,
        until_us: Option<i64>,
        choice: GroupChoice,
    ) -> Result<ShardScan, TimelineError> {
        let hot = self.tail.shard(shard, &self.view.aliases)?;
        let runs = self.view.shard(shard);
        let Reads { columns, properties } = reads;
        let columns = columns.without(Columns::PROPERTIES.without(self.declared()));
        let wanted = Wanted { columns, deduplicate: hot.is_some() || !self.distinct(runs)? };
        let (symbols, batch_rows) = (&self.inner.symbols, self.inner.options.batch_rows);
        let mut cursors = Vec::with_capacity(runs.len() + 1);
        for run in runs {
            cursors.extend(Cursor::over_run(run, wanted, choice.clone(), batch_rows, symbols, properties)?);
        }
        if let Some(hot) = hot {
            cursors.push(Cursor::over_memory(hot.physical.clone(), hot.footer, wanted, symbols, properties)?);
        }
        Ok(ShardScan::new(shard, cursors, self.view.aliases.clone(), wanted, until_us))
    }

    /// Which of [`Columns::STORE`], [`Columns::STAFF`] and [`Columns::CATEGORY`] are declared; a scan
    /// does not read the others.
    #[must_use]
    pub fn declared(&self) -> Columns {
        let is_declared = |name: &str| {
            let mut specs = self.view.properties.iter();
            specs.any(|spec| spec.name == name && spec.property_type == PropertyType::Text)
        };
        let found = properties().filter(|(name, _)| is_declared(name));
        found.fold(Columns::BASE, |all, (_, column)| all.and(column))
    }

    /// Whether no message can come twice: one run, and it says so.
    fn distinct(&self, runs: &[Arc<RunHandle>]) -> Result<bool, TimelineError> {
        match runs {
            [] => Ok(true),
            [run] => Ok(run.open_if_sound()?.is_none_or(|open| open.footer.distinct)),
            _ => Ok(false),
        }
    }

    /// Columns of [`Self::event_batches`]: those of every event, then `p_<name>` of each declared property.
    #[must_use]
    pub fn event_schema(&self) -> SchemaRef {
        logical_schema(&self.view.properties)
    }

    /// Visible events of a shard before `until_us` (exclusive) as record batches of the columns
    /// `projection` (indices into [`Self::event_schema`]), by customer and time. Blocks on files.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn event_batches(
        &self,
        shard: u16,
        projection: &[usize],
        until_us: Option<i64>,
    ) -> Result<EventBatches, TimelineError> {
        self.events_among(shard, projection, until_us, GroupChoice::All)
    }

    pub(crate) fn events_among(
        &self,
        shard: u16,
        projection: &[usize],
        until_us: Option<i64>,
        choice: GroupChoice,
    ) -> Result<EventBatches, TimelineError> {
        let query = RowQuery {
            runs: self.view.shard(shard),
            hot: self.tail.shard(shard, &self.view.aliases)?,
            properties: &self.view.properties,
            projection: projection.to_vec(),
            aliases: self.view.aliases.clone(),
            policy: Policy::Events(until_us),
            choice,
            batch_rows: self.inner.options.batch_rows,
        };
        Ok(EventBatches { rows: query.open()?, ended: false })
    }
}

/// Visible events of one shard as record batches.
pub struct EventBatches {
    rows: RowMerge,
    ended: bool,
}

impl Iterator for EventBatches {
    type Item = Result<RecordBatch, TimelineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.rows.next_rows(EVENT_BATCH_ROWS).transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}
