//! The RFM grid.

use super::world::World;
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn each_cell_has_the_customers_and_the_revenue_that_the_list_has() {
    let world = World::with_shop().await;
    // Somebody without a kept order has no scores.
    let browsed = serde_json::json!({"type": "track", "messageId": "1", "userId": "visitor", "event": "Product Viewed",
        "properties": {"product_id": "SKU1"}, "timestamp": "2026-02-01T10:00:00Z"});
    let body = serde_json::json!({ "batch": [browsed] }).to_string();
    let call = perennial_listen::message::Call::Batch;
    world.server.intake.take(call, body.as_bytes(), super::world::NOW_US).await.unwrap();
    world.refold().await;
    let grid = world.ok("/api/rfm").await;
    let cells = grid["cells"].as_array().unwrap();
    let number = |value: &Value| value.as_i64().unwrap();
    let (mut places, mut filled, mut customers, mut revenue) = (BTreeSet::new(), 0, 0, 0);
    for cell in cells {
        let (r, fm) = (number(&cell["r"]), number(&cell["fm"]));
        places.insert((r, fm));
        let filter = format!("range=r_score:{r}:{r},fm_score:{fm}:{fm}&columns=revenue&limit=200");
        let page = world.ok(&format!("/api/customers?{filter}")).await;
        let rows = page["rows"].as_array().unwrap();
        let sum: i64 = rows.iter().map(|row| number(&row["values"]["revenue"])).sum();
        assert_eq!((&cell["customers"], &cell["revenue_minor"]), (&page["total"], &Value::from(sum)), "R{r} FM{fm}");
        filled += usize::from(!rows.is_empty());
        (customers, revenue) = (customers + number(&cell["customers"]), revenue + sum);
    }
    assert_eq!((places.len(), cells.len()), (25, 25));
    assert!(filled >= 10, "{filled} of 25 cells have anybody");
    assert_eq!((number(&grid["customers"]), number(&grid["revenue_minor"])), (customers, revenue));
    assert_eq!((customers, number(&grid["unscored"])), (300, 1));
    let explained = world.ok("/api/explain/rfm.cells.customers").await;
    assert_eq!(explained["mechanism"], "1.10");
}
