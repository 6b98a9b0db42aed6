//! The database under a running server stops, takes no writes, or has no room: nothing that was acknowledged
//! is lost, senders are told to come again, and it goes on without a restart of the server.

use crate::browser::owner;
use crate::data_directory::SmallDisk;
use crate::kills::{Load, check, post, times};
use crate::network::{Answer, Server};
use crate::run::{command, on_postgres, perennial};
use perennial_testkit::PostgresServer;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long the server may take to notice.
const PATIENCE: Duration = Duration::from_secs(120);

/// A brand in a database of this server; its write key.
fn brand(path: &Path, database: &PostgresServer) -> String {
    let address = database.new_database("brand").unwrap();
    // The directory remembers where its store is.
    let mut make = command(path, &["key", "create", "--data", "kept", "--name", "shop"]);
    let made = make.env("PERENNIAL_STORE", &address).output().unwrap();
    fs::rename(path.join("kept"), path.join("brand")).unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// A server over a database of its own, and what is needed to send to it.
struct Faulty {
    server: Server,
    key: String,
    folder: TempDir,
    // Ends last.
    database: PostgresServer,
}

impl Faulty {
    /// With the database in this folder.
    fn start(database: &Path) -> Self {
        let database = PostgresServer::start_in(database).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let key = brand(folder.path(), &database);
        let server = Server::start(folder.path());
        Self { server, key, folder, database }
    }

    fn load(&self) -> Load {
        Load::start(&self.key, &self.server.address)
    }
}

/// Runs SQL as whoever looks after the database, who may write when nobody else may.
fn administer(database: &PostgresServer, sql: &str) {
    let line = database.line();
    let address = line.rsplit(' ').next().unwrap();
    let writing = format!("{address}/postgres?options=-c%20default_transaction_read_only%3Doff");
    database.sql(&writing, sql).unwrap();
}

fn ready(server: &Server) -> Answer {
    server.ask("GET", "/readyz", &[], &Value::Null)
}

fn until(what: &str, mut come: impl FnMut() -> bool) {
    let began = Instant::now();
    while !come() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_database_restarted_under_load_costs_time_and_nothing_else() {
    if !on_postgres() {
        return;
    }
    let mut faulty = Faulty::start(&std::env::temp_dir());
    let load = faulty.load();
    for _ in 0..times((2, 10)) {
        load.wait_for(20);
        faulty.database.ask("restart").unwrap();
    }
    load.wait_for(20);
    check(faulty.folder.path(), load.finish());
}

#[test]
fn a_database_that_is_down_is_told_and_waited_for() {
    if !on_postgres() {
        return;
    }
    let Faulty { mut database, folder: _folder, key, server } = Faulty::start(&std::env::temp_dir());
    assert_eq!(ready(&server).status, 200);
    database.ask("stop").unwrap();
    let told = ready(&server);
    assert_eq!((told.status, &told.body["error"]["code"]), (503, &json!("unavailable")), "{told:?}");
    assert_eq!(server.ask("GET", "/healthz", &[], &Value::Null).status, 200, "it need not be restarted");
    let message = json!({"batch": [{"type": "track", "messageId": "1", "userId": "ann", "event": "Seen"}]});
    assert_eq!(post(&server.address, &key, &message.to_string()), Some(503));
    database.ask("start").unwrap();
    until("it is not ready again", || ready(&server).status == 200);
    until("nothing is taken", || post(&server.address, &key, &message.to_string()) == Some(200));
}

#[test]
fn a_database_that_takes_no_writes_costs_time_and_nothing_else() {
    if !on_postgres() {
        return;
    }
    let faulty = Faulty::start(&std::env::temp_dir());
    let load = faulty.load();
    let Faulty { database, folder, server, key: _ } = faulty;
    for _ in 0..times((2, 10)) {
        load.wait_for(20);
        administer(&database, "ALTER SYSTEM SET default_transaction_read_only = on");
        administer(&database, "SELECT pg_reload_conf()");
        // Each of them was a 503, or the load would have failed.
        (0..20).for_each(|_| load.refused.recv().unwrap());
        assert_eq!(ready(&server).status, 200, "what is there can be read");
        administer(&database, "ALTER SYSTEM RESET default_transaction_read_only");
        administer(&database, "SELECT pg_reload_conf()");
    }
    load.wait_for(20);
    check(folder.path(), load.finish());
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("the store cannot be written now"), "{log}");
}

#[test]
fn a_database_whose_disk_fills_up_costs_time_and_nothing_else() {
    let Some(disk) = on_postgres().then(|| SmallDisk::mount(320)).flatten() else { return };
    let mut faulty = Faulty::start(disk.0.path());
    let load = faulty.load();
    load.wait_for(20);
    let ballast = disk.0.path().join("ballast");
    // As much as there is room for.
    let _ = fs::write(&ballast, vec![0; 320 << 20]);
    (0..20).for_each(|_| load.refused.recv().unwrap());
    fs::remove_file(&ballast).unwrap();
    // It ends itself when there is no room for its log; it is started again, the brand's server is not.
    faulty.database.ask("start").unwrap();
    load.wait_for(20);
    check(faulty.folder.path(), load.finish());
}

/// A folder whose files nobody may write, root included, though they are open; as it was when dropped.
struct Frozen(PathBuf);

impl Frozen {
    fn new(folder: &Path) -> Self {
        assert!(chattr("+i", folder));
        Self(folder.to_owned())
    }

    /// Whether the file system can do that; a message where it cannot.
    fn works(folder: &Path) -> bool {
        let inside = folder.join("frozen");
        fs::create_dir(&inside).unwrap();
        let mut file = fs::File::create(inside.join("file")).unwrap();
        let works = chattr("+i", &inside) && file.write_all(b"x").is_err();
        chattr("-i", &inside);
        if !works {
            eprintln!("skipped: only root can take the right to write from everybody, on ext4 or XFS");
        }
        works
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        chattr("-i", &self.0);
    }
}

/// But for files that are shared memory and hold nothing: who writes into one is killed by the system.
fn chattr(change: &str, folder: &Path) -> bool {
    let mut all = Command::new("find");
    all.arg(folder).args(["(", "-type", "f", "-o", "-type", "d", ")", "!", "-name", "*-shm"]);
    all.args(["-exec", "chattr", change, "{}", "+"]);
    all.output().is_ok_and(|done| done.status.success())
}

#[test]
fn a_data_directory_that_takes_no_writes_costs_time_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    if on_postgres() || !Frozen::works(path) {
        return;
    }
    let key = perennial(path, &["key", "create", "--data", "brand", "--name", "shop"]).stdout.trim().to_owned();
    let mut server = Server::start(path);
    let boss = owner(&mut server);
    let load = Load::start(&key, &server.address);
    for round in 0..times((2, 10)) {
        load.wait_for(20);
        let frozen = Frozen::new(&path.join("brand"));
        // Each of them was a 503, or the load would have failed.
        (0..20).for_each(|_| load.refused.recv().unwrap());
        let refused = boss.ask(&server, "POST", "/api/keys", &json!({"name": format!("till {round}")}));
        assert_eq!((refused.status, &refused.body["error"]["code"]), (503, &json!("unavailable")), "{refused:?}");
        assert_eq!(ready(&server).status, 200, "what is there can be read");
        assert_eq!(boss.ask(&server, "GET", "/api/keys", &Value::Null).body["keys"].as_array().unwrap().len(), 1);
        drop(frozen);
    }
    load.wait_for(20);
    let made = boss.ask(&server, "POST", "/api/keys", &json!({"name": "till"}));
    assert_eq!(made.status, 200, "{made:?}");
    check(path, load.finish());
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("the store cannot be written now"), "{log}");
}
