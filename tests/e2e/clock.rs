//! The clock of the machine is set forward and back under a running server.

use crate::browser::owner;
use crate::network::{Answer, Server, basic};
use crate::run::perennial;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A clock that is ahead by the seconds that a file says.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *told) {
    int done = syscall(SYS_clock_gettime, clock, told);
    char text[32];
    int file = clock == CLOCK_REALTIME ? open(getenv("CLOCK_AHEAD"), O_RDONLY) : -1;
    if (done != 0 || file < 0) return done;
    ssize_t count = read(file, text, 31);
    close(file);
    if (count > 0) { text[count] = 0; told->tv_sec += atol(text); }
    return done;
}
"#;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// How long the table may take to follow the clock.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server whose clock is set by a file.
struct Clocked {
    server: Server,
    key: String,
    /// A session would end by the clock.
    token: String,
    sent: u64,
}

impl Clocked {
    fn start(path: &Path) -> Self {
        fs::write(path.join("clock.c"), CLOCK).unwrap();
        let library = path.join("clock.so");
        let built =
            Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(path.join("clock.c")).status();
        assert!(built.unwrap().success(), "a C compiler is needed to build this in the first place");
        fs::write(path.join("ahead"), "0").unwrap();
        let ran = perennial(path, &["key", "create", "--data", "brand", "--name", "shop"]);
        let environment = [
            ("LD_PRELOAD", library.to_str().unwrap().to_owned()),
            ("CLOCK_AHEAD", path.join("ahead").to_str().unwrap().to_owned()),
        ];
        let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut server = Server::start_with(path, &environment);
        let asked = json!({"name": "test", "scopes": ["query"]});
        let made = owner(&mut server).ask(&server, "POST", "/api/tokens", &asked);
        let token = format!("Bearer {}", made.body["token"].as_str().unwrap());
        Self { server, key: ran.stdout.trim().to_owned(), token, sent: 0 }
    }

    /// Five orders of now, whenever that is.
    fn orders(&mut self) {
        let order = |number: u64| {
            json!({"type": "track", "messageId": format!("m{number}"), "userId": format!("c{}", number % 3),
                   "event": "Order Completed", "properties": {"order_id": format!("o{number}"), "total": 1}})
        };
        let batch: Vec<_> = (self.sent..self.sent + 5).map(order).collect();
        self.sent += 5;
        let body = json!({ "batch": batch }).to_string();
        let key = basic(&self.key);
        let headers = [("Authorization", key.as_str()), ("Content-Type", "application/json")];
        let answer: Answer = self.server.send("POST", "/v1/batch", &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Waits until the table has so many orders, and is what the timeline gives.
    fn wait_for(&self, path: &Path, orders: u64) {
        let (began, mut told) = (Instant::now(), Value::Null);
        while told != json!(orders) {
            assert!(began.elapsed() < PATIENCE, "{orders} orders are there at this time: {told}");
            let asked = json!({"sql": "SELECT coalesce(sum(orders), 0) FROM customers"});
            let answer = self.server.ask("POST", "/api/query", &[("authorization", &self.token)], &asked);
            told = answer.body["rows"][0][0].clone();
        }
        let verified = perennial(path, &["verify", "--data", "brand"]);
        assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    }
}

/// Sets the clock by a whole file at once.
fn set(path: &Path, ahead: i64) {
    fs::write(path.join("next"), ahead.to_string()).unwrap();
    fs::rename(path.join("next"), path.join("ahead")).unwrap();
}

#[test]
fn a_clock_that_jumps_both_ways_loses_nothing_and_the_table_follows_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut clocked = Clocked::start(path);
    clocked.orders();
    clocked.wait_for(path, 5);
    for (ahead, before) in [(HOUR, 5), (3 * DAY, 10), (3 * DAY - 2 * HOUR, 10), (0, 5), (-30 * DAY, 0)] {
        set(path, ahead);
        clocked.wait_for(path, before);
        clocked.orders();
        clocked.wait_for(path, before + 5);
    }
    set(path, 400 * DAY);
    clocked.wait_for(path, 30);
    set(path, 0);
    clocked.orders();
    drop(clocked);
    let all = ["query", "select count(*) from events", "--data", "brand", "--as-of", "2100-01-01", "--format", "csv"];
    assert_eq!(perennial(path, &all).stdout.lines().nth(1), Some("35"), "each order once, whenever it was");
}
