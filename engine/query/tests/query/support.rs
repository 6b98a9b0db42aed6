//! A small shop: two customers, one nobody, three currencies, Chinese words.

use perennial_files::LocalFiles;
use perennial_fold::{
    BatchStats, ColumnSpec, ColumnType, CustomerView, Fold, FoldClass, Instant, LiveOptions, LiveTable, OwnRow,
    Registry, RelativeSet, Revenue, run_batch,
};
use perennial_model::{
    Currency, CustomerId, EventKind, FixedClock, Mid, OrderKey, PropertySpec, PropertyType, ShardCount, Zone,
};
use perennial_query::{OutputFormat, QueryEngine, QueryError, QueryOptions};
use perennial_store_sql::{SqlHotLog, SqlStore, StoreOptions};
use perennial_timeline::{EventBatchBuilder, Feed, Row, Timeline, TimelineOptions};
use std::sync::Arc;

pub(crate) const HOUR_US: i64 = 3_600_000_000;
/// 2024-01-01 00:00 UTC.
pub(crate) const START_US: i64 = 1_704_067_200_000_000;
pub(crate) const ANN: CustomerId = CustomerId::new(0, 1);
pub(crate) const WEI: CustomerId = CustomerId::new(1, 1);
pub(crate) const NOBODY: CustomerId = CustomerId::unidentified(2);

/// One column of each type; all but the number of orders are unknown without an order.
struct EveryType;

impl Fold for EveryType {
    type State = ();
    type Summary = ();

    fn name(&self) -> &'static str {
        "every_type"
    }
    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        let spec = |name, column_type| ColumnSpec { name, column_type, description: "kept orders, see 0.11" };
        vec![
            spec("orders", ColumnType::Int),
            spec("revenue", ColumnType::Money),
            spec("first_day", ColumnType::Day),
            spec("last_order", ColumnType::Time),
            spec("mean_units", ColumnType::Float),
            spec("repeats", ColumnType::Bool),
            spec("size", ColumnType::Word(&["small", "大"])),
        ]
    }
    fn finish(&self, (): &(), view: &CustomerView<'_>, row: &mut OwnRow<'_>, (): &mut ()) {
        let kept = view.kept;
        let (first, last) = (kept.first(), kept.last());
        let revenue: i64 = kept.iter().map(|order| order.value(Revenue::Net)).sum();
        let units: i64 = kept.iter().map(|order| order.units_milli).sum();
        row.int(0, Some(kept.len() as i64));
        row.int(1, first.map(|_| revenue));
        row.int(2, first.map(|order| i64::from(order.day)));
        row.int(3, last.map(|order| order.time_us));
        row.float(4, first.map(|_| units as f64 / 1000.0 / kept.len() as f64));
        row.code(5, first.map(|_| u8::from(kept.len() > 1)));
        row.code(6, first.map(|_| u8::from(revenue > 10_000)));
    }
}

pub(crate) fn visit(profile: CustomerId, mid: u64, hours: i64) -> Row<'static> {
    Row {
        customer: profile,
        profile,
        mid: Mid(mid),
        kind: EventKind::Event,
        time_us: START_US + hours * HOUR_US,
        received_us: START_US + hours * HOUR_US + 1_000_000,
        name: "看商品",
        source: "shop",
        channel: Some("小程序"),
        campaign: None,
        order: OrderKey::NONE,
        order_id: None,
        item: None,
        quantity_milli: None,
        value_minor: None,
        currency: None,
        properties: Some(r#"{"color":"红","other":1}"#),
    }
}

pub(crate) fn bought(kind: EventKind, mid: u64, hours: i64, order: u64, minor: i64, currency: &str) -> Row<'static> {
    Row {
        kind,
        name: "Order",
        order: OrderKey(order),
        order_id: Some("订单一"),
        item: Some("SKU'1\""),
        value_minor: Some(minor),
        currency: Some(currency.parse().unwrap()),
        properties: None,
        ..visit(ANN, mid, hours)
    }
}

fn rows() -> Vec<Row<'static>> {
    let line = |mid, hours, order, quantity| Row {
        quantity_milli: Some(quantity),
        value_minor: None,
        currency: None,
        ..bought(EventKind::OrderLine, mid, hours, order, 0, "CNY")
    };
    vec![
        visit(ANN, 1, 0),
        bought(EventKind::Order, 2, 1, 7, 10, "CNY"),
        line(3, 1, 7, 1_500),
        bought(EventKind::Order, 4, 50, 8, 20, "CNY"),
        line(5, 50, 8, 500),
        visit(WEI, 6, 20),
        visit(NOBODY, 7, 2),
        // A duplicate, heard of later at another time: one event.
        Row { received_us: START_US + 900 * HOUR_US, ..visit(WEI, 6, 30) },
    ]
}

/// Orders and lines of many amounts, times and channels, or without them.
pub(crate) fn varied() -> Vec<Row<'static>> {
    let channels = [Some("App"), Some("app"), None, Some("门店")];
    let amounts = [None, Some(1_250), Some(1_251), Some(-5), Some(10), Some(900_000), Some(0)];
    let quantities = [Some(1_500), None, Some(1_499), Some(500)];
    let kinds = [EventKind::Order, EventKind::OrderLine, EventKind::Refund, EventKind::Event, EventKind::Cancellation];
    let row = |number: u64| {
        let place = number as usize;
        let hours = number.cast_signed() * 7;
        Row {
            kind: kinds[place % kinds.len()],
            name: ["Order", "Zoom", "看商品"][place % 3],
            channel: channels[place % channels.len()],
            campaign: number.is_multiple_of(5).then_some("618"),
            quantity_milli: quantities[place % quantities.len()],
            value_minor: amounts[place % amounts.len()],
            currency: Some("CNY".parse().unwrap()),
            ..bought(EventKind::Event, 1_000 + number, hours, 100 + number, 0, "CNY")
        }
    };
    (0..120).map(row).collect()
}

/// Four more rows in yen (no decimals) and dinars (three).
pub(crate) fn foreign() -> Vec<Row<'static>> {
    vec![bought(EventKind::Order, 20, 60, 20, 500, "JPY"), bought(EventKind::Order, 21, 61, 21, 500, "KWD")]
}

pub(crate) struct Shop {
    pub(crate) timeline: Timeline,
    _directory: tempfile::TempDir,
}

impl Shop {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let options = StoreOptions { shards: ShardCount::new(3).unwrap(), ..StoreOptions::default() };
        let store = Arc::new(SqlStore::open_sqlite(&path.join("store.sqlite"), options).await.unwrap());
        let hot = Arc::new(SqlHotLog::open(path).await.unwrap());
        let files = Arc::new(LocalFiles::open(&path.join("files")).unwrap());
        let clock = Arc::new(FixedClock(START_US));
        let timeline = Timeline::open(store, hot, files, clock, TimelineOptions::default()).await.unwrap();
        let color = PropertySpec { name: "color".into(), property_type: PropertyType::Text };
        timeline.declare_property(color).await.unwrap();
        let shop = Self { timeline, _directory: directory };
        // Half in a run, half in the hot log.
        let rows = rows();
        shop.append(&rows[..4]).await;
        shop.timeline.flush().await.unwrap();
        shop.append(&rows[4..]).await;
        shop
    }

    pub(crate) async fn append(&self, rows: &[Row<'_>]) {
        let mut builder = EventBatchBuilder::default();
        rows.iter().for_each(|row| builder.push(row));
        self.timeline.append(builder.finish().unwrap()).await.unwrap();
    }

    /// As of so many hours after the start, in Shanghai (eight hours ahead).
    pub(crate) async fn engine(&self, hours: i64, options: QueryOptions) -> (QueryEngine, BatchStats) {
        let snapshot = self.timeline.snapshot().await.unwrap();
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let instant = Instant::new(START_US + hours * HOUR_US, zone, Revenue::Net);
        let folded = tokio::task::spawn_blocking(move || {
            let mut registry = Registry::new();
            registry.add(EveryType).unwrap();
            let batch = run_batch(&snapshot, &mut registry, &instant, 2).unwrap();
            (QueryEngine::new(snapshot, Arc::new(batch.table), &instant, Currency::CNY, options).unwrap(), batch.stats)
        });
        folded.await.unwrap()
    }
}

/// A live table with its feed, and an engine over it.
pub(crate) struct Live {
    pub(crate) engine: QueryEngine,
    pub(crate) table: LiveTable,
    pub(crate) feed: Feed,
    pub(crate) instant: Instant,
}

impl Shop {
    /// As [`Self::engine`], over a live table.
    pub(crate) async fn live(&self, hours: i64) -> Live {
        let (snapshot, feed) = self.timeline.follow(1_000).await.unwrap();
        let instant = Instant::new(START_US + hours * HOUR_US, Zone::named("Asia/Shanghai").unwrap(), Revenue::Net);
        let loaded = tokio::task::spawn_blocking(move || {
            let mut registry = Registry::new();
            registry.add(EveryType).unwrap();
            let (relatives, options) = (RelativeSet::new(), LiveOptions::default());
            let table = LiveTable::load(&snapshot, registry, relatives, None, &instant, options).unwrap();
            let (columns, options) = (Arc::clone(table.columns()), QueryOptions::default());
            let engine = QueryEngine::new(snapshot, columns, &instant, Currency::CNY, options).unwrap();
            Live { engine, table, feed, instant }
        });
        loaded.await.unwrap()
    }
}

/// An order of Wei's.
pub(crate) fn of_wei() -> Row<'static> {
    Row { customer: WEI, profile: WEI, ..bought(EventKind::Order, 30, 70, 30, 900, "CNY") }
}

/// An engine with the shop that it reads.
pub(crate) struct Open {
    engine: QueryEngine,
    _shop: Shop,
}

impl std::ops::Deref for Open {
    type Target = QueryEngine;

    fn deref(&self) -> &QueryEngine {
        &self.engine
    }
}

/// An engine over everything.
pub(crate) async fn engine() -> Open {
    let shop = Shop::new().await;
    let (engine, _) = shop.engine(1_000, QueryOptions::default()).await;
    Open { engine, _shop: shop }
}

/// The answer as CSV without its header.
pub(crate) async fn ask(engine: &QueryEngine, sql: &str) -> Result<String, QueryError> {
    let mut out = Vec::new();
    engine.write(sql, OutputFormat::Csv, &mut out).await?;
    let text = String::from_utf8(out).unwrap();
    Ok(text.split_once('\n').unwrap().1.trim_end().to_owned())
}

pub(crate) async fn answer(engine: &QueryEngine, sql: &str) -> String {
    ask(engine, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}
