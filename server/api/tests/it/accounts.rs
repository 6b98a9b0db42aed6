//! From the printed link to members, tokens and the audit.

use crate::server::{Browser, DAY_US, PASSWORD, TestServer};
use perennial_api::{OwnerLink, first_owner_link, owner_link};
use perennial_model::{Clock, Role};
use serde_json::{Value, json};

const OTHER: &str = "a wholly different one";

fn token_of(path: &str) -> String {
    path.split_once("token=").unwrap().1.to_owned()
}

#[tokio::test]
async fn the_printed_link_makes_one_owner_who_signs_in_and_out() {
    let test = TestServer::start().await;
    let first = first_owner_link(&*test.server.auth.accounts, &*test.clock).await.unwrap().unwrap();
    let state =
        async |token: &str| test.send("GET", &format!("/api/setup?token={token}"), &[], &Value::Null).await.body;
    assert_eq!(state(&token_of(&first)).await, json!({"has_owner": false, "link_good": true}));
    assert_eq!(state("nonsense").await, json!({"has_owner": false, "link_good": false}));
    let mut body = json!({"token": token_of(&first), "email": "own@shop.example", "name": "Own", "password": "short"});
    let weak = test.send("POST", "/api/setup", &[], &body).await;
    assert_eq!(
        (weak.status.as_u16(), weak.code(), &weak.body["error"]["at"]),
        (400, "weak_password", &json!("password"))
    );
    let owner = test.owner().await;
    assert_eq!(state(&token_of(&first)).await, json!({"has_owner": true, "link_good": false}));
    body["password"] = json!(PASSWORD);
    assert_eq!(test.send("POST", "/api/setup", &[], &body).await.code(), "link_spent");
    assert_eq!(first_owner_link(&*test.server.auth.accounts, &*test.clock).await.unwrap(), None);

    let session = test.by(&owner, "GET", "/api/session", &Value::Null).await;
    assert_eq!(session.body["member"]["email"], "own@shop.example");
    assert_eq!(session.body["permissions"].as_array().unwrap().len(), 15);
    let other = test.sign_in(" OWN@shop.example ", PASSWORD).await;
    let set = other.headers["set-cookie"].to_str().unwrap();
    assert!(set.contains("; HttpOnly; SameSite=Lax; ") && !set.contains("Secure"), "{set}");
    let other = Browser { cookie: other.cookie(), csrf: other.csrf() };
    assert_eq!(test.by(&other, "POST", "/api/sign-out", &Value::Null).await.status, 200);
    assert_eq!(test.by(&other, "GET", "/api/session", &Value::Null).await.status, 401);
    let other = test.sign_in("own@shop.example", PASSWORD).await;
    let other = Browser { cookie: other.cookie(), csrf: other.csrf() };
    assert_eq!(test.by(&owner, "POST", "/api/sign-out", &json!({"everywhere": true})).await.status, 200);
    assert_eq!(test.by(&other, "GET", "/api/session", &Value::Null).await.status, 401);
}

#[tokio::test]
async fn a_member_is_invited_joins_is_demoted_and_shut_out() {
    let test = TestServer::start().await;
    let owner = test.owner().await;
    let invite = json!({"email": "Ann@Shop.example", "name": "Ann", "role": "marketer", "language": "en"});
    let invited = test.by(&owner, "POST", "/api/members", &invite).await;
    let (ann, token) = (invited.body["member_id"].as_u64().unwrap(), token_of(invited.body["link"].as_str().unwrap()));
    assert_eq!(test.by(&owner, "POST", "/api/members", &invite).await.code(), "email_taken");
    assert_eq!(test.sign_in("ann@shop.example", "").await.code(), "wrong_password");
    let told = test.send("GET", &format!("/api/join?token={token}"), &[], &Value::Null).await;
    assert_eq!(told.body, json!({"email": "ann@shop.example", "name": "Ann", "language": "en", "joined": false}));
    let joined =
        test.send("POST", "/api/join", &[], &json!({"token": token, "password": OTHER, "name": "Ann Lee"})).await;
    assert_eq!(joined.body["member"]["name"], "Ann Lee", "{joined:?}");
    assert_eq!(
        test.send("POST", "/api/join", &[], &json!({"token": token, "password": OTHER})).await.code(),
        "link_spent"
    );
    let browser = Browser { cookie: joined.cookie(), csrf: joined.csrf() };
    assert_eq!(test.by(&browser, "GET", "/api/members", &Value::Null).await.status, 403);

    let path = format!("/api/members/{ann}");
    assert_eq!(test.by(&owner, "PATCH", &path, &json!({"role": "viewer"})).await.body["role"], "viewer");
    let now = test.by(&browser, "GET", "/api/session", &Value::Null).await;
    assert_eq!(now.body["permissions"], json!(["read_figures"]), "at once, in the session she has");
    let link = test.by(&owner, "POST", &format!("{path}/link"), &Value::Null).await;
    let link = token_of(link.body["link"].as_str().unwrap());
    assert_eq!(test.by(&owner, "PATCH", &path, &json!({"disabled": true})).await.status, 200);
    assert_eq!(test.by(&browser, "GET", "/api/session", &Value::Null).await.status, 401);
    assert_eq!(test.sign_in("ann@shop.example", OTHER).await.code(), "wrong_password");
    assert_eq!(
        test.send("POST", "/api/join", &[], &json!({"token": link, "password": OTHER})).await.code(),
        "link_spent"
    );
    assert_eq!(test.by(&owner, "PATCH", &path, &json!({"disabled": false})).await.status, 200);
    assert_eq!(test.sign_in("ann@shop.example", OTHER).await.status, 200);

    let audit = test.by(&owner, "GET", "/api/audit?limit=50", &Value::Null).await;
    let words: Vec<&str> =
        audit.body["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let expected = [
        "member_changed",
        "member_changed",
        "member_link_made",
        "member_changed",
        "member_joined",
        "member_invited",
        "owner_made",
    ];
    assert_eq!(words, expected);
    let text = audit.body["entries"].to_string();
    assert!(!text.contains("ann@") && !text.contains(&token) && !text.contains(&link), "{text}");
}

#[tokio::test]
async fn the_last_owner_can_neither_go_nor_be_sent() {
    let test = TestServer::start().await;
    let owner = test.owner().await;
    for change in [json!({"role": "viewer"}), json!({"disabled": true})] {
        let refused = test.by(&owner, "PATCH", "/api/members/1", &change).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "last_owner"));
    }
    let (second, _) = test.member(Role::Owner).await;
    assert_eq!(test.by(&owner, "PATCH", "/api/members/1", &json!({"role": "viewer"})).await.status, 200);
    assert_eq!(test.by(&owner, "PATCH", &format!("/api/members/{second}"), &json!({})).await.status, 403);
}

#[tokio::test]
async fn an_owner_who_lost_the_password_gets_another_by_the_command() {
    let test = TestServer::start().await;
    let before = test.owner().await;
    let made = owner_link(&*test.server.auth.accounts, &*test.clock, None).await.unwrap();
    let OwnerLink::NewPassword { email, path } = made else { panic!("there is an owner: {made:?}") };
    assert_eq!(email, "own@shop.example");
    let joined = test.send("POST", "/api/join", &[], &json!({"token": token_of(&path), "password": OTHER})).await;
    assert_eq!(joined.status, 200);
    assert_eq!(test.by(&before, "GET", "/api/session", &Value::Null).await.status, 401);
    assert_eq!(test.sign_in("own@shop.example", PASSWORD).await.status, 401);
    assert_eq!(test.sign_in("own@shop.example", OTHER).await.status, 200);
    assert!(owner_link(&*test.server.auth.accounts, &*test.clock, Some("who@shop.example")).await.is_err());
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let test = TestServer::start().await;
    let (owner, stolen) = (test.owner().await, test.browser_of(1).await);
    let change = |old: &str| json!({"language": "en", "password": {"old": old, "new": OTHER}});
    let wrong = test.by(&owner, "PATCH", "/api/session", &change("not the one it is")).await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (403, "wrong_password"));
    assert_eq!(test.by(&owner, "GET", "/api/session", &Value::Null).await.body["member"]["language"], "zh");
    let done = test.by(&owner, "PATCH", "/api/session", &change(PASSWORD)).await;
    assert_eq!(done.body["member"]["language"], "en", "{done:?}");
    assert_eq!(test.by(&owner, "GET", "/api/session", &Value::Null).await.status, 200);
    assert_eq!(test.by(&stolen, "GET", "/api/session", &Value::Null).await.status, 401);
    assert_eq!(test.sign_in("own@shop.example", OTHER).await.status, 200);
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_no_longer_than_the_longest() {
    let test = TestServer::start().await;
    test.owner().await;
    let used = test.sign_in("own@shop.example", PASSWORD).await;
    let left = test.sign_in("own@shop.example", PASSWORD).await;
    let (used, left) = (used.cookie(), left.cookie());
    let status =
        async |cookie: &str| test.send("GET", "/api/session", &[("cookie", cookie)], &Value::Null).await.status;
    for day in 0..89 {
        assert_eq!(status(&used).await, 200, "day {day}");
        // The use is noted beside the answer, or beside the next where the last note is not done yet.
        let before = test.clock.now_us();
        while day < 76 && !noted(&test, &used, before).await {
            assert_eq!(status(&used).await, 200, "day {day}");
        }
        test.clock.advance(DAY_US);
    }
    assert_eq!(status(&left).await, 401, "nobody used it");
    test.clock.advance(DAY_US);
    assert_eq!(status(&used).await, 401);
}

async fn noted(test: &TestServer, cookie: &str, since_us: i64) -> bool {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(cookie.split_once('=').unwrap().1).into();
    let found = test.server.auth.accounts.session(&hash, since_us).await.unwrap();
    found.is_some_and(|(session, _)| session.seen_us >= since_us)
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_is_revoked() {
    let test = TestServer::start().await;
    let owner = test.owner().await;
    let made = test.by(&owner, "POST", "/api/tokens", &json!({"name": "报表", "scopes": ["manage_members"]})).await;
    let (token, number) = (made.body["token"].as_str().unwrap().to_owned(), made.body["token_id"].as_u64().unwrap());
    let listed = test.with_token(&token, "GET", "/api/tokens", &Value::Null).await;
    assert_eq!(listed.body["tokens"][0]["scopes"], json!(["manage_members"]));
    assert!(!listed.body.to_string().contains(&token));
    let more = json!({"name": "more", "scopes": ["read_figures"]});
    let refused = test.with_token(&token, "POST", "/api/tokens", &more).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["error"]["at"]),
        (403, &json!("scopes[0]")),
        "no wider than itself"
    );
    let unknown = test.by(&owner, "POST", "/api/tokens", &json!({"name": "x", "scopes": ["all"]})).await;
    assert_eq!(unknown.code(), "no_scope");
    let session = test.with_token(&token, "GET", "/api/session", &Value::Null).await;
    assert_eq!((&session.body["csrf_token"], &session.body["permissions"]), (&Value::Null, &json!(["manage_members"])));
    assert_eq!(test.by(&owner, "DELETE", &format!("/api/tokens/{number}"), &Value::Null).await.status, 200);
    assert_eq!(test.with_token(&token, "GET", "/api/tokens", &Value::Null).await.status, 401);
    assert_eq!(test.by(&owner, "DELETE", &format!("/api/tokens/{number}"), &Value::Null).await.status, 404);
}
