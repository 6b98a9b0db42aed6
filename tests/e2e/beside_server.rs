//! Commands beside a running server: the same answers, in one process, without its lock.

use crate::run::{Ran, command, perennial};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

/// A server that is killed when the test ends, whatever happens.
pub(crate) struct Server {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = command(folder, &["serve", "--data", "brand"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut ready = String::new();
        lines.read_line(&mut ready).unwrap();
        assert!(ready.contains("customers ready in"), "{ready}");
        Self { child, lines }
    }

    /// Asks it to end; returns its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
        let mut rest = String::new();
        self.lines.read_line(&mut rest).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn orders(path: &Path, ids: std::ops::Range<u32>) {
    let mut file = fs::File::create(path).unwrap();
    writeln!(file, "order_id,email,order_time,amount").unwrap();
    for id in ids {
        writeln!(file, "{id},c{}@shop.example,2024-03-{:02} 10:00:00,{}.50", id % 40, id % 28 + 1, id % 9 + 1).unwrap();
    }
}

fn fine(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

const TOTALS: [&str; 6] =
    ["query", "select count(*), sum(orders), sum(revenue) from customers", "--data", "brand", "--format", "csv"];

#[test]
fn a_server_answers_what_a_process_of_its_own_would() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    orders(&path.join("first.csv"), 0..200);
    orders(&path.join("second.csv"), 200..300);

    let server = Server::start(path);
    let imported = fine(path, &["import", "first.csv", "--data", "brand"]);
    assert!(imported.stdout.contains("200 orders, 40 new customers"), "{}", imported.stdout);
    fine(path, &["import", "second.csv", "--data", "brand", "--quiet"]);
    let answer = fine(path, &TOTALS).stdout;
    assert!(answer.lines().nth(1).is_some_and(|line| line.starts_with("40,300,")), "{answer}");
    // Checksums, manifest, and that the live table is what the runs give.
    assert!(fine(path, &["verify", "--data", "brand"]).stdout.contains("nothing wrong"));
    fine(path, &["erase", "email=c7@shop.example", "--data", "brand", "--yes"]);
    assert!(fine(path, &TOTALS).stdout.lines().nth(1).is_some_and(|line| line.starts_with("39,")));
    assert!(fine(path, &["verify", "--data", "brand"]).stdout.contains("nothing wrong"));
    fine(path, &["report", "--data", "brand", "--out", "page.html", "--json", "page.json"]);
    assert!(path.join("page.html").is_file() && path.join("page.json").is_file());
    let answer = fine(path, &TOTALS).stdout;

    assert_eq!(server.stop(), Some(0));
    assert!(!path.join("brand/perennial.sock").exists());
    assert_eq!(fine(path, &TOTALS).stdout, answer);
}

#[test]
fn errors_and_exit_codes_come_through_the_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let _server = Server::start(path);
    let nothing = perennial(path, &TOTALS);
    assert_eq!(nothing.code, 1);
    assert!(nothing.stderr.contains("holds nothing yet"), "{}", nothing.stderr);
    let missing = perennial(path, &["import", "nowhere.csv", "--data", "brand"]);
    assert_eq!(missing.code, 2, "{}", missing.stderr);
    assert!(missing.stderr.contains("nowhere.csv"), "{}", missing.stderr);
    orders(&path.join("orders.csv"), 0..20);
    orders(&path.join("bad.csv"), 900..920);
    let bad_row = "999,a@shop.example,yesterday,5\n";
    fs::write(path.join("bad.csv"), fs::read_to_string(path.join("bad.csv")).unwrap() + bad_row).unwrap();
    fine(path, &["import", "orders.csv", "--data", "brand"]);
    let bad = perennial(path, &["import", "bad.csv", "--data", "brand"]);
    assert!(bad.stdout.contains("rejected: 1"), "{} {}", bad.stdout, bad.stderr);
    assert!(path.join("bad.csv.rejects.csv").is_file(), "rejects lie where the command was given");
    let wrong = perennial(path, &["query", "select nothing from customers", "--data", "brand"]);
    assert!(wrong.code != 0 && wrong.stderr.contains("nothing"), "{}", wrong.stderr);
    // What must have the directory for itself says who has it.
    let refold = perennial(path, &["refold", "--data", "brand"]);
    assert!(refold.code != 0 && refold.stderr.contains("in use by process"), "{}", refold.stderr);
    let second = perennial(path, &["serve", "--data", "brand"]);
    assert!(second.code != 0 && second.stderr.contains("in use by process"), "{}", second.stderr);
}

#[test]
fn a_killed_server_leaves_a_directory_that_opens_with_and_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    orders(&path.join("orders.csv"), 0..100);
    let mut server = Server::start(path);
    fine(path, &["import", "orders.csv", "--data", "brand", "--quiet"]);
    let answer = fine(path, &TOTALS).stdout;
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    assert!(path.join("brand/perennial.sock").exists());
    assert_eq!(fine(path, &TOTALS).stdout, answer, "no server: the command opens the directory itself");
    let _server = Server::start(path);
    assert_eq!(fine(path, &TOTALS).stdout, answer, "the next server takes the socket over");
}

#[test]
fn a_server_told_to_stop_ends_an_import_that_goes_on_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    orders(&path.join("orders.csv"), 0..200_000);
    let server = Server::start(path);
    let mut import = command(path, &["import", "orders.csv", "--data", "brand", "--quiet"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut said, mut lines) = (String::new(), BufReader::new(import.stdout.take().unwrap()));
    lines.read_line(&mut said).unwrap();
    assert_eq!(server.stop(), Some(0));
    assert_ne!(import.wait().unwrap().code(), Some(0));
    fine(path, &["import", "orders.csv", "--data", "brand", "--quiet"]);
    let answer = fine(path, &TOTALS).stdout;
    assert!(answer.lines().nth(1).is_some_and(|line| line.starts_with("40,200000,")), "{answer}");
}

#[test]
fn many_commands_at_once_are_all_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for file in 0..6_u32 {
        orders(&path.join(format!("{file}.csv")), file * 50..(file + 1) * 50);
    }
    let _server = Server::start(path);
    std::thread::scope(|scope| {
        for file in 0..6 {
            scope.spawn(move || fine(path, &["import", &format!("{file}.csv"), "--data", "brand", "--quiet"]));
        }
    });
    // Forty people in six files, imported at once: nobody was made twice.
    let answer = fine(path, &TOTALS).stdout;
    assert!(answer.lines().nth(1).is_some_and(|line| line.starts_with("40,300,")), "{answer}");
    assert!(fine(path, &["verify", "--data", "brand"]).stdout.contains("nothing wrong"));
}
