//! The same file again, half of it, more of it, and an import that was killed.

use crate::world::{World, plan, plan_of};
use perennial_listen::Progress;
use perennial_model::{IdentityKey, IdentityKind};
use std::sync::Arc;

/// A file of orders with lines that come again, over several chunks.
fn lines(from: usize, until: usize) -> String {
    let mut file = "order_id,customer_id,date,sku,quantity,price\n".to_owned();
    for order in from..until {
        for line in 0..1 + order % 3 {
            let sku = if line == 2 { 1 } else { line };
            file += &format!("{order},c{},2024-01-{:02} 10:00:00,S{sku},1,{}.5\n", order % 7, 1 + order % 28, 1 + sku);
        }
    }
    file
}

#[tokio::test]
async fn importing_again_changes_nothing() {
    let world = World::new().await;
    let files = ["taobao_orders.csv", "taobao_items.csv"];
    world.import(&files).await;
    let before = world.events().await;
    let outcome = world.import(&files).await;
    assert_eq!(outcome.already_imported.len(), 1);
    assert_eq!(outcome.events.total(), 0);
    assert_eq!(world.events().await, before);
}

#[tokio::test]
async fn a_longer_export_adds_only_what_is_new() {
    let world = World::new().await;
    world.import_plan(plan_of(&world, "a.csv", &lines(0, 60), &[]).unwrap(), 1_000_000).await.unwrap();
    world.import_plan(plan_of(&world, "b.csv", &lines(30, 90), &[]).unwrap(), 1_000_000).await.unwrap();
    let whole = World::new().await;
    whole.import_plan(plan_of(&whole, "c.csv", &lines(0, 90), &[]).unwrap(), 1_000_000).await.unwrap();
    assert_eq!(world.tally().await, whole.tally().await);
}

#[tokio::test]
async fn chunks_do_not_show() {
    let whole = World::new().await;
    whole.import_plan(plan_of(&whole, "a.csv", &lines(0, 60), &[]).unwrap(), 1_000_000).await.unwrap();
    let chunked = World::new().await;
    let outcome = chunked.import_plan(plan_of(&chunked, "a.csv", &lines(0, 60), &[]).unwrap(), 7).await.unwrap();
    assert_eq!(outcome.events.orders, 60);
    assert_eq!(chunked.tally().await, whole.tally().await);
}

#[tokio::test]
async fn a_killed_import_goes_on_where_it_was() {
    let whole = World::new().await;
    let content = lines(0, 200);
    let plan = |world: &World| plan_of(world, "a.csv", &content, &[]).unwrap();
    let counted = whole.import_plan(plan(&whole), 1_000_000).await.unwrap();
    // The import is dropped while chunks are being written, at a later point each time.
    let mut killed = World::new().await;
    for patience_ms in [20, 60, 120, 400] {
        let limit = std::time::Duration::from_millis(patience_ms);
        let _ = tokio::time::timeout(limit, killed.import_plan(plan(&killed), 10)).await;
        killed.reopen().await;
    }
    let outcome = killed.import_plan(plan(&killed), 1_000_000).await.unwrap();
    assert_eq!(killed.tally().await, whole.tally().await);
    if outcome.already_imported.is_empty() {
        assert_eq!(outcome.events, counted.events, "what was kept before is counted too");
        assert_eq!(outcome.rows, counted.rows);
    }
}

#[tokio::test]
async fn an_erased_customer_stays_away() {
    let world = World::new().await;
    let content = lines(0, 60);
    world.import_plan(plan_of(&world, "a.csv", &content, &[]).unwrap(), 1_000_000).await.unwrap();
    let before = world.tally().await;
    let key = IdentityKey { kind: IdentityKind::Member, value: "c3".into() };
    let found = world.timeline.store().find_identities(std::slice::from_ref(&key)).await.unwrap();
    world.timeline.erase(world.timeline.customer_of(found[0].unwrap())).await.unwrap();
    let erased = world.tally().await;
    assert!(erased.orders < before.orders);
    // Another name for the feed, so that it is not known as imported; the same rows otherwise.
    let options = perennial_listen::RecogniseOptions { timezone: Some("Europe/London".into()), ..Default::default() };
    let path = world.folder.path().join("a.csv");
    let again = crate::world::plan_with(&[path.to_str().unwrap()], &options).unwrap();
    let outcome = world.import_plan(again, 1_000_000).await.unwrap();
    assert!(outcome.suppressed_rows > 0);
    assert_eq!(world.tally().await, erased);
}

#[tokio::test]
async fn an_order_that_was_cancelled_later_does_not_count() {
    let world = World::new().await;
    let file = |status: &str| {
        format!(
            "订单编号,会员号,下单时间,实付金额,订单状态\n1,m1,2024-01-05,10.00,{status}\n2,m1,2024-01-06,20.00,交易成功\n"
        )
    };
    world.import_plan(plan_of(&world, "a.csv", &file("买家已付款"), &[]).unwrap(), 1_000_000).await.unwrap();
    assert_eq!(world.tally().await.orders, 2);
    world.import_plan(plan_of(&world, "b.csv", &file("交易关闭"), &[]).unwrap(), 1_000_000).await.unwrap();
    assert_eq!((world.tally().await.orders, world.tally().await.revenue), (1, 2_000));
}

#[tokio::test]
async fn the_same_customer_is_found_again_in_another_file() {
    let world = World::new().await;
    world.import(&["event_log.csv"]).await;
    let plan = plan(&["cdnow_like.txt"], &["member=2"]).unwrap();
    let outcome = world.import_plan(plan, 1_000_000).await.unwrap();
    assert_eq!(outcome.new_customers, 3);
    let again = plan_of(&world, "more.csv", "customer_id,date,total\n7,2025-01-05,5.00\n", &[]).unwrap();
    assert_eq!(world.import_plan(again, 1_000_000).await.unwrap().new_customers, 0);
}

/// Pulls the plug when the first block of rows has been read.
struct Plug;

impl Progress for Plug {
    fn update(&self, _bytes_read: u64, _bytes_total: u64, _rows: u64) {
        panic!("the plug was pulled");
    }
}

#[tokio::test]
async fn rows_that_were_kept_are_not_kept_again_but_counted() {
    let world = World::new().await;
    // More rows than one block has, so that the first ones are kept before the reader stops.
    let content = lines(0, 20_000);
    let plan = || plan_of(&world, "a.csv", &content, &[]).unwrap();
    let stopped = world.import_watched(plan(), 5_000, Arc::new(Plug)).await.unwrap_err();
    assert!(stopped.to_string().contains("run it again"), "{stopped}");
    assert!(world.tally().await.orders > 0);
    let outcome = world.import_plan(plan(), 1_000_000).await.unwrap();
    assert!(outcome.resumed_rows > 5_000 && outcome.resumed_rows < outcome.rows, "{}", outcome.resumed_rows);
    let whole = World::new().await;
    let counted = whole.import_plan(plan_of(&whole, "a.csv", &content, &[]).unwrap(), 1_000_000).await.unwrap();
    assert_eq!((outcome.rows, outcome.events), (counted.rows, counted.events));
    assert_eq!(world.tally().await, whole.tally().await);
    assert_eq!(world.events().await.len(), whole.events().await.len());
}
