//! From the first start to members and tokens, over the network.

use crate::browser::{Browser, PASSWORD, owner, token_in};
use crate::network::Server;
use crate::run::perennial;
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn the_first_start_prints_a_link_and_a_restart_keeps_who_is_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let boss = owner(&mut server);
    assert_eq!(boss.ask(&server, "GET", "/api/session", &Value::Null).body["member"]["role"], "owner");
    let no_word = server.ask("POST", "/api/tokens", &[("cookie", &boss.cookie)], &json!({"name": "x", "scopes": []}));
    assert_eq!((no_word.status, &no_word.body["error"]["code"]), (403, &json!("csrf")));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");

    let server = Server::start(folder.path());
    assert_eq!(boss.ask(&server, "GET", "/api/brand", &Value::Null).body["has_data"], false);
    // Beside the server, through its socket: a new password for who lost it.
    let printed = perennial(folder.path(), &["owner-link", "--data", "brand"]);
    assert!(printed.stdout.contains(&format!("open http://{}/join?token=", server.address)), "{}", printed.stdout);
    let body = json!({"token": token_in(&printed.stdout), "password": "four badgers humming"});
    let back = Browser::of(&server.ask("POST", "/api/join", &[], &body));
    assert_eq!(boss.ask(&server, "GET", "/api/session", &Value::Null).status, 401);
    assert_eq!(back.ask(&server, "POST", "/api/sign-out", &Value::Null).status, 200);
    assert_eq!(back.ask(&server, "GET", "/api/session", &Value::Null).status, 401);
    let wrong = server.ask("POST", "/api/sign-in", &[], &json!({"email": "boss@shop.example", "password": PASSWORD}));
    assert_eq!(wrong.status, 401);
    let (_, log) = server.stop();
    for secret in [
        "boss@shop.example",
        "otters",
        "badgers",
        &boss.cookie["perennial_session=".len()..],
        &token_in(&printed.stdout),
    ] {
        assert!(!log.contains(secret), "the log tells {secret}: {log}");
    }
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let asked = |line: &&Value| line["route"] == "/api/session" && line["status"] == 401;
    assert!(lines.iter().any(|line| asked(&line) && line["duration_us"].as_u64().is_some()), "{log}");
}

#[test]
fn a_link_of_an_earlier_start_is_void_and_one_without_a_server_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Server::start(folder.path());
    let old = first.owner_token();
    first.stop();
    let mut second = Server::start(folder.path());
    second.owner_token();
    let tried = |server: &Server, token: &str| {
        server.ask("GET", &format!("/api/setup?token={token}"), &[], &Value::Null).body["link_good"] == true
    };
    assert!(!tried(&second, &old));
    second.stop();
    let printed = perennial(folder.path(), &["owner-link", "--data", "brand"]);
    assert!(printed.stdout.contains("open http://127.0.0.1:7070/setup?token="), "{}", printed.stdout);
}

#[test]
fn each_role_sees_what_the_description_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let boss = owner(&mut server);
    let described = server.ask("GET", "/api/openapi.json", &[], &Value::Null).body;
    let roles = boss.ask(&server, "GET", "/api/roles", &Value::Null).body;
    for role in roles["roles"].as_array().unwrap() {
        let word = role["role"].as_str().unwrap();
        let member = boss.invites(&server, word);
        for (path, methods) in described["paths"].as_object().unwrap() {
            let Some(needed) = methods["get"]["x-permission"].as_str() else { continue };
            let may = role["permissions"].as_array().unwrap().contains(&json!(needed));
            let path: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "7" } else { part }).collect();
            let answer = member.ask(&server, "GET", &path.join("/"), &Value::Null);
            let near = path.join("/") == "/metrics";
            assert_eq!(answer.status != 403, may || near, "{word} {path:?} {answer:?}");
        }
    }
    let made = boss.ask(&server, "POST", "/api/tokens", &json!({"name": "grafana", "scopes": ["read_system"]}));
    let bearer = format!("Bearer {}", made.body["token"].as_str().unwrap());
    let status = |path: &str| server.ask("GET", path, &[("authorization", &bearer)], &Value::Null).status;
    assert_eq!((status("/api/system"), status("/api/members"), status("/api/audit")), (200, 403, 403));
}

#[test]
fn a_wrong_configuration_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir(path.join("brand")).unwrap();
    let written = |text: &str| std::fs::write(path.join("brand/perennial.toml"), text).unwrap();
    let refused = |said: &str, file: &Path| {
        let file = file.display().to_string();
        let arguments = if file.is_empty() { vec![] } else { vec!["--config", &file] };
        let ran = perennial(path, &[&["serve", "--data", "brand"], &arguments[..]].concat());
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    };
    written("[http]\nconection = 5\n");
    refused("brand/perennial.toml:2:1: there is no key conection here: is connections meant?", Path::new(""));
    refused("cannot read elsewhere.toml", Path::new("elsewhere.toml"));
    written("listen = \"127.0.0.1:1\"\npublic_url = \"https://crm.example/\"\n[sessions]\nidle_days = 1\n");
    // The command line goes before the file.
    let mut server = Server::start(path);
    assert!(server.line().starts_with("open https://crm.example/setup?token="));
}
