//! Stepping event by event, in any split, gives what the batch gives.

use crate::samples::Samples;
use crate::support::{Bench, HOUR_US, NAMES, Raw, START_US};
use perennial_fold::{Column, ColumnSpec, CustomerTable, Instant, LiveState, Registry, Revenue, Scratch};
use perennial_model::{CustomerId, EventKind, Zone};
use perennial_timeline::{Columns, CustomerEvents, Event, Snapshot};
use proptest::prelude::*;

fn row_of(table: &CustomerTable, customer: CustomerId) -> Vec<Column> {
    let rows = &table.shards[usize::from(customer.shard())];
    let at = rows.customers.binary_search(&customer.0).unwrap();
    let cell = |column: &Column| match column {
        Column::Int(values) => Column::Int(vec![values[at]]),
        Column::Float(values) => Column::Float(vec![values[at]]),
        Column::Code(values) => Column::Code(vec![values[at]]),
    };
    rows.columns.iter().map(cell).collect()
}

fn finish(state: &mut LiveState, registry: &Registry, instant: &Instant) -> Vec<Column> {
    let mut columns: Vec<Column> = registry.specs().iter().map(ColumnSpec::empty_column).collect();
    state.finish(&mut Scratch::default(), instant, &mut columns);
    columns
}

/// `NaN` is not itself: compare as text.
fn same(left: &[Column], right: &[Column]) -> bool {
    format!("{left:?}") == format!("{right:?}")
}

fn each_customer(snapshot: &Snapshot, instant: &Instant, mut see: impl FnMut(&CustomerEvents<'_>)) {
    let columns = Columns::ORDERS.and(Columns::NAME).and(Columns::MID).and(Columns::RECEIVED);
    for shard in 0..snapshot.shards() {
        let mut scan = snapshot.scan(shard, columns, Some(instant.as_of_us)).unwrap();
        while let Some(events) = scan.next().unwrap() {
            see(&events);
        }
    }
}

fn slice<'a>(events: &CustomerEvents<'a>, from: usize, to: usize) -> CustomerEvents<'a> {
    fn part<T>(values: &[T], from: usize, to: usize) -> &[T] {
        values.get(from..to).unwrap_or_default()
    }
    CustomerEvents {
        customer: events.customer,
        time_us: part(events.time_us, from, to),
        kind: part(events.kind, from, to),
        mid: part(events.mid, from, to),
        name: part(events.name, from, to),
        order: part(events.order, from, to),
        item: part(events.item, from, to),
        quantity_milli: part(events.quantity_milli, from, to),
        value_minor: part(events.value_minor, from, to),
        channel: part(events.channel, from, to),
        source: part(events.source, from, to),
        campaign: part(events.campaign, from, to),
        received_us: part(events.received_us, from, to),
        store: part(events.store, from, to),
        staff: part(events.staff, from, to),
        category: part(events.category, from, to),
        properties: events.properties.part(from..to),
    }
}

prop_compose! {
    fn raw()(who in 1..4_u64, kind in 0..6_usize, order in 0..5_u64, message in 0..1_000_u64, hours in 0..700_i64,
             name in 0..NAMES.len(), value in prop::option::of(1..900_i64), channel in prop::option::of(0..3_usize)) -> Raw {
        let kind = EventKind::ALL[kind];
        let mid = if matches!(kind, EventKind::Order | EventKind::OrderVoid) && order != 0 { 90_000 + order } else { 1 + message * 8 + kind as u64 };
        Raw {
            kind, name, channel, order, value_minor: value,
            ..Raw::visit(CustomerId::new(0, who), mid, START_US + hours * HOUR_US)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_split_equals_batch(rows in prop::collection::vec(raw(), 1..80), cut in 0.0..1.0_f64, hours in 1..800_i64) {
        let bench = Bench::with_rows(&rows);
        let instant = Instant::new(START_US + hours * HOUR_US, Zone::named("Asia/Shanghai").unwrap(), Revenue::Net);
        let mut samples = Samples::new();
        let snapshot = bench.snapshot();
        let batch = samples.run(&snapshot, &instant);
        let registry = &samples.registry;
        each_customer(&snapshot, &instant, |events| {
            let expected = row_of(&batch.table, events.customer);
            let mut stepped = registry.live_state(events.customer);
            events.iter().for_each(|event| stepped.step(&event, &instant));
            assert!(same(&finish(&mut stepped, registry, &instant), &expected), "event by event");

            let middle = (events.len() as f64 * cut) as usize;
            let mut parts = registry.live_state(events.customer);
            parts.extend(&slice(events, 0, middle), &instant);
            let mut checkpoint = parts.clone();
            finish(&mut parts, registry, &instant);
            parts.extend(&slice(events, middle, events.len()), &instant);
            assert!(same(&finish(&mut parts, registry, &instant), &expected), "a prefix, finished, then the rest");

            let late: Vec<Event> = slice(events, middle, events.len()).iter().collect();
            late.iter().for_each(|event| checkpoint.step(event, &instant));
            assert!(same(&finish(&mut checkpoint, registry, &instant), &expected), "from a checkpoint");

            parts.reset(events.customer);
            parts.extend(events, &instant);
            assert!(same(&finish(&mut parts, registry, &instant), &expected), "a state used again");
        });
    }
}

#[test]
fn a_newer_header_that_arrives_live_gives_what_the_batch_gives() {
    let customer = CustomerId::new(1, 4);
    let old = Raw::of_order(customer, 50, EventKind::Order, 9, START_US, 100);
    let new = Raw { received_us: START_US + HOUR_US, value_minor: Some(70), ..old.clone() };
    let instant = Instant::new(START_US + 24 * HOUR_US, Zone::utc(), Revenue::Net);
    let buying = || {
        let mut registry = Registry::new();
        registry.add(crate::samples::Buying).unwrap();
        registry
    };
    let snapshot = |rows: &[Raw]| Bench::with_rows(rows).snapshot();
    let mut registry = buying();
    let batch = perennial_fold::run_batch(&snapshot(&[old.clone(), new.clone()]), &mut registry, &instant, 1).unwrap();
    let mut live = buying().live_state(customer);
    for raw in [old, new] {
        each_customer(&snapshot(&[raw]), &instant, |events| live.extend(events, &instant));
    }
    assert!(same(&finish(&mut live, &registry, &instant), &row_of(&batch.table, customer)));
    assert_eq!(batch.table.ints(1, "revenue"), [70]);
}
