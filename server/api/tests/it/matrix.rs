//! Every route, with every role, nobody, and tokens: who gets in is who the table says.

use crate::server::TestServer;
use axum::http::StatusCode;
use perennial_api::{Access, Route, all};
use perennial_model::{Permission, Role};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Whether the gate let the request through to its endpoint. An endpoint itself never says that
/// somebody is not signed in or lacks a permission, except where it reads a key or a password.
fn let_in(status: StatusCode, code: &str) -> bool {
    !(status == 401 && code == "unauthorized" || status == 403 && (code == "forbidden" || code == "csrf"))
}

/// A path with something in place of its parameters.
fn path(route: &Route) -> String {
    let parts = route.path.split('/').map(|part| match part {
        "{call}" => "track",
        part if part.starts_with('{') => "999999",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn body(route: &Route) -> Value {
    if route.method == "GET" { Value::Null } else { json!({}) }
}

fn expected(access: Access, role: Role) -> bool {
    match access {
        Access::Unsaid => false,
        Access::Public | Access::SignedIn | Access::WriteKey => true,
        Access::Needs(permission) | Access::Near(permission) => role.permits(permission),
    }
}

#[tokio::test]
async fn every_role_gets_in_where_the_table_says_and_nowhere_else() {
    let test = TestServer::start().await;
    test.member(Role::Owner).await;
    for role in Role::ALL {
        let (member_id, _) = test.member(role).await;
        for route in all() {
            // A session of its own: some routes end it.
            let browser = test.browser_of(member_id).await;
            let answer = test.by(&browser, route.method.as_str(), &path(&route), &body(&route)).await;
            let said = format!("{} {} as {}: {answer:?}", route.method, route.path, role.as_str());
            if route.access != Access::WriteKey {
                assert_eq!(let_in(answer.status, answer.code()), expected(route.access, role), "{said}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_and_a_wrong_token_get_in_only_where_all_may() {
    let test = TestServer::start().await;
    for route in all() {
        let method = route.method.as_str();
        let nobody = test.send(method, &path(&route), &[], &body(&route)).await;
        let wrong = test.with_token("pt_nonsense", method, &path(&route), &body(&route)).await;
        let ended = test.send(method, &path(&route), &[("cookie", "perennial_session=x")], &body(&route)).await;
        for answer in [nobody, wrong, ended] {
            let said = format!("{method} {}: {answer:?}", route.path);
            match route.access {
                Access::Public => assert!(let_in(answer.status, answer.code()), "{said}"),
                Access::WriteKey => assert_eq!(answer.status, 401, "{said}"),
                _ => assert!(answer.status == 401 && answer.code() == "unauthorized", "{said}"),
            }
        }
    }
}

#[tokio::test]
async fn a_token_may_what_its_scopes_say_and_its_maker_may() {
    let test = TestServer::start().await;
    let (_, owner) = test.member(Role::Owner).await;
    let mut tokens = Vec::new();
    for scopes in [vec![], Permission::ALL.to_vec()].into_iter().chain(Permission::ALL.map(|scope| vec![scope])) {
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let made = test.by(&owner, "POST", "/api/tokens", &json!({"name": "a program", "scopes": words})).await;
        assert_eq!(made.status, 200, "{made:?}");
        tokens.push((made.body["token"].as_str().unwrap().to_owned(), scopes));
    }
    for (token, scopes) in &tokens {
        for route in all().iter().filter(|route| route.access != Access::WriteKey) {
            let answer = test.with_token(token, route.method.as_str(), &path(route), &body(route)).await;
            let may = match route.access {
                Access::Needs(permission) | Access::Near(permission) => scopes.contains(&permission),
                access => access != Access::Unsaid,
            };
            let said = format!("{} {} with {scopes:?}: {answer:?}", route.method, route.path);
            assert_eq!(let_in(answer.status, answer.code()), may, "{said}");
        }
    }
}

#[test]
fn every_route_says_who_may_and_what_it_is() {
    let (mut ids, mut places) = (HashSet::new(), HashSet::new());
    for route in all() {
        let said = format!("{} {}", route.method, route.path);
        assert_ne!(route.access, Access::Unsaid, "{said} does not say who may call it");
        assert!(!route.summary.is_empty(), "{said} does not say what it does");
        assert!(ids.insert(route.id), "{} is the name of two routes", route.id);
        assert!(places.insert(said.clone()), "{said} is there twice");
        // What everybody may call is a list that grows by somebody's decision, here.
        let known =
            ["healthz", "readyz", "openapi", "setup", "set_up", "invitation", "join", "sign_in", "may_send_messages"];
        assert!(route.access != Access::Public || known.contains(&route.id), "{said} is open to everybody");
    }
}
