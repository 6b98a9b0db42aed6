//! Messages that do not fit: counted by reason, and counted as events once the schema is mended.

use super::world::World;
use axum::http::{Method, StatusCode};
use perennial_listen::message::Call;
use serde_json::{Value, json};

/// One that fits, and three that do not, for two reasons.
const BATCH: &str = r#"{"batch": [
    {"type": "track", "event": "Rated", "userId": "m1", "messageId": "1", "properties": {"stars": 5}},
    {"type": "track", "event": "Rated", "userId": "m1", "messageId": "2", "properties": {"stars": "good"}},
    {"type": "track", "event": "Rated", "userId": "m2", "messageId": "3", "properties": {"stars": "bad"}},
    {"type": "track", "event": "Rated", "userId": "m2", "messageId": "4", "properties": {}}
]}"#;

async fn declare(world: &World, kind: &str, required: bool) -> (StatusCode, Value) {
    let schema = json!({"event": "Rated", "properties": {"stars": {"type": kind, "required": required}}});
    world.send(Method::POST, "/api/schemas", &schema).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_told_by_reason_and_lands_when_the_schema_is_mended() {
    let world = World::new().await;
    let (status, declared) = declare(&world, "integer", true).await;
    assert_eq!((status, &declared["schemas"][0]["version"]), (StatusCode::OK, &json!(1)), "{declared}");
    world.server.intake.take(Call::Batch, BATCH.as_bytes(), world.server.clock.now_us()).await.unwrap();

    let aside = world.ok("/api/aside").await;
    assert_eq!((&aside["total"], aside["reasons"].as_array().unwrap().len()), (&json!(3), 2), "{aside}");
    assert_eq!((&aside["reasons"][0]["event"], &aside["reasons"][0]["messages"]), (&json!("Rated"), &json!(2)));
    assert!(aside["reasons"][0]["reason"].as_str().unwrap().starts_with("properties.stars: "), "{aside}");
    assert!(!aside.to_string().contains("good"), "nothing they say");

    assert_eq!(declare(&world, "text", true).await.1["schemas"][0]["version"], json!(2));
    let (_, replayed) = world.send(Method::POST, "/api/aside/replay", &json!({})).await;
    assert_eq!(replayed, json!({"landed": 2, "suppressed": 0, "left": 1}));
    assert_eq!(world.ok("/api/aside").await["total"], json!(1));

    declare(&world, "text", false).await;
    let (_, replayed) = world.send(Method::POST, "/api/aside/replay", &json!({})).await;
    assert_eq!(replayed, json!({"landed": 1, "suppressed": 0, "left": 0}));
    let schema = world.ok("/api/schemas").await["schemas"][0].clone();
    assert_eq!(
        (&schema["event"], &schema["properties"]),
        (&json!("Rated"), &json!({"stars": {"type": "text", "required": false}}))
    );
    let entries = world.server.auth.accounts.audit(None, 10).await.unwrap();
    let replays = entries.iter().filter(|entry| entry.entry.action == "messages_replayed");
    assert_eq!((entries.len(), replays.count()), (5, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_schema_is_refused_and_says_what_one_looks_like() {
    let world = World::new().await;
    for (body, code, wanted) in [
        (json!({"properties": {}}), "malformed_json", "missing field `event`"),
        (json!({"event": " ", "properties": {}}), "bad_schema", "name the event"),
        (json!({"event": "Rated", "properties": {"stars": {"type": "money"}}}), "bad_schema", "text, integer, number"),
    ] {
        let (status, answer) = world.send(Method::POST, "/api/schemas", &body).await;
        assert_eq!((status, &answer["error"]["code"]), (StatusCode::BAD_REQUEST, &json!(code)), "{body}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(wanted), "{answer}");
    }
    assert_eq!(world.ok("/api/schemas").await, json!({"schemas": []}));
}
