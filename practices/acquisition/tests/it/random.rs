//! Random shops against the naive calculation.

use crate::oracle::{Reads, Spent, cards, compare_all, month};
use crate::shop::{Did, Shop, What, ground, midnight};
use perennial_acquisition::Months;
use perennial_model::{DAY_US, Zone};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use std::collections::BTreeMap;

const MONTHS: [&str; 6] = ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"];
const SPENT: Spent<'_> = &[
    ("2025-09", "ads", 5_000),
    ("2025-10", "ads", 120_050),
    ("2025-12", "ads", 80_000),
    ("2025-12", "friends", 7_000),
    ("2026-01", "", 3_000),
    ("2026-03", "ads", 99_900),
];

/// An instant within half a year, often to the microsecond at a midnight, often that of another event.
fn instant(rng: &mut ChaCha8Rng, zone: &Zone, all: &[Did]) -> i64 {
    let from = midnight(zone, (2025, 10, 1));
    match rng.random_range(0..4) {
        0 if !all.is_empty() => all[rng.random_range(0..all.len())].time_us,
        1 => zone.day_start(zone.day(from) + rng.random_range(0..183)) + rng.random_range(-1..=1),
        2 => midnight(zone, [(2025, 11, 1), (2025, 12, 1), (2026, 1, 1), (2026, 3, 1)][rng.random_range(0..4)]) - 1,
        _ => from + rng.random_range(0..180 * DAY_US),
    }
}

pub(crate) fn shop(seed: u64, zone: &Zone) -> Vec<Did> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut all: Vec<Did> = Vec::new();
    for number in 0..1_500_u64 {
        let who = rng.random_range(0..160);
        let time_us = instant(&mut rng, zone, &all).max(midnight(zone, (2025, 10, 1)) - DAY_US / 2);
        let earlier = |rng: &mut ChaCha8Rng, all: &[Did]| {
            let orders: Vec<(u64, i64)> = all
                .iter()
                .filter(|did| did.who == who)
                .filter_map(|did| if let What::Order(number, value) = did.what { Some((number, value)) } else { None })
                .collect();
            if orders.is_empty() { None } else { Some(orders[rng.random_range(0..orders.len())]) }
        };
        let channel = ["web", "shop", "friend"][rng.random_range(0..3)];
        let utm = ["none", "ads", "other"][rng.random_range(0..3)];
        let what = match rng.random_range(0..12) {
            0..4 => What::Order(number + 1, rng.random_range(1..50_000)),
            4 => match earlier(&mut rng, &all) {
                Some((number, value)) if rng.random_bool(0.5) => What::Refund(number, value),
                Some((number, value)) => What::Refund(number, rng.random_range(0..value) + 1),
                None => What::Sent,
            },
            5 => earlier(&mut rng, &all).map_or(What::Sent, |(number, _)| What::Cancel(number)),
            6..8 => What::Sent,
            8 => What::Complaint,
            _ => What::Visit(channel, utm),
        };
        all.push(Did { who, time_us, what });
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_those_of_a_clerk_with_a_pencil() {
    let reads: Reads<'_> = &[
        ("friends", &|channel, _| channel == "friend"),
        ("ads", &|_, utm| utm == "ads"),
        ("passing_by", &|channel, utm| channel == "shop" && utm == "none"),
    ];
    let modes = BTreeMap::from([("friends", "implicit"), ("ads", "explicit"), ("passing_by", "implicit")]);
    let spend: Vec<_> = SPENT
        .iter()
        .map(|(month, source, minor)| {
            let mut entry = json!({"month": month, "purpose": "acquisition", "amount": *minor as f64 / 100.0});
            if !source.is_empty() {
                entry["source"] = json!(source);
            }
            entry
        })
        .collect();
    for (seed, zone) in [(1, "Asia/Shanghai"), (2, "America/New_York"), (3, "UTC"), (4, "Asia/Shanghai")] {
        let ground = ground(
            zone,
            json!({
                "brand": {"touch": "name = 'Email Sent'", "complaint": "name = 'Complaint'"},
                "sources": [
                    {"name": "friends", "kind": "referral", "where": "channel = 'friend'"},
                    {"name": "ads", "kind": "advertising", "where": "p_utm = 'ads'"},
                    {"name": "passing_by", "kind": "moment", "where": "channel = 'shop' and p_utm = 'none'"},
                ],
                "spend": spend,
            }),
        );
        let zone = ground.zone.clone();
        let all = shop(seed, &zone);
        let shop = Shop::of(&all).await;
        let now_us = midnight(&zone, (2026, 3, 20)) + 5;
        for (asked, names, as_of_us) in [
            (Months { since: Some(month("2025-10")), until: None }, &MONTHS[..], now_us),
            (
                Months { since: Some(month("2025-11")), until: Some(month("2026-01")) },
                &MONTHS[1..4],
                midnight(&zone, (2026, 2, 1)),
            ),
        ] {
            let found = shop.figures(&ground, asked, now_us).await;
            assert_eq!(found.as_of_us, as_of_us, "seed {seed}");
            let over = |name: &str| zone.day_start(month(name).next().first_day()) <= as_of_us;
            let cards = cards(&all, &zone, as_of_us, reads);
            compare_all(&found, &cards, names, SPENT, &modes, &over);
            let least = if asked.until.is_none() { 4 } else { 0 };
            let followed = |least: u64| found.sources.iter().all(|row| row.figures.second_orders.n >= least);
            assert!(followed(least), "nothing to compare: {found:?}");
        }
    }
}
