//! Midnights, ties, and what is not known.

use crate::oracle::month;
use crate::shop::{Did, Shop, What, ground, midnight};
use perennial_acquisition::{Acquisition, Ground, Months};
use perennial_model::DAY_US;
use serde_json::{Value, json};

fn did(who: u64, time_us: i64, what: What) -> Did {
    Did { who, time_us, what }
}

fn brand(more: Value) -> Ground {
    let mut definitions = json!({
        "sources": [
            {"name": "ads", "kind": "advertising", "where": "p_utm = 'ads'"},
            {"name": "friends", "kind": "referral", "where": "channel = 'friend'"},
        ],
    });
    definitions.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ground("Asia/Shanghai", definitions)
}

fn customers(found: &Acquisition) -> Vec<(&str, u64)> {
    found.sources.iter().map(|row| (row.source.as_str(), row.figures.customers)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_is_that_of_the_first_event_that_tells_one() {
    let ground = brand(json!({}));
    let start = midnight(&ground.zone, (2026, 1, 5));
    let all = [
        // Told by the first visit; what came later tells nothing any more.
        did(1, start, What::Visit("friend", "none")),
        did(1, start + 5, What::Visit("web", "ads")),
        did(1, start + 9, What::Order(1, 100)),
        // Both at one instant: the first of the file.
        did(2, start, What::Visit("friend", "none")),
        did(2, start, What::Visit("web", "ads")),
        did(2, start + 9, What::Order(2, 100)),
        // One event that meets both.
        did(3, start, What::Visit("friend", "ads")),
        did(3, start, What::Order(3, 100)),
        // Too late: bought before.
        did(4, start, What::Order(4, 100)),
        did(4, start + 1, What::Visit("web", "ads")),
        // The first order was given back: the second one acquired them.
        did(5, start, What::Order(5, 100)),
        did(5, start + 1, What::Visit("friend", "none")),
        did(5, start + 2, What::Refund(5, 100)),
        did(5, start + 3, What::Order(6, 100)),
        // Has not bought.
        did(6, start, What::Visit("web", "ads")),
    ];
    let shop = Shop::of(&all).await;
    let found = shop.figures(&ground, Months::default(), start + 40 * DAY_US).await;
    assert_eq!(customers(&found), [("ads", 2), ("friends", 2), ("unknown", 1)]);
    assert_eq!(found.all.customers, 5, "nobody is dropped");
    let modes: Vec<u64> = found.modes.iter().map(|row| row.figures.customers).collect();
    assert_eq!(modes, [2, 2, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_begins_at_the_midnight_of_the_zone() {
    let ground = brand(json!({"brand": {"touch": "name = 'Email Sent'"}}));
    let february = midnight(&ground.zone, (2026, 2, 1));
    let all = [
        did(1, february - 1, What::Order(1, 100)),
        did(1, february - 1, What::Sent),
        did(2, february - 2, What::Sent),
        did(2, february, What::Sent),
        did(2, february + 1, What::Order(2, 100)),
        did(2, february + 1, What::Sent),
        did(3, february, What::Order(3, 100)),
        did(4, february + 7, What::Sent),
    ];
    let shop = Shop::of(&all).await;
    let asked = |name: &str| Months { since: Some(month(name)), until: Some(month(name)) };
    let now_us = february + 5 * DAY_US;
    assert_eq!(shop.figures(&ground, asked("2026-01"), now_us).await.all.customers, 1);
    assert_eq!(shop.figures(&ground, asked("2026-02"), now_us).await.all.customers, 2);
    let found = shop.figures(&ground, Months::default(), now_us).await;
    let touches: Vec<(u64, u64)> = found
        .months
        .iter()
        .map(|month| month.touches.unwrap())
        .map(|touches| (touches.acquisition, touches.retention))
        .collect();
    // Who has never bought is still to be won; the order itself ends that.
    assert_eq!(touches, [(1, 1), (2, 1)]);
    assert_eq!(found.months.iter().map(|month| month.over).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_days_count_once_they_are_over() {
    let ground = brand(json!({"brand": {"complaint": "name = 'Complaint'"}}));
    let zone = ground.zone.clone();
    let noon = midnight(&zone, (2026, 1, 5)) + DAY_US / 2;
    let end = midnight(&zone, (2026, 1, 5)) + 61 * DAY_US;
    let told = async |second_us: i64, now_us: i64| {
        let all = [
            did(1, noon - 1, What::Complaint),
            did(1, noon, What::Order(1, 100)),
            did(1, second_us, What::Order(2, 50)),
            did(1, second_us, What::Complaint),
            did(2, end + 9 * DAY_US, What::Visit("web", "none")),
        ];
        let figures = Shop::of(&all).await.figures(&ground, Months::default(), now_us).await.all;
        let again = figures.second_orders;
        (again.n, again.count, figures.complaints.unwrap().count, figures.value_minor)
    };
    assert_eq!(told(end - 1, end).await, (1, 1, 1, Some(150.0)), "the last microsecond of the sixtieth day");
    assert_eq!(told(end, end + 5).await, (1, 0, 0, Some(100.0)), "the sixty-first day is too late");
    assert_eq!(told(end - 1, end - 1).await, (0, 0, 0, None), "the sixtieth day is not over");
    assert_eq!(told(noon + 1, end).await, (1, 1, 1, Some(150.0)), "the same day is another order");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_not_nothing() {
    let spent = |month: &str, purpose: &str, amount: f64| json!({"month": month, "purpose": purpose, "amount": amount});
    let mut on_ads = spent("2026-01", "acquisition", 80.5);
    on_ads["source"] = json!("ads");
    let spend = json!([
        spent("2025-12", "acquisition", 10.0),
        spent("2025-12", "retention", 10.0),
        on_ads,
        spent("2026-01", "retention", 34.5),
        spent("2026-02", "acquisition", 70.0),
        spent("2026-02", "retention", 30.0),
        spent("2026-03", "acquisition", 5.0),
        spent("2026-04", "acquisition", 0.0),
        spent("2026-04", "retention", 0.0),
    ]);
    let ground = brand(json!({"spend": spend}));
    let start = midnight(&ground.zone, (2026, 1, 5));
    let all = [
        did(1, start, What::Visit("web", "ads")),
        did(1, start + 9, What::Order(1, 100)),
        did(2, start, What::Order(2, 100)),
        did(3, start + 120 * DAY_US, What::Visit("friend", "none")),
        did(3, start + 120 * DAY_US, What::Order(3, 100)),
    ];
    let shop = Shop::of(&all).await;
    let found = shop.figures(&ground, Months::default(), start + 140 * DAY_US).await;
    let told: Vec<(String, Option<i64>, Option<i64>, bool)> = found
        .months
        .iter()
        .map(|month| (month.month.to_string(), month.spend.acquisition, month.spend.retention, month.alert))
        .collect();
    let row = |name: &str, one, other, alert| (name.to_owned(), one, other, alert);
    assert_eq!(
        told,
        [
            row("2026-01", Some(8_050), Some(3_450), false),
            row("2026-02", Some(7_000), Some(3_000), false),
            row("2026-03", Some(500), None, false),
            row("2026-04", Some(0), Some(0), false),
            row("2026-05", None, None, false),
        ],
        "exactly the limit is not beyond it, and the month of half the figures has no share"
    );
    assert_eq!(found.months[0].spend.share, Some(0.7));
    assert!(found.months[2..].iter().all(|month| month.spend.share.is_none() && month.touches.is_none()));
    let stricter = brand(json!({"spend": spend, "brand": {"acquisition_share_alert": "69.99%"}}));
    let alarmed = shop.figures(&stricter, Months::default(), start + 140 * DAY_US).await;
    assert_eq!(alarmed.months.iter().map(|month| month.alert).collect::<Vec<_>>(), [true, true, false, false, false]);
    let cost = |place: usize| found.sources[place].figures.cost.map(|cost| (cost.spend_minor, cost.customers));
    assert_eq!((cost(0), cost(1), cost(2)), (Some((8_050, 1)), None, None));
    let all_cost = found.all.cost.unwrap();
    assert_eq!((all_cost.spend_minor, all_cost.customers), (15_550, 2), "May's customer cost nobody knows what");
    assert!(found.all.complaints.is_none() && found.sources[1].figures.value_minor.is_none());
    let nobody = Shop::of(&[]).await.figures(&ground, Months::default(), start).await;
    assert_eq!((nobody.months.len(), nobody.all.customers, nobody.all.cost), (0, 0, None));
}
