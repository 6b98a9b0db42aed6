//! Messages over HTTP: what is kept, what is refused, and what the sender is told.

use crate::network::{Answer, Server, basic};
use crate::run::{Ran, perennial};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;

fn fine(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

fn query(folder: &Path, sql: &str) -> String {
    let ran = fine(folder, &["query", sql, "--data", "brand", "--as-of", "2100-01-01", "--format", "csv"]);
    ran.stdout.lines().skip(1).collect::<Vec<_>>().join("|")
}

fn key(folder: &Path, name: &str) -> String {
    fine(folder, &["key", "create", "--data", "brand", "--name", name]).stdout.trim().to_owned()
}

fn post(server: &Server, key: &str, call: &str, body: &Value) -> Answer {
    post_bytes(server, key, call, body.to_string().as_bytes())
}

fn post_bytes(server: &Server, key: &str, call: &str, body: &[u8]) -> Answer {
    let headers = [("Authorization", basic(key)), ("Content-Type", "application/json".to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    server.send("POST", &format!("/v1/{call}"), &headers, body)
}

fn track(id: &str, user: &str, event: &str, properties: &Value) -> Value {
    json!({"type": "track", "messageId": id, "userId": user, "event": event, "properties": properties})
}

const EVENTS: &str = "select count(*) from events";
const CUSTOMERS: &str = "select count(*), sum(orders), cast(sum(revenue) * 100 as bigint) from customers";

#[test]
fn every_call_lands_and_all_of_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path);
    let key = key(path, "shop");
    let order = json!({"order_id": "A", "total": 25, "products": [{"product_id": "P1", "price": 12.5, "quantity": 2}]});
    let batch = json!({"batch": [
        {"type": "page", "messageId": "p1", "anonymousId": "a-1", "name": "Home"},
        {"type": "identify", "messageId": "i1", "userId": "ann", "anonymousId": "a-1", "traits": {"email": "ann@shop.example"}},
        track("m1", "ann", "Order Completed", &order),
    ]});
    for _ in 0..3 {
        let answered = post(&server, &key, "batch", &batch);
        assert_eq!((answered.status, &answered.body), (200, &json!({"success": true})), "{answered:?}");
    }
    for call in ["track", "identify", "page", "screen", "group", "alias"] {
        let message =
            json!({"messageId": call, "userId": "ann", "event": "Product Viewed", "previousId": "a-1", "groupId": "g"});
        assert_eq!(post(&server, &key, call, &message).status, 200, "{call}");
    }
    assert_eq!(post(&server, &key, "import", &batch).status, 200);
    // Three messages, of which one has a line, and six more; Ann's page is Ann's.
    assert_eq!(query(path, EVENTS), "10");
    assert_eq!(query(path, CUSTOMERS), "1,1,2500");
    // The next one in the browser's way: key in the body, text/plain, a letter for the call.
    let beacon = json!({"messageId": "b1", "anonymousId": "a-2", "event": "Product Viewed", "writeKey": key});
    let plain = [("Content-Type", "text/plain"), ("Origin", "https://shop.example")];
    let answered = server.send("POST", "/v1/t", &plain, beacon.to_string().as_bytes());
    assert!(answered.status == 200 && answered.head.contains("access-control-allow-origin: *"), "{answered:?}");
    let asked = server.send("OPTIONS", "/v1/batch", &[("Origin", "https://shop.example")], b"");
    assert!(asked.status == 204 && asked.head.contains("access-control-allow-headers: authorization"), "{asked:?}");
    assert_eq!(query(path, EVENTS), "11");
    assert!(fine(path, &["verify", "--data", "brand"]).stdout.contains("nothing wrong"));
}

#[test]
fn a_refund_finds_the_order_that_another_key_sent_and_an_order_that_moves_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut server = Server::start(path);
    let (shop, back_office) = (key(path, "shop"), key(path, "back office"));
    let order = |id: &str, user: &str| track(id, user, "Order Completed", &json!({"order_id": "A", "total": 30}));
    assert_eq!(post(&server, &shop, "track", &order("m1", "ann")).status, 200);
    let refund = track("r1", "clerk", "Order Refunded", &json!({"order_id": "A", "total": 10}));
    assert_eq!(post(&server, &back_office, "batch", &json!({"batch": [refund]})).status, 200);
    assert_eq!(query(path, CUSTOMERS), "1,1,2000", "the refund is Ann's, whoever is named in it");
    // A restart later the order turns out to be Bob's.
    server.kill();
    let server = Server::start(path);
    assert_eq!(post(&server, &shop, "track", &order("m2", "bob")).status, 200);
    assert_eq!(query(path, "select sum(orders) from customers"), "1");
    let refund = track("r2", "clerk", "Order Refunded", &json!({"order_id": "A", "total": 5}));
    assert_eq!(post(&server, &back_office, "track", &refund).status, 200);
    assert_eq!(query(path, CUSTOMERS), "2,1,2500");
    assert!(fine(path, &["verify", "--data", "brand"]).stdout.contains("nothing wrong"));
}

#[test]
fn a_key_works_at_once_and_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // Made without a server, good with one.
    let first = key(path, "before");
    let server = Server::start(path);
    let message = track("m1", "ann", "Product Viewed", &json!({}));
    assert_eq!(post(&server, &first, "track", &message).status, 200);
    let second = key(path, "beside");
    assert!(second.starts_with("wk_") && second != first);
    assert_eq!(post(&server, &second, "track", &message).status, 200);
    let listed = fine(path, &["key", "list", "--data", "brand"]).stdout;
    assert!(listed.contains("1  works  before") && listed.contains("2  works  beside"), "{listed}");
    assert!(!listed.contains(&second) && !listed.contains(&first));
    fine(path, &["key", "revoke", "2", "--data", "brand"]);
    assert_eq!(perennial(path, &["key", "revoke", "2", "--data", "brand"]).code, 1);
    let refused = post(&server, &second, "track", &message);
    assert_eq!((refused.status, &refused.body["error"]["code"]), (401, &json!("unauthorized")));
    for wrong in ["", "wk_nonsense", "é"] {
        assert_eq!(post(&server, wrong, "track", &message).status, 401, "{wrong}");
    }
    let none =
        server.send("POST", "/v1/track", &[("Content-Type", "application/json")], message.to_string().as_bytes());
    assert!(none.status == 401 && none.body.to_string().contains("perennial key create"), "{none:?}");
    let bearer = server.send("POST", "/v1/track", &[("Authorization", "Bearer x")], message.to_string().as_bytes());
    assert_eq!(bearer.status, 401);
    assert_eq!(post(&server, &first, "nothing", &message).status, 404);
    for entry in fs::read_dir(path.join("brand")).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = fs::read(entry.path()).unwrap();
        let holds = |key: &str| bytes.windows(key.len()).any(|window| window == key.as_bytes());
        assert!(!holds(&first) && !holds(&second), "{}", entry.path().display());
    }
    assert_eq!(query(path, EVENTS), "1");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn bad_bodies_are_refused_with_what_and_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path);
    let key = key(path, "shop");
    let authorization = basic(&key);
    let zipped = |body: &[u8]| {
        let headers = [("Authorization", authorization.as_str()), ("Content-Encoding", "gzip")];
        server.send("POST", "/v1/batch", &headers, body)
    };
    let deep = format!("{{\"batch\":{}", "[".repeat(200_000));
    let cases: [(&[u8], u16, &str); 8] = [
        (b"", 400, "malformed_json"),
        (b"{\"userId\":", 400, "malformed_json"),
        (b"{\"batch\":[{\"type\":\"track\"}", 400, "malformed_json"),
        (b"\xff\xfe{}", 400, "malformed_json"),
        (b"{\"batch\":[]} {}", 400, "malformed_json"),
        (deep.as_bytes(), 400, "malformed_json"),
        (&vec![b' '; 600_000], 413, "too_large"),
        (&vec![b'x'; 60 << 20], 413, "too_large"),
    ];
    for (body, status, code) in cases {
        let answered = post_bytes(&server, &key, "batch", body);
        assert_eq!((answered.status, &answered.body["error"]["code"]), (status, &json!(code)), "{}", answered.body);
    }
    let bomb = gzip(&vec![b' '; 300 << 20]);
    assert!(bomb.len() < 500_000);
    for (body, status, code) in [
        (bomb.as_slice(), 413, "too_large"),
        (b"{\"batch\":[]}".as_slice(), 400, "bad_gzip"),
        (&gzip(b"{\"batch\":[]}")[..15], 400, "bad_gzip"),
    ] {
        let answered = zipped(body);
        assert_eq!((answered.status, &answered.body["error"]["code"]), (status, &json!(code)), "{}", answered.body);
    }
    let good = json!({"batch": [track("z1", "ann", "Product Viewed", &json!({}))]});
    assert_eq!(zipped(&gzip(good.to_string().as_bytes())).status, 200);
    let headers = [("Authorization", authorization.as_str()), ("Content-Encoding", "br")];
    assert_eq!(server.send("POST", "/v1/batch", &headers, b"x").status, 415);
    assert_eq!(query(path, EVENTS), "1");
}

#[test]
fn good_messages_land_beside_bad_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path);
    let key = key(path, "shop");
    let message = |id: &str, member: &str| {
        format!("{{\"type\":\"track\",\"event\":\"Seen\",\"messageId\":\"{id}\",\"userId\":\"ann\",{member}}}")
    };
    let wide = format!("\"properties\":{{\"a\":\"{}\"}}", "x".repeat(33_000));
    let nested = format!("\"properties\":{{\"a\":{}{}}}", "[".repeat(70), "]".repeat(70));
    let bad: [(&str, &str, &str); 11] = [
        ("\"properties\":[]", "wrong_type", "properties"),
        ("\"userId\":{}", "wrong_type", "userId"),
        ("\"type\":\"visit\"", "unknown_type", "type"),
        (
            "\"event\":\"Order Completed\",\"properties\":{\"order_id\":\"A\",\"products\":[{},{\"price\":true}]}",
            "wrong_type",
            "properties.products[1].price",
        ),
        ("\"properties\":{\"a\":\"\\u0000\"}", "nul", "properties.a"),
        ("\"properties\":{\"a\":\"\\ud800\"}", "lone_surrogate", "properties.a"),
        ("\"timestamp\":\"9999-01-01T00:00:00Z\"", "time_in_future", "timestamp"),
        ("\"timestamp\":\"1066-10-14T09:00:00Z\"", "time_too_early", "timestamp"),
        ("\"timestamp\":\"yesterday\"", "not_a_time", "timestamp"),
        (&wide, "too_large", ""),
        (&nested, "too_deep", "properties.a[0]"),
    ];
    let mut messages = vec![message("g0", "\"context\":{}")];
    for (place, (member, ..)) in bad.iter().enumerate() {
        messages.push(message(&format!("b{place}"), member));
        messages.push(message(&format!("g{}", place + 1), "\"properties\":{\"a\":1}"));
    }
    let body = format!("{{\"batch\":[{}]}}", messages.join(","));
    let answered = post_bytes(&server, &key, "batch", body.as_bytes());
    let said = answered.body;
    assert_eq!((answered.status, &said["accepted"], &said["success"]), (400, &json!(12), &json!(false)), "{said}");
    let refused = said["refused"].as_array().unwrap();
    assert_eq!(refused.len(), bad.len());
    for (place, ((_, code, at), one)) in bad.iter().zip(refused).enumerate() {
        assert_eq!((&one["index"], &one["code"]), (&json!(2 * place + 1), &json!(code)), "{one}");
        assert!(one["path"].as_str().unwrap().starts_with(at), "{one}");
    }
    assert!(said["error"]["message"].as_str().unwrap().contains("11 of 23 messages"), "{said}");
    assert_eq!(said["error"]["at"], "batch[1].properties");
    assert_eq!(query(path, EVENTS), "12");
    // Alone a bad one is the whole request.
    let alone = post(&server, &key, "track", &json!({"userId": "ann", "event": 5, "timestamp": "2024-13-01"}));
    assert_eq!((alone.status, &alone.body["error"]["at"]), (400, &json!("timestamp")), "{}", alone.body);
}

#[test]
fn what_does_not_fit_its_schema_waits_and_the_clock_of_the_sender_is_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path);
    let key = key(path, "shop");
    let schema = |kind: &str| {
        let text = json!({"event": "Seen", "properties": {"size": {"type": kind}}}).to_string();
        fs::write(path.join("schema.json"), text).unwrap();
        fine(path, &["schema", "set", "schema.json", "--data", "brand"]);
    };
    schema("integer");
    let seen = |id: &str, size: Value| track(id, "ann", "Seen", &json!({ "size": size }));
    let batch = json!({"batch": [seen("s1", json!(4)), seen("s2", json!("large"))]});
    for _ in 0..2 {
        assert_eq!(post(&server, &key, "batch", &batch).status, 200);
    }
    assert_eq!(query(path, EVENTS), "1");
    assert!(fine(path, &["schema", "aside", "--data", "brand"]).stdout.contains("1 messages kept aside"));
    schema("text");
    assert_eq!(post(&server, &key, "track", &seen("s3", json!("small"))).status, 200, "the new schema counts at once");
    assert_eq!(perennial(path, &["schema", "replay", "--data", "brand"]).code, 0);
    assert_eq!(query(path, EVENTS), "3");
    // A clock that is forty years ahead: an hour passed between the event and its sending.
    let skewed = json!({"messageId": "k", "userId": "bob", "event": "Skewed",
        "timestamp": "2066-01-01T10:00:00.000Z", "sentAt": "2066-01-01T11:00:00.000Z"});
    assert_eq!(post(&server, &key, "track", &skewed).status, 200);
    let ago = "select extract(epoch from (received - time)) between 3599 and 3601 from events where name = 'Skewed'";
    assert_eq!(query(path, ago), "true");
}
