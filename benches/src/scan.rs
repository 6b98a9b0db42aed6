//! One pass over all customers, in parallel over shards.

use anyhow::{Context, Result};
use perennial_files::LocalFiles;
use perennial_model::{CustomerId, EventKind, FixedClock, IdentityKind};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_timeline::{Columns, CustomerEvents, Snapshot, Timeline, TimelineOptions};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::Arc;

/// An opened data directory.
pub(crate) struct Base {
    pub(crate) snapshot: Snapshot,
    pub(crate) timeline: Timeline,
    numbers: FxHashMap<u64, u64>,
}

impl Base {
    pub(crate) async fn open(directory: &Path) -> Result<Self> {
        let store = Arc::new(SqlStore::open(directory).await?);
        let hot = Arc::new(SqlHotLog::open(directory).await?);
        let files = Arc::new(LocalFiles::open(directory)?);
        let timeline = Timeline::open(store, hot, files, Arc::new(FixedClock(0)), TimelineOptions::default()).await?;
        let snapshot = timeline.snapshot().await?;
        Ok(Self { snapshot, timeline, numbers: FxHashMap::default() })
    }

    /// Reads the log's own customer numbers of all customers: the questions break ties by them.
    pub(crate) fn load_numbers(&mut self) -> Result<()> {
        let step = |ids: &mut Vec<CustomerId>, events: &CustomerEvents<'_>| ids.push(events.customer);
        let ids = self.visit(Columns::BASE, i64::MAX, Vec::new, step)?.concat();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let bindings = runtime.block_on(self.timeline.store().identities_of(&ids))?;
        let members = bindings.into_iter().filter(|binding| binding.key.kind == IdentityKind::Member);
        self.numbers = members
            .map(|binding| Ok((binding.profile.0, binding.key.value.parse()?)))
            .collect::<Result<FxHashMap<u64, u64>>>()?;
        Ok(())
    }

    /// The log's own number of a customer, once they are loaded.
    pub(crate) fn number(&self, id: CustomerId) -> Option<u64> {
        self.numbers.get(&id.0).copied()
    }

    /// Visits every customer once; each shard has its own accumulator.
    pub(crate) fn visit<T: Send>(
        &self,
        columns: Columns,
        until_us: i64,
        start: impl Fn() -> T + Sync,
        step: impl Fn(&mut T, &CustomerEvents<'_>) + Sync,
    ) -> Result<Vec<T>> {
        (0..self.snapshot.shards())
            .into_par_iter()
            .map(|shard| {
                let mut accumulator = start();
                let mut scan = self.snapshot.scan(shard, columns, Some(until_us)).context("scan")?;
                while let Some(events) = scan.next()? {
                    step(&mut accumulator, &events);
                }
                Ok(accumulator)
            })
            .collect()
    }
}

/// Whether a stored kind is the header of an order, which the log itself does not hold.
pub(crate) const fn is_header(kind: u8) -> bool {
    kind == EventKind::Order as u8
}

/// Whether a stored kind is a line of an order: what the log calls a purchase.
pub(crate) const fn is_line(kind: u8) -> bool {
    kind == EventKind::OrderLine as u8
}
