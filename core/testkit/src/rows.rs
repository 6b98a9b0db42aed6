//! Rows of a timeline, owned, with defaults: a test names only what it is about.

use perennial_model::{Currency, CustomerId, EventKind, Mid, OrderKey};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A row as `perennial_timeline::Row` has it; the customer follows from profile and aliases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestRow {
    /// The profile at arrival.
    pub profile: u64,
    /// UTC µs.
    pub time_us: i64,
    /// Message identity.
    pub mid: u64,
    /// [`EventKind`] as stored.
    pub kind: u8,
    /// UTC µs.
    pub received_us: i64,
    /// Name.
    pub name: String,
    /// Which feed.
    pub source: String,
    /// Where.
    pub channel: Option<String>,
    /// Order key, 0 for none.
    pub order: u64,
    /// The source's order id.
    pub order_id: Option<String>,
    /// Item.
    pub item: Option<String>,
    /// Thousandths.
    pub quantity_milli: Option<i64>,
    /// Minor units.
    pub value_minor: Option<i64>,
    /// Text of a JSON object.
    pub properties: Option<String>,
}

impl TestRow {
    /// A visit, heard of the moment it happened.
    #[must_use]
    pub fn new(profile: CustomerId, mid: u64, time_us: i64) -> Self {
        Self {
            profile: profile.0,
            time_us,
            mid,
            kind: EventKind::Event as u8,
            received_us: time_us,
            name: "visit".to_owned(),
            source: "shop".to_owned(),
            channel: None,
            order: 0,
            order_id: None,
            item: None,
            quantity_milli: None,
            value_minor: None,
            properties: None,
        }
    }

    /// The header of an order.
    #[must_use]
    pub fn order(profile: CustomerId, order: u64, time_us: i64, value_minor: i64) -> Self {
        Self {
            kind: EventKind::Order as u8,
            name: perennial_model::names::ORDER_COMPLETED.to_owned(),
            order,
            order_id: Some(format!("order-{order}")),
            value_minor: Some(value_minor),
            ..Self::new(profile, order, time_us)
        }
    }

    /// With another instant of arrival.
    #[must_use]
    pub fn received(self, received_us: i64) -> Self {
        Self { received_us, ..self }
    }

    /// With properties, the text of a JSON object.
    #[must_use]
    pub fn with_properties(self, json: &str) -> Self {
        Self { properties: Some(json.to_owned()), ..self }
    }

    /// Its profile.
    #[must_use]
    pub const fn profile(&self) -> CustomerId {
        CustomerId(self.profile)
    }

    /// Its message identity.
    #[must_use]
    pub const fn mid(&self) -> Mid {
        Mid(self.mid)
    }

    /// Its order.
    #[must_use]
    pub const fn order_key(&self) -> OrderKey {
        OrderKey(self.order)
    }

    /// Its kind; a number that is none is a plain event.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        EventKind::from_stored(self.kind).unwrap_or(EventKind::Event)
    }

    /// The currency of its value, if it has one.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.value_minor.map(|_| Currency::CNY)
    }
}

/// The `number`th customer of a test, spread over so many shards.
#[must_use]
pub fn customer(number: u64, shards: u16) -> CustomerId {
    let shards = u64::from(shards.max(1));
    CustomerId::new((number % shards) as u16, number / shards + 1)
}

/// Rows of a few customers as a seed draws them: duplicates with other instants of arrival, several
/// versions of order headers, equal times, lines and refunds among them.
#[must_use]
pub fn random_rows(seed: u64, count: usize, customers: u64, shards: u16) -> Vec<TestRow> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rows: Vec<TestRow> = Vec::with_capacity(count);
    for index in 0..count {
        let retry = !rows.is_empty() && random.random_range(0..8) == 0;
        let row = if retry {
            let earlier = random.random_range(0..rows.len());
            let shift = random.random_range(-50..50);
            TestRow { time_us: rows[earlier].time_us + shift, ..rows[earlier].clone() }
        } else {
            new_row(&mut random, index as u64, customers, shards)
        };
        // No two rows arrive at one instant, so that which of them counts is never a tie.
        let arrival = (index as i64).wrapping_mul(7_919).rem_euclid(1_000_003);
        rows.push(row.received(1_000_000 + arrival));
    }
    rows
}

fn new_row(random: &mut impl Rng, index: u64, customers: u64, shards: u16) -> TestRow {
    let profile = customer(random.random_range(0..customers.max(1)), shards);
    let time_us = random.random_range(0..10_000);
    let order = 1 + random.random_range(0..40) + profile.0 * 1000;
    let value = random.random_range(1..100_000);
    match random.random_range(0..6) {
        0 | 1 => TestRow::order(profile, order, time_us, value),
        2 => TestRow {
            kind: EventKind::OrderLine as u8,
            order,
            item: Some(format!("sku-{}", random.random_range(0..20))),
            quantity_milli: Some(1000),
            value_minor: Some(value),
            ..TestRow::new(profile, u64::MAX / 2 + index, time_us)
        },
        3 => TestRow {
            kind: EventKind::Refund as u8,
            order,
            value_minor: Some(value),
            ..TestRow::new(profile, u64::MAX / 2 + index, time_us)
        },
        _ => TestRow::new(profile, u64::MAX / 2 + index, time_us).with_properties("{\"page\":\"home\"}"),
    }
}
