//! Each shop system's export, with the traps that such files have.

use crate::workbook::xlsx;
use crate::world::{Tally, World, fixture, plan, rejected};
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

/// The rows of a sheet as shops write them: every cell is text, but for the columns of numbers.
fn sheet_rows(rows: &[Vec<&str>], numbers: &[&str]) -> String {
    let is_number: Vec<bool> = rows.first().into_iter().flatten().map(|name| numbers.contains(name)).collect();
    let mut out = String::new();
    for (place, cells) in (1..).zip(rows) {
        out += &format!(r#"<row r="{place}">"#);
        for ((column, cell), is_number) in (0_u8..).zip(cells).zip(&is_number) {
            let at = format!("{}{place}", char::from(b'A' + column));
            out += &match (place > 1 && *is_number, cell.is_empty()) {
                (_, true) => format!(r#"<c r="{at}"/>"#),
                (true, false) => format!(r#"<c r="{at}"><v>{cell}</v></c>"#),
                (false, false) => {
                    let text = cell.replace('&', "&amp;").replace('<', "&lt;");
                    format!(r#"<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#)
                }
            };
        }
        out += "</row>";
    }
    out
}

/// What the Douyin fixture holds.
fn douyin_tally() -> Tally {
    Tally {
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
    }
}

#[tokio::test]
async fn douyin_closes_sub_orders_one_by_one() {
    let world = World::new().await;
    let outcome = world.import(&["douyin_orders.csv"]).await;
    assert_eq!(outcome.rejected_rows(), 0);
    assert_eq!(outcome.skipped[&SkipReason::Cancelled], 2);
    assert_eq!(world.tally().await, douyin_tally());
}

/// The shop exports a workbook: ids and times are text, quantities and money are numbers.
#[tokio::test]
async fn douyin_as_the_workbook_that_the_shop_exports() {
    let world = World::new().await;
    let csv = std::fs::read_to_string(fixture("douyin_orders.csv")).unwrap();
    let rows: Vec<Vec<&str>> =
        csv.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect()).collect();
    let sheet = sheet_rows(&rows, &["商品数量", "商品单价", "订单应付金额", "运费"]);
    let path = world.folder.path().join("订单导出.xlsx");
    std::fs::write(&path, xlsx(&[("订单", &sheet)])).unwrap();
    let recognised = plan(&[path.to_str().unwrap()], &[]).unwrap();
    let layouts: Vec<_> = recognised.recognitions().map(|one| one.layout.source_name()).collect();
    assert_eq!(layouts, ["douyin"]);
    let outcome = world.import_plan(recognised, 1_000_000).await.unwrap();
    assert_eq!((outcome.rejected_rows(), outcome.skipped[&SkipReason::Cancelled]), (0, 2));
    assert_eq!(world.tally().await, douyin_tally());
    // The same orders from a CSV are the same events.
    let before = world.events().await.len();
    world.import(&["douyin_orders.csv"]).await;
    assert_eq!((world.tally().await, world.events().await.len()), (douyin_tally(), before));
}

#[tokio::test]
async fn store_and_staff_are_the_orders_and_the_category_is_the_lines() {
    let world = World::new().await;
    world.import(&["stores_staff.csv"]).await;
    let events = world.events().await;
    let of = |kind: EventKind| {
        let mut found: Vec<_> = events
            .iter()
            .filter(|event| event.kind == kind)
            .map(|event| {
                let order = event.order_id.clone().unwrap_or_default();
                (order, event.item.clone().unwrap_or_default(), event.properties.clone().unwrap_or_default())
            })
            .collect();
        found.sort();
        found.into_iter().map(|(order, _, properties)| format!("{order} {properties}")).collect::<Vec<_>>()
    };
    let headers = [
        r#"T1 {"store":"一店","staff":"小李"}"#,
        r#"T2 {"store":"二店","staff":"小\"王\""}"#,
        r#"T3 {"store":"一店"}"#,
    ];
    assert_eq!(of(EventKind::Order), headers);
    let lines = [
        r#"T1 {"item_name":"棉麻衬衫","category":"上装"}"#,
        r#"T1 {"item_name":"草编帽","category":"配饰"}"#,
        r#"T2 {"item_name":"香皂"}"#,
        r#"T3 {"item_name":"棉麻衬衫","category":"上装"}"#,
    ];
    assert_eq!(of(EventKind::OrderLine), lines);
    let schema = world.timeline.snapshot().await.unwrap().event_schema();
    assert!(["p_store", "p_staff", "p_category"].iter().all(|name| schema.column_with_name(name).is_some()));
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
