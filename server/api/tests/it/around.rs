//! What is around every answer: headers, pages, figures of the server, the description.

use crate::server::TestServer;
use axum::body::Body;
use axum::http::Request;
use perennial_model::Role;
use serde_json::{Value, json};

const DESCRIPTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/openapi.json");

#[tokio::test]
async fn pages_have_their_addresses_and_the_api_has_its_own() {
    let test = TestServer::start().await;
    for page in ["/", "/customers", "/customers/12?tab=consent", "/setup?token=x"] {
        let answer = test.send("GET", page, &[], &Value::Null).await;
        assert_eq!(
            (answer.status.as_u16(), answer.headers["content-type"].to_str().unwrap()),
            (200, "text/html; charset=utf-8")
        );
        assert_eq!(answer.headers["cache-control"], "no-cache");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("script-src 'self';"), "{policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
    }
    for (method, nothing) in [
        ("GET", "/api/nothing"),
        ("POST", "/v1/nothing"),
        ("GET", "/api"),
        ("POST", "/customers"),
        ("GET", "/assets/gone.js"),
    ] {
        let answer = test.send(method, nothing, &[], &Value::Null).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "not_found"), "{method} {nothing}");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let other = test.send("GET", "/v1/track", &[], &Value::Null).await;
    assert_eq!((other.status.as_u16(), other.code()), (405, "method_not_allowed"));
    assert!(other.headers["allow"].to_str().unwrap().contains("POST"), "{other:?}");
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_for_who_may() {
    let test = TestServer::start().await;
    let (_, owner) = test.member(Role::Owner).await;
    test.by(&owner, "GET", "/api/session", &Value::Null).await;
    test.by(&owner, "GET", "/api/members/secret-of-ann@shop.example", &Value::Null).await;
    let near = |forwarded: bool| {
        let request = Request::builder().uri("/metrics");
        let request = if forwarded { request.header("x-forwarded-for", "127.0.0.1") } else { request };
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(test.send_from("192.0.2.1", near(false)).await.status, 401);
    assert_eq!(test.send_from("127.0.0.1", near(true)).await.status, 401);
    let answer = test.send_from("127.0.0.1", near(false)).await;
    let text = answer.body.as_str().unwrap();
    assert!(
        text.contains("perennial_http_requests_total{method=\"GET\",route=\"/api/session\",status=\"200\"} "),
        "{text}"
    );
    assert!(text.contains("perennial_customers 0\n") && text.contains("perennial_password_queue 0\n"), "{text}");
    assert!(text.contains("perennial_http_request_duration_seconds_bucket") && text.ends_with("# EOF\n"));
    assert!(!text.contains("ann@"), "{text}");
    assert_eq!(test.by(&owner, "GET", "/metrics", &Value::Null).await.status, 200);
    let system = test.by(&owner, "GET", "/api/system", &Value::Null).await.body;
    assert_eq!((&system["store"], &system["runs"], &system["hot_rows"]), (&json!("sqlite"), &json!(0), &json!(0)));
    assert!(system["memory_bytes"].as_u64().is_some_and(|bytes| bytes > 1 << 20));
}

#[test]
fn the_description_in_the_repository_is_the_one_of_the_routes() {
    let text = format!("{}\n", serde_json::to_string_pretty(&perennial_api::openapi()).unwrap());
    if std::env::var_os("PERENNIAL_WRITE_SCHEMAS").is_some() {
        std::fs::write(DESCRIPTION, &text).unwrap();
    }
    let kept = std::fs::read_to_string(DESCRIPTION).unwrap_or_default();
    assert!(kept == text, "schemas/openapi.json is stale: run `cargo xtask schemas`");
}
