//! Consent: from messages and from the command line, shown with its proof, by a process of its own and
//! beside a server.

use crate::beside_server::Server;
use crate::run::{Ran, perennial};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn ask(folder: &Path, arguments: &[&str]) -> Ran {
    perennial(folder, &[arguments, &["--data", "brand"]].concat())
}

fn fine(folder: &Path, arguments: &[&str]) -> String {
    let ran = ask(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran.stdout
}

/// `purpose channel state`, a line each, of what was ever said.
fn standing(folder: &Path, customer: &str) -> Vec<String> {
    let shown: Vec<Value> =
        serde_json::from_str(&fine(folder, &["consent", "show", customer, "--format", "json"])).unwrap();
    let word = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let line = |row: &Value| format!("{} {} {}", word(row, "purpose"), word(row, "channel"), word(row, "state"));
    shown.iter().map(line).filter(|line| !line.ends_with("absent")).collect()
}

fn history(folder: &Path, customer: &str, more: &[&str]) -> Vec<Value> {
    let arguments = [&["consent", "show", customer, "--history", "--format", "json"], more].concat();
    serde_json::from_str(&fine(folder, &arguments)).unwrap()
}

fn events(folder: &Path) -> String {
    let sql =
        "select name, channel, item, count(*) from events where name like 'Consent%' group by 1, 2, 3 order by 1, 2, 3";
    let answer = fine(folder, &["query", sql, "--format", "csv"]);
    answer.lines().skip(1).collect::<Vec<_>>().join("|")
}

fn track(id: &str, user: &str, at: &str, event: &str, properties: &Value, preferences: &Value) -> String {
    let ip = if user == "ann" { "203.0.113.9" } else { "198.51.100.7" };
    json!({
        "type": "track", "messageId": id, "userId": user, "event": event, "properties": properties, "timestamp": at,
        "context": {"ip": ip, "consent": {"categoryPreferences": preferences}},
    })
    .to_string()
}

fn messages(path: &Path, more: &[String]) {
    let (none, yes) = (json!({}), json!({"Analytics": true}));
    let mut lines = vec![
        track(
            "m1",
            "ann",
            "2024-03-01T08:00:00Z",
            "Consent Given",
            &json!({"purpose": "marketing", "channel": "sms", "wording_version": "v3"}),
            &none,
        ),
        // A banner that repeats itself.
        track("m2", "ann", "2024-03-02T08:00:00Z", "Product Viewed", &json!({"product_id": "p"}), &yes),
        track("m3", "ann", "2024-03-03T08:00:00Z", "Product Viewed", &json!({"product_id": "p"}), &yes),
        track(
            "m4",
            "bob",
            "2024-03-03T08:00:00Z",
            "Product Viewed",
            &json!({"product_id": "p"}),
            &json!({"Analytics": false}),
        ),
        track("m5", "bob", "2024-03-03T08:00:00Z", "Consent Withdrawn", &json!({"purpose": "markting"}), &none),
    ];
    lines.extend_from_slice(more);
    fs::write(path, lines.join("\n")).unwrap();
}

/// What messages say, what a desk records, a merge and its undo, erasure.
fn from_message_to_erasure(path: &Path) {
    messages(&path.join("one.jsonl"), &[]);
    let imported = fine(path, &["import", "one.jsonl", "--quiet"]);
    assert!(imported.contains("1 messages do not fit"), "{imported}");
    assert_eq!(standing(path, "member=ann"), ["analytics any given", "marketing sms given"]);
    assert!(standing(path, "member=bob").is_empty(), "a no of somebody who never said yes is no event");
    let seen = "Consent Given,any,analytics,1|Consent Given,sms,marketing,1";
    assert_eq!(events(path), seen);
    let off = track("m6", "ann", "2024-03-04T08:00:00Z", "Page Left", &json!({}), &json!({"Analytics": false}));
    messages(&path.join("two.jsonl"), &[off]);
    fine(path, &["import", "two.jsonl", "--quiet"]);
    assert_eq!(standing(path, "member=ann"), ["analytics any withdrawn", "marketing sms given"]);
    let proof = history(path, "member=ann", &[]);
    assert_eq!(proof.len(), 3, "said again it is said once");
    assert_eq!((&proof[0]["wording_version"], &proof[0]["source"]), (&json!("v3"), &json!("segment")));
    assert_eq!(proof[0]["ip"], "(hidden)");
    assert_eq!(history(path, "member=ann", &["--reveal"])[0]["ip"], "203.0.113.9");
    assert!(!fine(path, &["query", "select properties from events", "--format", "csv"]).contains("203.0.113.9"));

    let source = ["--source", "till 4", "--wording", "2024-03"];
    fine(path, &[&["consent", "give", "member=bob", "--purpose", "marketing"][..], &source].concat());
    assert_eq!(standing(path, "member=bob"), ["marketing any given"]);
    let said = fine(path, &["consent", "withdraw", "member=ann"]);
    assert_eq!(said.lines().count(), 5, "everything at once: {said}");
    let reason = ["--reason", "one person"];
    fine(path, &[&["identity", "merge", "member=bob", "member=ann"][..], &reason].concat());
    let merged = standing(path, "member=bob");
    assert!(merged.iter().all(|line| line.ends_with("withdrawn")), "{merged:?}");
    fine(path, &["identity", "undo", "1"]);
    assert_eq!(standing(path, "member=bob"), ["marketing any given"]);

    fine(path, &["erase", "member=ann", "--yes"]);
    assert_eq!(ask(path, &["consent", "show", "member=ann"]).code, 1);
    assert_eq!(events(path), "Consent Given,any,marketing,1");
    for entry in fs::read_dir(path.join("brand")).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"203.0.113.9"), "{}", entry.path().display());
    }
}

#[test]
fn consent_is_kept_with_its_proof_and_goes_with_its_customer() {
    let folder = tempfile::tempdir().unwrap();
    from_message_to_erasure(folder.path());
}

#[test]
fn the_same_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    from_message_to_erasure(folder.path());
    let verified = fine(folder.path(), &["verify"]);
    assert!(verified.contains("nothing wrong"), "{verified}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_brand_adds_purposes_and_what_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    messages(&path.join("one.jsonl"), &[]);
    fine(path, &["import", "one.jsonl", "--quiet"]);
    for (arguments, text) in [
        (&["consent", "withdraw", "member=bob", "--purpose", "markting"][..], "marketing, personalisation"),
        (&["consent", "give", "member=bob"], "--purpose"),
        (&["consent", "give", "member=bob", "--purpose", "marketing", "--channel", "fax"], "any, email, sms"),
        (&["consent", "give", "member=bob", "--purpose", "marketing", "--at", "2999-01-01T00:00:00Z"], "in the future"),
        (&["consent", "give", "member=bob", "--purpose", "marketing", "--at", "yesterday"], "2026-03-01T10:00:00"),
        (&["consent", "give", "member=bob", "--purpose", "marketing", "--source", " "], "source"),
        (&["consent", "configure", "--purpose", "Market Research"], "lower-case"),
        (&["consent", "configure", "--category", "Advertising"], "Advertising=marketing"),
    ] {
        let ran = ask(path, arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(text), "{arguments:?}: {}", ran.stderr);
    }
    assert!(standing(path, "member=bob").is_empty());
    let configured =
        fine(path, &["consent", "configure", "--purpose", "research", "--category", "Advertising=marketing"]);
    assert!(configured.contains("analytics, research") && configured.contains("category advertising: marketing"));
    fine(path, &["consent", "give", "member=bob", "--purpose", "research", "--at", "2024-01-01T08:00:00+08:00"]);
    assert_eq!(history(path, "member=bob", &[])[0]["at"], "2024-01-01T00:00:00Z");
    let banner = track("m9", "bob", "2024-03-09T08:00:00Z", "Page Left", &json!({}), &json!({"Advertising": true}));
    messages(&path.join("two.jsonl"), &[banner]);
    fine(path, &["import", "two.jsonl", "--quiet"]);
    assert_eq!(standing(path, "member=bob"), ["marketing any given", "research any given"]);
}

#[test]
fn files_state_consent_with_each_order_and_in_lists_of_customers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let orders = "order_id,email,order_time,amount,Accepts Marketing\n\
                  1,ann@shop.example,2024-03-01 10:00:00,5,yes\n2,ann@shop.example,2024-03-09 10:00:00,5,yes\n\
                  3,bob@shop.example,2024-03-02 10:00:00,5,no\n4,cat@shop.example,2024-03-02 10:00:00,5,maybe\n";
    fs::write(path.join("orders.csv"), orders).unwrap();
    fine(path, &["import", "orders.csv", "--quiet", "--timezone", "UTC"]);
    assert_eq!(standing(path, "email=ann@shop.example"), ["marketing any given"]);
    let proof = history(path, "email=ann@shop.example", &[]);
    assert_eq!((proof.len(), &proof[0]["at"]), (1, &json!("2024-03-01T10:00:00Z")));
    assert_eq!(proof[0]["evidence"], "orders.csv, column Accepts Marketing");
    for silent in ["email=bob@shop.example", "email=cat@shop.example"] {
        assert!(standing(path, silent).is_empty(), "{silent}: only an explicit yes is one");
    }
    // A list of customers: no order, no time; it says how things stand now.
    fs::write(
        path.join("members.csv"),
        "邮箱,手机号,短信授权,接受营销\nann@shop.example,13800138000,是,否\ndan@shop.example,13900139000,未授权,\n",
    )
    .unwrap();
    let listed = fine(path, &["import", "members.csv", "--quiet"]);
    assert!(listed.contains("短信授权"), "{listed}");
    // Who says no to everything says no to each way, whatever else the row says.
    assert_eq!(standing(path, "phone=13800138000"), ["marketing any withdrawn"]);
    assert!(standing(path, "email=dan@shop.example").is_empty());
    assert_eq!(history(path, "email=ann@shop.example", &[]).len(), 2);
    let again = fine(path, &["import", "members.csv", "--quiet"]);
    assert!(again.contains("already imported"), "{again}");
    // A later list with the same answers changes nothing.
    let members = fs::read_to_string(path.join("members.csv")).unwrap();
    fs::write(path.join("newer.csv"), members + "eve@shop.example,13700137000,是,\n").unwrap();
    fine(path, &["import", "newer.csv", "--quiet"]);
    assert_eq!(history(path, "email=ann@shop.example", &[]).len(), 2);
    assert_eq!(standing(path, "email=eve@shop.example"), ["marketing sms given"]);
}
