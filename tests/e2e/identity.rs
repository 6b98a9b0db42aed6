//! Keys of customers shown, merged and parted, by a process of its own and beside a server.

use crate::beside_server::Server;
use crate::run::{Ran, perennial};
use perennial_model::IdentityKind;
use perennial_ports::{Store, SuggestionSeen};
use perennial_store_sql::SqlStore;
use std::path::Path;

const FILE: &str = "order_id,email,phone,order_time,amount
1,ann@shop.example,,2024-03-01 10:00:00,5
2,,13800138000,2024-03-02 10:00:00,7
3,bob@shop.example,,2024-03-03 10:00:00,9
";

fn ask(folder: &Path, arguments: &[&str]) -> Ran {
    let mut all = vec!["identity"];
    all.extend_from_slice(arguments);
    all.extend_from_slice(&["--data", "brand"]);
    perennial(folder, &all)
}

fn fine(folder: &Path, arguments: &[&str]) -> String {
    let ran = ask(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran.stdout
}

fn customers(folder: &Path) -> String {
    let ran = perennial(
        folder,
        &["query", "select orders from customers order by orders", "--data", "brand", "--format", "csv"],
    );
    ran.stdout.lines().skip(1).collect::<Vec<_>>().join(" ")
}

fn imported(folder: &Path) {
    std::fs::write(folder.join("orders.csv"), FILE).unwrap();
    let ran = perennial(folder, &["import", "orders.csv", "--data", "brand", "--quiet", "--timezone", "Asia/Shanghai"]);
    assert_eq!(ran.code, 0, "{} {}", ran.stdout, ran.stderr);
}

/// A merge, what it does to the orders, and its undoing.
fn merge_and_undo(folder: &Path) {
    assert_eq!(customers(folder), "1 1 1");
    let said = fine(folder, &["merge", "phone=138-0013-8000", "email=ann@shop.example", "--reason", "she called"]);
    assert!(said.contains("journal entry 1"), "{said}");
    assert_eq!(customers(folder), "1 2");
    let shown = fine(folder, &["show", "email=Ann@shop.example"]);
    assert!(shown.contains("2 keys in all") && shown.contains("she called"), "{shown}");
    assert!(shown.contains("phone +86138****8000") && shown.contains("email a***@shop.example"), "{shown}");
    assert!(!shown.contains("ann@"), "{shown}");
    assert!(fine(folder, &["show", "phone=13800138000", "--reveal"]).contains("ann@shop.example"));
    let again = ask(folder, &["merge", "email=ann@shop.example", "phone=13800138000", "--reason", "twice"]);
    assert!(again.code == 1 && again.stderr.contains("one customer already"), "{}", again.stderr);
    fine(folder, &["undo", "1"]);
    assert_eq!(customers(folder), "1 1 1");
    assert_eq!(ask(folder, &["undo", "1"]).code, 1);
    let journal: serde_json::Value = serde_json::from_str(&fine(folder, &["journal", "--format", "json"])).unwrap();
    assert_eq!((&journal[0]["entry"], &journal[0]["reason"]), (&1.into(), &"she called".into()));
    assert!(journal[0]["undone_at"].is_string());
    assert!(fine(folder, &["journal"]).starts_with("entry  at"));
}

#[test]
fn a_merge_is_journalled_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    imported(folder.path());
    merge_and_undo(folder.path());
}

#[test]
fn the_same_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    imported(folder.path());
    merge_and_undo(folder.path());
    let verified = perennial(folder.path(), &["verify", "--data", "brand"]);
    assert!(verified.stdout.contains("nothing wrong"), "{} {}", verified.stdout, verified.stderr);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_cannot_be_done_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    imported(path);
    for (arguments, code, text) in [
        (&["show", "email"][..], 2, "KIND=VALUE"),
        (&["show", "phone=0"], 2, "cannot be a key"),
        (&["show", "shoe=43"], 2, "external_userid"),
        (&["show", "openid=o1@wx1"], 1, "no customer with this openid"),
        (&["merge", "email=ann@shop.example", "email=nobody@shop.example", "--reason", "x"], 1, "no customer"),
        (&["merge", "email=ann@shop.example", "email=bob@shop.example", "--reason", " "], 2, "--reason"),
        (&["merge", "email=ann@shop.example", "email=bob@shop.example"], 2, "--reason"),
        (&["undo", "7"], 1, "no merge that can be undone"),
        (&["decide", "7", "--merge"], 1, "is not open"),
        (&["decide", "7"], 2, "--reject"),
        (&["decide", "7", "--merge", "--reject"], 2, "--reject"),
    ] {
        let ran = ask(path, arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(text), "{arguments:?}: {}", ran.stderr);
    }
    assert_eq!(customers(path), "1 1 1");
    assert_eq!(perennial(path, &["identity", "journal", "--data", "nowhere"]).code, 2);
}

/// As arriving messages note them.
fn suggest(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = match crate::run::database(folder) {
            Some(address) => SqlStore::connect(&address).await.unwrap(),
            None => SqlStore::open(&folder.join("brand")).await.unwrap(),
        };
        let key = |kind, value: &str| perennial_model::IdentityKey { kind, value: value.to_owned() };
        let keys = [
            key(IdentityKind::Email, "ann@shop.example"),
            key(IdentityKind::Phone, "+8613800138000"),
            key(IdentityKind::Email, "bob@shop.example"),
        ];
        let found: Vec<_> = store.find_identities(&keys).await.unwrap().into_iter().map(Option::unwrap).collect();
        let seen =
            |other: usize, reason| SuggestionSeen { one: found[0], other: found[other], reason, at_us: 1, times: 3 };
        store.note_suggestions(&[seen(1, IdentityKind::Phone), seen(2, IdentityKind::Email)]).await.unwrap();
        store.close().await;
    });
}

#[test]
fn suggestions_are_decided_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    imported(path);
    suggest(path);
    let listed = fine(path, &["suggestions", "--format", "csv"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert!(listed.contains(",phone,3,1970-01-01T00:00:00Z") && !listed.contains("ann@"), "{listed}");
    assert!(fine(path, &["show", "email=ann@shop.example"]).contains("suggestion 1: may be one with"));
    fine(path, &["decide", "2", "--reject"]);
    assert_eq!(customers(path), "1 1 1");
    fine(path, &["decide", "1", "--merge"]);
    assert_eq!(customers(path), "1 2");
    assert_eq!(ask(path, &["decide", "1", "--reject"]).code, 1);
    assert_eq!(fine(path, &["suggestions", "--format", "json"]).trim(), "[]");
    assert!(fine(path, &["journal"]).contains("suggestion 1, by phone"));
    fine(path, &["undo", "1"]);
    assert_eq!(customers(path), "1 1 1");
}
