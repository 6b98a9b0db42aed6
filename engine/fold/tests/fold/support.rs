//! Raw rows, and a timeline in a temporary directory to put them in.

use perennial_files::LocalFiles;
use perennial_model::{CustomerId, EventKind, FixedClock, Mid, OrderKey, PropertySpec, PropertyType, ShardCount};
use perennial_store_sql::{SqlHotLog, SqlStore, StoreOptions};
use perennial_timeline::{ChunkCommit, EventBatch, EventBatchBuilder, Row, Snapshot, Timeline, TimelineOptions};
use std::sync::Arc;

pub(crate) const HOUR_US: i64 = 3_600_000_000;
pub(crate) const DAY_US: i64 = 24 * HOUR_US;
/// 2024-01-01 00:00 UTC.
pub(crate) const START_US: i64 = 1_704_067_200_000_000;
pub(crate) const SHARDS: u16 = 3;
pub(crate) const NAMES: [&str; 3] = ["visit", "reply", "看商品"];
pub(crate) const CHANNELS: [&str; 3] = ["web", "app", "门店"];

/// JSON of events: of all types, of wrong ones, and without.
pub(crate) const PROPERTIES: [Option<&str>; 8] = [
    None,
    Some(r#"{"page":"home","seat":3,"score":0.1,"vip":true}"#),
    Some(r#"{"page":"","seat":-7,"score":-2.5,"vip":false}"#),
    Some(r#"{"page":5,"seat":"3","score":"x","vip":1}"#),
    Some(r#"{"seat":2.5,"score":7,"page":null,"vip":"true"}"#),
    Some(r#"{"page":"家","seat":9007199254740993,"score":0.2,"vip":true,"other":[1]}"#),
    Some(r#"{"page":"home","score":1e300,"vip":false}"#),
    Some(r#"{"seat":0,"score":-0.0}"#),
];

/// What those are declared as.
pub(crate) fn declarations() -> [PropertySpec; 4] {
    let spec = |name: &str, property_type| PropertySpec { name: name.to_owned(), property_type };
    [
        spec("page", PropertyType::Text),
        spec("seat", PropertyType::Integer),
        spec("score", PropertyType::Number),
        spec("vip", PropertyType::Boolean),
    ]
}

/// The 0th is nobody; the others are spread over the shards.
pub(crate) fn profile(number: u64) -> CustomerId {
    match number {
        0 => CustomerId::unidentified(1),
        _ => CustomerId::new((number % u64::from(SHARDS)) as u16, number),
    }
}

/// One row as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raw {
    pub profile: CustomerId,
    pub mid: u64,
    pub kind: EventKind,
    pub time_us: i64,
    pub received_us: i64,
    pub name: usize,
    pub order: u64,
    pub quantity_milli: Option<i64>,
    pub value_minor: Option<i64>,
    pub channel: Option<usize>,
    /// One of [`PROPERTIES`].
    pub properties: usize,
}

impl Raw {
    /// A plain visit.
    pub(crate) fn visit(profile: CustomerId, mid: u64, time_us: i64) -> Self {
        Self {
            profile,
            mid,
            kind: EventKind::Event,
            time_us,
            received_us: time_us,
            name: 0,
            order: 0,
            quantity_milli: None,
            value_minor: None,
            channel: None,
            properties: 0,
        }
    }

    /// Something about an order.
    pub(crate) fn of_order(
        profile: CustomerId,
        mid: u64,
        kind: EventKind,
        order: u64,
        time_us: i64,
        minor: i64,
    ) -> Self {
        Self { kind, order, value_minor: Some(minor), ..Self::visit(profile, mid, time_us) }
    }
}

pub(crate) fn to_batch(rows: &[Raw]) -> EventBatch {
    let mut builder = EventBatchBuilder::default();
    for raw in rows {
        builder.push(&Row {
            customer: raw.profile,
            profile: raw.profile,
            mid: Mid(raw.mid),
            kind: raw.kind,
            time_us: raw.time_us,
            received_us: raw.received_us,
            name: NAMES[raw.name],
            source: "test",
            channel: raw.channel.map(|channel| CHANNELS[channel]),
            campaign: None,
            order: OrderKey(raw.order),
            order_id: None,
            item: None,
            quantity_milli: raw.quantity_milli,
            value_minor: raw.value_minor,
            currency: None,
            properties: PROPERTIES[raw.properties],
        });
    }
    builder.finish().unwrap()
}

/// A timeline and what it stands on.
pub(crate) struct Bench {
    pub runtime: tokio::runtime::Runtime,
    pub store: Arc<SqlStore>,
    pub timeline: Timeline,
    _directory: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self::open(runtime, tempfile::tempdir().unwrap())
    }

    /// As a process that starts again finds it.
    pub(crate) fn reopen(self) -> Self {
        let Self { runtime, store, timeline, _directory: directory } = self;
        drop((store, timeline));
        Self::open(runtime, directory)
    }

    fn open(runtime: tokio::runtime::Runtime, directory: tempfile::TempDir) -> Self {
        let path = directory.path();
        let (store, timeline) = runtime.block_on(async {
            let options = StoreOptions { shards: ShardCount::new(SHARDS).unwrap(), ..StoreOptions::default() };
            let store = Arc::new(SqlStore::open_sqlite(&path.join("store.sqlite"), options).await.unwrap());
            let hot = Arc::new(SqlHotLog::open(path).await.unwrap());
            let files = Arc::new(LocalFiles::open(&path.join("files")).unwrap());
            let clock = Arc::new(FixedClock(START_US));
            let options = TimelineOptions { row_group_rows: 16, batch_rows: 8, ..TimelineOptions::default() };
            let timeline = Timeline::open(store.clone(), hot, files, clock, options).await.unwrap();
            (store, timeline)
        });
        Self { runtime, store, timeline, _directory: directory }
    }

    pub(crate) fn with_rows(rows: &[Raw]) -> Self {
        let bench = Self::new();
        bench.append(rows);
        bench
    }

    pub(crate) fn append(&self, rows: &[Raw]) {
        if !rows.is_empty() {
            self.runtime.block_on(self.timeline.append(to_batch(rows))).unwrap();
        }
    }

    pub(crate) fn import(&self, rows: &[Raw]) {
        if !rows.is_empty() {
            let import = self.timeline.import_chunk(to_batch(rows), ChunkCommit::default());
            self.runtime.block_on(import).unwrap();
        }
    }

    /// Gives the properties columns of their own.
    pub(crate) fn declare(&self) {
        for spec in declarations() {
            self.runtime.block_on(self.timeline.declare_property(spec)).unwrap();
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.runtime.block_on(self.timeline.snapshot()).unwrap()
    }
}
