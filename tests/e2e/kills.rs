//! The server killed under load, again and again: what was acknowledged is there, once.

use crate::data_directory::SmallDisk;
use crate::network::{Server, basic};
use crate::run::{Ran, on_postgres, perennial};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Clients that send at the same time.
const CLIENTS: u64 = 4;
/// A batch is acknowledged within this time, whatever happens to the server meanwhile.
const PATIENCE: Duration = Duration::from_secs(120);
/// Kills in the usual run of the tests, and with PERENNIAL_TEST_FULL.
const KILLS: (u64, u64) = (6, 60);

fn fine(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

pub(crate) fn times((usual, full): (u64, u64)) -> u64 {
    if std::env::var_os("PERENNIAL_TEST_FULL").is_some() { full } else { usual }
}

/// An order whose total is its number, so that no two can be mistaken for one another.
fn order(number: u64) -> Value {
    json!({
        "type": "track", "messageId": format!("m{number}"), "userId": format!("c{}", number % 997),
        "event": "Order Completed", "properties": {"order_id": format!("o{number}"), "total": number + 1}
    })
}

/// The status of the answer, if there was one.
pub(crate) fn post(address: &str, key: &str, body: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    let key = basic(key);
    let head = format!(
        "POST /v1/batch HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split_whitespace().nth(1)?.parse().ok()
}

/// Clients that send batches until told to stop, each again and again until it is acknowledged.
pub(crate) struct Load {
    clients: Vec<JoinHandle<()>>,
    address: Arc<Mutex<String>>,
    stop: Arc<AtomicBool>,
    /// Messages made so far.
    sent: Arc<AtomicU64>,
    /// Batches acknowledged, one by one.
    acknowledged: Receiver<()>,
    /// Batches that were not, one by one.
    pub(crate) refused: Receiver<()>,
}

impl Load {
    pub(crate) fn start(key: &str, address: &str) -> Self {
        let (address, stop) = (Arc::new(Mutex::new(address.to_owned())), Arc::new(AtomicBool::new(false)));
        let (acknowledged, sent) = (channel(), Arc::new(AtomicU64::new(0)));
        let refused = channel();
        let client = |_| {
            let (address, stop, sent) = (Arc::clone(&address), Arc::clone(&stop), Arc::clone(&sent));
            let (key, yes, no) = (key.to_owned(), acknowledged.0.clone(), refused.0.clone());
            std::thread::spawn(move || send_until(&stop, &sent, &address, &key, &yes, &no))
        };
        let clients = (0..CLIENTS).map(client).collect();
        Self { clients, address, stop, sent, acknowledged: acknowledged.1, refused: refused.1 }
    }

    pub(crate) fn wait_for(&self, batches: u64) {
        (0..batches).for_each(|_| self.acknowledged.recv().unwrap());
    }

    /// All that was sent is acknowledged when it returns: how many messages.
    pub(crate) fn finish(self) -> u64 {
        self.stop.store(true, Ordering::Release);
        for client in self.clients {
            client.join().unwrap();
        }
        self.sent.load(Ordering::Acquire)
    }
}

fn send_until(
    stop: &AtomicBool,
    sent: &AtomicU64,
    address: &Mutex<String>,
    key: &str,
    yes: &Sender<()>,
    no: &Sender<()>,
) {
    for round in 1.. {
        let count = round * 7 % 23 + 1;
        let first = sent.fetch_add(count, Ordering::AcqRel);
        let batch: Vec<Value> = (first..first + count).map(order).collect();
        let body = json!({"batch": batch}).to_string();
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "what was refused for a reason that is over is still refused");
            let place = address.lock().unwrap().clone();
            match post(&place, key, &body) {
                Some(200) => break,
                // Anything but an answer that says to try again would be an event lost by its sender.
                status => assert!(matches!(status, None | Some(503 | 429)), "{status:?}"),
            }
            let _ = no.send(());
            std::thread::yield_now();
        }
        let _ = yes.send(());
        if stop.load(Ordering::Acquire) {
            return;
        }
    }
}

/// Every order once, and the live table the same as the timeline.
pub(crate) fn check(folder: &Path, sent: u64) {
    let ask = |sql: &str| {
        let ran = fine(folder, &["query", sql, "--data", "brand", "--as-of", "2100-01-01", "--format", "csv"]);
        ran.stdout.lines().skip(1).collect::<Vec<_>>().join("|")
    };
    let orders = "select count(*), count(distinct order_id), sum(value_minor) from events where kind = 'order'";
    assert_eq!(ask(orders), format!("{sent},{sent},{}", 50 * sent * (sent + 1)));
    let customers = "select sum(orders), cast(sum(revenue) as bigint) from customers";
    assert_eq!(ask(customers), format!("{sent},{}", sent * (sent + 1) / 2));
    assert!(fine(folder, &["verify", "--data", "brand"]).stdout.contains("nothing wrong"));
}

#[test]
fn a_server_killed_under_load_loses_nothing_it_acknowledged_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let key = fine(path, &["key", "create", "--data", "brand", "--name", "shop"]).stdout.trim().to_owned();
    let mut server = Server::start(path);
    let load = Load::start(&key, &server.address);
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    for kill in 0..times(KILLS) {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        load.wait_for((chance >> 33) % 60 + 1);
        if kill % 4 == 3 {
            // On its way out, where it flushes.
            let pid = server.child.id().to_string();
            assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
            (0..(chance >> 40) % 20).for_each(|_| load.refused.recv().unwrap());
        }
        server.kill();
        server = Server::start(path);
        load.address.lock().unwrap().clone_from(&server.address);
    }
    let sent = load.finish();
    check(path, sent);
    drop(server);
    check(path, sent);
}

#[test]
fn a_disk_that_fills_up_under_load_costs_time_and_nothing_else() {
    // On PostgreSQL it is another machine's disk that fills.
    let Some(disk) = (!on_postgres()).then(|| SmallDisk::mount(48)).flatten() else { return };
    let path = disk.0.path();
    let key = fine(path, &["key", "create", "--data", "brand", "--name", "shop"]).stdout.trim().to_owned();
    let server = Server::start(path);
    let load = Load::start(&key, &server.address);
    load.wait_for(20);
    let ballast = path.join("ballast");
    // As much as there is room for.
    let _ = std::fs::write(&ballast, vec![0; 64 << 20]);
    (0..10).for_each(|_| load.refused.recv().unwrap());
    std::fs::remove_file(&ballast).unwrap();
    load.wait_for(20);
    let sent = load.finish();
    check(path, sent);
}
