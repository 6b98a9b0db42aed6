//! Watched folders of a running server.

use crate::browser::owner;
use crate::network::Server;
use crate::run::{command, perennial};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// What these files do not show.
const SETTINGS: [(&str, &str); 2] = [("PERENNIAL_TIMEZONE", "Asia/Shanghai"), ("PERENNIAL_CURRENCY", "EUR")];
/// The folder `in`, as the environment says it.
const IN: [(&str, &str); 2] = [("PERENNIAL_WATCH", "[{folder = \"in\"}]"), ("PERENNIAL_WATCH_EVERY_SECS", "1")];

/// A server that watches `in`; killed when the test ends, whatever happens.
struct Watching(Child);

impl Watching {
    fn start(folder: &Path) -> Self {
        let arguments = ["serve", "--data", "brand", "--watch", "in", "--watch-every", "1"];
        let mut serve = command(folder, &arguments);
        let mut child = serve.envs(SETTINGS).stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert!(ready.contains("customers ready in"), "{ready}");
        Self(child)
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until a file is there.
fn wait_for(path: &Path) {
    let until = Instant::now() + Duration::from_secs(120);
    while !path.exists() {
        assert!(Instant::now() < until, "{} did not come", path.display());
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

fn orders(ids: std::ops::Range<u32>) -> String {
    let line = |id: u32| format!("{id},c{}@shop.example,2024-03-{:02} 10:00:00,5.50\n", id % 10, id % 28 + 1);
    format!("order_id,email,order_time,amount\n{}", ids.map(line).collect::<String>())
}

fn total(folder: &Path) -> String {
    let sql = "select count(*), sum(orders) from customers";
    let ran = perennial(folder, &["query", sql, "--data", "brand", "--format", "csv"]);
    ran.stdout.lines().nth(1).unwrap_or_default().to_owned()
}

fn text(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

#[test]
fn files_are_imported_once_they_are_complete_and_put_away_with_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let inside = path.join("in");
    fs::create_dir(&inside).unwrap();
    let _server = Watching::start(path);
    // One that is written slowly beside one that is complete: the first is not touched before its end.
    let mut slow = fs::File::create(inside.join("a-slow.csv")).unwrap();
    let (first, rest) = (orders(0..50), orders(50..100));
    slow.write_all(first.as_bytes()).unwrap();
    fs::write(path.join("whole.csv"), orders(100..200)).unwrap();
    fs::rename(path.join("whole.csv"), inside.join("b-whole.csv")).unwrap();
    let more: Vec<&str> = rest.lines().skip(1).collect();
    for line in more {
        writeln!(slow, "{line}").unwrap();
        slow.flush().unwrap();
        std::thread::park_timeout(Duration::from_millis(60));
    }
    drop(slow);
    wait_for(&inside.join("done/a-slow.csv"));
    wait_for(&inside.join("done/b-whole.csv"));
    assert_eq!(total(path), "10,200");
    let log = text(inside.join("done/a-slow.csv.log.txt"));
    assert!(log.contains("100 rows, 100 orders") && log.contains("100 行，100 个订单"), "{log}");
    // The same again, one with bad rows, and one of which nothing can be used.
    fs::write(inside.join("b-whole.csv"), orders(100..200)).unwrap();
    fs::write(inside.join("c-bad.csv"), orders(200..210) + "999,x@shop.example,yesterday,5\n").unwrap();
    fs::write(inside.join("d-nothing.csv"), "colour,shape\nred,round\n").unwrap();
    wait_for(&inside.join("failed/d-nothing.csv"));
    assert!(inside.join("done/b-whole-2.csv").is_file());
    assert!(text(inside.join("done/b-whole-2.csv.log.txt")).contains("already imported"));
    assert!(text(inside.join("done/c-bad.csv.log.txt")).contains("rejected: 1"));
    assert!(text(inside.join("done/c-bad.csv.rejects.csv")).contains("yesterday"));
    let log = text(inside.join("failed/d-nothing.csv.log.txt"));
    assert!(log.contains("not imported") && log.contains("没有导入"), "{log}");
    assert_eq!(total(path), "10,210");
    let left: Vec<_> = fs::read_dir(&inside).unwrap().flatten().filter(|entry| entry.path().is_file()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_server_killed_before_it_put_a_file_away_does_so_at_its_next_start_and_imports_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("in/orders.csv"), orders(0..60)).unwrap();
    // What such a server leaves: the rows are in, the file is where it was.
    let ran = perennial(path, &["import", "in/orders.csv", "--data", "brand", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let _server = Watching::start(path);
    wait_for(&path.join("in/done/orders.csv"));
    assert_eq!(total(path), "10,60");
    assert!(text(path.join("in/done/orders.csv.log.txt")).contains("already imported"));
}

#[test]
fn a_folder_that_cannot_be_watched_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir_all(path.join("brand/in")).unwrap();
    for (watched, text) in [("nowhere", "no such folder"), ("brand/in", "apart from"), (".", "apart from")] {
        let ran = perennial(path, &["serve", "--data", "brand", "--watch", watched]);
        assert_eq!(ran.code, 2, "{watched}: {} {}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(text), "{watched}: {}", ran.stderr);
    }
}

/// The currency of all events, and the seconds since 1970 at which the first one happened.
fn settings(folder: &Path) -> String {
    let sql = "select currency, cast(extract(epoch from min(time)) as bigint) from events group by currency";
    let ran = perennial(folder, &["query", sql, "--data", "brand", "--format", "csv"]);
    ran.stdout.lines().skip(1).collect::<Vec<_>>().join("|")
}

/// Euro, and the first of March 2024 at ten in Shanghai.
const SHANGHAI: &str = "EUR,1709258400";

#[test]
fn a_file_waits_until_somebody_says_the_zone_and_currency_that_it_does_not_show() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    let mut server = Server::start_with(path, &IN);
    let boss = owner(&mut server);
    let watched = || boss.ask(&server, "GET", "/api/watch", &Value::Null).body["folders"][0].clone();
    let brand = || boss.ask(&server, "GET", "/api/brand", &Value::Null).body;
    assert_eq!(watched()["needs_settings"], json!(false));
    fs::write(path.join("in/orders.csv"), orders(0..60)).unwrap();
    let until = Instant::now() + Duration::from_secs(120);
    while watched()["needs_settings"] == json!(false) {
        assert!(Instant::now() < until, "{}", watched());
        std::thread::park_timeout(Duration::from_millis(20));
    }
    let told = watched();
    let problem = told["problem"].as_str().unwrap();
    assert!(problem.contains("orders.csv") && problem.contains("timezone and currency"), "{problem}");
    assert_eq!((brand()["currency"].clone(), brand()["has_data"].clone()), (Value::Null, json!(false)));
    assert!(path.join("in/orders.csv").is_file(), "it is no failed file");
    // A person who imports one says them for all.
    fs::write(path.join("one.csv"), orders(100..110)).unwrap();
    let said = ["import", "one.csv", "--data", "brand", "--timezone", "Asia/Shanghai", "--currency", "EUR"];
    assert_eq!(perennial(path, &said).code, 0);
    wait_for(&path.join("in/done/orders.csv"));
    assert_eq!(total(path), "10,70");
    assert_eq!(settings(path), SHANGHAI);
    assert_eq!((brand()["timezone"].clone(), brand()["currency"].clone()), (json!("Asia/Shanghai"), json!("EUR")));
    let (_, log) = server.stop();
    let warned: Vec<&str> = log.lines().filter(|line| line.contains("say timezone and currency")).collect();
    assert!(warned.len() == 1 && warned[0].contains("WARN"), "{log}");
}

#[test]
fn a_brand_without_zone_and_currency_gets_those_of_the_configuration_and_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("in/orders.csv"), orders(0..60)).unwrap();
    let server = Server::start_with(path, &[IN, SETTINGS].concat());
    wait_for(&path.join("in/done/orders.csv"));
    let (_, log) = server.stop();
    // What the environment of the tests says is no warning about the folder.
    let of_folders = |line: &&str| line.contains("WARN") && !line.contains("is no key of the configuration");
    assert_eq!(log.lines().find(of_folders), None);
    assert_eq!(settings(path), SHANGHAI);
    // Its figures are in them: another configuration does not change that, and hears so.
    let other = [("PERENNIAL_TIMEZONE", "UTC"), ("PERENNIAL_CURRENCY", "USD")];
    let server = Server::start_with(path, &[IN, other].concat());
    fs::write(path.join("in/more.csv"), orders(60..70)).unwrap();
    wait_for(&path.join("in/done/more.csv"));
    let (_, log) = server.stop();
    assert!(log.contains("the brand has these already") && log.contains("Asia/Shanghai"), "{log}");
    assert_eq!((total(path), settings(path)), ("10,70".to_owned(), SHANGHAI.to_owned()));
}
