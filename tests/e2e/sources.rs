//! Write keys and what comes with them, through the API.

use crate::browser::{Browser, owner};
use crate::network::{Answer, Server, basic};
use crate::run::perennial;
use serde_json::{Value, json};

fn track(server: &Server, key: &str, id: &str, event: &Value) -> Answer {
    let body = json!({"messageId": id, "userId": "u-4711", "event": event, "properties": {"size": "large"}});
    let authorization = basic(key);
    server.send("POST", "/v1/track", &[("Authorization", &authorization)], body.to_string().as_bytes())
}

fn made(member: &Browser, server: &Server, name: &str) -> (u64, String) {
    let made = member.ask(server, "POST", "/api/keys", &json!({ "name": name }));
    assert_eq!(made.status, 200, "{made:?}");
    (made.body["key_id"].as_u64().unwrap(), made.body["write_key"].as_str().unwrap().to_owned())
}

#[test]
fn a_write_key_is_made_listed_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let boss = owner(&mut server);
    let (shop, shop_key) = made(&boss, &server, " shop ");
    let (till, till_key) = made(&boss, &server, "till");
    assert!(shop_key.starts_with("wk_") && shop_key != till_key && shop != till);
    for name in ["", "  ", "a\nb", &"x".repeat(500)] {
        let refused = boss.ask(&server, "POST", "/api/keys", &json!({ "name": name }));
        assert_eq!((refused.status, &refused.body["error"]["at"]), (400, &json!("name")), "{name:?}");
    }
    let listed = boss.ask(&server, "GET", "/api/keys", &Value::Null);
    let names: Vec<&str> =
        listed.body["keys"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["shop", "till"]);
    let text = listed.body.to_string();
    assert!(!text.contains(&shop_key) && !text.contains(&till_key), "a key is shown once");
    for key in [&shop_key, &till_key] {
        assert_eq!(track(&server, key, key, &json!("Visited")).status, 200);
    }

    let path = format!("/api/keys/{till}");
    let revoked = boss.ask(&server, "DELETE", &path, &Value::Null);
    assert_eq!(revoked.status, 200);
    let since: Vec<bool> =
        revoked.body["keys"].as_array().unwrap().iter().map(|key| key["revoked_us"].is_i64()).collect();
    assert_eq!(since, [false, true]);
    let refused = track(&server, &till_key, "late", &json!("Visited"));
    assert_eq!((refused.status, &refused.body["error"]["code"]), (401, &json!("unauthorized")));
    assert_eq!(track(&server, &shop_key, "on time", &json!("Visited")).status, 200, "the other goes on");
    for gone in [path.as_str(), "/api/keys/99", "/api/keys/x"] {
        assert_eq!(boss.ask(&server, "DELETE", gone, &Value::Null).status, 404, "{gone}");
    }
    let audit = boss.ask(&server, "GET", "/api/audit", &Value::Null).body.to_string();
    assert!(audit.contains("write_key_created") && audit.contains("write_key_revoked"), "{audit}");
    assert!(!audit.contains(&shop_key), "{audit}");

    // What is revoked stays so, and the command line sees the same.
    server.stop();
    let server = Server::start(folder.path());
    assert_eq!(track(&server, &till_key, "later", &json!("Visited")).status, 401);
    assert_eq!(track(&server, &shop_key, "later", &json!("Visited")).status, 200);
    let told = perennial(folder.path(), &["key", "list", "--data", "brand"]);
    assert!(told.stdout.contains("shop") && told.stdout.contains("revoked"), "{}", told.stdout);
}

#[test]
fn what_comes_is_seen_as_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let boss = owner(&mut server);
    let (_, key) = made(&boss, &server, "shop");
    let sources = || boss.ask(&server, "GET", "/api/sources", &Value::Null).body["sources"][0].clone();
    let nothing = sources();
    assert_eq!(
        (&nothing["name"], &nothing["accepted"], &nothing["last_received_us"]),
        (&json!("shop"), &json!(0), &Value::Null)
    );
    let schema = json!({"event": "Sized", "properties": {"size": {"type": "integer"}}});
    std::fs::write(folder.path().join("schema.json"), schema.to_string()).unwrap();
    assert_eq!(perennial(folder.path(), &["schema", "set", "schema.json", "--data", "brand"]).code, 0);

    assert_eq!(track(&server, &key, "1", &json!("Visited")).status, 200);
    assert_eq!(track(&server, &key, "2", &json!("Sized")).status, 200);
    assert_eq!(track(&server, &key, "3", &Value::Null).status, 400);
    let counted = sources();
    assert_eq!((&counted["accepted"], &counted["aside"], &counted["refused"]), (&json!(1), &json!(1), &json!(1)));
    assert!(counted["last_received_us"].is_i64());
    let live = |after: u64| {
        boss.ask(&server, "GET", &format!("/api/sources/live?after={after}"), &Value::Null).body["messages"].clone()
    };
    let told = live(0);
    let column = |name: &str| told.as_array().unwrap().iter().map(|message| message[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("name"), [json!("Visited"), json!("Sized"), Value::Null]);
    assert_eq!(column("verdict"), ["ok", "aside", "refused"]);
    assert_eq!(column("source"), ["shop", "shop", "shop"]);
    assert!(column("reason")[0].is_null() && column("reason")[1].as_str().unwrap().contains("size"));
    assert!(column("customer")[0].as_str().unwrap().starts_with('…'), "{told}");
    let text = told.to_string();
    assert!(!text.contains("large") && !text.contains("4711") && !text.contains(&key), "nothing that they say: {text}");

    // Who waits hears of the next one when it comes.
    let newest = column("sequence")[2].as_u64().unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| live(newest));
        assert_eq!(track(&server, &key, "4", &json!("Bought")).status, 200);
        let heard = waits.join().unwrap();
        assert_eq!((heard.as_array().unwrap().len(), &heard[0]["name"]), (1, &json!("Bought")), "{heard}");
    });
}

#[test]
fn who_may_not_manage_sources_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let boss = owner(&mut server);
    let (_, key) = made(&boss, &server, "shop");
    assert_eq!(track(&server, &key, "1", &json!("Visited")).status, 200);
    let name = json!({"name": "mine"});
    let tries = [
        ("GET", "/api/keys", Value::Null),
        ("POST", "/api/keys", name.clone()),
        ("GET", "/api/sources", Value::Null),
        ("GET", "/api/sources/live", Value::Null),
    ];
    for role in ["marketer", "analyst", "account_manager", "staff", "viewer"] {
        let member = boss.invites(&server, role);
        let wanted = if role == "marketer" { 200 } else { 403 };
        for (method, path, body) in &tries {
            assert_eq!(member.ask(&server, method, path, body).status, wanted, "{role} {method} {path}");
        }
        if role != "marketer" {
            assert_eq!(member.ask(&server, "DELETE", "/api/keys/1", &Value::Null).status, 403, "{role}");
        }
    }
    // Nobody, a key of a source, and tokens of the owner with and without that scope.
    let token = |scope: &str| {
        let made = boss.ask(&server, "POST", "/api/tokens", &json!({"name": scope, "scopes": [scope]}));
        format!("Bearer {}", made.body["token"].as_str().unwrap())
    };
    let (reads, manages) = (token("read_system"), token("manage_sources"));
    for (headers, wanted) in [
        (vec![], 401),
        (vec![("authorization", basic(&key))], 401),
        (vec![("authorization", reads)], 403),
        (vec![("authorization", manages)], 200),
    ] {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (method, path, body) in &tries {
            assert_eq!(server.ask(method, path, &headers, body).status, wanted, "{method} {path}");
        }
    }
    let keys = boss.ask(&server, "GET", "/api/keys", &Value::Null).body["keys"].clone();
    assert!(keys.as_array().unwrap().iter().all(|key| key["revoked_us"].is_null()), "{keys}");
    assert_eq!(keys.as_array().unwrap().len(), 3, "the owner's, the marketer's, the token's");
}
