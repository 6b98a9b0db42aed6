//! Segments at a server: defined by hand, followed while events come, and each change recorded once.

use crate::browser::{Browser, owner};
use crate::network::{Server, basic};
use crate::run::{Ran, perennial};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

fn fine(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

fn key(folder: &Path) -> String {
    fine(folder, &["key", "create", "--data", "brand", "--name", "shop"]).stdout.trim().to_owned()
}

/// Some customers say how they feel.
fn say(server: &Server, key: &str, said: &[(usize, u64, i64)]) {
    let message = |(who, number, stars): &(usize, u64, i64)| {
        json!({"type": "track", "messageId": format!("{who}-{number}"), "userId": format!("user-{who}"),
            "event": "Rated", "properties": {"stars": stars}, "timestamp": format!("2026-03-01T10:{number:02}:00Z")})
    };
    let batch = json!({"batch": said.iter().map(message).collect::<Vec<_>>()});
    let headers = [("Authorization", &*basic(key)), ("Content-Type", "application/json")];
    let answered = server.send("POST", "/v1/batch", &headers, batch.to_string().as_bytes());
    assert_eq!(answered.status, 200, "{answered:?}");
}

const METRICS: &str = "metrics:\n- {name: mood, function: last, of: p_stars, events: Rated}\n";
const SEGMENTS: &str =
    "segments:\n- {name: happy, where: mood >= 3, acts: true}\n- {name: unhappy, where: not in_segment('happy')}\n";

fn define(folder: &Path) {
    fs::create_dir_all(folder.join("shop")).unwrap();
    fs::write(folder.join("shop/metrics.yaml"), METRICS).unwrap();
    fs::write(folder.join("shop/segments.yaml"), SEGMENTS).unwrap();
    fine(folder, &["apply", "shop", "--data", "brand"]);
}

/// All that was recorded of a segment so far, page by page.
fn changes(server: &Server, boss: &Browser, segment: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("/api/segments/{segment}/changes?after={after}&limit=200");
        let page = boss.ask(server, "GET", &path, &Value::Null);
        assert_eq!(page.status, 200, "{page:?}");
        let found = page.body["changes"].as_array().unwrap().clone();
        if found.is_empty() {
            return all;
        }
        all.extend(found);
        after = page.body["next"].as_u64().unwrap();
    }
}

/// Of each customer whether it is in the segment by what was recorded; nobody enters or leaves twice.
fn standing(changes: &[Value]) -> BTreeMap<String, bool> {
    let mut standing = BTreeMap::new();
    let mut last = 0;
    for change in changes {
        let number = change["number"].as_u64().unwrap();
        assert!(number > last, "numbers grow: {change}");
        last = number;
        let (who, entered) = (change["customer_id"].as_str().unwrap(), change["entered"].as_bool().unwrap());
        let before = standing.insert(who.to_owned(), entered);
        assert_ne!(before.unwrap_or(false), entered, "recorded twice: {change}");
    }
    standing
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn each_change_of_a_segment_is_recorded_once_whatever_dies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut server = Server::start(path);
    let boss = owner(&mut server);
    let key = key(path);
    define(path);
    let mut truth: BTreeMap<usize, bool> = BTreeMap::new();
    for round in 0..6_u64 {
        let said: Vec<(usize, u64, i64)> = (0..30)
            .map(|who| (who, round, if (who as u64 * 7 + round * 5).is_multiple_of(3) { 1 } else { 5 }))
            .collect();
        say(&server, &key, &said);
        truth.extend(said.iter().map(|(who, _, stars)| (*who, *stars >= 3)));
        // At any moment: some changes are recorded, some found, some not yet.
        std::thread::sleep(Duration::from_millis(round * 37));
        server.kill();
        server = Server::start(path);
        let recorded = changes(&server, &boss, "happy");
        standing(&recorded);
    }
    let happy = truth.values().filter(|happy| **happy).count();
    let recorded = until("what was said is recorded", || {
        let recorded = changes(&server, &boss, "happy");
        (standing(&recorded).values().filter(|is_in| **is_in).count() == happy).then_some(recorded)
    });
    let listed = boss.ask(&server, "GET", "/api/customers?in_segment=happy&limit=200", &Value::Null);
    let mut members: Vec<&str> =
        listed.body["rows"].as_array().unwrap().iter().map(|row| row["customer_id"].as_str().unwrap()).collect();
    members.sort_unstable();
    let standing = standing(&recorded);
    let mut by_record: Vec<&str> = standing.iter().filter(|(_, is_in)| **is_in).map(|(who, _)| who.as_str()).collect();
    by_record.sort_unstable();
    assert_eq!(members, by_record);
    // A restart in peace adds nothing.
    assert_eq!(server.stop().0, Some(0));
    let mut server = Server::start(path);
    assert_eq!(changes(&server, &boss, "happy"), recorded);
    let path_of_latest = "/api/segments/happy/changes?newest=true&limit=200";
    let latest = boss.ask(&server, "GET", path_of_latest, &Value::Null).body["changes"].as_array().unwrap().clone();
    assert!(latest.iter().eq(recorded.iter().rev().take(200)), "the latest first");
    // What is imported is told apart: nothing acts on it.
    let mut text = "order_id,user_id,order_time,amount\n".to_owned();
    text.push_str("1,user-1,2024-03-01 10:00:00,5\n");
    fs::write(path.join("orders.csv"), text).unwrap();
    let settings = ["--data", "brand", "--quiet", "--timezone", "UTC", "--currency", "CNY"];
    fine(path, &[&["import", "orders.csv"], &settings[..]].concat());
    fs::write(
        path.join("shop/segments.yaml"),
        "segments:\n- {name: happy, where: mood >= 3, acts: true}\n- {name: buyers, where: orders > 0, acts: true}\n",
    )
    .unwrap();
    fine(path, &["apply", "shop", "--data", "brand"]);
    assert_eq!(changes(&server, &boss, "buyers"), Vec::<Value>::new(), "who is in it when it begins does not enter");
    fs::write(path.join("orders.csv"), "order_id,user_id,order_time,amount\n2,user-2,2024-03-01 10:00:00,5\n").unwrap();
    fine(path, &[&["import", "orders.csv"], &settings[..]].concat());
    let entered = until("the import is seen", || changes(&server, &boss, "buyers").first().cloned());
    assert_eq!((&entered["cause"], &entered["entered"]), (&json!("import"), &json!(true)));
    server.kill();
    imported_between_two_servers(path, &boss, &settings);
}

/// What is imported while no server runs is told apart too.
fn imported_between_two_servers(path: &Path, boss: &Browser, settings: &[&str]) {
    assert_eq!(Server::start(path).stop().0, Some(0), "what was imported before was looked at");
    fs::write(path.join("orders.csv"), "order_id,user_id,order_time,amount\n3,user-3,2024-03-01 10:00:00,5\n").unwrap();
    fine(path, &[&["import", "orders.csv"], settings].concat());
    let mut server = Server::start(path);
    let latest = until("the import is seen", || {
        let changes = changes(&server, boss, "buyers");
        (changes.len() == 2).then(|| changes[1].clone())
    });
    assert_eq!((&latest["cause"], &latest["entered"]), (&json!("import"), &json!(true)));
    server.kill();
}

#[test]
fn a_segment_is_made_by_hand_and_seen_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut server = Server::start(path);
    let boss = owner(&mut server);
    let key = key(path);
    say(&server, &key, &[(1, 1, 5), (2, 1, 1), (2, 2, 4), (3, 1, 2)]);
    let ask = |method: &str, path: &str, body: Value| boss.ask(&server, method, path, &body);
    let behaviour = json!({"behaviour": {"function": "count", "events": ["Rated"], "where": "p_stars >= 4"},
        "is": "at_least", "value": 1});
    let preview = until("the events are seen", || {
        let preview = ask("POST", "/api/segments/preview", json!({"condition": behaviour}));
        assert_eq!(preview.status, 200, "{preview:?}");
        (preview.body["count"] == 2).then_some(preview.body)
    });
    assert_eq!(preview["computed"], "pass");
    let made = json!({"expected_version": 0, "where": preview["where"], "metrics": preview["metrics"],
        "title": {"zh": "好评客户", "en": "Happy"}, "acts": true, "comment": "by hand"});
    let saved = ask("PUT", "/api/segments/happy", made.clone());
    assert_eq!((saved.status, &saved.body["version"]), (200, &json!(1)), "{saved:?}");
    let again = ask("PUT", "/api/segments/happy", made);
    assert_eq!(again.status, 409, "{again:?}");
    let list = ask("GET", "/api/segments", Value::Null).body;
    assert_eq!((&list["segments"][0]["size"], &list["version"]), (&json!(2), &json!(1)), "{list}");
    let preview = ask("POST", "/api/segments/preview", json!({"condition": behaviour})).body;
    assert_eq!((&preview["computed"], &preview["count"], &preview["metrics"]), (&json!("live"), &json!(2), &json!([])));
    // Whoever enters now is recorded as having done something.
    say(&server, &key, &[(3, 2, 5)]);
    let entered = until("the change is recorded", || changes(&server, &boss, "happy").first().cloned());
    assert_eq!((&entered["cause"], &entered["entered"]), (&json!("event"), &json!(true)));
    let told = ask(
        "GET",
        &format!("/api/segments/happy/explain?customer={}", entered["customer_id"].as_str().unwrap()),
        Value::Null,
    );
    assert_eq!(told.body["member"], true, "{told:?}");
    assert_eq!(told.body["condition"]["seen"][0]["event"]["name"], "Rated", "{told:?}");
    let wrong = ask("PUT", "/api/segments/happy", json!({"expected_version": 1, "where": "ordres > 1"}));
    assert_eq!(wrong.status, 400);
    assert!(wrong.body["error"]["message"].as_str().unwrap().contains("orders"), "{wrong:?}");
    let circle = json!({"expected_version": 1, "where": "in_segment('happy')"});
    let circle = ask("PUT", "/api/segments/happy", circle);
    assert!(circle.body["error"]["message"].as_str().unwrap().contains("defined by each other"), "{circle:?}");
    let today = "2100-01-01";
    assert_eq!(ask("GET", &format!("/api/flows?of=stage&from=2026-01-01&to={today}"), Value::Null).status, 400);
    let flow = ask("GET", "/api/flows?of=segment:happy&from=2020-01-01", Value::Null);
    assert_eq!((flow.status, &flow.body["states"]), (200, &json!(["in", "out", "none"])), "{flow:?}");
    let exported = fine(path, &["export", "shop", "--data", "brand"]).stdout;
    let written = fs::read_to_string(path.join("shop/segments.yaml")).unwrap();
    assert!(written.contains("好评客户") && written.contains("acts: true"), "{exported} {written}");
    let gone = ask("DELETE", "/api/segments/happy?expected_version=1", Value::Null);
    assert_eq!((gone.status, &gone.body["version"]), (200, &json!(2)), "{gone:?}");
    server.kill();
}
