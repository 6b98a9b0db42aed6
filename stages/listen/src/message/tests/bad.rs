//! What is refused, with code and path, and lets what is beside it land.

use super::{NOW_US, batch, feed, live, refusal, track};
use crate::message::limits::{BATCH_MESSAGES, BODY_BYTES, DEPTH, MESSAGE_BYTES};
use crate::message::{Arrival, Call, ProblemCode, read};
use serde_json::{Value, json};

#[test]
fn wrong_types_are_named_with_their_path() {
    let order = |products: Value| track("Order Completed", &json!({"order_id": "9", "total": 1, "products": products}));
    let with = |name: &str, value: Value| {
        let mut message = track("X", &json!({}));
        message[name] = value;
        message
    };
    for (message, path, code) in [
        (order(json!([{"price": 1}, {}, {"price": true}])), "properties.products[2].price", "wrong_type"),
        (order(json!([{"price": "cheap"}])), "properties.products[0].price", "wrong_type"),
        (order(json!([{"price": 1, "quantity": {}}])), "properties.products[0].quantity", "wrong_type"),
        (order(json!([{"price": 1e30}])), "properties.products[0].price", "number_out_of_range"),
        (order(json!([{"price": 1e12, "quantity": 1e12}])), "properties.products[0].price", "number_out_of_range"),
        (order(json!([{"product_id": ["a"]}])), "properties.products[0].product_id", "wrong_type"),
        (order(json!(["a"])), "properties.products[0]", "wrong_type"),
        (order(json!({"a": 1})), "properties.products", "wrong_type"),
        (track("Order Completed", &json!({"total": 1})), "properties.order_id", "missing"),
        (track("Order Completed", &json!({"order_id": 1e18, "total": 1})), "properties.order_id", "mangled_id"),
        (
            track("Order Completed", &json!({"order_id": 1, "total": 1, "currency": "USD"})),
            "properties.currency",
            "other_currency",
        ),
        (with("properties", json!("x")), "properties", "wrong_type"),
        (with("type", json!("purchase")), "type", "unknown_type"),
        (with("type", Value::Null), "type", "missing"),
        (with("event", json!("  ")), "event", "missing"),
        (with("userId", Value::Null), "userId", "missing"),
        (with("userId", json!({"$oid": 1})), "userId", "wrong_type"),
        (with("event", json!("x".repeat(600))), "event", "too_large"),
        (with("context", json!({"externalIds": [1]})), "context.externalIds[0]", "wrong_type"),
        (with("type", json!("alias")), "previousId", "missing"),
        (json!("text"), "", "wrong_type"),
    ] {
        assert_eq!(refusal(&message), (path.to_owned(), code.to_owned()), "{message}");
    }
}

#[test]
fn one_bad_message_of_a_batch_leaves_the_others() {
    let good = track("X", &json!({})).to_string();
    let deep = format!("{}1{}", "[".repeat(DEPTH + 1), "]".repeat(DEPTH + 1));
    let bad = [
        (
            r#"{"type":"track","userId":"U","event":"X","properties":{"a":{"b":"\ud800 half"}}}"#,
            ProblemCode::LoneSurrogate,
            "properties.a.b",
        ),
        (
            r#"{"type":"track","userId":"U","event":"X","properties":{"l":[1,"\udc00"]}}"#,
            ProblemCode::LoneSurrogate,
            "properties.l[1]",
        ),
        (r#"{"type":"track","userId":"U\u0000","event":"X"}"#, ProblemCode::Nul, "userId"),
        (r#"{"type":"track","userId":"U","event":"X","properties":{"\u0000":1}}"#, ProblemCode::Nul, "properties"),
        (
            r#"{"type":"track","userId":"U","event":"X","properties":{"n":1e999}}"#,
            ProblemCode::NumberOutOfRange,
            "properties.n",
        ),
        ("7", ProblemCode::WrongType, ""),
    ];
    let deep = format!(r#"{{"type":"track","userId":"U","event":"X","properties":{{"deep":{deep}}}}}"#);
    let long =
        format!(r#"{{"type":"track","userId":"U","event":"X","properties":{{"x":"{}"}}}}"#, "x".repeat(MESSAGE_BYTES));
    let mut items: Vec<&str> = bad.iter().map(|(text, ..)| *text).collect();
    items.extend([deep.as_str(), long.as_str()]);
    let joined = items.iter().map(|text| format!("{text},{good}")).collect::<Vec<_>>().join(" , ");
    let reading = live(Call::Batch, &format!(r#"{{"batch":[{joined}],"sentAt":"2024-03-01T12:00:00Z"}}"#)).unwrap();
    assert_eq!(reading.messages.len(), items.len());
    assert!(reading.messages.iter().all(|message| message.index % 2 == 1));
    for (place, (refused, (text, code, path))) in reading.refused.iter().zip(&bad).enumerate() {
        assert_eq!((refused.index, refused.problem.code), (place * 2, *code), "{text}");
        assert_eq!(refused.problem.path, *path, "{text}");
    }
    let codes: Vec<_> = reading.refused[bad.len()..].iter().map(|refused| refused.problem.code).collect();
    assert_eq!(codes, [ProblemCode::TooDeep, ProblemCode::TooLarge]);
    let shown = serde_json::to_value(&reading.refused[0]).unwrap();
    assert_eq!(
        (&shown["index"], &shown["code"], &shown["path"]),
        (&json!(0), &json!("lone_surrogate"), &json!("properties.a.b"))
    );
}

#[test]
fn a_body_that_is_none_is_refused_whole() {
    let code = |body: &[u8]| read(&feed(), Call::Batch, body, Arrival::Live(NOW_US)).unwrap_err().code;
    for body in [
        "",
        "{",
        "[]",
        r#"{"batch":[{]}"#,
        r#"{"batch":[]} x"#,
        "{\"batch\":[{\"a\":\"\n\"}]}",
        "{'batch':[]}",
        "nul",
        r#"{"batch":[01]}"#,
        r#"{"batch":[1.]}"#,
        r#"{"batch":["\x"]}"#,
        // What nobody looks at is JSON, too: in other members, and behind what is refused.
        "{\"batch\":[],\"other\":\"\u{11}\"}",
        r#"{"batch":[],"other":[}}"#,
        r#"{"batch":[],"other":{"a" 1}}"#,
        r#"{"batch":[],"other":{"a":1,}}"#,
        r#"{"batch":[],"other":[1 2]}"#,
        r#"{"batch":[],"other":-.e}"#,
        r#"{"batch":[],"other":nil}"#,
        r#"{"batch":[],"other":"\u12x4"}"#,
        r#"{"batch":[{"a":"\ud800","b":[}]}"#,
    ] {
        assert_eq!(code(body.as_bytes()), ProblemCode::MalformedJson, "{body}");
    }
    assert_eq!(code(b"{\"batch\":[\"\xff\"]}"), ProblemCode::MalformedJson);
    assert_eq!(code(b"{\"batch\":[],\"other\":\"\0\"}"), ProblemCode::Nul);
    let others = r#"{"other":{"a":[{},[],"\u00e9\n",-1.5e3,true,false,null,{"b":1}]},"batch":[]}"#;
    assert!(live(Call::Batch, others).unwrap().messages.is_empty());
    assert_eq!(code(" ".repeat(BODY_BYTES + 1).as_bytes()), ProblemCode::TooLarge);
    let many = format!(r#"{{"batch":[{}]}}"#, vec!["1"; BATCH_MESSAGES + 1].join(","));
    assert_eq!(code(many.as_bytes()), ProblemCode::TooMany);
    let full = format!(r#"{{"batch":[{}]}}"#, vec!["1"; BATCH_MESSAGES].join(","));
    assert_eq!(live(Call::Batch, &full).unwrap().refused.len(), BATCH_MESSAGES);
    assert_eq!(live(Call::Batch, r#"{"batch":[],"sentAt":5}"#).unwrap_err().path, "sentAt");
    assert_eq!(live(Call::Track, &"x".repeat(MESSAGE_BYTES + 1)).unwrap_err().code, ProblemCode::TooLarge);
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(
        live(Call::Batch, &format!(r#"{{"batch":[{deep}]}}"#)).unwrap().refused[0].problem.code,
        ProblemCode::TooDeep
    );
}

#[test]
fn no_problem_repeats_what_was_sent() {
    let secret = "ann.secret@shop.example";
    let mut message = track("Order Completed", &json!({"order_id": 1, "total": secret, "currency": secret}));
    for name in ["timestamp", "sentAt"] {
        message[name] = json!(secret);
        let reading = live(Call::Batch, &batch(std::slice::from_ref(&message))).unwrap();
        let shown = reading.refused[0].problem.to_string();
        assert!(!shown.contains("secret"), "{shown}");
        message[name] = Value::Null;
    }
    let reading = live(Call::Batch, &batch(std::slice::from_ref(&message))).unwrap();
    assert!(!reading.refused[0].problem.to_string().contains("secret"));
}
