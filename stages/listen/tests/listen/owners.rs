//! An order counts once, for the customer whom its latest export names, and as that export says.

use crate::world::{Seen, Tally, World, plan, plan_of, plan_with};
use perennial_listen::{FoundOrder, RecogniseOptions, find_orders};
use perennial_model::{CustomerId, IdentityKey, IdentityKind, OrderKey};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

const HEADINGS: &str = "订单编号,手机号,付款时间,商品编码,数量,商品金额,实付金额,退款金额,订单状态\n";
const ANN: &str = "13800138031";
const BOB: &str = "13800138032";
const MASKED: &str = "138****8031";

/// Two lines of an order of 145.00, 10.00 of which were given back, and an order of somebody else.
fn export(phone: &str) -> String {
    export_as(phone, "交易成功")
}

fn export_as(phone: &str, status: &str) -> String {
    format!(
        "{HEADINGS}1,{phone},2024-01-05 08:03:00,A,1,100,145,10,{status}\n\
         1,{phone},2024-01-05 08:03:00,B,1,45,145,10,{status}\n\
         2,13800138039,2024-01-06 08:03:00,C,2,20,20,0,交易成功\n"
    )
}

async fn import(world: &World, name: &str, content: &str) {
    world.import_plan(plan_of(world, name, content, &[]).unwrap(), 1_000_000).await.unwrap();
}

async fn customer(world: &World, kind: IdentityKind, value: &str) -> Option<CustomerId> {
    let key = IdentityKey { kind, value: value.to_owned() };
    let found = world.timeline.store().find_identities(&[key]).await.unwrap();
    found[0].map(|profile| world.timeline.customer_of(profile))
}

async fn of(world: &World, phone: &str) -> CustomerId {
    customer(world, IdentityKind::Phone, &format!("+86{phone}")).await.unwrap()
}

/// What counts for whom this phone leads to.
async fn of_phone(world: &World, phone: &str) -> Tally {
    let Some(customer) = customer(world, IdentityKind::Phone, &format!("+86{phone}")).await else {
        return Tally::default();
    };
    of_customer(world, customer).await
}

async fn of_customer(world: &World, customer: CustomerId) -> Tally {
    let events: Vec<Seen> = world.events().await.into_iter().filter(|event| event.customer == customer).collect();
    Tally::of(&events)
}

/// The order of [`export`] and nothing else.
fn whole() -> Tally {
    Tally { customers: 1, orders: 1, revenue: 14_500, refunds: 1_000, lines: 2, ..Tally::default() }
}

#[tokio::test]
async fn a_masked_phone_leaves_an_order_with_its_owner() {
    for again in [export(MASKED), export("").replace("145,10", "145,30")] {
        let world = World::new().await;
        import(&world, "a.csv", &export(ANN)).await;
        import(&world, "b.csv", &again).await;
        let all = world.tally().await;
        assert_eq!((all.customers, all.orders, all.unidentified_orders, all.lines), (2, 2, 0, 3));
        let refunds = if again.contains("145,30") { 3_000 } else { 1_000 };
        assert_eq!(of_phone(&world, ANN).await, Tally { refunds, ..whole() }, "its newer version counts");
    }
}

#[tokio::test]
async fn a_corrected_phone_moves_an_order_with_all_that_belongs_to_it() {
    let world = World::new().await;
    import(&world, "a.csv", &export(ANN)).await;
    let before = world.tally().await;
    import(&world, "b.csv", &export(BOB)).await;
    assert_eq!(world.tally().await, before, "the order counts once");
    assert_eq!((of_phone(&world, ANN).await, of_phone(&world, BOB).await), (Tally::default(), whole()));
    // A masked export after that: it stays with the new owner.
    import(&world, "c.csv", &export(MASKED)).await;
    assert_eq!((of_phone(&world, ANN).await, of_phone(&world, BOB).await), (Tally::default(), whole()));
}

#[tokio::test]
async fn an_order_of_nobody_becomes_somebodys() {
    let world = World::new().await;
    import(&world, "a.csv", &export(MASKED)).await;
    assert_eq!(world.tally().await.unidentified_orders, 1);
    import(&world, "b.csv", &export(ANN)).await;
    let all = world.tally().await;
    assert_eq!((all.orders, all.unidentified_orders, all.revenue, all.refunds, all.lines), (2, 0, 16_500, 1_000, 3));
    assert_eq!(of_phone(&world, ANN).await, whole());
}

#[tokio::test]
async fn the_export_imported_last_counts_and_the_same_file_again_changes_nothing() {
    let world = World::new().await;
    import(&world, "a.csv", &export(ANN)).await;
    import(&world, "b.csv", &export(BOB)).await;
    let events = world.events().await;
    import(&world, "a.csv", &export(ANN)).await;
    assert_eq!(world.events().await, events);
    // The old export with one row more is another file, and nothing in it says that it is older.
    let longer = export(ANN) + "3,13800138033,2024-01-07 08:03:00,C,1,10,10,0,交易成功\n";
    import(&world, "longer.csv", &longer).await;
    assert_eq!((of_phone(&world, ANN).await, of_phone(&world, BOB).await), (whole(), Tally::default()));
    assert_eq!(world.tally().await.orders, 3);
}

#[tokio::test]
async fn files_of_one_import_move_orders_too() {
    let world = World::new().await;
    for (name, phone) in [("orders-2024-01-10.csv", ANN), ("orders-2024-01-20.csv", BOB)] {
        std::fs::write(world.folder.path().join(name), export(phone)).unwrap();
    }
    let paths = ["orders-2024-01-20.csv", "orders-2024-01-10.csv"].map(|name| world.folder.path().join(name));
    let paths = paths.each_ref().map(|path| path.to_str().unwrap());
    world.import_plan(plan(&paths, &[]).unwrap(), 1_000_000).await.unwrap();
    // The files are of one time: the later name counts.
    assert_eq!((of_phone(&world, ANN).await, of_phone(&world, BOB).await), (Tally::default(), whole()));
}

#[tokio::test]
async fn rows_of_an_order_in_several_places_and_chunks_go_to_one_customer() {
    let mut rows: Vec<String> = Vec::new();
    for line in 0..3 {
        for order in 0..40 {
            rows.push(format!("{order},PHONE,2024-01-05 08:03:00,S{line},1,10,30,0,交易成功"));
        }
    }
    let file = |phone: &str| format!("{HEADINGS}{}\n", rows.join("\n").replace("PHONE", phone));
    let world = World::new().await;
    for (name, phone) in [("a.csv", ANN), ("b.csv", BOB)] {
        world.import_plan(plan_of(&world, name, &file(phone), &[]).unwrap(), 7).await.unwrap();
    }
    let wanted = Tally { customers: 1, orders: 40, revenue: 40 * 3_000, lines: 120, ..Tally::default() };
    assert_eq!((of_phone(&world, BOB).await, world.tally().await), (wanted.clone(), wanted));
    // Rows further down that name nobody belong to the same customer …
    let masked = World::new().await;
    masked
        .import_plan(plan_of(&masked, "c.csv", &file(MASKED).replacen(MASKED, BOB, 40), &[]).unwrap(), 7)
        .await
        .unwrap();
    assert_eq!((of_phone(&masked, BOB).await.lines, masked.tally().await.unidentified_orders), (120, 0));
    // … but a till's numbers may start again with another customer: neither loses anything.
    let till = World::new().await;
    till.import_plan(plan_of(&till, "d.csv", &file(ANN).replacen(ANN, BOB, 40), &[]).unwrap(), 7).await.unwrap();
    assert_eq!((of_phone(&till, BOB).await.lines, of_phone(&till, ANN).await.lines), (40, 80));
}

#[tokio::test]
async fn item_reports_find_the_owner() {
    let report = |phone: &str| {
        format!(
            "订单编号,买家会员名,买家实际支付金额,订单状态,联系手机,订单付款时间\n1,,128.00,交易成功,{phone},2024-01-05 08:03:30\n"
        )
    };
    let items = "主订单编号,子订单编号,商品标题,商品价格,购买数量,外部系统编号,支付单号,订单付款时间\n\
        1,11,衬衫,64.00,1,LS,1,2024-01-05 08:03:30\n1,12,帽子,64.00,1,LT,1,2024-01-05 08:03:30\n";
    let other = "订单编号,买家会员名,买家实际支付金额,订单状态,联系手机,订单付款时间\n9,,1.00,交易成功,13800138039,2024-02-05 08:03:30\n";
    // With a report that masks its customer, and with one of another month.
    for second in [report(MASKED), other.to_owned()] {
        let world = World::new().await;
        import(&world, "a.csv", &report(ANN)).await;
        for (name, content) in [("orders.csv", second.as_str()), ("items.csv", items)] {
            std::fs::write(world.folder.path().join(name), content).unwrap();
        }
        let paths = ["orders.csv", "items.csv"].map(|name| world.folder.path().join(name));
        let paths = paths.each_ref().map(|path| path.to_str().unwrap());
        world.import_plan(plan(&paths, &[]).unwrap(), 1_000_000).await.unwrap();
        let ann = of_phone(&world, ANN).await;
        assert_eq!((ann.orders, ann.revenue, ann.lines), (1, 12_800, 2));
        assert_eq!(world.tally().await.unidentified_orders, 0);
    }
}

#[tokio::test]
async fn refunds_of_a_log_without_a_customer_go_to_the_orders_owner() {
    let world = World::new().await;
    let log = "event,order_id,customer_id,time,amount\npurchase,1,m1,2024-01-05 08:00:00,100\n";
    import(&world, "a.csv", log).await;
    let later =
        "event,order_id,customer_id,time,amount\nrefund,1,,2024-01-09 08:00:00,30\nview,,m2,2024-01-09 08:00:00,\n";
    import(&world, "b.csv", later).await;
    let owner = customer(&world, IdentityKind::Member, "m1").await.unwrap();
    let tally = of_customer(&world, owner).await;
    assert_eq!((tally.orders, tally.revenue, tally.refunds), (1, 10_000, 3_000));
}

#[tokio::test]
async fn cancelled_invoices_count_once_too() {
    let invoices = |customer: &str| {
        format!(
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
             536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850,UK\n\
             C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,{customer},UK\n"
        )
    };
    let world = World::new().await;
    for (name, id, refunds) in
        [("a.csv", "17850", [2_750, 0]), ("b.csv", "", [2_750, 0]), ("c.csv", "14527", [0, 2_750])]
    {
        import(&world, name, &invoices(id)).await;
        for (member, wanted) in ["17850", "14527"].into_iter().zip(refunds) {
            let Some(customer) = customer(&world, IdentityKind::Member, member).await else { continue };
            assert_eq!(of_customer(&world, customer).await.refunds, wanted, "{name} {member}");
        }
        assert_eq!(world.tally().await.refunds, 2_750, "{name}");
    }
}

#[tokio::test]
async fn a_killed_import_moves_orders_all_the_same() {
    let file = |phone: u64| {
        (0..400_u64).fold(HEADINGS.to_owned(), |mut file, order| {
            for line in 0..2 {
                let phone = 13_800_000_000 + (phone + order) % 500;
                let _ = writeln!(file, "{order},{phone},2024-01-05 08:03:00,S{line},1,10,20,1,交易成功");
            }
            file
        })
    };
    let whole = World::new().await;
    let plan = |world: &World, name: &str, phone| plan_of(world, name, &file(phone), &[]).unwrap();
    for (name, phone) in [("a.csv", 0), ("b.csv", 250)] {
        whole.import_plan(plan(&whole, name, phone), 1_000_000).await.unwrap();
    }
    let mut killed = World::new().await;
    killed.import_plan(plan(&killed, "a.csv", 0), 1_000_000).await.unwrap();
    for patience_ms in [20, 60, 120, 400] {
        let limit = std::time::Duration::from_millis(patience_ms);
        let _ = tokio::time::timeout(limit, killed.import_plan(plan(&killed, "b.csv", 250), 20)).await;
        killed.reopen().await;
    }
    killed.import_plan(plan(&killed, "b.csv", 250), 20).await.unwrap();
    // Were an order's new owner lost with the power, a masked export would take it back.
    let masked = file(0).replace(",138", ",138****");
    for world in [&whole, &killed] {
        import(world, "c.csv", &masked).await;
    }
    assert_eq!(whole.tally().await.unidentified_orders, 0);
    assert_eq!(killed.tally().await, whole.tally().await);
    for phone in [0, 100, 250, 499_u64] {
        let phone = (13_800_000_000 + phone).to_string();
        assert_eq!(of_phone(&killed, &phone).await, of_phone(&whole, &phone).await, "{phone}");
    }
}

#[tokio::test]
async fn merged_customers_and_undone_merges_count_an_order_once() {
    for moved_before in [false, true] {
        let world = World::new().await;
        let bobs = "7,13800138032,2024-01-01 08:03:00,A,1,5,5,0,交易成功\n";
        import(&world, "a.csv", &(export(ANN) + bobs)).await;
        if moved_before {
            import(&world, "b.csv", &export(BOB)).await;
        }
        let find = async |phone| customer(&world, IdentityKind::Phone, phone).await.unwrap();
        let (ann, bob) = (find("+8613800138031").await, find("+8613800138032").await);
        let merge = world.timeline.merge_profiles(ann, bob, "same person").await.unwrap();
        assert_eq!(of_customer(&world, bob).await.revenue, 15_000);
        import(&world, "c.csv", &export(if moved_before { ANN } else { BOB })).await;
        assert_eq!(of_customer(&world, bob).await.revenue, 15_000);
        world.timeline.undo(merge).await.unwrap();
        let tally = world.tally().await;
        assert_eq!((tally.orders, tally.revenue, tally.lines), (3, 17_000, 4), "moved before: {moved_before}");
        assert_eq!(tally.refunds, 1_000);
    }
}

#[tokio::test]
async fn an_erased_customers_order_does_not_come_back_through_the_map() {
    let world = World::new().await;
    import(&world, "a.csv", &export(ANN)).await;
    let order: OrderKey = world.timeline.meta().hash_key.order("file", "1");
    let owner = async || world.timeline.store().find_order_owners(&[order]).await.unwrap()[0];
    let ann = customer(&world, IdentityKind::Phone, "+8613800138031").await.unwrap();
    assert_eq!(owner().await, Some(ann));
    world.timeline.erase(ann).await.unwrap();
    assert_eq!(owner().await, None);
    // The same rows with the phone are refused, without it they are nobody's.
    let options = RecogniseOptions { timezone: Some("Europe/London".into()), ..Default::default() };
    let path = world.folder.path().join("a.csv");
    let again = plan_with(&[path.to_str().unwrap()], &options).unwrap();
    assert_eq!(world.import_plan(again, 1_000_000).await.unwrap().suppressed_rows, 2);
    assert_eq!(owner().await, None);
    import(&world, "b.csv", &export(MASKED)).await;
    assert!(world.events().await.iter().all(|event| event.customer != ann));
    assert!(!owner().await.unwrap().is_identified());
}

#[tokio::test]
async fn the_state_of_an_order_is_what_its_latest_export_says() {
    let world = World::new().await;
    let states = ["交易成功", "交易关闭", "交易成功", "等待买家付款", "交易成功", "交易关闭"];
    for (place, state) in states.into_iter().enumerate() {
        // One more order each time: the very same file again would change nothing.
        let more = format!("x{place},13800138038,2024-01-07 08:03:00,C,1,9,9,0,等待买家付款\n");
        import(&world, &format!("{place}.csv"), &(export_as(ANN, state) + &more)).await;
        let wanted = if state == "交易成功" { whole() } else { Tally::default() };
        let ann = of_phone(&world, ANN).await;
        assert_eq!(Tally { cancellations: 0, ..ann }, wanted, "{place} {state}");
        assert_eq!(world.tally().await.orders, wanted.orders + 1);
    }
    // Another customer's, without a phone or paid for the first time: the state is the order's.
    import(&world, "other.csv", &export_as(BOB, "交易成功")).await;
    assert_eq!((of_phone(&world, ANN).await.orders, of_phone(&world, BOB).await.orders), (0, 1));
    import(&world, "masked.csv", &export_as(MASKED, "交易关闭")).await;
    assert_eq!(world.tally().await.orders, 1);
    let never_paid = World::new().await;
    import(&never_paid, "a.csv", &export_as(ANN, "等待买家付款")).await;
    assert_eq!(never_paid.events().await.len(), 2, "an order that was never paid leaves nothing");
}

#[tokio::test]
async fn an_order_is_found_by_its_number_alone() {
    let world = World::new().await;
    import(&world, "a.csv", &export(ANN)).await;
    let till = |name: &str| RecogniseOptions {
        timezone: Some("Asia/Shanghai".into()),
        source: Some(name.to_owned()),
        ..RecogniseOptions::default()
    };
    let path = world.folder.path().join("till.csv");
    let text =
        format!("order_id,phone,order_time,amount\n#1,{BOB},2024-03-01 10:00:00,5\n9,{BOB},2024-03-01 11:00:00,5\n");
    std::fs::write(&path, text).unwrap();
    for _ in 0..2 {
        let plan = plan_with(&[path.to_str().unwrap()], &till("till-2")).unwrap();
        world.import_plan(plan, 1_000_000).await.unwrap();
    }
    let (ann, bob) = (of(&world, ANN).await, of(&world, BOB).await);
    let found = async |text: &str| {
        let orders = find_orders(&world.timeline, text).await.unwrap();
        let told = |order: FoundOrder| (order.source, order.order_id, world.timeline.customer_of(order.profile));
        orders.into_iter().map(told).collect::<Vec<_>>()
    };
    let one = |source: &str, number: &str, who| (source.to_owned(), number.to_owned(), who);
    // One of each feed, with and without a sign before it.
    assert_eq!(found(" 1").await, [one("file", "1", ann), one("till-2", "#1", bob)]);
    assert_eq!(found("#9").await, [one("till-2", "9", bob)]);
    for nothing in ["3", "", "2024", ANN] {
        assert!(found(nothing).await.is_empty(), "{nothing}");
    }
    world.timeline.merge_profiles(bob, ann, "one person").await.unwrap();
    assert_eq!(found("9").await, [one("till-2", "9", ann)], "whose it is now");
    world.timeline.erase(ann).await.unwrap();
    assert!(found("9").await.is_empty() && found("1").await.is_empty());
}

/// What one export says of one order: whose it is (0: not said), and its state.
type Said = (u8, u8, i64);

fn written(said: &[Option<Said>]) -> String {
    let mut file = "order_id,customer_id,date,sku,quantity,line_total,order_total,status\n".to_owned();
    file += "last,other,2024-02-01,S,1,1,1,paid\n";
    for (order, (who, state, value)) in said.iter().enumerate().filter_map(|(order, said)| Some((order, (*said)?))) {
        let who = if who == 0 { String::new() } else { format!("c{who}") };
        let state = ["paid", "cancelled", "pending"][usize::from(state)];
        for line in 0..=order {
            let _ = writeln!(file, "{order},{who},2024-01-05,S{line},1,7,{value},{state}");
        }
    }
    file
}

/// Orders, money and lines for each customer, in the simplest words.
fn expected(exports: &[Vec<Option<Said>>]) -> BTreeMap<u8, (usize, i64, usize)> {
    let mut latest: BTreeMap<usize, (u8, Option<i64>)> = BTreeMap::new();
    for (order, (who, state, value)) in
        exports.iter().flat_map(|said| said.iter().enumerate()).filter_map(|(order, said)| Some((order, (*said)?)))
    {
        let known = latest.get(&order).map(|(owner, _)| *owner);
        match (state, known) {
            (2, None) => {}
            (2, Some(owner)) => drop(latest.insert(order, (owner, None))),
            _ => {
                let owner = if who == 0 { known.unwrap_or(0) } else { who };
                latest.insert(order, (owner, (state == 0).then_some(value * 100)));
            }
        }
    }
    let mut customers = BTreeMap::new();
    for (order, (owner, value)) in latest {
        if let Some(value) = value {
            let sums: &mut (usize, i64, usize) = customers.entry(owner).or_default();
            *sums = (sums.0 + 1, sums.1 + value, sums.2 + order + 1);
        }
    }
    customers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_exports_in_any_order_count_an_order_once(
        exports in prop::collection::vec(
            prop::collection::vec(prop::option::weighted(0.8, (0..4_u8, 0..3_u8, 1..90_i64)), 4), 1..6),
        chunk_events in 1..12_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            for (place, said) in exports.iter().enumerate() {
                let plan = plan_of(&world, &format!("{place}.csv"), &written(said), &[]).unwrap();
                world.import_plan(plan, chunk_events).await.unwrap();
            }
            let wanted = expected(&exports);
            for who in 0..4_u8 {
                let tally = match customer(&world, IdentityKind::Member, &format!("c{who}")).await {
                    Some(customer) => of_customer(&world, customer).await,
                    None if who == 0 => world.tally().await,
                    None => Tally::default(),
                };
                let sums = match who {
                    0 => (tally.unidentified_orders, tally.unidentified_revenue, wanted.get(&0).map_or(0, |sums| sums.2)),
                    _ => (tally.orders, tally.revenue, tally.lines),
                };
                assert_eq!(sums, wanted.get(&who).copied().unwrap_or_default(), "c{who} of {exports:?}");
            }
            let all = world.tally().await;
            assert_eq!(all.lines, 1 + wanted.values().map(|sums| sums.2).sum::<usize>(), "{exports:?}");
        });
    }
}
