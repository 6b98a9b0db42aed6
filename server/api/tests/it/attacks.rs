//! What must not work: other sites' pages, guessing, odd input.

use crate::server::{PASSWORD, TestServer};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let test = TestServer::start().await;
    let owner = test.owner().await;
    let (cookie, csrf) = (owner.cookie.as_str(), owner.csrf.as_str());
    let invite = json!({"email": "evil@shop.example", "name": "Evil", "role": "owner"});
    let own = [("cookie", cookie), ("host", "crm.example:7070")];
    for (extra, code) in [
        (vec![], "csrf"),
        (vec![("x-csrf-token", "guess")], "csrf"),
        (vec![("x-csrf-token", csrf), ("sec-fetch-site", "cross-site")], "cross_site"),
        (vec![("x-csrf-token", csrf), ("sec-fetch-site", "same-site")], "cross_site"),
        (vec![("x-csrf-token", csrf), ("origin", "https://evil.example")], "cross_site"),
        (vec![("x-csrf-token", csrf), ("origin", "null")], "cross_site"),
        (vec![("x-csrf-token", csrf), ("origin", "http://crm.example:7070")], ""),
    ] {
        let headers: Vec<_> = own.iter().copied().chain(extra).collect();
        let answer = test.send("POST", "/api/members", &headers, &invite).await;
        assert_eq!(answer.code(), code, "{headers:?} {answer:?}");
        assert_eq!(answer.status, if code.is_empty() { 200 } else { 403 });
    }
    // Nor does it sign a browser in as somebody else.
    let body = json!({"email": "own@shop.example", "password": PASSWORD});
    let forced = test.send("POST", "/api/sign-in", &[("sec-fetch-site", "cross-site")], &body).await;
    assert_eq!(forced.code(), "cross_site");
    // Reading by a link from elsewhere is fine, the cookie is Lax.
    let read =
        test.send("GET", "/api/session", &[("cookie", cookie), ("sec-fetch-site", "cross-site")], &Value::Null).await;
    assert_eq!(read.status, 200);
}

#[tokio::test]
async fn guessing_ends_after_ten_wrong_passwords_and_a_known_e_mail_looks_like_an_unknown_one() {
    let test = TestServer::start().await;
    test.owner().await;
    for attempt in 0..10 {
        let known = test.sign_in("own@shop.example", &format!("wrong {attempt}")).await;
        let unknown = test.sign_in("who@shop.example", &format!("wrong {attempt}")).await;
        assert_eq!((known.status.as_u16(), &known.body), (401, &unknown.body));
    }
    for email in ["own@shop.example", "who@shop.example"] {
        let refused = test.sign_in(email, PASSWORD).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (429, "too_many_attempts"));
        assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 60);
    }
    test.clock.advance(3_600_000_000);
    assert_eq!(test.sign_in("own@shop.example", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_proxy_that_is_trusted_makes_the_cookie_secure_and_tells_the_address() {
    let test = TestServer::start().await;
    test.owner().await;
    let request = |forwarded: &str, email: &str| {
        let body = json!({"email": email, "password": "a wrong password"}).to_string();
        let request = Request::builder().method("POST").uri("/api/sign-in");
        request
            .header("x-forwarded-for", forwarded)
            .header("x-forwarded-proto", "https")
            .body(Body::from(body))
            .unwrap()
    };
    for number in 0..50 {
        let answer = test.send_from("10.0.0.1", request("203.0.113.5", &format!("{number}@shop.example"))).await;
        assert_eq!(answer.status, 401);
    }
    assert_eq!(test.send_from("10.0.0.1", request("203.0.113.5", "x@shop.example")).await.status, 429);
    assert_eq!(test.send_from("10.0.0.1", request("203.0.113.6", "x@shop.example")).await.status, 401);
    let body = json!({"email": "own@shop.example", "password": PASSWORD}).to_string();
    let right = Request::builder().method("POST").uri("/api/sign-in").header("x-forwarded-proto", "https");
    let right = test.send_from("10.0.0.1", right.body(Body::from(body)).unwrap()).await;
    assert!(right.headers["set-cookie"].to_str().unwrap().ends_with("; Secure"), "{right:?}");
}

#[tokio::test]
async fn odd_bodies_are_refused_and_say_why() {
    let test = TestServer::start().await;
    let owner = test.owner().await;
    let long = "x".repeat(2 << 20);
    for (body, status) in [
        (String::new(), 400),
        ("{".to_owned(), 400),
        ("[]".to_owned(), 400),
        (json!({"email": 5, "name": "x", "role": "owner"}).to_string(), 400),
        (json!({"email": "no e-mail", "name": "x", "role": "owner"}).to_string(), 400),
        (json!({"email": "a@b", "name": "\u{0}", "role": "owner"}).to_string(), 400),
        (json!({"email": "a\u{0}@b", "name": "x", "role": "owner"}).to_string(), 400),
        (json!({"email": "a@b", "name": "x", "role": "emperor"}).to_string(), 400),
        (json!({"email": "a@b", "name": "x", "role": "owner", "sudo": true}).to_string(), 400),
        (format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), 400),
        (json!({"email": "a@b", "name": long, "role": "owner"}).to_string(), 413),
    ] {
        let request = Request::builder().method("POST").uri("/api/members");
        let request = request.header("cookie", &owner.cookie).header("x-csrf-token", &owner.csrf);
        let answer = test.send_from("192.0.2.1", request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(answer.status, status, "{} {answer:?}", &body[..body.len().min(80)]);
        assert!(answer.body["error"]["message"].as_str().is_some_and(|message| message.len() > 10), "{answer:?}");
    }
    let query = test.by(&owner, "GET", "/api/audit?before=yesterday", &Value::Null).await;
    assert_eq!((query.status.as_u16(), query.code()), (400, "bad_parameter"));
    assert_eq!(test.by(&owner, "PATCH", "/api/members/one", &json!({})).await.status, 404);
    assert_eq!(test.by(&owner, "PATCH", "/api/members/18446744073709551615", &json!({})).await.status, 404);
}
