//! Each shop system's export, with the traps that such files have.

use crate::world::{Tally, World, rejected};
use perennial_listen::import::SkipReason;
use perennial_model::EventKind;

#[tokio::test]
async fn shopify() {
    let world = World::new().await;
    let outcome = world.import(&["shopify_orders.csv"]).await;
    assert_eq!(rejected(&outcome), ["8 Currency OtherCurrency", "9 - OrderRejected"]);
    assert_eq!((outcome.skipped[&SkipReason::Unpaid], outcome.skipped[&SkipReason::Cancelled]), (1, 1));
    let tally = world.tally().await;
    let wanted = Tally {
        customers: 2,
        orders: 3,
        revenue: 15_800 + 8_800 + 4_500,
        refunds: 2_000 + 4_500,
        unidentified_orders: 1,
        unidentified_revenue: 1_250,
        lines: 5,
        cancellations: 1,
        others: 0,
    };
    assert_eq!(tally, wanted);
    let events = world.events().await;
    let hat = events.iter().find(|event| event.item.as_deref() == Some("SH-1")).unwrap();
    assert_eq!((hat.time_us, hat.order_id.as_deref()), (1_704_412_980_000_000, Some("#1001")));
    assert_eq!(hat.properties.as_deref(), Some(r#"{"item_name":"Straw hat"}"#));
    assert!(events.iter().all(|event| event.source == "shopify"));
    assert!(events.iter().any(|event| event.kind == EventKind::Order && event.channel.as_deref() == Some("pos")));
}

#[tokio::test]
async fn taobao_with_its_item_report() {
    let world = World::new().await;
    // The order in which the files are named does not matter.
    let outcome = world.import(&["taobao_items.csv", "taobao_orders.csv"]).await;
    assert_eq!(rejected(&outcome), ["6 订单编号 MangledId", "7 订单编号 OrderNotInReport"]);
    assert_eq!(outcome.skipped[&SkipReason::Total], 1);
    assert_eq!(outcome.skipped[&SkipReason::LineOfSkippedOrder], 1);
    assert_eq!(outcome.new_customers, 2, "an unpaid order makes no customer");
    // a**@x.example is no key because its column is none; 138****0012 is in a column of keys.
    assert_eq!(outcome.masked_keys, 1);
    let wanted = Tally {
        customers: 2,
        orders: 3,
        revenue: 12_800 + 25_650 + 123_400,
        refunds: 5_650,
        lines: 4,
        cancellations: 1,
        ..Tally::default()
    };
    assert_eq!(world.tally().await, wanted);
    let shirts = world.events().await.into_iter().filter(|event| event.item.as_deref() == Some("LS-W")).count();
    assert_eq!(shirts, 2, "identical lines of one order are both real");
}

#[tokio::test]
async fn taobao_order_report_alone() {
    let world = World::new().await;
    let outcome = world.import(&["taobao_orders.csv"]).await;
    let tally = world.tally().await;
    assert_eq!((tally.orders, tally.lines, tally.revenue), (3, 3, 161_850));
    assert_eq!(outcome.skipped[&SkipReason::Unpaid], 1);
    let chair = world.events().await.into_iter().find(|event| event.item.as_deref() == Some("藤椅")).unwrap();
    assert_eq!((chair.quantity_milli, chair.time_us), (Some(2_000), 1_707_099_630_000_000));
}

#[tokio::test]
async fn jd() {
    let world = World::new().await;
    let outcome = world.import(&["jd_orders.csv"]).await;
    assert_eq!(outcome.rejected_rows(), 0);
    let wanted = Tally {
        customers: 1,
        orders: 1,
        revenue: 19_900,
        unidentified_orders: 1,
        unidentified_revenue: 5_990,
        lines: 3,
        cancellations: 1,
        ..Tally::default()
    };
    assert_eq!(world.tally().await, wanted);
    assert_eq!(outcome.masked_keys, 2);
}

#[tokio::test]
async fn douyin_closes_sub_orders_one_by_one() {
    let world = World::new().await;
    let outcome = world.import(&["douyin_orders.csv"]).await;
    assert_eq!(outcome.rejected_rows(), 0);
    assert_eq!(outcome.skipped[&SkipReason::Cancelled], 2);
    let wanted = Tally {
        customers: 1,
        orders: 2,
        // The closed sub-order of 30.00 is a line that was refunded.
        revenue: 7_900 + 3_000 + 4_500,
        refunds: 3_000 + 4_500,
        unidentified_orders: 1,
        unidentified_revenue: 2_500,
        lines: 4,
        cancellations: 1,
        ..Tally::default()
    };
    assert_eq!(world.tally().await, wanted);
}

#[tokio::test]
async fn youzan_repeats_the_orders_money() {
    let world = World::new().await;
    world.import(&["youzan_orders.csv"]).await;
    let wanted = Tally {
        customers: 1,
        orders: 2,
        revenue: 15_000 + 9_000,
        refunds: 3_000,
        lines: 4,
        cancellations: 1,
        ..Tally::default()
    };
    assert_eq!(world.tally().await, wanted);
}

#[tokio::test]
async fn weixin_shop_with_serial_dates() {
    let world = World::new().await;
    let outcome = world.import(&["weixin_shop_orders.csv"]).await;
    assert_eq!((outcome.rejected_rows(), outcome.masked_keys), (0, 1));
    let wanted =
        Tally { customers: 2, orders: 2, revenue: 16_000 + 3_000, lines: 3, cancellations: 1, ..Tally::default() };
    assert_eq!(world.tally().await, wanted);
    let first = world
        .events()
        .await
        .into_iter()
        .filter(|event| event.kind == EventKind::Order)
        .map(|event| event.time_us)
        .min();
    // 45296.335648148 is 2024-01-05 08:03:20 in Shanghai.
    assert_eq!(first, Some(1_704_413_000_000_000));
}
