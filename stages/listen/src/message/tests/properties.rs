//! What holds for every input.

use super::{NOW_US, batch, events, feed, live, track};
use crate::message::{Arrival, Call, read};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["track", "identify", "Order Completed", "12.50", "2024-03-01T00:00:00Z", "\u{0}"])
            .prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "type",
        "event",
        "userId",
        "anonymousId",
        "properties",
        "traits",
        "context",
        "products",
        "price",
        "quantity",
        "total",
        "order_id",
        "timestamp",
        "sentAt",
        "batch",
        "messageId",
        "externalIds",
        "currency",
        "x",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..8)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_judged_and_the_same_each_time(value in any_json(), batched in any::<bool>()) {
        let body = if batched { json!({"batch": [value]}).to_string() } else { value.to_string() };
        for call in [Call::Batch, Call::Track, Call::Identify, Call::Alias, Call::Page] {
            let first = live(call, &body);
            prop_assert_eq!(&first, &live(call, &body));
            if batched && call == Call::Batch {
                let reading = first.unwrap();
                prop_assert_eq!(reading.messages.len() + reading.refused.len(), 1);
            }
        }
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&feed(), Call::Batch, &bytes, Arrival::Live(NOW_US));
    }

    #[test]
    fn a_cut_or_changed_body_is_judged(at in 0_usize..400, byte in any::<u8>(), cut in any::<bool>()) {
        let said = json!({"order_id": "9", "total": 1.5, "products": [{"sku": "\"A\\\u{1F600}", "price": "2"}]});
        let mut bytes = batch(&[track("Order Completed", &said)]).into_bytes();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = read(&feed(), Call::Batch, &bytes, Arrival::Live(NOW_US));
    }

    #[test]
    fn texts_are_read_as_serde_json_writes_them(text in "\\PC{0,20}|[\"\\\\/\u{1}-\u{1f}\u{10000}-\u{10ffff}]{0,10}") {
        let said = json!({"text": text, "\u{e9}\n": [text.clone(), {"a": text.clone()}]});
        let kept = events(&track("X", &said)).remove(0).properties.unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), said);
    }

    #[test]
    fn the_order_of_products_changes_no_total(
        products in prop::collection::vec((0_u8..4, 0_i64..100_000, 1_u8..5), 1..8),
        turn in 0_usize..8,
    ) {
        let listed = |products: &[(u8, i64, u8)]| {
            let product = |(sku, cents, quantity): &(u8, i64, u8)| {
                json!({"sku": format!("S{sku}"), "price": format!("{}.{:02}", cents / 100, cents % 100), "quantity": quantity})
            };
            let products: Vec<Value> = products.iter().map(product).collect();
            let events = events(&track("Order Completed", &json!({"order_id": "9", "products": products})));
            let mut ids: Vec<_> = events.iter().map(|event| event.mid).collect();
            ids.sort();
            let total: i64 = events.iter().filter_map(|event| event.value_minor).sum();
            (total, ids)
        };
        let mut turned = products.clone();
        turned.rotate_left(turn % products.len());
        let (total, ids) = listed(&products);
        let exact: i64 = products.iter().map(|(_, cents, quantity)| cents * i64::from(*quantity)).sum();
        prop_assert_eq!(total, exact);
        prop_assert_eq!((total, ids), listed(&turned));
    }
}
