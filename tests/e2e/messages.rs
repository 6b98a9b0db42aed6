//! An archive of messages of the tracking API, from file to figures; schemas and what does not fit them.

use crate::run::{Ran, perennial};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn fine(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

fn query(folder: &Path, sql: &str) -> String {
    fine(folder, &["query", sql, "--data", "brand", "--format", "csv"])
        .stdout
        .lines()
        .skip(1)
        .collect::<Vec<_>>()
        .join("|")
}

/// A message as a collector keeps it.
fn kept(id: u32, day: u32, user: &str, event: &str, properties: &Value) -> Value {
    json!({
        "type": "track", "messageId": format!("m{id}"), "userId": user, "event": event, "properties": properties,
        "context": {"page": {"url": "https://shop.example/"}},
        "originalTimestamp": format!("2024-03-{day:02}T09:00:00.000Z"), "sentAt": format!("2024-03-{day:02}T09:00:05.000Z"),
        "receivedAt": format!("2024-03-{day:02}T10:00:05.000Z"), "timestamp": format!("2024-03-{day:02}T10:00:00.000Z")
    })
}

fn archive(path: &Path) {
    let products = json!([
        {"product_id": "P1", "price": 10.5, "quantity": 2, "category": "tea"},
        {"sku": "P2", "price": "4.00", "category": "cups"}
    ]);
    let order = |id: &str, total: f64| json!({"order_id": id, "total": total, "currency": "CNY", "affiliation": "Hangzhou", "products": products});
    let mut lines = vec![
        json!({"type": "identify", "messageId": "i1", "userId": "ann", "anonymousId": "a-1", "traits": {"email": "Ann@Shop.Example"}, "timestamp": "2024-03-01T08:00:00Z"}),
        json!({"type": "page", "messageId": "p1", "anonymousId": "a-1", "name": "Home", "timestamp": "2024-03-01T08:01:00Z"}),
        kept(1, 2, "ann", "Order Completed", &order("A", 25.0)),
        kept(1, 2, "ann", "Order Completed", &order("A", 25.0)),
        kept(2, 3, "ann", "Order Completed", &order("B", 25.0)),
        kept(3, 4, "ann", "Order Refunded", &json!({"order_id": "B", "total": 5.0})),
        kept(4, 5, "bob", "Order Completed", &order("C", 25.0)),
        kept(5, 6, "bob", "Order Cancelled", &json!({"order_id": "C"})),
        kept(6, 7, "bob", "Order Completed", &order("D", 30.0)),
        kept(7, 7, "bob", "Product Reviewed", &json!({"product_id": "P1", "rating": 5})),
        kept(8, 8, "cat", "Order Completed", &json!({"order_id": "E", "products": [{"sku": "P2", "price": true}]})),
    ];
    // Whole batches, too.
    let batched = [kept(9, 9, "cat", "Order Completed", &order("F", 12.5)), json!({"type": "visit"})];
    lines.push(json!({"batch": batched, "sentAt": "2024-03-09T09:00:05.000Z"}));
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    fs::write(path, format!("{}\n{{\"type\":\"track\"\n", text.join("\n"))).unwrap();
}

const CUSTOMERS: &str = "select count(*), sum(orders), cast(sum(revenue) * 100 as bigint) from customers";

#[test]
fn an_archive_becomes_orders_refunds_and_cancellations() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    archive(&path.join("segment.jsonl"));
    let ran = fine(path, &["import", "segment.jsonl", "--data", "brand", "--quiet"]);
    assert!(
        ran.stdout.contains("messages of Segment's tracking API") && ran.stdout.contains("currency CNY"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("rejected: 3"), "{}", ran.stdout);
    let rejects = fs::read_to_string(path.join("segment.jsonl.rejects.csv")).unwrap();
    assert!(rejects.contains("properties.products[0].price") && rejects.contains(",13,"), "{rejects}");
    // A 25, B 25 - 5, C cancelled, D 30, F 12.50; Ann's visit is Ann's.
    assert_eq!(query(path, CUSTOMERS), "3,4,8750");
    assert_eq!(query(path, "select count(*) from events where name = 'Order Line'"), "10");
    assert_eq!(query(path, "select distinct p_store from events where name = 'Order Completed'"), "Hangzhou");
    assert_eq!(query(path, "select count(*) from events where channel = 'web' and name = 'Page'"), "1");
    let again = fine(path, &["import", "segment.jsonl", "--data", "brand", "--quiet"]);
    assert!(again.stdout.contains("already imported"), "{}", again.stdout);
    let mut more = fs::read_to_string(path.join("segment.jsonl")).unwrap();
    more.push_str(&(kept(10, 10, "ann", "Order Updated", &json!({"order_id": "A", "total": 20.0})).to_string() + "\n"));
    fs::write(path.join("more.jsonl"), more).unwrap();
    fine(path, &["import", "more.jsonl", "--data", "brand", "--quiet"]);
    assert_eq!(query(path, CUSTOMERS), "3,4,8250", "only the update is new");
}

#[test]
fn what_does_not_fit_waits_until_the_schema_is_mended_and_goes_with_its_customer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let schema = |kind: &str| {
        let text = json!({"event": "Order Completed", "properties": {"order_id": {"type": kind, "required": true}}})
            .to_string();
        fs::write(path.join("schema.json"), text).unwrap();
        fine(path, &["schema", "set", "schema.json", "--data", "brand"]).stdout
    };
    assert!(schema("integer").contains("version 1"));
    archive(&path.join("segment.jsonl"));
    let ran = fine(path, &["import", "segment.jsonl", "--data", "brand", "--quiet"]);
    assert!(ran.stdout.contains("kept aside"), "{}", ran.stdout);
    let aside = fine(path, &["schema", "aside", "--data", "brand"]).stdout;
    assert!(aside.contains("6 messages kept aside") && aside.contains("properties.order_id"), "{aside}");
    assert!(!aside.contains("ann") && !aside.contains("m1"), "{aside}");
    assert_eq!(perennial(path, &["schema", "replay", "--data", "brand"]).code, 1, "nothing fits yet");
    fine(path, &["erase", "member=bob", "--data", "brand", "--yes"]);
    let left = fine(path, &["schema", "aside", "--data", "brand"]).stdout;
    assert!(left.contains("4 messages kept aside"), "{left}");
    for entry in fs::read_dir(path.join("brand")).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"\"bob\""), "{}", entry.path().display());
    }
    assert!(schema("text").contains("version 2"));
    assert!(fine(path, &["schema", "list", "--data", "brand"]).stdout.contains("\"text\""));
    // Of what is left one has a price that is none: it waits on.
    let replayed = perennial(path, &["schema", "replay", "--data", "brand"]);
    assert!(replayed.stdout.contains("3 messages landed, 1 still"), "{} {}", replayed.stdout, replayed.stderr);
    assert_eq!(query(path, "select sum(orders), cast(sum(revenue) * 100 as bigint) from customers"), "3,5750");
    let once_more = perennial(path, &["schema", "replay", "--data", "brand"]);
    assert!(once_more.stdout.contains("0 messages landed, 1 still"), "{}", once_more.stdout);
}
