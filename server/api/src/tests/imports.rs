//! Files dropped into the browser.

use super::world::{MOST_UPLOAD_BYTES, World, shop_csv};
use crate::Uploads;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use perennial_model::Role;
use serde_json::{Value, json};

const ORDERS: &str = "order,member,phone,time,amount\n\
    A1,M1,13800000001,2025-01-10 09:00:00,120.00\n\
    A2,M2,13800000002,2025-02-10 09:00:00,60.00\n\
    A3,M2,13800000002,2025-03-10 09:00:00,60.00\n\
    A4,M1,13800000001,2025-04-10 09:00:00,60.00\n\
    A5,M1,13800000001,2025-05-10 09:00:00,60.00\n\
    A6,M2,13800000002,soon,60.00\n";

async fn upload(world: &World, name: &str, text: &str) -> (StatusCode, Value) {
    let path = format!("/api/imports?name={name}");
    world.send_as(Role::Owner, Method::POST, &path, Body::from(text.to_owned())).await
}

async fn start(world: &World, import: &Value, request: Value) -> (StatusCode, Value) {
    let path = format!("/api/imports/{}/start", import["upload_id"].as_str().unwrap());
    world.send(Method::POST, &path, &request).await
}

/// Asks until it has ended, as the page does.
async fn ended(world: &World, import: &Value) -> Value {
    let path = format!("/api/imports/{}", import["upload_id"].as_str().unwrap());
    loop {
        let import = world.ok(&path).await;
        if !["queued", "running"].contains(&import["state"].as_str().unwrap()) {
            return import;
        }
        tokio::task::yield_now().await;
    }
}

fn column<'a>(import: &'a Value, name: &str) -> &'a Value {
    let columns = import["plan"]["files"][0]["columns"].as_array().unwrap();
    columns.iter().find(|column| column["name"] == name).unwrap()
}

fn files_left(world: &World) -> usize {
    let folder = world.folder.files();
    folder.iter().filter(|path| path.ends_with("file") && path.to_string_lossy().contains("uploads")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_is_looked_at_then_imported_then_gone() {
    let world = World::new().await;
    let (status, import) = upload(&world, "..%2F..%2Forders.csv", ORDERS).await;
    assert_eq!((status, &import["name"], &import["state"]), (StatusCode::OK, &json!("orders.csv"), &json!("waiting")));
    assert_eq!(column(&import, "phone")["field"], "phone", "{}", import["plan"]["files"][0]);
    assert_eq!(column(&import, "phone")["samples"], json!(["1***1", "1***2", "1***2"]));
    assert_eq!(column(&import, "amount")["samples"][0], "120.00");
    assert_eq!(column(&import, "phone")["notes"][0]["zh"], "按列名");
    assert!(!import.to_string().contains("13800000001"), "samples are masked");
    assert_eq!(import["plan"]["settled"], false);
    assert_eq!(world.ok("/api/customers").await["total"], 0, "nothing is imported yet");

    let request = json!({ "timezone": "Asia/Shanghai", "currency": "CNY" });
    assert_eq!(start(&world, &import, request).await.0, StatusCode::OK);
    let import = ended(&world, &import).await;
    assert_eq!(import["state"], "finished", "{import}");
    let outcome = &import["outcome"];
    assert_eq!((&outcome["rows"], &outcome["orders"], &outcome["new_customers"]), (&json!(6), &json!(5), &json!(2)));
    let reason = &outcome["reasons"][0];
    assert_eq!(
        (&reason["kind"], &reason["rows"], &reason["example"]),
        (&json!("rejected"), &json!(1), &json!("orders.csv:7"))
    );
    assert!(!reason["reason"]["zh"].as_str().unwrap().is_empty());
    // It goes a moment after the note that it is done, so that a crash between them loses nothing.
    while files_left(&world) > 0 {
        tokio::task::yield_now().await;
    }
    world.refold().await;
    let customers = world.ok("/api/customers?columns=revenue&sort=-revenue").await;
    assert_eq!((&customers["total"], &customers["terms"]["timezone"]), (&json!(2), &json!("Asia/Shanghai")));
    assert_eq!(customers["rows"][0]["values"]["revenue"], 24_000);
    assert_eq!(start(&world, &import, json!({})).await.0, StatusCode::CONFLICT);

    let (_, again) = upload(&world, "copy.csv", ORDERS).await;
    assert_eq!(again["plan"]["settled"], true);
    let (status, answer) = start(&world, &again, json!({ "timezone": "Europe/Paris" })).await;
    assert_eq!((status, &answer["error"]["at"]), (StatusCode::BAD_REQUEST, &json!("timezone")));
    start(&world, &again, json!({})).await;
    assert_eq!(ended(&world, &again).await["outcome"]["already_imported"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_can_be_given_its_meaning() {
    let world = World::new().await;
    let text = "a,b,c,d\nA1,M1,2025-01-10,120.00\nA2,M2,2025-02-10,60.00\n";
    let (status, import) = upload(&world, "odd.csv", text).await;
    assert_eq!((status, &import["state"]), (StatusCode::OK, &json!("waiting")));
    assert!(!import["problem"]["zh"].as_str().unwrap().is_empty(), "{import}");
    assert_eq!(import["plan"]["files"][0]["columns"].as_array().unwrap().len(), 4, "columns are shown all the same");
    let (status, _) = start(&world, &import, json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let mapping = json!([
        { "field": "order", "column": "a" }, { "field": "member", "column": "b" },
        { "field": "time", "column": "c" }, { "field": "order_amount", "column": "4" },
    ]);
    let (status, looked) = start(&world, &import, json!({ "mapping": mapping, "dry_run": true })).await;
    assert_eq!((status, &looked["state"], &looked["problem"]), (StatusCode::OK, &json!("waiting"), &Value::Null));
    assert_eq!(column(&looked, "b")["field"], "member");
    let (status, _) = start(&world, &import, json!({ "mapping": mapping })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(ended(&world, &import).await["outcome"]["orders"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table_or_too_large_is_said() {
    let world = World::new().await;
    let (status, import) = upload(&world, "photo.pdf", "%PDF-1.4 nothing in it").await;
    assert_eq!((status, &import["plan"]), (StatusCode::OK, &Value::Null));
    assert!(import["problem"]["en"].as_str().unwrap().starts_with("photo.pdf: "), "{}", import["problem"]);
    let large = "x".repeat(usize::try_from(MOST_UPLOAD_BYTES).unwrap() + 1);
    assert_eq!(upload(&world, "large.csv", &large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(upload(&world, "%2F", "a,b").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(world.ok("/api/imports").await["imports"].as_array().unwrap().len(), 1);
    let path = format!("/api/imports/{}", import["upload_id"].as_str().unwrap());
    assert_eq!(world.send(Method::DELETE, &path, &Value::Null).await.1["imports"], json!([]));
    assert_eq!(world.get(&path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(files_left(&world), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_wait_have_a_bound() {
    let world = World::new().await;
    for _ in 0..16 {
        assert_eq!(upload(&world, "orders.csv", ORDERS).await.0, StatusCode::OK);
    }
    assert_eq!(upload(&world, "orders.csv", ORDERS).await.0, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_can_be_started_again() {
    let world = World::new().await;
    let (_, import) = upload(&world, "shop.csv", &shop_csv(60)).await;
    let turn = world.server.writing.lock().await;
    start(&world, &import, json!({ "timezone": "Asia/Shanghai", "currency": "CNY" })).await;
    let id = import["upload_id"].as_str().unwrap();
    assert_eq!(world.ok(&format!("/api/imports/{id}")).await["state"], "queued", "another one writes");
    // What a server finds that starts again in a copy of the directory.
    let copy = perennial_testkit::TestFolder::new();
    let note = std::fs::read(world.folder.path().join("uploads").join(id).join("note.json")).unwrap();
    let folder = copy.path().join("uploads").join(id);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("note.json"), note).unwrap();
    std::fs::create_dir_all(copy.path().join("uploads").join("12345")).unwrap();
    let found = Uploads::open(copy.path(), crate::UploadLimits::default()).unwrap();
    assert_eq!(serde_json::to_value(found.all()).unwrap()[0]["state"], "interrupted");
    assert!(!copy.path().join("uploads/12345").exists(), "what never arrived is gone");
    drop(turn);
    assert_eq!(ended(&world, &import).await["state"], "finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_takes_files_that_wait() {
    let world = World::new().await;
    upload(&world, "orders.csv", ORDERS).await;
    assert_eq!(files_left(&world), 1);
    world.server.uploads.forget_files().unwrap();
    assert_eq!((files_left(&world), world.ok("/api/imports").await["imports"].clone()), (0, json!([])));
}
