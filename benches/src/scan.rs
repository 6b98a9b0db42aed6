//! One pass over all customers, in parallel over shards.

use anyhow::{Context, Result};
use perennial_files::LocalFiles;
use perennial_model::{EventKind, FixedClock, PropertySpec, PropertyType};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_timeline::{
    Columns, CustomerEvents, Reads, ShardScan, Snapshot, Timeline, TimelineError, TimelineOptions,
};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// The log's own customer number, by which q1 breaks ties:
/// `perennial import --property customer_number=customer_id:integer` keeps it.
pub(crate) const NUMBER: &str = "customer_number";

/// An opened data directory.
pub(crate) struct Base {
    pub(crate) snapshot: Snapshot,
}

impl Base {
    pub(crate) async fn open(directory: &Path) -> Result<Self> {
        let store = Arc::new(SqlStore::open(directory).await?);
        let hot = Arc::new(SqlHotLog::open(directory).await?);
        let files = Arc::new(LocalFiles::open(directory)?);
        let timeline = Timeline::open(store, hot, files, Arc::new(FixedClock(0)), TimelineOptions::default()).await?;
        let snapshot = timeline.snapshot().await?;
        Ok(Self { snapshot })
    }

    /// Visits every customer once; each shard has its own accumulator.
    pub(crate) fn visit<T: Send>(
        &self,
        columns: Columns,
        until_us: i64,
        start: impl Fn() -> T + Sync,
        step: impl Fn(&mut T, &CustomerEvents<'_>) + Sync,
    ) -> Result<Vec<T>> {
        self.visit_scans(|shard| self.snapshot.scan(shard, columns, Some(until_us)), start, step)
    }

    /// The same with the log's own customer number: a property of the import, read in the same scan.
    pub(crate) fn visit_numbered<T: Send>(
        &self,
        columns: Columns,
        until_us: i64,
        start: impl Fn() -> T + Sync,
        step: impl Fn(&mut T, &CustomerEvents<'_>) + Sync,
    ) -> Result<Vec<T>> {
        let number = PropertySpec { name: NUMBER.to_owned(), property_type: PropertyType::Integer };
        let reads = Reads { columns, properties: [number].into() };
        self.visit_scans(|shard| self.snapshot.scan(shard, reads.clone(), Some(until_us)), start, step)
    }

    fn visit_scans<T: Send>(
        &self,
        open: impl Fn(u16) -> Result<ShardScan, TimelineError> + Sync,
        start: impl Fn() -> T + Sync,
        step: impl Fn(&mut T, &CustomerEvents<'_>) + Sync,
    ) -> Result<Vec<T>> {
        (0..self.snapshot.shards())
            .into_par_iter()
            .map(|shard| {
                let mut accumulator = start();
                let mut scan = open(shard).context("scan")?;
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
