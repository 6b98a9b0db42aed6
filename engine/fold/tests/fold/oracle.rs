//! The same figures in the simplest way, from the raw rows.

use crate::samples::Totals;
use crate::support::Raw;
use perennial_fold::{CustomerTable, Instant, NONE_INT, Revenue};
use perennial_model::{CustomerId, EventKind};
use std::collections::{BTreeMap, BTreeSet};

/// One customer's row, in words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub events: i64,
    pub visits: i64,
    pub first_event: i64,
    pub first_order_day: Option<i64>,
    pub last_order: Option<i64>,
    pub orders: i64,
    pub revenue: i64,
    pub units: i64,
    pub lines: i64,
    pub recent_days: i64,
    pub seen_recently: u8,
    pub first_channel: Option<u8>,
    pub first_share: Option<f64>,
}

pub(crate) struct Answer {
    pub customers: BTreeMap<u64, Line>,
    pub events: u64,
    pub totals: Totals,
}

struct Bought {
    time_us: i64,
    key: u64,
    gross: i64,
    refunded: i64,
    units: i64,
    lines: i64,
    cancelled: bool,
    channel: Option<usize>,
}

/// Rows that count: under today's identities, one for each message, before the instant.
pub(crate) fn visible(
    rows: &[Raw],
    customer_of: &dyn Fn(CustomerId) -> CustomerId,
    as_of_us: i64,
) -> BTreeMap<u64, Vec<Raw>> {
    let mut winners: BTreeMap<(u64, u64), Raw> = BTreeMap::new();
    for raw in rows {
        let at = (customer_of(raw.profile).0, raw.mid);
        let better = winners.get(&at).is_none_or(|known| {
            if matches!(raw.kind, EventKind::Order | EventKind::OrderVoid | EventKind::Refund) {
                let void = |raw: &Raw| raw.kind == EventKind::OrderVoid;
                raw.received_us > known.received_us || raw.received_us == known.received_us && void(known) && !void(raw)
            } else {
                raw.received_us < known.received_us
            }
        });
        if better {
            winners.insert(at, raw.clone());
        }
    }
    let mut by_customer: BTreeMap<u64, Vec<Raw>> = BTreeMap::new();
    for ((customer, _), raw) in winners {
        if raw.time_us < as_of_us {
            by_customer.entry(customer).or_default().push(raw);
        }
    }
    by_customer
}

pub(crate) fn answer(rows: &[Raw], customer_of: &dyn Fn(CustomerId) -> CustomerId, instant: &Instant) -> Answer {
    let by_customer = visible(rows, customer_of, instant.as_of_us);
    let mut answer = Answer {
        customers: BTreeMap::new(),
        events: by_customer.values().map(|events| events.len() as u64).sum(),
        totals: Totals::default(),
    };
    for (customer, events) in &by_customer {
        let line = line(events, instant);
        let totals = &mut answer.totals;
        if CustomerId(*customer).is_identified() {
            totals.buyers += i64::from(line.orders > 0);
            totals.orders += line.orders;
            totals.revenue_minor += line.revenue;
            answer.customers.insert(*customer, line);
        } else {
            totals.nobodys_orders += line.orders;
            totals.nobodys_revenue_minor += line.revenue;
        }
    }
    answer
}

fn line(events: &[Raw], instant: &Instant) -> Line {
    let all = orders(events);
    let worth = |order: &&Bought| match instant.revenue {
        Revenue::Net => order.gross - order.refunded,
        Revenue::Gross => order.gross,
    };
    let kept: Vec<&Bought> =
        all.iter().filter(|order| !order.cancelled && order.gross > 0 && worth(order) > 0).collect();
    let known: BTreeSet<u64> = all.iter().map(|order| order.key).chain(voided(events)).collect();
    let refunds = events.iter().filter(|raw| raw.kind == EventKind::Refund && !known.contains(&raw.order));
    let loose: i64 = refunds.filter_map(|raw| raw.value_minor).sum();
    let today = instant.as_of_day;
    let days: BTreeSet<i32> = events.iter().map(|raw| instant.zone.day(raw.time_us)).collect();
    let recent = days.iter().filter(|day| **day >= today - 7 && **day < today).count();
    let gross: i64 = kept.iter().map(|order| order.gross).sum();
    Line {
        events: events.len() as i64,
        visits: events.iter().filter(|raw| raw.name == 0).count() as i64,
        first_event: events.iter().map(|raw| raw.time_us).min().unwrap(),
        first_order_day: kept.first().map(|order| i64::from(instant.zone.day(order.time_us))),
        last_order: kept.last().map(|order| order.time_us),
        orders: kept.len() as i64,
        revenue: kept.iter().map(worth).sum::<i64>() - loose,
        units: kept.iter().map(|order| order.units).sum(),
        lines: all.iter().map(|order| order.lines).sum(),
        recent_days: recent as i64,
        seen_recently: u8::from(recent > 0),
        first_channel: kept.first().and_then(|order| order.channel).map(|channel| channel as u8),
        first_share: kept.first().map(|order| order.gross as f64 / gross as f64),
    }
}

/// Orders that do not count, with whatever names them.
fn voided(events: &[Raw]) -> BTreeSet<u64> {
    events.iter().filter(|raw| raw.kind == EventKind::OrderVoid && raw.order != 0).map(|raw| raw.order).collect()
}

fn orders(events: &[Raw]) -> Vec<Bought> {
    let voided = voided(events);
    let keys: BTreeSet<u64> = events
        .iter()
        .filter(|raw| matches!(raw.kind, EventKind::Order | EventKind::OrderLine) && raw.order != 0)
        .filter(|raw| !voided.contains(&raw.order))
        .map(|raw| raw.order)
        .collect();
    let mut orders: Vec<Bought> = keys.into_iter().map(|key| order(events, key)).collect();
    orders.sort_by_key(|order| (order.time_us, order.key));
    orders
}

fn order(events: &[Raw], key: u64) -> Bought {
    let of_kind = |kind| events.iter().filter(move |raw| raw.order == key && raw.kind == kind);
    let header = of_kind(EventKind::Order).next();
    let first_line = of_kind(EventKind::OrderLine).min_by_key(|raw| (raw.time_us, raw.mid));
    let line_money: i64 = of_kind(EventKind::OrderLine).filter_map(|raw| raw.value_minor).sum();
    let line_units: i64 = of_kind(EventKind::OrderLine).filter_map(|raw| raw.quantity_milli).sum();
    let time_us = header.or(first_line).unwrap().time_us;
    Bought {
        time_us,
        key,
        gross: header.and_then(|raw| raw.value_minor).unwrap_or(line_money),
        refunded: of_kind(EventKind::Refund).filter_map(|raw| raw.value_minor).sum(),
        units: header.and_then(|raw| raw.quantity_milli).unwrap_or(line_units),
        lines: of_kind(EventKind::OrderLine).count() as i64,
        cancelled: of_kind(EventKind::Cancellation).any(|raw| raw.time_us >= time_us),
        channel: header.and_then(|raw| raw.channel).or_else(|| first_line.and_then(|raw| raw.channel)),
    }
}

/// The table in the oracle's words.
pub(crate) fn lines_of(table: &CustomerTable) -> BTreeMap<u64, Line> {
    let mut lines = BTreeMap::new();
    for (shard, rows) in table.shards.iter().enumerate() {
        assert!(rows.customers.is_sorted());
        for (row, customer) in rows.customers.iter().enumerate() {
            let int = |name| table.ints(shard, name)[row];
            let known = |name| Some(int(name)).filter(|value| *value != NONE_INT);
            let share = table.floats(shard, "first_share")[row];
            let line = Line {
                events: int("events"),
                visits: int("visits"),
                first_event: int("first_event"),
                first_order_day: known("first_order_day"),
                last_order: known("last_order"),
                orders: int("orders"),
                revenue: int("revenue"),
                units: int("units"),
                lines: int("lines"),
                recent_days: int("recent_days"),
                seen_recently: table.codes(shard, "seen_recently")[row],
                first_channel: Some(table.codes(shard, "first_channel")[row]).filter(|code| *code != u8::MAX),
                first_share: Some(share).filter(|share| !share.is_nan()),
            };
            lines.insert(*customer, line);
        }
    }
    lines
}
