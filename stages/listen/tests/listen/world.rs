//! A brand in a temporary directory, and a naive count of what its timeline holds.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int64Type, UInt8Type, UInt64Type};
use perennial_files::LocalFiles;
use perennial_listen::read::{self, ReadOptions};
use perennial_listen::{
    ImportOptions, ImportOutcome, ImportPlan, ListenError, Progress, RecogniseOptions, import, recognise,
};
use perennial_model::{CustomerId, EventKind, FixedClock};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::{FaultyHotLog, FaultyStore, Power, TestFolder};
use perennial_timeline::{Timeline, TimelineOptions};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 2026-01-01T00:00:00Z.
pub(crate) const NOW_US: i64 = 1_767_225_600_000_000;

pub(crate) struct World {
    pub(crate) folder: TestFolder,
    pub(crate) timeline: Timeline,
    imports: AtomicI64,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = TestFolder::new();
        let timeline = open(folder.path()).await;
        Self { folder, timeline, imports: AtomicI64::new(0) }
    }

    pub(crate) async fn reopen(&mut self) {
        self.timeline = open(self.folder.path()).await;
    }

    /// Each import is a second later than the one before.
    fn next_us(&self) -> i64 {
        NOW_US + 1_000_000 * self.imports.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn rejects(&self) -> PathBuf {
        self.folder.path().join("rejects.csv")
    }

    pub(crate) async fn import_plan(
        &self,
        plan: ImportPlan,
        chunk_events: usize,
    ) -> Result<ImportOutcome, ListenError> {
        self.import_watched(plan, chunk_events, Arc::new(())).await
    }

    pub(crate) async fn import_watched(
        &self,
        plan: ImportPlan,
        chunk_events: usize,
        progress: Arc<dyn Progress>,
    ) -> Result<ImportOutcome, ListenError> {
        let options =
            ImportOptions { rejects: Some(self.rejects()), chunk_events, ..ImportOptions::new(self.next_us()) };
        import(&self.timeline, plan, options, progress).await
    }

    pub(crate) async fn import(&self, files: &[&str]) -> ImportOutcome {
        self.import_plan(plan(files, &[]).unwrap(), 1_000_000).await.unwrap()
    }

    pub(crate) async fn events(&self) -> Vec<Seen> {
        let snapshot = self.timeline.snapshot().await.unwrap();
        let columns: Vec<usize> = (0..snapshot.event_schema().fields().len()).collect();
        let mut events = Vec::new();
        for shard in 0..snapshot.shards() {
            for batch in snapshot.event_batches(shard, &columns, None).unwrap() {
                seen(&batch.unwrap(), &mut events);
            }
        }
        events
    }

    pub(crate) async fn tally(&self) -> Tally {
        Tally::of(&self.events().await)
    }
}

async fn open(folder: &Path) -> Timeline {
    let store = SqlStore::open(folder).await.unwrap();
    let hot = SqlHotLog::open(folder).await.unwrap();
    let files = LocalFiles::open(&folder.join("files")).unwrap();
    let clock = Arc::new(FixedClock(NOW_US));
    Timeline::open(Arc::new(store), Arc::new(hot), Arc::new(files), clock, TimelineOptions::default()).await.unwrap()
}

/// On a switch: what is written after it went off is lost.
pub(crate) async fn open_with(folder: &Path, power: &Power) -> Timeline {
    let store = FaultyStore::new(Arc::new(SqlStore::open(folder).await.unwrap()), power);
    let hot = FaultyHotLog::new(Arc::new(SqlHotLog::open(folder).await.unwrap()), power);
    let files = LocalFiles::open(&folder.join("files")).unwrap();
    let clock = Arc::new(FixedClock(NOW_US));
    Timeline::open(Arc::new(store), Arc::new(hot), Arc::new(files), clock, TimelineOptions::default()).await.unwrap()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// What is recognised in fixtures (or files by their path).
pub(crate) fn plan(files: &[&str], map: &[&str]) -> Result<ImportPlan, ListenError> {
    let map = map.iter().map(|text| (*text).to_owned()).collect();
    plan_with(files, &RecogniseOptions { map, ..RecogniseOptions::default() })
}

pub(crate) fn plan_with(files: &[&str], options: &RecogniseOptions) -> Result<ImportPlan, ListenError> {
    let mut sources = Vec::new();
    for file in files {
        sources.extend(read::open(&fixture(file), &ReadOptions::default())?);
    }
    recognise(sources, options)
}

/// A file with this content, and what is recognised in it.
pub(crate) fn plan_of(world: &World, name: &str, content: &str, map: &[&str]) -> Result<ImportPlan, ListenError> {
    let path = world.folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    plan(&[path.to_str().unwrap()], map)
}

/// An event as it is in the timeline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) customer: CustomerId,
    pub(crate) time_us: i64,
    pub(crate) mid: u64,
    pub(crate) kind: EventKind,
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) channel: Option<String>,
    pub(crate) order: Option<u64>,
    pub(crate) order_id: Option<String>,
    pub(crate) item: Option<String>,
    pub(crate) quantity_milli: Option<i64>,
    pub(crate) value: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) properties: Option<String>,
}

fn seen(batch: &RecordBatch, out: &mut Vec<Seen>) {
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let words = |name: &str| {
        let text = arrow::compute::cast(column(name), &DataType::Utf8).unwrap();
        let text = text.as_string::<i32>();
        (0..text.len()).map(|row| text.is_valid(row).then(|| text.value(row).to_owned())).collect::<Vec<_>>()
    };
    let numbers = |name: &str| column(name).as_primitive::<Int64Type>().iter().collect::<Vec<_>>();
    let customers = column("customer").as_primitive::<UInt64Type>();
    let orders = column("order_key").as_primitive::<UInt64Type>();
    let mids = column("mid").as_primitive::<UInt64Type>();
    let kinds = column("kind").as_primitive::<UInt8Type>();
    let (times, quantities, values) = (numbers("time"), numbers("quantity_milli"), numbers("value_minor"));
    let (names, sources, channels) = (words("name"), words("source"), words("channel"));
    let (order_ids, items, currencies, properties) =
        (words("order_id"), words("item"), words("currency"), words("properties"));
    for row in 0..batch.num_rows() {
        out.push(Seen {
            customer: CustomerId(customers.value(row)),
            time_us: times[row].unwrap(),
            mid: mids.value(row),
            kind: EventKind::from_stored(kinds.value(row)).unwrap(),
            name: names[row].clone().unwrap(),
            source: sources[row].clone().unwrap(),
            channel: channels[row].clone(),
            order: orders.is_valid(row).then(|| orders.value(row)),
            order_id: order_ids[row].clone(),
            item: items[row].clone(),
            quantity_milli: quantities[row],
            value: values[row],
            currency: currencies[row].clone(),
            properties: properties[row].clone(),
        });
    }
}

/// What a shop owner would count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Identified customers with an order of more than zero.
    pub(crate) customers: usize,
    /// Orders of more than zero, of identified customers.
    pub(crate) orders: usize,
    /// Their gross value.
    pub(crate) revenue: i64,
    /// All refunds.
    pub(crate) refunds: i64,
    /// Orders of more than zero of nobody.
    pub(crate) unidentified_orders: usize,
    /// Their value.
    pub(crate) unidentified_revenue: i64,
    /// Lines.
    pub(crate) lines: usize,
    /// Cancellations.
    pub(crate) cancellations: usize,
    /// All other events.
    pub(crate) others: usize,
}

/// What one customer's events say about one order.
#[derive(Default)]
struct Order {
    header: Option<Option<i64>>,
    is_void: bool,
    lines: usize,
    lines_value: i64,
    refunds: i64,
    cancelled: bool,
}

impl Tally {
    pub(crate) fn of(events: &[Seen]) -> Self {
        let mut tally = Self::default();
        let mut orders: BTreeMap<(CustomerId, u64), Order> = BTreeMap::new();
        for event in events {
            let order = event.order.map(|key| orders.entry((event.customer, key)).or_default());
            tally.cancellations += usize::from(event.name == "Order Cancelled");
            match (event.kind, order) {
                (EventKind::Order, Some(order)) => order.header = Some(event.value),
                (EventKind::OrderVoid, Some(order)) => order.is_void = true,
                (EventKind::OrderLine, Some(order)) => {
                    order.lines += 1;
                    order.lines_value += event.value.unwrap_or(0);
                }
                (EventKind::Refund, Some(order)) => order.refunds += event.value.unwrap(),
                (EventKind::Refund, None) => tally.refunds += event.value.unwrap(),
                (EventKind::Cancellation, Some(order)) => order.cancelled = true,
                (EventKind::Event, _) => tally.others += 1,
                (kind, None) => panic!("{kind:?} without an order"),
            }
        }
        tally.add_orders(&orders);
        tally
    }

    fn add_orders(&mut self, orders: &BTreeMap<(CustomerId, u64), Order>) {
        let (mut customers, mut counted) = (BTreeSet::new(), BTreeSet::new());
        for ((customer, key), order) in orders {
            assert!(!order.is_void || order.header.is_none(), "two versions of a header");
            if order.is_void {
                continue;
            }
            self.lines += order.lines;
            self.refunds += order.refunds;
            let value = order.header.flatten().unwrap_or(order.lines_value);
            if order.cancelled || value <= 0 {
                continue;
            }
            assert!(counted.insert(key), "an order counts twice");
            if customer.is_identified() {
                customers.insert(customer);
                self.orders += 1;
                self.revenue += value;
            } else {
                self.unidentified_orders += 1;
                self.unidentified_revenue += value;
            }
        }
        self.customers = customers.len();
    }
}

/// Rejected rows as `line column reason`.
pub(crate) fn rejected(outcome: &ImportOutcome) -> Vec<String> {
    let shown = |one: &perennial_listen::import::Rejected| {
        format!("{} {} {:?}", one.line, one.column.as_deref().unwrap_or("-"), one.reason)
    };
    outcome.rejected_examples.iter().map(shown).collect()
}
