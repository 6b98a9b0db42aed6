//! Names of the e-commerce specification.

use super::super::Event;
use super::{events, refusal, track};
use perennial_model::EventKind;
use serde_json::json;

fn minor(event: &Event) -> Option<i64> {
    event.value_minor
}

#[test]
fn an_order_is_a_header_and_a_line_a_product() {
    let events = events(&track(
        "Order Completed",
        &json!({
            "order_id": "50314b8e", "total": 27.5, "revenue": 25.0, "shipping": 2.5, "currency": "CNY", "coupon": "hasbros",
            "affiliation": "Hangzhou", "staff": "Lin",
            "products": [
                {"product_id": "507f1f", "sku": "45790-32", "name": "Monopoly", "price": 9.99, "quantity": 2, "category": "Games", "coupon": "X"},
                {"sku": "46493-32", "name": "Uno", "price": "5.02"},
                {"product_id": 7, "price": 1.25, "quantity": "0.4"}
            ]
        }),
    ));
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Order, EventKind::OrderLine, EventKind::OrderLine, EventKind::OrderLine]);
    let values: Vec<_> = events.iter().map(minor).collect();
    assert_eq!(values, [Some(2750), Some(1998), Some(502), Some(50)]);
    let quantities: Vec<_> = events.iter().map(|event| event.quantity_milli).collect();
    assert_eq!(quantities, [None, Some(2000), Some(1000), Some(400)]);
    let items: Vec<_> = events.iter().map(|event| event.item.as_deref()).collect();
    assert_eq!(items, [None, Some("507f1f"), Some("46493-32"), Some("7")]);
    assert!(events.iter().all(|event| event.order_id.as_deref() == Some("50314b8e")));
    let header: serde_json::Value = serde_json::from_str(events[0].properties.as_deref().unwrap()).unwrap();
    assert_eq!((&header["store"], &header["staff"]), (&json!("Hangzhou"), &json!("Lin")));
    assert_eq!((&header["coupon"], header.get("products")), (&json!("hasbros"), None));
    let line: serde_json::Value = serde_json::from_str(events[1].properties.as_deref().unwrap()).unwrap();
    assert_eq!((&line["category"], &line["item_name"]), (&json!("Games"), &json!("Monopoly")));
    assert_eq!((&line["price"], &line["coupon"]), (&json!(9.99), &json!("X")));
}

#[test]
fn what_an_order_came_to_is_the_best_amount_there_is() {
    let value = |properties| minor(&events(&track("Order Completed", &properties))[0]);
    assert_eq!(value(json!({"order_id": 1, "revenue": 5, "total": "¥1,234.50"})), Some(123_450));
    assert_eq!(value(json!({"order_id": 1, "revenue": 5.005, "value": 9})), Some(500));
    assert_eq!(value(json!({"order_id": 1, "subtotal": 3, "value": 4})), Some(400));
    assert_eq!(value(json!({"order_id": 1, "total": 0})), Some(0));
    // The lines have it.
    assert_eq!(value(json!({"order_id": 1, "products": [{"price": 2}]})), None);
    // As Java writes it.
    let written = |text: &str| text.parse::<serde_json::Value>().unwrap();
    assert_eq!(value(written(r#"{"order_id": 1, "total": 1.23456E3}"#)), Some(123_456));
    let unknown = track("Order Completed", &json!({"order_id": 1, "products": [{"sku": "A"}]}));
    assert_eq!(refusal(&unknown), ("properties.total".to_owned(), "missing".to_owned()));
}

#[test]
fn lines_of_two_versions_of_an_order_are_the_same_lines() {
    let products = json!([{"sku": "A", "price": 1}, {"sku": "A", "price": 1}, {"sku": "B", "price": 2}]);
    let properties = json!({"order_id": "9", "total": 4, "products": products});
    let completed = events(&track("order_completed", &properties));
    let mut later = track("Order Updated", &properties);
    later["messageId"] = json!("another");
    let updated = events(&later);
    let ids = |events: &[Event]| events[1..].iter().map(|event| event.mid).collect::<Vec<_>>();
    assert_eq!(ids(&completed), ids(&updated));
    assert_ne!(ids(&completed)[0], ids(&completed)[1], "two of the same are two");
    assert_eq!((updated[0].kind, updated[0].name.as_ref()), (EventKind::Order, "Order Updated"));
    assert_eq!(completed[0].name, "Order Completed");
}

#[test]
fn refunds_are_of_an_amount_of_products_or_of_all() {
    let one = |properties| {
        let mut events = events(&track("Order Refunded", &properties));
        assert_eq!(events.len(), 1);
        events.remove(0)
    };
    let stated = one(json!({"order_id": "9", "total": -30, "products": [{"sku": "A", "price": 12}]}));
    assert_eq!((stated.kind, minor(&stated), stated.item.as_deref()), (EventKind::Refund, Some(3000), Some("A")));
    let partly = one(json!({"order_id": "9", "products": [{"sku": "A", "price": 12, "quantity": 2}, {"price": 1}]}));
    assert_eq!((partly.kind, minor(&partly), partly.item), (EventKind::Refund, Some(2500), None));
    let all = one(json!({"order_id": "9"}));
    assert_eq!((all.kind, minor(&all)), (EventKind::Cancellation, None));
    let unknown = track("Order Refunded", &json!({"order_id": "9", "products": [{"sku": "A"}]}));
    assert_eq!(refusal(&unknown), ("properties.total".to_owned(), "missing".to_owned()));
    let cancelled = events(&track("Order Canceled", &json!({"order_id": 9, "total": 3})));
    assert_eq!((cancelled[0].kind, cancelled[0].name.as_ref()), (EventKind::Cancellation, "Order Cancelled"));
}

#[test]
fn what_is_done_with_products_keeps_its_product() {
    for name in ["Product Viewed", "Product Added", "Product Removed", "Product Reviewed", "Product Added to Wishlist"]
    {
        let said = json!({"product_id": "507f", "quantity": 3, "price": 4, "category": 12, "review_body": "好"});
        let event = events(&track(&name.to_lowercase().replace(' ', "_"), &said)).remove(0);
        assert_eq!((event.name.as_ref(), event.kind), (name, EventKind::Event));
        assert_eq!((event.item.as_deref(), event.quantity_milli, event.value_minor), (Some("507f"), Some(3000), None));
        assert!(event.properties.is_some_and(|text| text.contains(r#""category":"12""#) && text.contains("好")));
    }
    for name in
        ["Cart Viewed", "Checkout Started", "Coupon Entered", "Coupon Applied", "Coupon Denied", "Coupon Removed"]
    {
        let event = events(&track(name, &json!({"order_id": "9", "value": 7.5, "coupon": "C"}))).remove(0);
        assert_eq!((event.kind, event.order_id.as_deref(), minor(&event)), (EventKind::Event, Some("9"), Some(750)));
    }
}

#[test]
fn other_events_keep_their_name_and_what_they_say() {
    let event =
        events(&track("Signed Up", &json!({"plan": "pro", "value": "high", "currency": 3, "n": null}))).remove(0);
    assert_eq!((event.name.as_ref(), event.value_minor), ("Signed Up", None));
    assert_eq!(event.properties.as_deref(), Some(r#"{"plan":"pro","value":"high","currency":3}"#));
    let foreign = events(&track("Signed Up", &json!({"revenue": 5, "currency": "USD"}))).remove(0);
    assert_eq!(foreign.value_minor, None, "money of another currency is no money of the brand's");
}
