//! Tables of no known shop system.

use crate::world::{Tally, World, plan, plan_of, rejected};
use perennial_listen::Language;
use perennial_listen::import::{RejectReason, SkipReason};
use perennial_model::EventKind;

#[tokio::test]
async fn a_wholesalers_invoices() {
    let world = World::new().await;
    let outcome = world.import(&["generic_lines.csv"]).await;
    assert_eq!(rejected(&outcome), ["10 - PositiveCancellation"]);
    let wanted = Tally {
        customers: 2,
        orders: 2,
        // 15.30 twice and 6.67; 30.00 less a discount of 5.00.
        revenue: 3_727 + 2_500,
        refunds: 510,
        unidentified_orders: 1,
        unidentified_revenue: 1_000,
        lines: 7,
        ..Tally::default()
    };
    assert_eq!(world.tally().await, wanted);
    let events = world.events().await;
    let refund = events.iter().find(|event| event.kind == EventKind::Refund).unwrap();
    assert_eq!((refund.order, refund.order_id.as_deref(), refund.item.as_deref()), (None, Some("C700003"), Some("A1")));
    let lost = events.iter().find(|event| event.item.as_deref() == Some("A9")).unwrap();
    assert_eq!((lost.kind, lost.value, lost.quantity_milli), (EventKind::OrderLine, Some(0), Some(-10_000)));
}

#[tokio::test]
async fn a_tills_report_with_every_kind_of_bad_cell() {
    let world = World::new().await;
    let outcome = world.import(&["till_report.csv"]).await;
    let wanted = [
        "10 销售日期 BadTime",
        "11 金额 BadAmount",
        "12 销售日期 TimeTooEarly",
        "13 销售日期 TimeInFuture",
        "14 金额 HugeAmount",
        "15 会员卡号 MangledId",
        "16 数量 BadQuantity",
    ];
    assert_eq!(rejected(&outcome), wanted);
    assert_eq!(outcome.skipped[&SkipReason::Total], 2);
    let wanted = Tally {
        customers: 2,
        orders: 2,
        revenue: 20_900 + 109_900,
        refunds: 109_900,
        unidentified_orders: 1,
        unidentified_revenue: 3_000,
        lines: 4,
        ..Tally::default()
    };
    assert_eq!(world.tally().await, wanted);
    let rejects = std::fs::read_to_string(outcome.rejects_file.unwrap()).unwrap();
    let bad_time = rejects.lines().nth(1).unwrap();
    assert!(bad_time.contains(",10,销售日期,") && bad_time.contains("XS0004,VIP0002,昨天"), "{bad_time}");
    assert_eq!(outcome.rejected[&RejectReason::BadTime], 1);
}

#[tokio::test]
async fn rows_without_an_order_id_are_one_order_a_day() {
    let world = World::new().await;
    world.import(&["cdnow_like.txt"]).await;
    let wanted = Tally { customers: 3, orders: 4, revenue: 2_933 + 4_469 + 6_334 + 679, lines: 6, ..Tally::default() };
    assert_eq!(world.tally().await, wanted);
    let events = world.events().await;
    assert!(events.iter().all(|event| event.order_id.is_none()), "a made-up order id would name the customer");
    assert!(events.iter().all(|event| event.currency.as_deref().is_none_or(|code| code == "XXX")));
}

#[tokio::test]
async fn a_log_of_events() {
    let world = World::new().await;
    let outcome = world.import(&["event_log.csv"]).await;
    assert_eq!(outcome.events.others, 4);
    let wanted = Tally {
        customers: 2,
        orders: 2,
        revenue: 6_050 + 2_550,
        refunds: 950,
        lines: 3,
        others: 4,
        ..Tally::default()
    };
    assert_eq!(world.tally().await, wanted);
    let events = world.events().await;
    let refund = events.iter().find(|event| event.kind == EventKind::Refund).unwrap();
    let order =
        events.iter().find(|event| event.kind == EventKind::Order && event.order_id.as_deref() == Some("501")).unwrap();
    assert_eq!(refund.order, order.order, "the refund names its order");
    assert!(events.iter().any(|event| event.name == "add_to_cart" && event.channel.as_deref() == Some("app")));
}

#[tokio::test]
async fn days_before_months_and_commas_for_points() {
    let world = World::new().await;
    let outcome = world.import(&["european.csv"]).await;
    assert_eq!(outcome.rejected_rows(), 0);
    let wanted = Tally { customers: 2, orders: 2, revenue: 123_456 + 9_990, refunds: 1_000, ..Tally::default() };
    assert_eq!(world.tally().await, wanted);
    let lines = plan(&["european.csv"], &[]).unwrap().lines(Language::En).join("\n");
    assert!(lines.contains("time ← Order date (by its name, day before month)"), "{lines}");
    assert!(lines.contains("1.234,56"), "{lines}");
}

#[tokio::test]
async fn one_key_of_several_decides_and_the_others_lead_to_it() {
    let world = World::new().await;
    let file = "order_id,phone,email,date,total\n\
                1,13800138000,,2024-01-05,10\n2,,a@b.example,2024-01-06,20\n3,13800138001,c@b.example,2024-01-07,30\n\
                4,,c@b.example,2024-01-08,40\n5,13800138000,a@b.example,2024-01-09,50\n";
    let plan = plan_of(&world, "keys.csv", file, &[]).unwrap();
    let outcome = world.import_plan(plan, 1_000_000).await.unwrap();
    assert_eq!((outcome.new_customers, outcome.conflicts), (3, 1));
    let events = world.events().await;
    let customer = |id: &str| events.iter().find(|event| event.order_id.as_deref() == Some(id)).unwrap().customer;
    assert_eq!(customer("3"), customer("4"));
    assert_eq!(customer("1"), customer("5"), "the phone is stronger");
    assert_ne!(customer("1"), customer("2"));
}

#[tokio::test]
async fn a_return_of_an_order_seen_before_names_it() {
    let world = World::new().await;
    let file = "order_id,member_id,date,sku,quantity,price\n\
                1,m1,2024-01-05,A,2,10\n2,m2,2024-01-06,A,1,10\n1,m1,2024-01-09,A,-1,10\n";
    world.import_plan(plan_of(&world, "returns.csv", file, &[]).unwrap(), 1_000_000).await.unwrap();
    let events = world.events().await;
    let refund = events.iter().find(|event| event.kind == EventKind::Refund).unwrap();
    assert!(refund.order.is_some());
    let tally = Tally::of(&events);
    assert_eq!((tally.orders, tally.revenue, tally.refunds), (2, 3_000, 1_000));
}
