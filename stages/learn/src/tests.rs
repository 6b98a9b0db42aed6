//! Figures of small shops by hand, and identities over random ones.

use crate::fixture::{Shop, event, instant};
use crate::report::Report;
use crate::thresholds::Thresholds;
use perennial_fold::{Instant, Revenue};
use perennial_model::{EventKind, OrderKey, Zone, day_from_civil};
use perennial_timeline::Event;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// 2024-01-01.
const START: i32 = 19_723;
/// The last day of the windows in the random shops, and the day that begins at the instant.
const END: i32 = START + 719;

fn report(shop: &Shop, day: i32) -> Report {
    shop.report(&instant(day), &Thresholds::default())
}

fn day(year: i32, month: u32, date: u32) -> i32 {
    day_from_civil(year, month, date).unwrap()
}

#[test]
fn the_head_and_the_operators_figures_of_three_customers() {
    let mut shop = Shop::of(&[
        &[(day(2024, 1, 5), 10_000), (day(2024, 1, 25), 5_000)],
        &[(day(2024, 1, 31), 8_000), (day(2024, 3, 31), 2_000)],
        &[(day(2024, 3, 20), 3_000)],
    ]);
    let refund = Event { value_minor: 1_000, ..event(EventKind::Refund, day(2024, 3, 21)) };
    shop.customers[2].1.push(refund);
    // A refund of an order nobody knows, of somebody who never bought.
    shop.customers
        .push((4, vec![Event { value_minor: 500, order: OrderKey(9), ..event(EventKind::Refund, day(2024, 2, 1)) }]));
    shop.add(0, &[(day(2024, 2, 2), 7_000)]);
    let report = report(&shop, day(2024, 4, 1));
    assert_eq!((report.customers, report.orders, report.revenue, report.refunds), (3, 5, 26_500, 1_500));
    assert_eq!(report.non_buyers_revenue, -500);
    assert_eq!((report.unidentified.orders, report.unidentified.revenue), (1, 7_000));
    assert_eq!(report.as_of, "2024-04-01T00:00:00+00:00");
    let kpis = &report.kpis;
    assert_eq!(kpis.aov, Some(5_300.0));
    assert_eq!(kpis.second_order_rate, Some(2.0 / 3.0));
    assert_eq!(kpis.median_days_to_second, Some(40.0));
    // The third customer's 30 days are not over.
    assert_eq!(kpis.repurchase_rate.d30, Some(0.5));
    assert_eq!(kpis.repurchase_rate.details[1].of, 0);
    assert_eq!(kpis.repurchase_rate.d90, None);
}

#[test]
fn months_in_which_nobody_buys_are_counted() {
    let shop = Shop::of(&[&[(day(2024, 1, 5), 1), (day(2024, 4, 5), 1)], &[(day(2024, 1, 9), 1)]]);
    let growth = report(&shop, day(2024, 5, 10)).growth;
    let sums: Vec<_> = growth.iter().map(|m| [m.active, m.new, m.retained, m.resurrected, m.churned]).collect();
    assert_eq!(sums, [[2, 2, 0, 0, 0], [0, 0, 0, 0, 2], [0; 5], [1, 0, 0, 1, 0], [0, 0, 0, 0, 1]]);
    assert_eq!((growth[1].month.as_str(), growth[1].quick_ratio), ("2024-02", Some(0.0)));
    assert_eq!((growth[3].complete, growth[4].complete, growth[3].quick_ratio), (true, false, None));
}

#[test]
fn a_cohort_by_month_bracket_and_from_then_on() {
    let shop = Shop::of(&[
        &[(day(2024, 1, 5), 1), (day(2024, 1, 20), 1), (day(2024, 3, 5), 1)],
        &[(day(2024, 1, 31), 1), (day(2024, 2, 1), 1)],
        &[(day(2024, 1, 9), 1)],
    ]);
    let cohorts = report(&shop, day(2024, 4, 1)).cohorts;
    let cohort = &cohorts[0];
    assert_eq!((cohorts.len(), cohort.size), (1, 3));
    assert_eq!((cohort.active.as_slice(), cohort.rolling.as_slice()), (&[3, 1, 1][..], &[3, 2, 1][..]));
    assert_eq!(cohort.complete, [true, true, true]);
    // Days 1–30: the first (15) and the second (1); days 31–60: the first (60).
    assert_eq!(cohort.bracket, [2, 1, 0, 0, 0]);
    assert_eq!(cohort.bracket_complete, [true, true, false, false, false]);
}

#[test]
fn the_ladder_counts_days_and_censors_those_still_inside() {
    // Two orders on one day are one rung; gaps of 10 days; horizon 30.
    let shop = Shop::of(&[
        &[(START, 1), (START, 1), (START + 10, 1), (START + 20, 1)],
        &[(START, 1), (START + 10, 1)],
        &[(START, 1)],
        &[(START + 95, 1)],
    ]);
    let ladder = report(&shop, START + 100).ladder;
    assert_eq!(ladder.iter().map(|step| step.customers).collect::<Vec<_>>(), [4, 2, 1]);
    assert_eq!(ladder[0].horizon_days, 30);
    // One of four leaves on day 4, before any event: two of the three left buy on day 10.
    assert!((ladder[0].next_rate.unwrap() - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(ladder[0].raw_rate, Some(0.5));
    assert_eq!(ladder[2].next_rate, Some(0.0));
}

#[test]
fn the_first_sixty_days_count_before_and_hold_after() {
    let shop = Shop::of(&[
        &[(START, 1), (START + 5, 1), (START + 60, 1), (START + 61, 1)],
        &[(START, 1), (START + 60, 1), (START + 121, 1)],
        &[(START, 1), (START, 1), (START + 120, 1)],
        &[(START + 1, 1)],
    ]);
    let found = report(&shop, START + 121).first_60_days;
    assert_eq!([found.customers, found.bought_0, found.bought_1, found.bought_2plus], [3, 1, 1, 1]);
    assert_eq!((found.retained, found.churned), (2, 1));
    assert_eq!(found.second_order_curve.len(), 61);
    assert_eq!((found.second_order_curve[0], found.second_order_curve[60]), (0.25, 0.75));
}

#[test]
fn coming_back_after_a_lapse_is_won_back_for_sixty_days() {
    let repeat: &[(i32, i64)] = &[(START, 1), (START + 30, 1)];
    let shop = Shop::of(&[repeat, repeat, repeat, &[(START, 1), (START + 300, 1)]]);
    let stage = |day: i32| {
        let (table, _) = shop.table(&instant(day), &Thresholds::default());
        table.codes(0, "stage")[3]
    };
    // The interval before the return was the median, 30 days: 300 > 3 × 30.
    assert_eq!(stage(START + 301), perennial_model::Stage::WonBack as u8);
    assert_eq!(stage(START + 360), perennial_model::Stage::WonBack as u8);
    assert_eq!(stage(START + 361), perennial_model::Stage::Active as u8);
}

#[test]
fn an_unknown_rhythm_is_assumed_and_says_so() {
    let report = report(&Shop::of(&[&[(START, 1)]]), START + 100);
    assert_eq!((report.interval.median_days, report.interval.assumed_days), (None, Some(90.0)));
    assert_eq!(report.ladder[0].horizon_days, 180);
    assert_eq!(report.ladder[0].next_rate, None);
}

#[test]
fn days_are_the_brands() {
    let shop = Shop::of(&[&[(START, 1)]]);
    let zone = Zone::named("Pacific/Auckland").unwrap();
    let at = Instant::new(instant(START + 2).as_of_us, zone, Revenue::Net);
    // Noon in UTC is the next day's small hours in Auckland.
    assert_eq!(shop.report(&at, &Thresholds::default()).first_day.as_deref(), Some("2024-01-02"));
}

#[test]
fn thresholds_that_cannot_be_meant_are_named() {
    let mut thresholds = Thresholds::default();
    assert!(thresholds.check().is_ok());
    thresholds.ladder.rungs = 0;
    assert_eq!(thresholds.check().unwrap_err().to_string(), "threshold ladder.rungs is 0: it must be from 1 to 100");
}

#[test]
fn active_may_mean_several_days() {
    let shop = Shop::of(&[
        &[(START, 1), (START + 80, 1), (START + 99, 1)],
        &[(START, 1), (START + 99, 1), (START + 99, 1)],
        &[(START, 1), (START + 65, 1), (START + 80, 1)],
    ]);
    let mut thresholds = Thresholds::default();
    thresholds.activity.min_active_days = 2;
    let rate = shop.report(&instant(START + 100), &thresholds).active_rate;
    // Two orders of one day are one; the third customer's first of two days is out of the window.
    assert_eq!((rate.min_active_days, rate.active, rate.base), (2, 1, 3));
    // Own windows: 1.5 × the personal interval, from both of the days on.
    assert_eq!((rate.adaptive.count, rate.adaptive.of), (2, 3));
}

#[test]
fn visits_count_as_activity_of_buyers_only() {
    let mut shop = Shop::of(&[&[(START, 1)], &[(START, 1)], &[]]);
    let visit = shop.symbols.intern("visit");
    let visited = |day: i32| Event { name: visit, ..event(EventKind::Event, day) };
    shop.customers[0].1.extend([visited(START + 85), visited(START + 86)]);
    shop.customers[1].1.push(Event { name: shop.symbols.intern("Email Opened"), ..visited(START + 90) });
    shop.customers[2].1.push(visited(START + 90));
    let report = report(&shop, START + 100);
    assert_eq!((report.active_rate.active, report.active_rate.base), (1, 2));
    assert_eq!((report.stickiness.active_28d, report.stickiness.days_active[1]), (1, 1));
    assert_eq!(report.stickiness.basis, "value_events");
}

/// Customers with orders, visits and loose refunds on random days.
fn shops() -> impl Strategy<Value = Shop> {
    let orders = prop::collection::vec((0i32..720, 1i64..100_000), 0..9);
    let visits = prop::collection::vec(0i32..720, 0..6);
    let customer = (orders, visits, prop::option::of(1i64..50_000));
    prop::collection::vec(customer, 1..40).prop_map(|customers| {
        let mut shop = Shop::default();
        let visit = shop.symbols.intern("visit");
        for (number, (orders, visits, refund)) in (1..).zip(customers) {
            shop.add(number, &orders.iter().map(|(day, value)| (START + day, *value)).collect::<Vec<_>>());
            let events = &mut shop.customers.last_mut().unwrap().1;
            events.extend(visits.iter().map(|day| Event { name: visit, ..event(EventKind::Event, START + day) }));
            events.extend(refund.map(|value| Event { value_minor: value, ..event(EventKind::Refund, START + 300) }));
        }
        shop
    })
}

/// Order days and active days of each buyer.
fn days(shop: &Shop) -> Vec<(BTreeSet<i32>, BTreeSet<i32>)> {
    let of = |events: &[Event], kinds: &[EventKind]| -> BTreeSet<i32> {
        let chosen = events.iter().filter(|event| kinds.contains(&event.kind));
        chosen.map(|event| Zone::utc().day(event.time_us)).collect()
    };
    let all = shop.customers.iter().map(|(_, events)| {
        let orders = of(events, &[EventKind::Order]);
        let first = orders.first().copied().unwrap_or(i32::MAX);
        let active =
            of(events, &[EventKind::Order, EventKind::Event]).into_iter().filter(|day| *day >= first).collect();
        (orders, active)
    });
    all.filter(|(orders, _)| !orders.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_parts_add_up(shop in shops()) {
        let report = report(&shop, END + 1);
        let customers = report.customers;
        prop_assert_eq!(customers, days(&shop).len() as u64);
        let mut before = 0;
        for month in &report.growth {
            prop_assert_eq!(month.active, month.new + month.retained + month.resurrected);
            prop_assert_eq!(month.active + month.churned, before + month.new + month.resurrected);
            prop_assert_eq!(before, month.retained + month.churned);
            before = month.active;
        }
        prop_assert_eq!(report.growth.iter().map(|month| month.new).sum::<u64>(), customers);
        for cohort in &report.cohorts {
            prop_assert_eq!(cohort.size, cohort.active[0]);
            prop_assert_eq!(cohort.size, cohort.rolling[0]);
            prop_assert!(cohort.rolling.is_sorted_by(|a, b| a >= b));
            prop_assert!(cohort.active.iter().zip(&cohort.rolling).all(|(active, rolling)| active <= rolling));
        }
        prop_assert_eq!(report.cohorts.iter().map(|cohort| cohort.size).sum::<u64>(), customers);
        prop_assert_eq!(report.rfm.segments.iter().map(|segment| segment.customers).sum::<u64>(), customers);
        prop_assert_eq!(report.rfm.grid.iter().flatten().sum::<u64>(), customers);
        prop_assert_eq!(report.stages.iter().map(|stage| stage.customers).sum::<u64>(), customers);
        prop_assert_eq!(report.stage_flow.iter().map(|flow| flow.customers).sum::<u64>(), customers);
        let segments: i64 = report.rfm.segments.iter().map(|segment| segment.revenue).sum();
        prop_assert_eq!(segments + report.non_buyers_revenue, report.revenue);
        let first = &report.first_60_days;
        prop_assert_eq!(first.bought_0 + first.bought_1 + first.bought_2plus, first.customers);
        prop_assert_eq!(first.retained + first.churned, first.customers);
        let gaps: u64 = report.interval.histogram.iter().map(|(_, gaps)| gaps).sum();
        prop_assert_eq!(gaps, days(&shop).iter().map(|(orders, _)| orders.len() as u64 - 1).sum::<u64>());
        prop_assert!(report.findings.is_sorted_by_key(|finding| std::cmp::Reverse(finding.money_at_stake)));
    }

    #[test]
    fn both_series_are_what_counting_gives(shop in shops(), k in 1..4, window in prop::sample::select(vec![7, 30, 60])) {
        let buyers = days(&shop);
        prop_assume!(!buyers.is_empty());
        let mut thresholds = Thresholds::default();
        (thresholds.activity.min_active_days, thresholds.activity.window_days) = (k, window);
        let report = shop.report(&instant(END + 1), &thresholds);
        let in_window = |active: &BTreeSet<i32>, end: i32| active.range(end - window + 1..=end).count() >= k as usize;
        for (point, day) in report.active_rate.running_series.iter().zip(END - 364..) {
            let base: Vec<_> = buyers.iter().filter(|(orders, _)| *orders.first().unwrap() <= day).collect();
            let active = base.iter().filter(|(_, active)| in_window(active, day)).count();
            prop_assert_eq!((point.active, point.base), (active as u64, base.len() as u64), "{}", &point.day);
        }
        prop_assert_eq!(report.active_rate.running_series.len(), 365);
        for point in &report.active_rate.fixed_series {
            let date: Vec<u32> = point.day.split('-').map(|part| part.parse().unwrap()).collect();
            let end = day(date[0] as i32, date[1], date[2]);
            let base: Vec<_> = buyers.iter().filter(|(orders, _)| *orders.first().unwrap() <= end - window).collect();
            let active = base.iter().filter(|(_, active)| in_window(active, end)).count();
            prop_assert_eq!((point.active, point.base), (active as u64, base.len() as u64), "{}", &point.day);
        }
        let sticky = |active: &BTreeSet<i32>| active.range(END - 27..=END).count();
        for (place, customers) in report.stickiness.days_active.iter().enumerate() {
            let expected = buyers.iter().filter(|(_, active)| sticky(active) == place + 1).count();
            prop_assert_eq!(*customers, expected as u64);
        }
    }
}
