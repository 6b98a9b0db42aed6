//! The brand directory: checked, planned, applied, exported.

use crate::beside_server::Server;
use crate::run::{ended, fine, put};
use std::fs;
use std::path::Path;

const METRICS: &str = "# Ours.
metrics:
  # Orders of a quarter.
  - name: orders_90d
    title: {zh: 近90天订单数, en: Orders in 90 days}
    function: count
    window: 90d   # a quarter
  - name: idle_days
    function: days_since
";
const SEGMENTS: &str = "segments:
  - name: good
    where: orders_90d > 3 and not in_segment('gone')
  - name: gone
    where: idle_days > 180
";

fn at_work(folder: &Path) {
    put(folder, "brand.yaml", "name: 茶\n");
    let named = fine(folder, &["apply", "shop", "--data", "brand"]);
    assert!(named.ends_with("version 1: 1 changed\n"), "{named}");
    put(folder, "metrics.yaml", METRICS);
    put(folder, "segments.yaml", SEGMENTS);
    assert_eq!(fine(folder, &["check", "shop"]), "shop: nothing wrong; 2 metrics, 2 segments\n");
    let planned = fine(folder, &["plan", "shop", "--data", "brand"]);
    assert!(planned.starts_with("4 changes to version 1:\n+ metric orders_90d\n"), "{planned}");
    let applied = fine(folder, &["apply", "shop", "--data", "brand", "--comment", "for the sale"]);
    assert!(applied.ends_with("version 2: 4 added\n"), "{applied}");
    let again = fine(folder, &["apply", "shop", "--data", "brand"]);
    assert_eq!(again, "nothing to change: version 2 says the same\n");

    put(folder, "metrics.yaml", &METRICS.replace("90d   #", "60d   #"));
    let planned = fine(folder, &["plan", "shop", "--data", "brand"]);
    assert_eq!(planned, "1 change to version 2:\n~ metric orders_90d: window\n    window: 90d → 60d\n");
    let lost = ended(folder, &["export", "shop", "--data", "brand"], 1);
    assert!(lost.stderr.contains("metrics.yaml was changed and not applied"), "{}", lost.stderr);
    fine(folder, &["export", "out", "--data", "brand", "--schemas"]);
    assert_eq!(fs::read_to_string(folder.join("out/metrics.yaml")).unwrap(), METRICS, "comments are kept");
    assert_eq!(fs::read_to_string(folder.join("out/segments.yaml")).unwrap(), SEGMENTS);
    assert!(folder.join("out/schemas/metrics.schema.json").is_file());
    fine(folder, &["apply", "shop", "--data", "brand"]);

    put(folder, "metrics.yaml", "metrics:\n  - name: orders\n    function: cuont\n");
    let checked = ended(folder, &["check", "shop"], 1).stdout;
    assert!(checked.contains("shop/metrics.yaml:3:15: cuont is no function\n    is count meant?\n"), "{checked}");
    let refused = ended(folder, &["apply", "shop", "--data", "brand"], 1);
    assert!(refused.stderr.contains("nothing was applied"), "{}", refused.stderr);
    put(folder, "metrics.yaml", METRICS);
    let back = fine(folder, &["apply", "shop", "--data", "brand"]);
    assert!(back.ends_with("version 4: 1 changed\n"), "{back}");
}

#[test]
fn a_brand_directory_is_checked_planned_applied_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    at_work(folder.path());
}

#[test]
fn beside_a_server_it_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    at_work(folder.path());
    assert_eq!(server.stop(), Some(0));
}

const ORDERS: &str = "order_id,email,order_time,amount,channel
1,ann@shop.example,2026-01-01 10:00:00,50,app
2,ann@shop.example,2026-03-01 10:00:00,70,web
3,bob@shop.example,2026-03-02 10:00:00,20,app
4,bob@shop.example,2026-03-03 10:00:00,30,app
5,eve@shop.example,2026-03-04 10:00:00,90,web
";
const APP_METRICS: &str = "metrics:
  - name: app_spend
    function: sum
    of: value
    where: kind = 'order' and channel = 'app'
  - name: recent_orders
    function: count
    events: Order Completed
    window: 3d
";
const APP_SEGMENTS: &str = "segments:
  - name: app_friends
    where: app_spend >= 50
  - name: quiet_app_friends
    where: in_segment('app_friends') and recent_orders = 0
";
const ASKED: [&str; 6] = [
    "query",
    "select orders, app_spend, recent_orders from customers order by app_spend desc, revenue desc",
    "--data",
    "brand",
    "--format",
    "csv",
];

fn with_orders(folder: &Path) {
    fs::write(folder.join("orders.csv"), ORDERS).unwrap();
    let settings = ["--timezone", "Asia/Shanghai", "--currency", "CNY"];
    fine(folder, &[&["import", "orders.csv", "--data", "brand", "--quiet"], &settings[..]].concat());
    put(folder, "metrics.yaml", APP_METRICS);
    put(folder, "segments.yaml", APP_SEGMENTS);
}

/// As of the midnight after the last event, 5 March: the window holds 2, 3 and 4 March.
const FOUND: &str = "orders,app_spend,recent_orders\n2,50.00,0\n2,50.00,2\n1,0.00,1\n";

#[test]
fn metrics_become_columns_and_a_plan_says_what_they_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    with_orders(path);
    let planned = fine(path, &["plan", "shop", "--data", "brand"]);
    for line in
        ["fills its column from 5 events", "0 customers now, 2 then", "0 customers now, 1 then", "enter, for example: "]
    {
        assert!(planned.contains(line), "{line}: {planned}");
    }
    fine(path, &["apply", "shop", "--data", "brand"]);
    assert_eq!(fine(path, &ASKED), FOUND);

    put(path, "segments.yaml", &APP_SEGMENTS.replace(">= 50", "> 50"));
    let planned = fine(path, &["plan", "shop", "--data", "brand"]);
    assert!(planned.contains("2 customers now, 0 then") && planned.contains("leave, for example: "), "{planned}");

    put(path, "segments.yaml", "segments:\n- name: typo\n  where: app_spent > 3\n");
    let checked = ended(path, &["check", "shop", "--data", "brand"], 1).stdout;
    assert!(checked.contains("segments.yaml:3:10: customers have no column app_spent"), "{checked}");
    assert!(checked.contains("app_spend is meant?"), "{checked}");
    put(path, "segments.yaml", "");
    put(path, "metrics.yaml", "metrics:\n- name: colours\n  function: count\n  where: colour = 'red'\n");
    let checked = ended(path, &["check", "shop", "--data", "brand"], 1).stdout;
    assert!(checked.contains("metrics.yaml:4:10: there is no column colour"), "{checked}");
}

#[test]
fn more_metrics_than_a_server_can_keep_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let metric = |number: u32| format!("- name: m{number}\n  function: count\n  window: 90d\n");
    put(path, "metrics.yaml", &format!("metrics:\n{}", (0..100).map(metric).collect::<String>()));
    let checked = ended(path, &["check", "shop"], 1).stdout;
    assert!(checked.contains("bytes of a server's memory for each customer"), "{checked}");
}

#[test]
fn a_servers_table_has_the_metrics_as_soon_as_they_are_applied() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    with_orders(path);
    let server = Server::start(path);
    let before = ended(path, &ASKED, 1).stderr;
    assert!(before.contains("app_spend"), "{before}");
    fine(path, &["apply", "shop", "--data", "brand"]);
    assert_eq!(fine(path, &ASKED), FOUND);
    let verified = fine(path, &["verify", "--data", "brand"]);
    assert!(verified.contains("5 rows, nothing wrong"), "{verified}");
    put(path, "metrics.yaml", "");
    put(path, "segments.yaml", "");
    fine(path, &["apply", "shop", "--data", "brand"]);
    ended(path, &ASKED, 1);
    assert_eq!(server.stop(), Some(0));
}

const TOLD: &str = r#"{"type":"track","event":"Tasting","userId":"ann","messageId":"1","timestamp":"2026-03-01T10:00:00Z","properties":{"tea":"oolong","cups":2,"stars":4.5,"again":true}}
{"type":"track","event":"Tasting","userId":"ann","messageId":"2","timestamp":"2026-03-02T10:00:00Z","properties":{"tea":"green","cups":"3","stars":3,"again":false}}
{"type":"track","event":"Tasting","userId":"bob","messageId":"3","timestamp":"2026-03-03T10:00:00Z","properties":{"tea":"oolong","cups":7,"stars":"bad"}}
"#;
const OF_PROPERTIES: &str = "metrics:
  - name: oolong_cups
    function: sum
    of: p_cups
    where: p_tea = 'oolong' and p_cups >= 1
  - name: best
    function: max
    of: p_stars
  - name: again
    function: count
    where: p_again
";
const ASKED_OF_PROPERTIES: [&str; 6] = [
    "query",
    "select oolong_cups, best, again from customers order by oolong_cups",
    "--data",
    "brand",
    "--format",
    "csv",
];
const FOUND_OF_PROPERTIES: &str = "oolong_cups,best,again\n2.0,4.5,1\n7.0,,0\n";

/// What was told before anybody declared it counts at once, and is typed afterwards.
fn properties_at_work(folder: &Path) {
    fs::write(folder.join("told.jsonl"), TOLD).unwrap();
    let settings = ["--timezone", "UTC", "--currency", "CNY"];
    fine(folder, &[&["import", "told.jsonl", "--data", "brand", "--quiet"], &settings[..]].concat());
    put(folder, "metrics.yaml", "metrics:\n- name: a\n  function: count\n  where: p_tea is null\n");
    let told = ended(folder, &["check", "shop", "--data", "brand"], 1).stdout;
    assert!(told.contains("metrics.yaml:4:10: nobody has declared the property tea"), "{told}");
    put(folder, "metrics.yaml", OF_PROPERTIES);
    let planned = fine(folder, &["plan", "shop", "--data", "brand"]);
    assert!(planned.contains("declares the property cups: number\n"), "{planned}");
    let columns = "select column_name from columns where column_name = 'p_tea'";
    let before = fine(folder, &["query", columns, "--data", "brand", "--format", "csv"]);
    assert_eq!(before, "column_name\n", "to plan declares nothing");
    let applied = fine(folder, &["apply", "shop", "--data", "brand"]);
    for line in ["declares the property again: true or false\n", "declares the property tea: text\n"] {
        assert!(applied.contains(line), "{applied}");
    }
    assert_eq!(fine(folder, &ASKED_OF_PROPERTIES), FOUND_OF_PROPERTIES);
    let after = fine(folder, &["query", columns, "--data", "brand", "--format", "csv"]);
    assert_eq!(after, "column_name\np_tea\n");
    let again = fine(folder, &["apply", "shop", "--data", "brand"]);
    assert_eq!(again, "nothing to change: version 1 says the same\n");
    let more = TOLD.replace(r#""messageId":""#, r#""messageId":"9"#);
    fs::write(folder.join("more.jsonl"), more).unwrap();
    fine(folder, &["import", "more.jsonl", "--data", "brand", "--quiet"]);
    assert_eq!(fine(folder, &ASKED_OF_PROPERTIES), "oolong_cups,best,again\n4.0,4.5,2\n14.0,,0\n");
}

#[test]
fn an_undeclared_property_is_declared_and_counts_at_once() {
    let folder = tempfile::tempdir().unwrap();
    properties_at_work(folder.path());
}

#[test]
fn beside_a_server_an_undeclared_property_counts_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    properties_at_work(folder.path());
    let verified = fine(folder.path(), &["verify", "--data", "brand"]);
    assert!(verified.contains("6 rows, nothing wrong"), "{verified}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_data_directory_takes_the_zone_of_its_brand_and_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    put(path, "brand.yaml", "name: 茶\ntimezone: Asia/Shanghai\ncurrency: CNY\n");
    fine(path, &["apply", "shop", "--data", "brand"]);
    put(path, "brand.yaml", "timezone: Europe/London\n");
    let told = ended(path, &["check", "shop", "--data", "brand"], 1).stdout;
    assert!(told.contains("shop/brand.yaml:1:11: timezone is Europe/London"), "{told}");
    assert!(told.contains("the data directory counts days in Asia/Shanghai"), "{told}");
    fine(path, &["check", "shop"]);
    ended(path, &["check", "."], 2);
}
