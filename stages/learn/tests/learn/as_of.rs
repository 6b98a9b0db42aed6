//! A report of the past does not know the future (mechanism 5.5).

use crate::support::{Bench, Happened, SHARDS};
use perennial_learn::{AnalyseOptions, default_as_of};
use perennial_model::{CustomerId, DAY_US, EventKind, Zone};

/// 2024-01-01.
const START_DAY: i64 = 19_723;

fn at(day: i64, customer: u64, kind: EventKind, order: u64, value: Option<i64>) -> Happened {
    let shard = u16::try_from(customer % u64::from(SHARDS)).unwrap();
    Happened {
        customer: CustomerId::new(shard, customer),
        kind,
        time_us: (START_DAY + day) * DAY_US + DAY_US / 3,
        order,
        value_minor: value,
        quantity_milli: None,
        channel: Some(if customer.is_multiple_of(3) { "店" } else { "web" }),
    }
}

/// 200 customers with orders in rhythms of their own, visits, refunds and cancellations.
fn history() -> Vec<Happened> {
    let mut events = Vec::new();
    for customer in 1..=200_u64 {
        let (start, gap) = ((customer * 7) % 150, 5 + (customer * 13) % 60);
        for number in 0..(customer % 9) {
            let (day, order) = ((start + number * gap) as i64, customer * 100 + number);
            let value = 1_000 + (customer * 31 + number * 17) as i64 % 9_000;
            events.push(at(day, customer, EventKind::Order, order, Some(value)));
            events.push(at(day + 3, customer, EventKind::Event, 0, None));
            if (customer + number).is_multiple_of(11) {
                events.push(at(day + 20, customer, EventKind::Refund, order, Some(value)));
            }
            if (customer + number).is_multiple_of(17) {
                events.push(at(day + 9, customer, EventKind::Cancellation, order, None));
            }
        }
    }
    events
}

fn options(day: i64) -> AnalyseOptions {
    AnalyseOptions::new((START_DAY + day) * DAY_US, Zone::utc(), 2)
}

#[test]
fn later_events_change_nothing_in_an_earlier_report() {
    let events = history();
    let options = options(200);
    let (past, future): (Vec<_>, Vec<_>) =
        events.iter().copied().partition(|event: &Happened| event.time_us < options.as_of_us);
    assert!(future.len() > 100, "the test needs a future");
    let mut bench = Bench::new();
    bench.import(&past);
    let before = bench.analyse(&options);
    bench.import(&future);
    let after = bench.analyse(&options);
    let json = |analysis: &perennial_learn::Analysis| serde_json::to_string_pretty(&analysis.report).unwrap();
    assert_eq!(json(&before), json(&after));
    assert!(before.report.customers > 100 && !before.report.stage_flow.is_empty());
    assert_eq!(before.report.stickiness.basis, "value_events");
}

#[test]
fn a_report_is_the_same_without_the_whole_table() {
    let mut bench = Bench::new();
    bench.import(&history());
    let whole = bench.analyse(&options(230));
    let lean = bench.analyse(&AnalyseOptions { whole_table: false, ..options(230) });
    let json = |analysis: &perennial_learn::Analysis| serde_json::to_string_pretty(&analysis.report).unwrap();
    assert_eq!(json(&whole), json(&lean));
    let ids = |analysis: &perennial_learn::Analysis| -> Vec<Vec<u64>> {
        analysis.report.findings.iter().map(|finding| finding.customer_ids.clone()).collect()
    };
    assert_eq!(ids(&whole), ids(&lean));
    assert!(lean.table.specs.len() + 8 < whole.table.specs.len());
}

#[test]
fn the_flow_starts_from_the_stages_that_a_report_of_that_day_gives() {
    let mut bench = Bench::new();
    bench.import(&history());
    let now = bench.analyse(&options(230)).report;
    let then = bench.analyse(&options(200)).report;
    for stage in &then.stages {
        let from: u64 = now.stage_flow.iter().filter(|flow| flow.from == stage.stage).map(|flow| flow.customers).sum();
        // Who has no kept order left by now, because all were refunded since, has left the flow.
        assert!(
            from <= stage.customers && from + 5 >= stage.customers,
            "{}: {from} of {}",
            stage.stage,
            stage.customers
        );
    }
    let all: u64 = now.stage_flow.iter().map(|flow| flow.customers).sum();
    assert_eq!(all, now.customers);
}

#[test]
fn the_default_instant_is_the_midnight_after_the_last_event() {
    let mut bench = Bench::new();
    let zone = Zone::named("Asia/Shanghai").unwrap();
    assert_eq!(default_as_of(&bench.snapshot(), &zone), None);
    bench.import(&[at(5, 1, EventKind::Order, 1, Some(100))]);
    let midnight = zone.day_start(i32::try_from(START_DAY).unwrap() + 6);
    assert_eq!(default_as_of(&bench.snapshot(), &zone), Some(midnight));
}

#[test]
fn an_empty_base_gives_a_report_without_claims() {
    let report = Bench::new().analyse(&options(0)).report;
    assert_eq!((report.customers, report.findings.len()), (0, 0));
    assert_eq!((report.kpis.aov, report.active_rate.rate, report.interval.median_days), (None, None, None));
}
