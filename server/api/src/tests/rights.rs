//! Consents, the archive, corrections and erasure.

use super::world::{NOW_US, World};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use perennial_model::Role;
use serde_json::{Value, json};

const ORDERS: &str = "order,email,phone,time,amount
1,ann@shop.example,13800138000,2024-03-01 10:00:00,5
2,bob@shop.example,,2024-03-02 10:00:00,7
";

async fn shop() -> (World, String, String) {
    let world = World::new().await;
    world.import("orders.csv", ORDERS).await;
    let id = async |email: &str| {
        let key = perennial_model::IdentityKey { kind: perennial_model::IdentityKind::Email, value: email.to_owned() };
        let found = world.server.timeline.store().find_identities(&[key]).await.unwrap();
        found[0].unwrap().0.to_string()
    };
    let (ann, bob) = (id("ann@shop.example").await, id("bob@shop.example").await);
    (world, ann, bob)
}

fn states(answer: &Value) -> Vec<String> {
    let word = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let line = |row: &Value| format!("{} {} {}", word(row, "purpose"), word(row, "channel"), word(row, "state"));
    answer["standing"].as_array().unwrap().iter().map(line).filter(|line| !line.ends_with("absent")).collect()
}

async fn audited(world: &World) -> Vec<String> {
    let entries = world.server.auth.accounts.audit(None, 50).await.unwrap();
    entries.into_iter().rev().map(|entry| entry.entry.action).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_given_shown_and_withdrawn_as_easily() {
    let (world, ann, _) = shop().await;
    let path = format!("/api/customers/{ann}/consents");
    let nothing = world.ok(&path).await;
    assert!(states(&nothing).is_empty() && nothing["standing"].as_array().unwrap().len() == 5, "absent means no");
    let give = json!({"state": "given", "purposes": ["marketing"], "channel": "sms", "wording_version": "v3",
                      "ip": "203.0.113.9", "source": "till 4"});
    let (status, given) = world.send(Method::POST, &path, &give).await;
    assert_eq!((status, states(&given)), (StatusCode::OK, vec!["marketing sms given".to_owned()]));
    let change = &given["history"][0];
    assert_eq!((&change["ip"], &change["has_ip"], &change["source"]), (&Value::Null, &json!(true), &json!("till 4")));
    let revealed = world.ok(&format!("{path}?reveal=true")).await;
    assert_eq!(
        (&revealed["history"][0]["ip"], &revealed["history"][0]["at_us"]),
        (&json!("203.0.113.9"), &json!(NOW_US))
    );
    let (status, _) = world.get_as(Role::Analyst, &format!("{path}?reveal=true")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    world.clock.advance(1_000_000);
    let (status, withdrawn) = world.send(Method::POST, &path, &json!({"state": "withdrawn"})).await;
    assert_eq!(status, StatusCode::OK);
    assert!(states(&withdrawn).iter().all(|line| line.ends_with("withdrawn")) && states(&withdrawn).len() == 6);
    assert_eq!(audited(&world).await, ["consent_given", "consents_revealed", "consent_withdrawn"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_cannot_be_meant_is_refused_with_its_place() {
    let (world, ann, _) = shop().await;
    let path = format!("/api/customers/{ann}/consents");
    for (body, at) in [
        (json!({"state": "maybe"}), "state"),
        (json!({"state": "given"}), "purposes"),
        (json!({"state": "withdrawn", "purposes": ["analytics", "markting"]}), "purposes[1]"),
        (json!({"state": "given", "purposes": ["marketing"], "channel": "fax"}), "channel"),
        (json!({"state": "given", "purposes": ["marketing"], "ip": "not one"}), "ip"),
        (json!({"state": "given", "purposes": ["marketing"], "at_us": i64::MAX}), "at_us"),
    ] {
        let (status, answer) = world.send(Method::POST, &path, &body).await;
        assert_eq!((status, &answer["error"]["at"]), (StatusCode::BAD_REQUEST, &json!(at)), "{body} {answer}");
    }
    for nobody in ["0", "x", "999999999", "-1"] {
        let (status, _) = world.get(&format!("/api/customers/{nobody}/consents")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{nobody}");
    }
    assert!(audited(&world).await.is_empty());
}

fn in_archive(bytes: Vec<u8>, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_waits_for_what_was_imported_a_moment_ago() {
    let (world, ann, _) = shop().await;
    let later = "order,email,phone,time,amount\n3,ann@shop.example,,2024-03-09 10:00:00,8\n";
    world.import_alone("later.csv", later).await;
    let bytes = world.bytes(Method::POST, &format!("/api/customers/{ann}/archive"), Body::empty()).await;
    let columns: Value = serde_json::from_str(&in_archive(bytes, "customer.json")).unwrap();
    let orders = columns.as_array().unwrap().iter().find(|column| column["name"] == "orders").unwrap();
    assert_eq!(orders["value"], 2, "the table had not taken the second order yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_a_correction_and_an_erasure_are_audited() {
    let (world, ann, bob) = shop().await;
    let bytes = world.bytes(Method::POST, &format!("/api/customers/{ann}/archive"), Body::empty()).await;
    let keys = in_archive(bytes, "identities.json");
    assert!(keys.contains("ann@shop.example") && !keys.contains("bob"), "{keys}");

    let customer = format!("/api/customers/{ann}");
    let key = |kind: &str, value: &str| json!([{"kind": kind, "value": value}]);
    let taken = json!({"add_keys": key("email", "Bob@shop.example"), "reason": "she called"});
    let (status, answer) = world.send(Method::PATCH, &customer, &taken).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(answer["error"]["message"].as_str().unwrap().contains(&format!("customer {bob}")), "{answer}");
    let right = json!({"add_keys": key("phone", "139 0013 9000"), "remove_keys": key("phone", "13800138000"),
                       "traits": {"city": "杭州"}, "reason": "she called"});
    let (status, answer) = world.send(Method::PATCH, &customer, &right).await;
    assert_eq!((status, &answer["added_keys"], &answer["removed_keys"]), (StatusCode::OK, &json!(1), &json!(1)));

    let erase = format!("{customer}/erase");
    let (status, answer) = world.send(Method::POST, &erase, &json!({"confirm": "yes"})).await;
    assert_eq!((status, &answer["error"]["at"]), (StatusCode::BAD_REQUEST, &json!("confirm")));
    let (status, answer) = world.send(Method::POST, &erase, &json!({"confirm": "erase"})).await;
    assert_eq!((status, &answer["keys"]), (StatusCode::OK, &json!(2)));
    assert_eq!(world.send(Method::POST, &erase, &json!({"confirm": "erase"})).await.0, StatusCode::NOT_FOUND);
    assert_eq!(audited(&world).await, ["customer_exported", "customer_corrected", "customer_erased"]);
    for path in world.folder.files() {
        let bytes = std::fs::read(&path).unwrap();
        for word in ["ann@shop.example", "13900139000", "she called"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} in {}", path.display());
        }
    }
}
