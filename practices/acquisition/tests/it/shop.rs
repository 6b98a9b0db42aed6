//! A small shop whose events are told one by one.

use perennial_acquisition::{Acquisition, Ground, Months, figures};
use perennial_definitions::Definitions;
use perennial_files::LocalFiles;
use perennial_model::{Currency, CustomerId, EventKind, FixedClock, Mid, OrderKey, Zone, day_from_civil};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::{TestFolder, customer};
use perennial_timeline::{EventBatchBuilder, Row, Snapshot, Timeline, TimelineOptions};
use serde_json::Value;
use std::sync::Arc;

/// Shards of the shop.
const SHARDS: u16 = 2;

/// What somebody did.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// Looked around, having come by this channel, with this property `utm`.
    Visit(&'static str, &'static str),
    /// An order of this number and value.
    Order(u64, i64),
    /// So much of an order is given back.
    Refund(u64, i64),
    /// An order is called off.
    Cancel(u64),
    /// The brand wrote.
    Sent,
    /// A complaint.
    Complaint,
}

/// Somebody did something.
#[derive(Debug, Clone)]
pub(crate) struct Did {
    pub(crate) who: u64,
    pub(crate) time_us: i64,
    pub(crate) what: What,
}

pub(crate) struct Shop {
    timeline: Timeline,
    _folder: TestFolder,
}

impl Shop {
    pub(crate) async fn of(all: &[Did]) -> Self {
        let folder = TestFolder::new();
        let path = folder.path();
        let timeline = Timeline::open(
            Arc::new(SqlStore::open(path).await.unwrap()),
            Arc::new(SqlHotLog::open(path).await.unwrap()),
            Arc::new(LocalFiles::open(path).unwrap()),
            Arc::new(FixedClock(0)),
            TimelineOptions::default(),
        )
        .await
        .unwrap();
        let shop = Self { timeline, _folder: folder };
        // Half in a run, half in the hot log.
        let (early, late) = all.split_at(all.len() / 2);
        shop.append(early, 0).await;
        shop.timeline.flush().await.unwrap();
        shop.append(late, early.len() as u64).await;
        shop
    }

    async fn append(&self, all: &[Did], from: u64) {
        let mut builder = EventBatchBuilder::default();
        for (mid, did) in (from + 1..).zip(all) {
            push(&mut builder, mid, did);
        }
        self.timeline.append(builder.finish().unwrap()).await.unwrap();
    }

    pub(crate) async fn figures(&self, ground: &Ground, months: Months, now_us: i64) -> Acquisition {
        figures(&self.snapshot().await, ground, months, now_us).await.unwrap()
    }

    pub(crate) async fn snapshot(&self) -> Snapshot {
        self.timeline.snapshot().await.unwrap()
    }
}

fn push(builder: &mut EventBatchBuilder, mid: u64, did: &Did) {
    let profile: CustomerId = customer(did.who, SHARDS);
    let (mut name, mut kind, mut channel, mut order, mut minor) = ("visit", EventKind::Event, None, 0, None);
    let mut properties = None;
    match did.what {
        What::Visit(by, utm) => {
            channel = Some(by);
            properties = Some(format!("{{\"utm\":\"{utm}\"}}"));
        }
        What::Order(number, value) => {
            (name, kind, order, minor) = ("Order Completed", EventKind::Order, number, Some(value));
        }
        What::Refund(number, value) => {
            (name, kind, order, minor) = ("Order Refunded", EventKind::Refund, number, Some(value));
        }
        What::Cancel(number) => (name, kind, order) = ("Order Cancelled", EventKind::Cancellation, number),
        What::Sent => name = "Email Sent",
        What::Complaint => name = "Complaint",
    }
    builder.push(&Row {
        customer: profile,
        profile,
        mid: Mid(mid),
        kind,
        time_us: did.time_us,
        received_us: did.time_us,
        name,
        source: "shop",
        channel,
        campaign: None,
        order: OrderKey(order),
        order_id: None,
        item: None,
        quantity_milli: None,
        value_minor: minor,
        currency: minor.map(|_| Currency::CNY),
        properties: properties.as_deref(),
    });
}

/// A brand in this zone with these definitions (JSON as the store keeps it).
pub(crate) fn ground(zone: &str, definitions: Value) -> Ground {
    Ground {
        zone: Zone::named(zone).unwrap(),
        currency: Currency::CNY,
        definitions: serde_json::from_value::<Definitions>(definitions).unwrap(),
        version: 1,
        properties: Vec::new(),
        threads: 2,
    }
}

/// The start of a day in a zone.
pub(crate) fn midnight(zone: &Zone, (year, month, day): (i32, u32, u32)) -> i64 {
    zone.day_start(day_from_civil(year, month, day).unwrap())
}
