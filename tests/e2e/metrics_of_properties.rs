//! Metrics over properties that nobody has declared: at a server while it serves, and beside what imports declare.

use crate::browser::{Browser, owner};
use crate::network::{Server, basic};
use crate::run::{Ran, perennial};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

fn put(folder: &Path, metrics: &str) {
    fs::create_dir_all(folder.join("shop")).unwrap();
    fs::write(folder.join("shop/metrics.yaml"), metrics).unwrap();
}

fn ran(folder: &Path, arguments: &[&str], code: i32) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, code, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

const METRICS: &str = "metrics:
  - {name: cups, function: sum, of: p_cups, where: p_tea = 'oolong'}
  - {name: best, function: max, of: p_stars}
  - {name: latest, function: last, of: p_stars}
  - name: again_soon
    function: sequence
    where: p_again
    then: {where: p_cups > 2}
    within: 3d
";
const ASKED: &str = "select cups, best, latest, again_soon from customers";

fn track(server: &Server, key: &str, id: &str, minute: u32, properties: &Value) {
    let message = json!({"messageId": id, "userId": "ann", "event": "Tasting", "properties": properties,
        "timestamp": format!("2024-03-01T10:{minute:02}:00Z")});
    let headers = [("Authorization", &*basic(key)), ("Content-Type", "application/json")];
    let answered = server.send("POST", "/v1/track", &headers, message.to_string().as_bytes());
    assert_eq!(answered.status, 200, "{answered:?}");
}

/// Waits until the server's own table says so, which it has to do without being told.
fn until(server: &Server, boss: &Browser, expected: &Value) {
    let began = Instant::now();
    loop {
        let answer = boss.ask(server, "POST", "/api/query", &json!({"sql": ASKED}));
        if answer.body["rows"] == *expected {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(90), "{expected} is expected: {answer:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_live_table_takes_up_metrics_over_properties_while_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut server = Server::start(path);
    let boss = owner(&mut server);
    let key = ran(path, &["key", "create", "--data", "brand", "--name", "shop"], 0).stdout.trim().to_owned();
    let tasting = |tea: &str, cups: i64, stars: f64, again: bool| json!({"tea": tea, "cups": cups, "stars": stars, "again": again});
    track(&server, &key, "1", 0, &tasting("oolong", 2, 4.5, true));
    track(&server, &key, "2", 10, &tasting("green", 3, 3.0, false));
    put(path, METRICS);
    let applied = ran(path, &["apply", "shop", "--data", "brand"], 0).stdout;
    assert!(applied.contains("declares the property again: true or false\n"), "{applied}");
    until(&server, &boss, &json!([[2.0, 4.5, 3.0, 1]]));
    track(&server, &key, "3", 20, &tasting("oolong", 1, 5.0, true));
    until(&server, &boss, &json!([[3.0, 5.0, 5.0, 1]]));
    // Late: it ends what began at first before the second could.
    track(&server, &key, "4", 5, &tasting("oolong", 7, 1.0, true));
    track(&server, &key, "5", 30, &tasting("green", 4, 1.0, false));
    until(&server, &boss, &json!([[10.0, 5.0, 1.0, 3]]));
    let verified = ran(path, &["verify", "--data", "brand"], 0).stdout;
    assert!(verified.contains("5 rows, nothing wrong"), "{verified}");
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_property_has_one_type_and_who_takes_it_for_another_is_told_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    put(path, "metrics:\n- name: a\n  function: count\n  where: p_size > 3 and p_tea = 'x' and p_again\n");
    ran(path, &["apply", "shop", "--data", "brand"], 0);
    for (condition, said) in [
        ("p_size = 'x'", "4:20: 'x' is not a number\n    compare p_size with a number, like p_size >= 50\n"),
        ("p_tea > 3", "4:18: 3 is no text\n    write it in quotes: '3'\n"),
        ("p_again = 1", "4:20: 1 is not true or false\n    compare p_again with true or false, like p_again = true\n"),
        ("p_new = 1 or p_new = 'x'", "4:10: the property new is taken for whole number and for text\n"),
        ("p_store > 3", "4:10: the property store is taken for text and for whole number\n"),
    ] {
        put(path, &format!("metrics:\n- name: a\n  function: count\n  where: {condition}\n"));
        for command in ["check", "plan", "apply"] {
            let told = ran(path, &[command, "shop", "--data", "brand"], 1);
            let told = told.stdout + &told.stderr;
            assert!(told.contains(&format!("shop/metrics.yaml:{said}")), "{command}: {condition}: {told}");
        }
    }
}

#[test]
fn what_imports_declare_can_be_named_before_the_first_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    put(path, "metrics:\n- name: north\n  function: count\n  where: kind = 'order' and p_store = 'North'\n");
    let applied = ran(path, &["apply", "shop", "--data", "brand"], 0).stdout;
    assert!(applied.contains("declares the property store: text\n"), "{applied}");
    let orders = "order_id,email,order_time,amount,store\n1,ann@shop.example,2026-01-01 10:00:00,50,North\n";
    fs::write(path.join("orders.csv"), orders).unwrap();
    let settings = ["--data", "brand", "--quiet", "--timezone", "UTC", "--currency", "CNY"];
    ran(path, &[&["import", "orders.csv"], &settings[..]].concat(), 0);
    let found = ran(path, &["query", "select north from customers", "--data", "brand", "--format", "csv"], 0);
    assert_eq!(found.stdout, "north\n1\n");
}
