//! Who joins, parts and decides is in the audit; what only messages told of can be taken out.

use super::world::{NOW_US, World};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use perennial_listen::message::Call;
use perennial_ports::SuggestionSeen;
use serde_json::{Value, json};

const SECOND_US: i64 = 1_000_000;

/// Three customers that came with messages alone.
async fn brand() -> (World, [String; 3]) {
    let world = World::new().await;
    let order = |user: &str| {
        json!({"type": "track", "messageId": user, "userId": user, "event": "Order Completed",
               "properties": {"order_id": user, "total": 5}})
    };
    let orders = ["ann", "bob", "cid"].map(order);
    let body = json!({ "batch": orders }).to_string();
    let receipt = world.server.intake.take(Call::Batch, body.as_bytes(), NOW_US - SECOND_US).await.unwrap();
    let mut ids = Vec::new();
    for one in receipt.received {
        let perennial_listen::Who::Somebody(profile) = one.who else { panic!("{one:?}") };
        ids.push(profile.0.to_string());
    }
    world.refold().await;
    (world, ids.try_into().unwrap())
}

async fn audited(world: &World) -> Vec<(String, String)> {
    let entries = world.server.auth.accounts.audit(None, 50).await.unwrap();
    let told = entries.into_iter().rev().map(|one| (one.entry.action, one.entry.subject.unwrap_or_default()));
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_their_undo_and_decisions_are_audited() {
    let (world, [ann, bob, cid]) = brand().await;
    let post = async |path: &str, body: Value| {
        let (status, answer) = world.send(Method::POST, path, &body).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    };
    let merge = json!({"from_id": bob, "into_id": ann, "reason": "she said so: ann@shop.example"});
    let entry = post("/api/identity/merges", merge).await["entry_id"].clone();
    post(&format!("/api/identity/merges/{entry}/undo"), json!({})).await;
    let id = |text: &str| perennial_model::CustomerId(text.parse().unwrap());
    for (one, other, decision) in [(&ann, &cid, "reject"), (&bob, &cid, "merge")] {
        let reason = perennial_model::IdentityKind::Phone;
        let seen = SuggestionSeen { one: id(one), other: id(other), reason, at_us: NOW_US, times: 1 };
        world.server.timeline.store().note_suggestions(&[seen]).await.unwrap();
        let open = world.ok("/api/identity/suggestions").await;
        let number = &open["suggestions"][0]["suggestion_id"];
        post(&format!("/api/identity/suggestions/{number}"), json!({"decision": decision})).await;
    }
    let (status, _) = world.send(Method::PATCH, "/api/today/target", &json!({"active_rate": 0.4})).await;
    assert_eq!(status, StatusCode::OK);
    let told = audited(&world).await;
    let actions: Vec<&str> = told.iter().map(|(action, _)| action.as_str()).collect();
    let expected = ["customers_merged", "merge_undone", "suggestion_rejected", "customers_merged", "target_changed"];
    assert_eq!(actions, expected);
    assert_eq!((told[0].1.clone(), told[1].1.clone()), (format!("customer:{ann}"), format!("merge:{entry}")));
    assert!(told[2].1.starts_with("customer:") && told[3].1.starts_with("customer:"), "{told:?}");
    let entries = world.server.auth.accounts.audit(None, 50).await.unwrap();
    let details = entries.into_iter().filter_map(|one| one.entry.detail).collect::<String>();
    assert!(!details.contains("ann@shop.example"), "reasons may name people: {details}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_of_messages_alone_has_an_archive() {
    let (world, [ann, ..]) = brand().await;
    let bytes = world.bytes(Method::POST, &format!("/api/customers/{ann}/archive"), Body::empty()).await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut keys = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("identities.json").unwrap(), &mut keys).unwrap();
    assert!(keys.contains("ann") && !keys.contains("bob"), "{keys}");
}
