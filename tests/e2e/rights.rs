//! What customers may ask for: all about them as one file, corrections, erasure.

use crate::beside_server::Server;
use crate::browser::{Browser, owner};
use crate::network;
use crate::run::{Ran, perennial};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Seek, Write};
use std::path::Path;

const ORDERS: &str = "order_id,email,phone,order_time,amount,item
1,ann@shop.example,13800138000,2024-03-01 10:00:00,5.50,tea
2,ann@shop.example,,2024-03-09 10:00:00,7.00,cup
3,bob@shop.example,,2024-03-03 10:00:00,9.00,secret-of-bob
";

fn ask(folder: &Path, arguments: &[&str]) -> Ran {
    perennial(folder, &[arguments, &["--data", "brand"]].concat())
}

fn fine(folder: &Path, arguments: &[&str]) -> String {
    let ran = ask(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran.stdout
}

fn filled(path: &Path) {
    fs::write(path.join("orders.csv"), ORDERS).unwrap();
    fine(path, &["import", "orders.csv", "--quiet", "--timezone", "Asia/Shanghai", "--currency", "CNY"]);
    let schema = json!({"event": "Sized", "properties": {"size": {"type": "integer", "required": true}}});
    fs::write(path.join("schema.json"), schema.to_string()).unwrap();
    fine(path, &["schema", "set", "schema.json"]);
    let message = |id: &str, email: &str, event: &str, size: &Value| {
        json!({"type": "track", "messageId": id, "userId": format!("u-{id}"), "event": event, "timestamp": "2024-03-05T08:00:00Z",
               "properties": {"size": size}, "context": {"traits": {"email": email}}}).to_string()
    };
    let lines = [
        message("1", "ann@shop.example", "Sized", &json!("XL of ann")),
        message("2", "bob@shop.example", "Sized", &json!("S of bob")),
        message("3", "ann@shop.example", "Worn", &json!(3)),
    ];
    fs::write(path.join("messages.jsonl"), lines.join("\n")).unwrap();
    fine(path, &["import", "messages.jsonl", "--quiet"]);
    let source = ["--source", "till 4", "--ip", "203.0.113.9", "--evidence", "form 17"];
    fine(path, &[&["consent", "give", "email=ann@shop.example", "--purpose", "marketing"][..], &source].concat());
}

fn unpacked(path: &Path) -> BTreeMap<String, String> {
    unzipped(fs::File::open(path).unwrap())
}

fn unzipped(file: impl Read + Seek) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

fn archived(path: &Path) {
    fine(path, &["rights", "export", "phone=13800138000", "--out", "ann.zip"]);
    let files = unpacked(&path.join("ann.zip"));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "README.en.md",
        "README.zh.md",
        "consents.json",
        "customer.json",
        "events.csv",
        "events.jsonl",
        "identities.json",
        "index.json",
        "merges.json",
        "messages_kept_aside.jsonl",
    ];
    assert_eq!(names, expected);
    let parsed = |name: &str| serde_json::from_str::<Value>(&files[name]).unwrap();
    let events: Vec<Value> = files["events.jsonl"].lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |name: &str| events.iter().filter(|event| event["name"] == name).count();
    assert_eq!((named("Order Completed"), named("Worn"), named("Consent Given"), named("Sized")), (2, 1, 1, 0));
    assert_eq!(files["events.csv"].lines().count(), events.len() + 1);
    let keys = parsed("identities.json").to_string();
    assert!(keys.contains("+8613800138000") && keys.contains("ann@shop.example"), "{keys}");
    let consents = parsed("consents.json");
    assert_eq!(
        (&consents["standing"][0]["state"], &consents["history"][0]["ip"]),
        (&json!("given"), &json!("203.0.113.9"))
    );
    assert!(files["messages_kept_aside.jsonl"].contains("XL of ann"));
    let columns = parsed("customer.json");
    let orders = columns.as_array().unwrap().iter().find(|column| column["name"] == "orders").unwrap();
    assert_eq!(orders["value"], 2);
    assert!(orders["description_zh"].as_str().unwrap().contains("有效订单数"));
    let index = parsed("index.json");
    assert_eq!((&index["version"], &index["currency"]), (&json!(1), &json!("CNY")));
    for file in index["files"].as_array().unwrap() {
        assert!(files.contains_key(file["name"].as_str().unwrap()), "{file}");
        assert!(!file["fields"].as_array().unwrap().is_empty(), "{file}");
        assert!(files["README.zh.md"].contains(file["description_zh"].as_str().unwrap()));
        assert!(files["README.en.md"].contains(file["description_en"].as_str().unwrap()));
    }
    let everything: String = files.into_values().collect();
    assert!(!everything.contains("bob"), "nothing of another customer");
    let again = ask(path, &["rights", "export", "phone=13800138000", "--out", "ann.zip"]);
    assert_eq!(again.code, 2, "a file that is there stays: {}", again.stderr);
    assert_eq!(ask(path, &["rights", "export", "phone=13800138000", "--out", "brand/ann.zip"]).code, 2);
    assert_eq!(ask(path, &["rights", "export", "email=nobody@shop.example", "--out", "nobody.zip"]).code, 1);
}

fn corrected(path: &Path) {
    let ann = "email=ann@shop.example";
    let correct = |more: &[&str]| ask(path, &[&["rights", "correct", ann, "--reason", "she called"], more].concat());
    for (arguments, code, text) in [
        (&["--add", "email=bob@shop.example"][..], 1, "merge them"),
        (&["--remove", "phone=13900139000"], 1, "none of this customer's"),
        (&[], 2, "nothing to correct"),
        (&["--trait", "=x"], 2, "NAME=TEXT"),
        (
            &[
                "--remove",
                "email=ann@shop.example",
                "--remove",
                "phone=13800138000",
                "--remove",
                "member=u-1",
                "--remove",
                "member=u-3",
            ],
            1,
            "none of this customer's",
        ),
    ] {
        let ran = correct(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(text), "{arguments:?}: {}", ran.stderr);
    }
    let done = correct(&["--remove", "phone=13800138000", "--add", "phone=13900139000", "--trait", "city=杭州"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.contains("1 keys added, 1 removed, 1 traits"), "{}", done.stdout);
    assert_eq!(ask(path, &["identity", "show", "phone=13800138000"]).code, 1);
    assert!(fine(path, &["identity", "show", "phone=13900139000", "--reveal"]).contains("ann@shop.example"));
    let sql = "select name, properties from events where source = 'correction' order by name";
    let told = fine(path, &["query", sql, "--format", "csv"]);
    assert!(told.contains("Keys Corrected") && told.contains("she called") && told.contains("杭州"), "{told}");
    assert!(!told.contains("139"), "the timeline tells of keys, not which: {told}");
    // The next file with the new number is hers.
    fs::write(path.join("more.csv"), "order_id,phone,order_time,amount\n9,13900139000,2024-04-01 10:00:00,3\n")
        .unwrap();
    fine(path, &["import", "more.csv", "--quiet"]);
    let orders = fine(path, &["query", "select orders from customers order by orders", "--format", "csv"]);
    assert!(orders.trim().ends_with('3'), "{orders}");
}

fn erased(path: &Path) {
    fine(path, &["erase", "phone=13900139000", "--yes"]);
    let gone = [
        "ann@shop.example",
        "13900139000",
        "13800138000",
        "203.0.113.9",
        "form 17",
        "XL of ann",
        "u-1\"",
        "she called",
    ];
    for entry in fs::read_dir(path.join("brand")).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = fs::read(entry.path()).unwrap();
        for word in gone {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} is in {}", entry.path().display());
        }
    }
    let left = fine(path, &["query", "select * from events", "--format", "json"]);
    assert!(gone.iter().all(|word| !left.contains(word)) && left.contains("secret-of-bob"));
    let suppressed =
        ask(path, &["rights", "correct", "email=bob@shop.example", "--add", "email=ann@shop.example", "--reason", "x"]);
    assert!(suppressed.code == 1 && suppressed.stderr.contains("stays away"), "{}", suppressed.stderr);
}

#[test]
fn all_about_a_customer_is_handed_over_corrected_and_erased() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    archived(folder.path());
    corrected(folder.path());
    erased(folder.path());
}

#[test]
fn the_same_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    filled(folder.path());
    archived(folder.path());
    corrected(folder.path());
    erased(folder.path());
    let verified = fine(folder.path(), &["verify"]);
    assert!(verified.contains("nothing wrong"), "{verified}");
    assert_eq!(server.stop(), Some(0));
}

/// The archive that the API hands over.
fn handed_over(server: &network::Server, member: &Browser, customer: &str) -> BTreeMap<String, String> {
    let headers = [("cookie", member.cookie.as_str()), ("x-csrf-token", member.csrf.as_str())];
    let mut stream = server.connect();
    let asked = network::request("POST", &format!("/api/customers/{customer}/archive"), &headers, "");
    stream.write_all(asked.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let body = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer[..body]));
    unzipped(Cursor::new(answer.split_off(body)))
}

#[test]
fn an_archive_of_the_api_holds_what_was_imported_the_moment_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut server = network::Server::start(path);
    let boss = owner(&mut server);
    let mut customer = String::new();
    for number in 1..=5 {
        let row = format!("{number},ann@shop.example,2024-03-0{number} 10:00:00,5\n");
        fs::write(path.join("orders.csv"), format!("order_id,email,order_time,amount\n{row}")).unwrap();
        fine(path, &["import", "orders.csv", "--quiet", "--timezone", "Asia/Shanghai", "--currency", "CNY"]);
        if customer.is_empty() {
            let told = fine(path, &["query", "select customer_id from identities", "--format", "csv"]);
            customer = told.lines().nth(1).unwrap().to_owned();
        }
        let files = handed_over(&server, &boss, &customer);
        let columns: Value = serde_json::from_str(&files["customer.json"]).unwrap();
        let orders = columns.as_array().unwrap().iter().find(|column| column["name"] == "orders").unwrap();
        assert_eq!(orders["value"], number);
        let events = files["events.jsonl"].lines().filter(|line| line.contains("Order Completed")).count();
        assert_eq!(events, number);
    }
}
