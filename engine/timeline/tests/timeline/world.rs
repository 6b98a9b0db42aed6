//! A timeline in a directory of its own, with the oracle that says what it must answer.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, UInt64Type};
use perennial_files::LocalFiles;
use perennial_model::{CustomerId, ShardCount};
use perennial_ports::JournalEntry;
use perennial_store_sql::{SqlHotLog, SqlStore, StoreOptions};
use perennial_testkit::{ManualClock, NaiveOracle, TestFolder, TestRow, random_rows};
use perennial_timeline::{
    ChunkCommit, Columns, CustomerEvents, EventBatch, EventBatchBuilder, NONE, Row, Snapshot, Symbol, Symbols,
    Timeline, TimelineError, TimelineOptions,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) const SHARDS: u16 = 4;

/// What a customer's event is in both worlds: time, mid, kind, received, value, quantity, order,
/// name, item, channel.
pub(crate) type Seen = (i64, u64, u8, i64, Option<i64>, Option<i64>, u64, String, Option<String>, Option<String>);

pub(crate) struct World {
    pub(crate) folder: TestFolder,
    pub(crate) timeline: Timeline,
    pub(crate) clock: Arc<ManualClock>,
    options: TimelineOptions,
    rows: Vec<TestRow>,
    merges: Vec<(u64, CustomerId, CustomerId)>,
    drawn: i64,
}

/// Small bounds, so that little data reaches all of them.
pub(crate) fn small() -> TimelineOptions {
    TimelineOptions { max_runs_per_shard: 3, row_group_rows: 16, batch_rows: 7, ..TimelineOptions::default() }
}

async fn open(
    folder: &TestFolder,
    clock: &Arc<ManualClock>,
    options: TimelineOptions,
) -> Result<Timeline, TimelineError> {
    let store_options = StoreOptions { shards: ShardCount::new(SHARDS).unwrap(), ..StoreOptions::default() };
    let store = SqlStore::open_sqlite(&folder.path().join("main.sqlite"), store_options).await?;
    let hot = SqlHotLog::open(folder.path()).await?;
    let files = LocalFiles::open(&folder.path().join("files"))?;
    Timeline::open(Arc::new(store), Arc::new(hot), Arc::new(files), Arc::clone(clock) as _, options).await
}

impl World {
    pub(crate) async fn new(options: TimelineOptions) -> Self {
        let (folder, clock) = (TestFolder::new(), Arc::new(ManualClock::at(1_000_000_000)));
        let timeline = open(&folder, &clock, options).await.unwrap();
        Self { folder, timeline, clock, options, rows: Vec::new(), merges: Vec::new(), drawn: 0 }
    }

    /// Random rows that arrive after all drawn before, so that no two arrive at one instant.
    pub(crate) fn draw(&mut self, seed: u64, count: usize, people: u64) -> Vec<TestRow> {
        self.drawn += 10_000_000;
        let rows = random_rows(seed, count, people, SHARDS).into_iter();
        rows.map(|row| TestRow { received_us: row.received_us + self.drawn, ..row }).collect()
    }

    pub(crate) async fn reopen(&mut self) {
        self.timeline = open(&self.folder, &self.clock, self.options).await.unwrap();
    }

    pub(crate) async fn append(&mut self, rows: &[TestRow]) {
        self.timeline.append(batch(rows)).await.unwrap();
        self.rows.extend_from_slice(rows);
    }

    pub(crate) async fn import(&mut self, rows: &[TestRow]) {
        self.timeline.import_chunk(batch(rows), ChunkCommit::default()).await.unwrap();
        self.rows.extend_from_slice(rows);
    }

    /// Merges two profiles unless they are one customer already.
    pub(crate) async fn stitch(&mut self, from: CustomerId, into: CustomerId) -> Option<u64> {
        match self.timeline.merge_profiles(from, into, "test").await {
            Ok(entry) => {
                self.merges.push((entry, from, into));
                Some(entry)
            }
            Err(TimelineError::SameCustomer { .. }) => None,
            Err(other) => panic!("{other}"),
        }
    }

    pub(crate) async fn undo(&mut self, entry: u64) {
        self.timeline.undo(entry).await.unwrap();
        self.merges.retain(|(number, ..)| *number != entry);
    }

    pub(crate) async fn erase(&mut self, customer: CustomerId) -> perennial_timeline::Erasure {
        let erasure = self.timeline.erase(customer).await.unwrap();
        let gone: BTreeSet<u64> = erasure.profiles.iter().map(|profile| profile.0).collect();
        self.rows.retain(|row| !gone.contains(&row.profile));
        let left: Vec<JournalEntry> = self.timeline.store().journal().await.unwrap();
        self.merges.retain(|(number, ..)| left.iter().any(|entry| entry.entry_id == *number));
        erasure
    }

    /// The rows and merges so far, by the simplest rules.
    pub(crate) fn oracle(&self) -> NaiveOracle {
        let mut oracle = NaiveOracle::default();
        oracle.add(&self.rows);
        let named = self.merges.iter().flat_map(|(_, from, into)| [*from, *into]);
        let profiles: BTreeSet<CustomerId> = self.rows.iter().map(TestRow::profile).chain(named).collect();
        for (_, from, into) in &self.merges {
            let (old, new) = (oracle.customer_of(*from), oracle.customer_of(*into));
            for profile in &profiles {
                if oracle.customer_of(*profile) == old {
                    oracle.set_alias(*profile, new);
                }
            }
        }
        oracle
    }

    /// The timeline answers what the oracle says, by scan and by record batches.
    pub(crate) async fn check(&self, until_us: Option<i64>) {
        let oracle = self.oracle();
        let expected: BTreeMap<CustomerId, Vec<Seen>> = oracle
            .customers(until_us)
            .into_iter()
            .map(|customer| (customer, oracle.events(customer, until_us).iter().map(seen_row).collect()))
            .collect();
        let snapshot = self.timeline.snapshot().await.unwrap();
        assert_eq!(scanned(&snapshot, until_us), expected);
        let fewer: BTreeMap<_, Vec<_>> = expected
            .iter()
            .map(|(customer, events)| (*customer, events.iter().map(|event| (event.0, event.1, event.4)).collect()))
            .collect();
        assert_eq!(selected(&snapshot, until_us), fewer);
    }

    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let all = self.folder.files();
        all.into_iter().filter(|path| path.extension().is_some_and(|end| end == "parquet")).collect()
    }

    pub(crate) async fn live_runs(&self, shard: u16) -> usize {
        let manifest = self.timeline.store().manifest().await.unwrap();
        manifest.runs.iter().filter(|run| run.shard == shard && run.state == perennial_ports::RunState::Live).count()
    }
}

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

fn seen_row(row: &TestRow) -> Seen {
    let (value, quantity) = (row.value_minor, row.quantity_milli);
    let (name, item, channel) = (row.name.clone(), row.item.clone(), row.channel.clone());
    (row.time_us, row.mid, row.kind, row.received_us, value, quantity, row.order, name, item, channel)
}

fn seen_events(events: &CustomerEvents<'_>, symbols: &Symbols) -> Vec<Seen> {
    let number = |value: i64| (value != NONE).then_some(value);
    let word = |symbol: Symbol| symbols.word(symbol).map(|word| word.to_string());
    let all = events.iter().map(|event| {
        let (value, quantity) = (number(event.value_minor), number(event.quantity_milli));
        let (name, item, channel) = (word(event.name).unwrap(), word(event.item), word(event.channel));
        let (kind, order) = (event.kind as u8, event.order.0);
        (event.time_us, event.mid, kind, event.received_us, value, quantity, order, name, item, channel)
    });
    all.collect()
}

/// Everything a snapshot shows, by customer.
pub(crate) fn scanned(snapshot: &Snapshot, until_us: Option<i64>) -> BTreeMap<CustomerId, Vec<Seen>> {
    let all = [Columns::MID, Columns::NAME, Columns::ITEM, Columns::RECEIVED, Columns::ORDERS];
    let columns = all.into_iter().fold(Columns::BASE, Columns::and);
    let mut found = BTreeMap::new();
    for shard in 0..snapshot.shards() {
        let mut scan = snapshot.scan(shard, columns, until_us).unwrap();
        let mut last = None;
        while let Some(events) = scan.next().unwrap() {
            assert!(last < Some(events.customer) && !events.is_empty());
            last = Some(events.customer);
            assert_eq!(events.customer.shard(), shard);
            found.insert(events.customer, seen_events(&events, snapshot.symbols()));
        }
        let few = Columns::NAME.and(Columns::ORDERS).and(Columns::ITEM);
        for until in [None, until_us, until_us] {
            let mut scan = snapshot.scan(shard, few, until).unwrap();
            let mut count = 0;
            while let Some(events) = scan.next().unwrap() {
                if until != until_us {
                    continue;
                }
                count += 1;
                let short: Vec<_> = events
                    .iter()
                    .map(|event| {
                        (
                            event.time_us,
                            event.kind as u8,
                            event.order.0,
                            event.value_minor,
                            snapshot.symbols().word(event.name).unwrap().to_string(),
                        )
                    })
                    .collect();
                let long: Vec<_> = found[&events.customer]
                    .iter()
                    .map(|row| (row.0, row.2, row.6, row.4.unwrap_or(NONE), row.7.clone()))
                    .collect();
                assert_eq!(short, long);
            }
            if until == until_us {
                assert_eq!(count, found.keys().filter(|customer| customer.shard() == shard).count());
            }
        }
    }
    found
}

type Selected = BTreeMap<CustomerId, Vec<(i64, u64, Option<i64>)>>;

fn selected(snapshot: &Snapshot, until_us: Option<i64>) -> Selected {
    let schema = snapshot.event_schema();
    let projection = ["value_minor", "customer", "mid", "time"].map(|name| schema.index_of(name).unwrap());
    let mut found = Selected::new();
    for shard in 0..snapshot.shards() {
        for rows in snapshot.event_batches(shard, &projection, until_us).unwrap() {
            add_selected(&rows.unwrap(), &mut found);
        }
    }
    found
}

fn add_selected(rows: &RecordBatch, found: &mut Selected) {
    let values = rows.column(0).as_primitive::<Int64Type>();
    let customers = rows.column(1).as_primitive::<UInt64Type>();
    let mids = rows.column(2).as_primitive::<UInt64Type>();
    let times = rows.column(3).as_primitive::<Int64Type>();
    for row in 0..rows.num_rows() {
        let value = (!values.is_null(row)).then(|| values.value(row));
        let events = found.entry(CustomerId(customers.value(row))).or_default();
        events.push((times.value(row), mids.value(row), value));
    }
}
