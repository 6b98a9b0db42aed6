//! Where a directory's store is: told once, kept, moved. On PostgreSQL where it is installed.

use crate::run::{Ran, command};
use perennial_testkit::{postgres_database, postgres_server};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

fn orders(path: &Path, ids: std::ops::Range<u32>) {
    let mut file = fs::File::create(path).unwrap();
    writeln!(file, "order_id,email,order_time,amount").unwrap();
    for id in ids {
        writeln!(file, "{id},c{}@shop.example,2024-03-{:02} 10:00:00,{}.50", id % 40, id % 28 + 1, id % 9 + 1).unwrap();
    }
}

/// With the variable set, or without it.
fn with_store(folder: &Path, store: Option<&str>, arguments: &[&str]) -> Ran {
    let mut command = command(folder, arguments);
    command.env_remove("PERENNIAL_STORE");
    if let Some(store) = store {
        command.env("PERENNIAL_STORE", store);
    }
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn fine(folder: &Path, store: Option<&str>, arguments: &[&str]) -> String {
    let ran = with_store(folder, store, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran.stdout
}

fn refused(folder: &Path, store: Option<&str>, arguments: &[&str], reason: &str) {
    let ran = with_store(folder, store, arguments);
    assert!(ran.code != 0 && ran.stderr.contains(reason), "{arguments:?}: {} {}", ran.code, ran.stderr);
    assert!(!ran.stderr.contains("s3cret"), "a password is not for a log: {}", ran.stderr);
}

const TOTALS: [&str; 6] =
    ["query", "select count(*), sum(orders), sum(revenue) from customers", "--data", "shop", "--format", "csv"];

#[test]
fn a_directory_remembers_its_database_and_refuses_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let Some((server, address)) = postgres_server().zip(postgres_database(path)) else { return };
    let address = address.replace("perennial@", "perennial:s3cret@");
    orders(&path.join("orders.csv"), 0..100);
    let import = ["import", "orders.csv", "--quiet", "--data", "shop"];
    fine(path, Some(&address), &import);
    let note = path.join("shop/store.toml");
    assert_eq!(fs::metadata(&note).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!path.join("shop/store.db").exists() && !path.join("shop/hot.db").exists());
    assert!(fine(path, None, &TOTALS).lines().nth(1).is_some_and(|line| line.starts_with("40,100,")));
    refused(path, Some("sqlite"), &TOTALS, "keeps its store in a database");
    let other = server.new_database(&format!("{}_other", address.rsplit('/').next().unwrap())).unwrap();
    refused(path, Some(&other), &TOTALS, "holds another brand");
    // Its files are in the first directory.
    let second = ["import", "orders.csv", "--quiet", "--data", "second"];
    refused(path, Some(&address), &second, "data directory is another");
    // A directory with files of its own is not silently begun anew.
    fine(path, None, &["import", "orders.csv", "--quiet", "--data", "files"]);
    refused(path, Some(&address), &["verify", "--data", "files"], "files of its own");
    // A new address of the same brand is taken over.
    let renewed = address.replace("127.0.0.1", "localhost");
    fine(path, Some(&renewed), &TOTALS);
    assert!(fs::read_to_string(&note).unwrap().contains("localhost"));
    refused(path, Some("postgres://perennial:s3cret@127.0.0.1:1/none"), &TOTALS, "cannot be reached");
}

#[test]
fn a_brand_moves_into_a_database_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let Some(address) = postgres_database(path) else { return };
    orders(&path.join("first.csv"), 0..100);
    orders(&path.join("second.csv"), 100..200);
    fine(path, None, &["import", "first.csv", "--quiet", "--data", "shop"]);
    let before = fine(path, None, &TOTALS);
    let there = ["migrate-store", "--from", "shop", "--to", &address];
    let back = ["migrate-store", "--from", &address, "--to", "shop"];
    refused(path, None, &back, "not the data directory");
    let mut server = command(path, &["serve", "--data", "shop"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    refused(path, None, &there, "in use by process");
    server.kill().unwrap();
    server.wait().unwrap();
    let moved = fine(path, None, &there);
    assert!(moved.contains("the same in both places") && moved.contains("profile_identity"), "{moved}");
    assert!(!path.join("shop/store.db").exists() && path.join("shop/store.toml").exists());
    assert_eq!(fine(path, None, &TOTALS), before);
    refused(path, None, &there, "already");
    fine(path, None, &["import", "second.csv", "--quiet", "--data", "shop"]);
    let grown = fine(path, None, &TOTALS);
    assert!(grown.lines().nth(1).is_some_and(|line| line.starts_with("40,200,")), "{grown}");
    fine(path, None, &back);
    assert!(path.join("shop/store.db").exists() && !path.join("shop/store.toml").exists());
    assert_eq!(fine(path, None, &TOTALS), grown);
    assert!(fine(path, None, &["verify", "--data", "shop"]).contains("nothing wrong"));
    refused(path, Some(&address), &["import", "first.csv", "--quiet", "--data", "third"], "was moved away");
}
