//! Batch equals the oracle for random streams; later events do not show; few events, many threads.

use crate::oracle::{self, lines_of, visible};
use crate::samples::{Buying, Counts, FirstOrder, RecentDays, Samples};
use crate::support::{Bench, DAY_US, HOUR_US, Raw, SHARDS, START_US, profile, to_batch};
use perennial_fold::{BatchResult, BatchStats, Instant, Registry, Revenue, run_batch, run_batches};
use perennial_model::{CustomerId, EventKind, Zone};
use perennial_timeline::ChunkCommit;
use proptest::prelude::*;

/// What happens to a timeline.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Append(Vec<Raw>),
    Import(Vec<Raw>),
    Flush,
    MergeRuns(u16),
    MergeProfiles(CustomerId, CustomerId),
    UndoLast,
}

prop_compose! {
    fn raw()(
        who in 0..7_u64, kind in 0..6_usize, order in 0..4_u64, message in 0..30_u64, hours in 0..24 * 40_i64,
        received in 0..1_000_000_i64, name in 0..3_usize, quantity in prop::option::of(1..5_i64),
        value in prop::option::of(-200..5_000_i64), channel in prop::option::of(0..3_usize),
    ) -> Raw {
        let kind = EventKind::ALL[kind];
        // Every version of an order's header has one mid, as the model demands; kinds do not mix.
        let header = matches!(kind, EventKind::Order | EventKind::OrderVoid) && order != 0;
        let mid = if header { 1_000_000 + order } else { 1 + message * 8 + kind as u64 };
        let is_refund = kind == EventKind::Refund;
        Raw {
            profile: profile(who), mid, kind, order, name, channel,
            time_us: START_US + hours * HOUR_US,
            received_us: START_US + received,
            quantity_milli: quantity.map(|quantity| quantity * 500),
            value_minor: if is_refund { value.map(i64::abs) } else { value },
            properties: 0,
        }
    }
}

fn deed() -> impl Strategy<Value = Deed> {
    let rows = || prop::collection::vec(raw(), 1..25);
    prop_oneof![
        4 => rows().prop_map(Deed::Append),
        3 => rows().prop_map(Deed::Import),
        2 => Just(Deed::Flush),
        1 => (0..SHARDS).prop_map(Deed::MergeRuns),
        2 => (1..7_u64, 1..7_u64).prop_map(|(from, into)| Deed::MergeProfiles(profile(from), profile(into))),
        1 => Just(Deed::UndoLast),
    ]
}

/// Does it all and keeps what was put in. Received times are made unique, so that no rule of ties
/// is needed to know which version counts.
fn play(deeds: &[Deed]) -> (Bench, Vec<Raw>) {
    let bench = Bench::new();
    let mut all: Vec<Raw> = Vec::new();
    let mut merges = Vec::new();
    for deed in deeds {
        match deed {
            Deed::Append(rows) | Deed::Import(rows) => {
                let mut rows = rows.clone();
                for raw in &mut rows {
                    raw.received_us = raw.received_us * 1_000 + all.len() as i64;
                    all.push(raw.clone());
                }
                if matches!(deed, Deed::Append(_)) {
                    bench.append(&rows);
                } else {
                    let import = bench.timeline.import_chunk(to_batch(&rows), ChunkCommit::default());
                    bench.runtime.block_on(import).unwrap();
                }
            }
            Deed::Flush => bench.runtime.block_on(bench.timeline.flush()).unwrap(),
            Deed::MergeRuns(shard) => {
                bench.runtime.block_on(bench.timeline.merge(*shard)).unwrap();
            }
            Deed::MergeProfiles(from, into) => {
                if bench.timeline.customer_of(*from) != bench.timeline.customer_of(*into) {
                    let merge = bench.timeline.merge_profiles(*from, *into, "test");
                    merges.push(bench.runtime.block_on(merge).unwrap());
                }
            }
            Deed::UndoLast => {
                if let Some(entry) = merges.pop() {
                    bench.runtime.block_on(bench.timeline.undo(entry)).unwrap();
                }
            }
        }
    }
    (bench, all)
}

/// Who is who after the deeds, by a list of merges rather than aliases.
fn identities(deeds: &[Deed]) -> impl Fn(CustomerId) -> CustomerId {
    let mut merges: Vec<(CustomerId, CustomerId)> = Vec::new();
    let resolve = |merges: &[(CustomerId, CustomerId)], profile: CustomerId| {
        merges.iter().fold(profile, |customer, (from, into)| if customer == *from { *into } else { customer })
    };
    for deed in deeds {
        match deed {
            Deed::MergeProfiles(from, into) => {
                let (from, into) = (resolve(&merges, *from), resolve(&merges, *into));
                if from != into {
                    merges.push((from, into));
                }
            }
            Deed::UndoLast => {
                merges.pop();
            }
            _ => {}
        }
    }
    move |profile| resolve(&merges, profile)
}

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn batch_equals_the_oracle(
        deeds in prop::collection::vec(deed(), 1..9),
        as_of_hours in 0..24 * 45_i64,
        zone_name in prop::sample::select(vec!["UTC", "Asia/Shanghai", "America/New_York"]),
        net in any::<bool>(),
    ) {
        let (bench, rows) = play(&deeds);
        let customer_of = identities(&deeds);
        let revenue = if net { Revenue::Net } else { Revenue::Gross };
        let instant = Instant::new(START_US + as_of_hours * HOUR_US, zone(zone_name), revenue);
        let expected = oracle::answer(&rows, &customer_of, &instant);
        let mut samples = Samples::new();
        let found = samples.run(&bench.snapshot(), &instant);
        prop_assert_eq!(lines_of(&found.table), expected.customers);
        prop_assert_eq!(found.stats.events, expected.events);
        prop_assert_eq!(found.stats.customers, found.table.len() as u64);
        prop_assert_eq!(found.summary(samples.buying).unwrap(), &expected.totals);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn later_events_do_not_show(deeds in prop::collection::vec(deed(), 1..7), as_of_hours in 0..24 * 45_i64) {
        let (bench, rows) = play(&deeds);
        let customer_of = identities(&deeds);
        let instant = Instant::new(START_US + as_of_hours * HOUR_US, zone("Asia/Shanghai"), Revenue::Net);
        let found = Samples::new().run(&bench.snapshot(), &instant);
        let before: Vec<Raw> = visible(&rows, &customer_of, instant.as_of_us)
            .into_iter()
            .flat_map(|(customer, events)| {
                events.into_iter().map(move |raw| Raw { profile: CustomerId(customer), ..raw })
            })
            .collect();
        let only_before = Samples::new().run(&Bench::with_rows(&before).snapshot(), &instant);
        prop_assert_eq!(lines_of(&found.table), lines_of(&only_before.table));
    }

    #[test]
    fn one_pass_for_several_instants_equals_a_pass_for_each(
        deeds in prop::collection::vec(deed(), 1..9),
        hours in prop::collection::vec(0..24 * 45_i64, 0..4),
        threads in 1..4_usize,
    ) {
        let (bench, _) = play(&deeds);
        let snapshot = bench.snapshot();
        let zones = ["Asia/Shanghai", "UTC", "America/New_York"].into_iter().cycle();
        let revenues = [Revenue::Net, Revenue::Gross].into_iter().cycle();
        let times = hours.iter().map(|hours| START_US + hours * HOUR_US);
        let instants: Vec<Instant> =
            times.zip(zones.zip(revenues)).map(|(us, (name, revenue))| Instant::new(us, zone(name), revenue)).collect();
        // With and without orders and steps, so that lanes with different wishes share the book.
        let asked = |place: usize| {
            let mut registry = Registry::new();
            if place % 3 != 1 {
                registry.add(Buying).unwrap();
                registry.add(FirstOrder::default()).unwrap();
            }
            if place % 3 != 2 {
                registry.add(Counts::default()).unwrap();
                registry.add(RecentDays).unwrap();
            }
            registry
        };
        let mut registries: Vec<Registry> = (0..instants.len()).map(asked).collect();
        let mut wanted: Vec<_> = registries.iter_mut().zip(&instants).collect();
        let found = run_batches(&snapshot, &mut wanted, threads).unwrap();
        prop_assert_eq!(found.len(), instants.len());
        for (place, (found, instant)) in found.iter().zip(&instants).enumerate() {
            let mut registry = asked(place);
            let alone = run_batch(&snapshot, &mut registry, instant, 1).unwrap();
            prop_assert_eq!(format!("{:?}", found.table), format!("{:?}", alone.table));
            let counts = |found: &BatchResult| BatchStats { wall_s: 0.0, ..found.stats };
            prop_assert_eq!(counts(found), counts(&alone));
        }
    }

    #[test]
    fn summaries_of_one_pass_equal_those_of_a_pass_for_each(
        deeds in prop::collection::vec(deed(), 1..9), hours in prop::collection::vec(0..24 * 45_i64, 2),
    ) {
        let (bench, _) = play(&deeds);
        let snapshot = bench.snapshot();
        let at = |hours: i64| Instant::new(START_US + hours * HOUR_US, zone("Asia/Shanghai"), Revenue::Net);
        let instants = [at(hours[0]), at(hours[1])];
        let mut samples = [Samples::new(), Samples::new()];
        let mut wanted: Vec<_> = samples.iter_mut().map(|samples| &mut samples.registry).zip(&instants).collect();
        let found = run_batches(&snapshot, &mut wanted, 2).unwrap();
        for ((found, instant), samples) in found.iter().zip(&instants).zip(&samples) {
            let mut other = Samples::new();
            let alone = other.run(&snapshot, instant);
            prop_assert_eq!(found.summary(samples.buying).unwrap(), alone.summary(other.buying).unwrap());
            prop_assert_eq!(found.summary(samples.counts).unwrap(), alone.summary(other.counts).unwrap());
        }
    }

    #[test]
    fn no_visible_event_is_later_than_the_latest(deeds in prop::collection::vec(deed(), 1..7)) {
        let (bench, rows) = play(&deeds);
        prop_assert_eq!(bench.snapshot().latest_time_us().is_some(), !rows.is_empty());
        let last = visible(&rows, &identities(&deeds), i64::MAX).into_values().flatten();
        prop_assert!(last.map(|raw| raw.time_us).max() <= bench.snapshot().latest_time_us());
        prop_assert!(bench.snapshot().latest_time_us() <= rows.iter().map(|raw| raw.time_us).max());
    }
}

#[test]
fn an_empty_timeline_has_no_customers_and_all_columns() {
    let mut samples = Samples::new();
    let instant = Instant::new(START_US, Zone::utc(), Revenue::Net);
    let found = samples.run(&Bench::new().snapshot(), &instant);
    assert!(found.table.is_empty());
    assert_eq!(found.table.specs.len(), samples.registry.specs().len());
    assert_eq!(found.table.shards.len(), usize::from(SHARDS));
}

#[test]
fn an_event_at_the_instant_is_not_before_it() {
    let customer = CustomerId::new(0, 1);
    let bench = Bench::with_rows(&[Raw::visit(customer, 1, START_US)]);
    let run = |as_of_us| Samples::new().run(&bench.snapshot(), &Instant::new(as_of_us, Zone::utc(), Revenue::Net));
    assert_eq!(run(START_US).table.len(), 0);
    assert_eq!(run(START_US + 1).table.len(), 1);
}

#[test]
fn any_number_of_threads_gives_the_same() {
    let rows: Vec<Raw> = (1..300_u64)
        .map(|number| {
            let customer = CustomerId::new((number % 3) as u16, 1 + number % 50);
            Raw::of_order(customer, number, EventKind::Order, number, START_US + number as i64 * DAY_US / 9, 100)
        })
        .collect();
    let snapshot = Bench::with_rows(&rows).snapshot();
    let instant = Instant::new(START_US + 100 * DAY_US, Zone::utc(), Revenue::Net);
    let run = |threads| {
        let mut samples = Samples::new();
        let found = perennial_fold::run_batch(&snapshot, &mut samples.registry, &instant, threads).unwrap();
        (found.summary(samples.counts).unwrap().clone(), found.table)
    };
    let alone = run(0);
    assert_eq!(alone.0.0, 299);
    assert_eq!(alone, run(2));
    assert_eq!(alone, run(64));
}
