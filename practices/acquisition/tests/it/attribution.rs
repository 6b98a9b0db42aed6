//! Credit of first orders, by hand and against a naive calculation.

use crate::oracle::{Reads, month, month_of};
use crate::random;
use crate::shop::{Did, Shop, What, ground, midnight};
use perennial_acquisition::{Attributed, Ground, Months, attribution};
use perennial_measure::NOT_CAUSAL;
use perennial_model::{DAY_US, Zone};
use serde_json::json;
use std::collections::BTreeMap;

const MODELS: [&str; 5] = ["first", "last", "linear", "position", "time_decay"];

fn brand(zone: &str) -> Ground {
    ground(
        zone,
        json!({"sources": [
            {"name": "ads", "kind": "advertising", "where": "p_utm = 'ads'"},
            {"name": "friends", "kind": "referral", "where": "channel = 'friend'"},
        ]}),
    )
}

const READS: Reads<'_> = &[("ads", &|_, utm| utm == "ads"), ("friends", &|channel, _| channel == "friend")];

async fn told(shop: &Shop, ground: &Ground, months: Months, now_us: i64) -> Attributed {
    attribution(&shop.snapshot().await, ground, months, now_us).unwrap()
}

/// Customers and revenue of a source, under each rule.
fn credits(found: &Attributed, source: &str) -> Vec<(f64, i64)> {
    let row = found.sources.iter().find(|row| row.source == source).unwrap();
    assert!(row.credits.iter().map(|credit| credit.model).eq(MODELS));
    row.credits.iter().map(|credit| (credit.customers, credit.revenue_minor)).collect()
}

fn alike(found: &[(f64, i64)], expected: [(f64, i64); 5]) {
    for ((model, found), expected) in MODELS.iter().zip(found).zip(expected) {
        assert!((found.0 - expected.0).abs() < 1e-9 && found.1 == expected.1, "{model}: {found:?}, not {expected:?}");
    }
}

/// All that each rule gives is what there is.
fn sums_are_whole(found: &Attributed) {
    for (place, model) in found.models.iter().enumerate() {
        let own = || found.sources.iter().map(|row| row.credits[place]);
        let customers: f64 = own().map(|credit| credit.customers).sum();
        assert!((customers - found.customers as f64).abs() < 1e-6, "{}: {customers}", model.credit.model);
        assert_eq!(model.credit.customers, found.customers as f64, "to the last part");
        let revenue: i64 = own().map(|credit| credit.revenue_minor).sum();
        assert_eq!((revenue, model.credit.revenue_minor), (found.revenue_minor, found.revenue_minor));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_touches_of_two_sources_by_hand() {
    let ground = brand("Asia/Shanghai");
    let start = midnight(&ground.zone, (2026, 1, 5));
    let did = |who: u64, time_us: i64, what: What| Did { who, time_us, what };
    let all = [
        did(1, start, What::Visit("friend", "none")),
        // Meets both: the first of the file.
        did(1, start + 7 * DAY_US, What::Visit("friend", "ads")),
        did(1, start + 9 * DAY_US, What::Visit("web", "none")),
        did(1, start + 14 * DAY_US, What::Visit("web", "ads")),
        did(1, start + 15 * DAY_US, What::Order(1, 1_000)),
        did(1, start + 15 * DAY_US + 1, What::Visit("friend", "none")),
        did(1, start + 16 * DAY_US, What::Refund(1, 300)),
        did(1, start + 17 * DAY_US, What::Order(2, 5_000)),
    ];
    let found = told(&Shop::of(&all).await, &ground, Months::default(), start + 40 * DAY_US).await;
    let third = 1.0 / 3.0;
    alike(&credits(&found, "friends"), [(1.0, 700), (0.0, 0), (third, 234), (0.4, 280), (1.0 / 7.0, 100)]);
    alike(&credits(&found, "ads"), [(0.0, 0), (1.0, 700), (2.0 * third, 466), (0.6, 420), (6.0 / 7.0, 600)]);
    alike(&credits(&found, "unknown"), [(0.0, 0); 5]);
    assert_eq!((found.customers, found.revenue_minor, found.half_life_days), (1, 700, 7.0));
    assert_eq!((found.note.en.as_str(), found.note.zh.as_str()), NOT_CAUSAL);
    sums_are_whole(&found);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_order_ends_it_and_who_met_nothing_is_unknown() {
    let ground = brand("Asia/Shanghai");
    let february = midnight(&ground.zone, (2026, 2, 1));
    let did = |who: u64, time_us: i64, what: What| Did { who, time_us, what };
    let all = [
        // At the instant of the order: the first of the file came first.
        did(1, february - 1, What::Order(1, 100)),
        did(1, february - 1, What::Visit("friend", "none")),
        did(1, february - 1, What::Visit("web", "ads")),
        did(2, february, What::Order(2, 30)),
        did(2, february + 1, What::Visit("web", "ads")),
        // Given back whole: the next order acquired them.
        did(3, february, What::Order(3, 50)),
        did(3, february + 1, What::Visit("web", "ads")),
        did(3, february + 2, What::Refund(3, 50)),
        did(3, february + 3, What::Order(4, 7)),
        // Has not bought.
        did(4, february, What::Visit("web", "ads")),
    ];
    let shop = Shop::of(&all).await;
    let asked = |name: &str| Months { since: Some(month(name)), until: Some(month(name)) };
    let january = told(&shop, &ground, asked("2026-01"), february + 5 * DAY_US).await;
    let half = (0.5, 50);
    alike(&credits(&january, "ads"), [(1.0, 100), (0.0, 0), half, half, half]);
    alike(&credits(&january, "friends"), [(0.0, 0), (1.0, 100), half, half, half]);
    let next = told(&shop, &ground, asked("2026-02"), february + 5 * DAY_US).await;
    alike(&credits(&next, "unknown"), [(1.0, 30); 5]);
    alike(&credits(&next, "ads"), [(1.0, 7); 5]);
    for found in [&january, &next] {
        sums_are_whole(found);
    }
    assert_eq!((january.customers, next.customers, next.revenue_minor), (1, 2, 37));
    let nobody = told(&Shop::of(&[]).await, &ground, Months::default(), february).await;
    assert_eq!((nobody.months.len(), nobody.customers), (0, 0));
    sums_are_whole(&nobody);
}

/// A customer's first order that was neither cancelled nor given back whole: when, and what is left of it.
fn first_order(all: &[&Did]) -> Option<(i64, i64)> {
    let left = |number: u64, time_us: i64, value: i64| {
        let back = all.iter().filter_map(|did| match did.what {
            What::Refund(of, minor) if of == number => Some(minor),
            What::Cancel(of) if of == number && did.time_us >= time_us => Some(value),
            _ => None,
        });
        value - back.sum::<i64>()
    };
    let orders = all.iter().filter_map(|did| match did.what {
        What::Order(number, value) => Some((did.time_us, number, left(number, did.time_us, value))),
        _ => None,
    });
    orders.filter(|(.., left)| *left > 0).min().map(|(time_us, _, left)| (time_us, left))
}

/// The shares of a touch at each place, by the rules as the guide words them.
fn shares(touches: &[(i64, usize)]) -> Vec<[f64; 5]> {
    let (count, last) = (touches.len(), touches.len() - 1);
    let one = |is: bool| if is { 1.0 } else { 0.0 };
    let decay = |time_us: i64| 0.5_f64.powf((touches[last].0 - time_us) as f64 / (7.0 * DAY_US as f64));
    let all: f64 = touches.iter().map(|(time_us, _)| decay(*time_us)).sum();
    let each = touches.iter().enumerate().map(|(place, (time_us, _))| {
        let position = match count {
            1 | 2 => 1.0 / count as f64,
            _ if place == 0 || place == last => 0.4,
            _ => 0.2 / (count - 2) as f64,
        };
        [one(place == 0), one(place == last), 1.0 / count as f64, position, decay(*time_us) / all]
    });
    each.collect()
}

/// Customers, revenue and touches by source and rule.
type Naive = BTreeMap<(&'static str, usize), (f64, f64, u64)>;

fn naive(all: &[Did], zone: &Zone, months: &[&str], as_of_us: i64) -> (Naive, u64) {
    let mut people: BTreeMap<u64, Vec<&Did>> = BTreeMap::new();
    for did in all.iter().filter(|did| did.time_us < as_of_us) {
        people.entry(did.who).or_default().push(did);
    }
    let (mut found, mut customers) = (Naive::new(), 0);
    for own in people.values() {
        let Some((first_us, left)) = first_order(own) else { continue };
        if !months.contains(&month_of(zone, first_us).as_str()) {
            continue;
        }
        customers += 1;
        let visits = own.iter().filter(|did| did.time_us <= first_us).filter_map(|did| {
            let What::Visit(channel, utm) = did.what else { return None };
            READS.iter().position(|(_, fits)| fits(channel, utm)).map(|place| (did.time_us, place))
        });
        let mut touches: Vec<(i64, usize)> = visits.collect();
        touches.sort_unstable();
        let mut add = |source: &'static str, shares: [f64; 5]| {
            for (model, share) in shares.into_iter().enumerate() {
                let sum = found.entry((source, model)).or_default();
                *sum = (sum.0 + share, sum.1 + share * left as f64, sum.2 + 1);
            }
        };
        if touches.is_empty() {
            add("unknown", [1.0; 5]);
            continue;
        }
        for ((_, place), shares) in touches.iter().zip(shares(&touches)) {
            add(READS[*place].0, shares);
        }
    }
    (found, customers)
}

#[tokio::test(flavor = "multi_thread")]
async fn random_shops_are_credited_as_by_a_naive_calculation() {
    for (seed, zone) in [(1, "Asia/Shanghai"), (2, "America/New_York"), (3, "UTC")] {
        let ground = brand(zone);
        let zone = ground.zone.clone();
        let all = random::shop(seed, &zone);
        let shop = Shop::of(&all).await;
        let now_us = midnight(&zone, (2026, 3, 20)) + 5;
        let over = Months { since: Some(month("2025-11")), until: Some(month("2026-01")) };
        let open = Months { since: Some(month("2025-10")), until: None };
        let whole = ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"];
        for (asked, names, as_of_us) in
            [(open, &whole[..], now_us), (over, &whole[1..4], midnight(&zone, (2026, 2, 1)))]
        {
            let found = told(&shop, &ground, asked, now_us).await;
            let (expected, customers) = naive(&all, &zone, names, as_of_us);
            assert_eq!((found.customers, found.as_of_us), (customers, as_of_us), "seed {seed}");
            assert!(customers > 20 && expected.len() == 15, "nothing to compare: {expected:?}");
            sums_are_whole(&found);
            for ((source, model), (customers, revenue, touches)) in expected {
                let (told, minor) = credits(&found, source)[model];
                let what = format!("seed {seed}: {source}, {}", MODELS[model]);
                assert!((told - customers).abs() < 1e-6, "{what}: {told}, not {customers}");
                // Each touch is credited in whole units.
                assert!((minor as f64 - revenue).abs() <= touches as f64, "{what}: {minor}, not {revenue}");
            }
            let figures = shop.figures(&ground, asked, now_us).await;
            for row in &figures.sources {
                let first = credits(&found, &row.source)[0].0;
                assert_eq!(first, row.figures.customers as f64, "the first touch is a customer's source");
            }
        }
    }
}
