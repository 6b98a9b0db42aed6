//! A timeline on a disk that can lose its power and on real SQLite files.

use perennial_files::LocalFiles;
use perennial_model::{CustomerId, ShardCount};
use perennial_ports::{HotLog, Store};
use perennial_store_sql::{SqlHotLog, SqlStore, StoreOptions};
use perennial_testkit::{
    FaultyHotLog, FaultyStore, ManualClock, NaiveOracle, Power, SimulatedDisk, Survival, TestFolder, TestRow,
};
use perennial_timeline::{Columns, EventBatch, EventBatchBuilder, NONE, Row, Timeline, TimelineError, TimelineOptions};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Shards of these tests: few, so that few steps reach everything.
pub(crate) const SHARDS: u16 = 2;
/// Where the simulated disk keeps its runs.
const ROOT: &str = "/data/files";

/// Options under which a handful of rows makes several runs and row groups.
pub(crate) fn options() -> TimelineOptions {
    TimelineOptions { max_runs_per_shard: 3, retire_grace_us: 1000, row_group_rows: 64, ..TimelineOptions::default() }
}

/// A machine: its disk, its SQLite files, its mains switch.
pub(crate) struct Machine {
    pub(crate) folder: TestFolder,
    pub(crate) disk: SimulatedDisk,
    pub(crate) power: Power,
    pub(crate) clock: Arc<ManualClock>,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let power = Power::default();
        let disk = SimulatedDisk::on(&power);
        Self { folder: TestFolder::new(), disk, power, clock: Arc::new(ManualClock::at(5_000_000)) }
    }

    /// Comes back after a loss of power.
    pub(crate) fn restart(&mut self, survival: Survival) {
        self.power = Power::default();
        self.disk = self.disk.power_on_with(survival, &self.power);
    }

    /// The store without a switch.
    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        let shards = ShardCount::new(SHARDS).unwrap();
        let options = StoreOptions { shards, ..StoreOptions::default() };
        Arc::new(SqlStore::open_sqlite(&self.folder.path().join("store.db"), options).await.unwrap())
    }

    pub(crate) async fn open(&self) -> Result<Timeline, TimelineError> {
        let store = FaultyStore::new(self.store().await, &self.power);
        let hot: Arc<dyn HotLog> = Arc::new(SqlHotLog::open(self.folder.path()).await?);
        let hot = FaultyHotLog::new(hot, &self.power);
        let files = LocalFiles::on_disk(Path::new(ROOT), self.disk.clone())?;
        let clock = Arc::clone(&self.clock);
        Timeline::open(Arc::new(store), Arc::new(hot), Arc::new(files), clock, options()).await
    }
}

/// Rows as the timeline takes them.
pub(crate) fn batch(rows: &[TestRow]) -> EventBatch {
    let mut builder = EventBatchBuilder::default();
    for row in rows {
        builder.push(&Row {
            customer: row.profile(),
            profile: row.profile(),
            mid: row.mid(),
            kind: row.kind(),
            time_us: row.time_us,
            received_us: row.received_us,
            name: &row.name,
            source: &row.source,
            channel: row.channel.as_deref(),
            campaign: None,
            order: row.order_key(),
            order_id: row.order_id.as_deref(),
            item: row.item.as_deref(),
            quantity_milli: row.quantity_milli,
            value_minor: row.value_minor,
            currency: row.currency(),
            properties: row.properties.as_deref(),
        });
    }
    builder.finish().unwrap()
}

/// One event in a form that both sides can be brought to.
pub(crate) type Seen = (i64, u64, u8, i64, u64, i64, i64, String, String);
/// Every customer with all events.
pub(crate) type Picture = BTreeMap<CustomerId, Vec<Seen>>;

/// What readers of the timeline see.
pub(crate) async fn picture(timeline: &Timeline) -> Picture {
    let snapshot = timeline.snapshot().await.unwrap();
    assert!(snapshot.damaged().is_empty(), "{:?}", snapshot.damaged());
    let columns = [Columns::MID, Columns::NAME, Columns::ORDERS, Columns::ITEM, Columns::RECEIVED];
    let columns = columns.into_iter().fold(Columns::BASE, Columns::and);
    tokio::task::spawn_blocking(move || {
        let mut seen = Picture::new();
        for shard in 0..snapshot.shards() {
            let mut scan = snapshot.scan(shard, columns, None).unwrap();
            while let Some(customer) = scan.next().unwrap() {
                let word = |symbol| snapshot.symbols().word(symbol).map_or_else(String::new, |word| word.to_string());
                let events = customer.iter().map(|event| {
                    let (name, item) = (word(event.name), word(event.item));
                    let (order, kind) = (event.order.0, event.kind as u8);
                    let numbers = (event.quantity_milli, event.value_minor);
                    (event.time_us, event.mid, kind, event.received_us, order, numbers.0, numbers.1, name, item)
                });
                let double = seen.insert(customer.customer, events.collect());
                assert!(double.is_none(), "a customer came twice");
            }
        }
        seen
    })
    .await
    .unwrap()
}

/// What they should see.
pub(crate) fn expected(oracle: &NaiveOracle) -> Picture {
    let seen = |row: TestRow| {
        let numbers = (row.quantity_milli.unwrap_or(NONE), row.value_minor.unwrap_or(NONE));
        let item = row.item.unwrap_or_default();
        (row.time_us, row.mid, row.kind, row.received_us, row.order, numbers.0, numbers.1, row.name, item)
    };
    let events = |customer| oracle.events(customer, None).into_iter().map(seen).collect();
    oracle.customers(None).into_iter().map(|customer| (customer, events(customer))).collect()
}
