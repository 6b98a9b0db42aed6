//! What a customer costs in a server's memory, with all folds of the report.

use crate::support::{Bench, Happened};
use perennial_fold::{Instant, LiveOptions, LiveTable, Registry, Revenue, SweepPlace};
use perennial_learn::{Thresholds, register, relatives};
use perennial_model::{CustomerId, DAY_US, EventKind, Zone};

/// Bytes of states, order books and columns that a customer with 2.5 orders may cost.
const MOST_BYTES: f64 = 450.0;
const CUSTOMERS: u64 = 20_000;
const DAYS: u64 = 730;

/// As a shop has them: of eight customers four ordered once, two twice, one four and one eight times;
/// and each looked around more often than it ordered.
fn shop() -> Vec<Happened> {
    let mut events = Vec::new();
    for number in 1..=CUSTOMERS {
        let orders = [1, 1, 1, 1, 2, 2, 4, 8][(number % 8) as usize];
        for place in 0..orders * 4 {
            let is_order = place % 4 == 3;
            let customer = CustomerId::new((number % 4) as u16, number / 4 + 1);
            let day = (number * 31 + place * 37) % DAYS;
            events.push(Happened {
                customer,
                kind: if is_order { EventKind::Order } else { EventKind::Event },
                time_us: (20_000 + day.cast_signed()) * DAY_US + number.cast_signed(),
                order: if is_order { number * 100 + place } else { 0 },
                value_minor: is_order.then_some(5_000),
                quantity_milli: None,
                channel: Some("web"),
            });
        }
    }
    events
}

fn live(bench: &Bench, instant: &Instant) -> LiveTable {
    let (snapshot, thresholds) = (bench.snapshot(), Thresholds::default());
    let mut registry = Registry::new();
    register(&mut registry, &thresholds, instant, snapshot.declared()).unwrap();
    let relatives = relatives(&thresholds).unwrap();
    LiveTable::load(&snapshot, registry, relatives, None, instant, LiveOptions::default()).unwrap()
}

#[test]
fn everybody_of_a_large_shard_is_finished_part_after_part() {
    let mut bench = Bench::new();
    bench.import(&shop());
    let at = |day: i64| Instant::new((20_000 + day) * DAY_US, Zone::utc(), Revenue::Net);
    let mut live = live(&bench, &at(800));
    let before = format!("{:?}", live.columns().table());
    let (mut place, mut parts) = (Some(SweepPlace::default()), 0);
    while let Some(from) = place {
        place = live.sweep_some(from, &at(830));
        parts += 1;
    }
    assert!(parts > 3 * 4, "{parts} parts of 4 shards, the ends of shards among them");
    let after = format!("{:?}", live.columns().table());
    assert!(after != before, "time has passed");
    live.sweep(&at(830)).unwrap();
    assert!(after == format!("{:?}", live.columns().table()));
}

#[test]
fn what_a_customer_costs_is_counted_and_bounded() {
    let mut bench = Bench::new();
    bench.import(&shop());
    let live = live(&bench, &Instant::new((20_000 + 800) * DAY_US, Zone::utc(), Revenue::Net));
    let memory = live.memory();
    assert_eq!(memory.customers as u64, CUSTOMERS);
    let bytes = memory.bytes_a_customer();
    assert!(bytes <= MOST_BYTES, "{bytes} bytes a customer: {memory:?}");
    // Nothing is forgotten: what the columns and the packed orders come to is counted.
    assert!(memory.columns > 140 * memory.customers && memory.orders > 80 * memory.customers, "{memory:?}");
}
