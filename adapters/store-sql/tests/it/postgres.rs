//! The contracts on PostgreSQL, and what is PostgreSQL's own.

use bytes::Bytes;
use perennial_model::{CustomerId, IdentityKey, IdentityKind};
use perennial_ports::{HotLog, IdentityBinding, ManifestChange, Store, StoreError};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::{PostgresServer, TestFolder, postgres_database, postgres_server};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn is_here(folder: &Path) -> bool {
    postgres_database(folder).is_some()
}

async fn open_store(folder: &Path) -> SqlStore {
    SqlStore::connect(&postgres_database(folder).unwrap()).await.unwrap()
}

async fn open_hot_log(folder: &Path) -> SqlHotLog {
    SqlHotLog::connect(&postgres_database(folder).unwrap()).await.unwrap()
}

mod store {
    perennial_testkit::store_contract!(super::open_store, super::is_here);
}

mod accounts {
    perennial_testkit::accounts_contract!(super::open_store, super::is_here);
}

mod hot_log {
    perennial_testkit::hot_log_contract!(super::open_hot_log, super::is_here);
}

async fn connect(address: &str) -> Result<SqlStore, StoreError> {
    SqlStore::connect(address).await
}

fn change(epoch: u64) -> ManifestChange {
    ManifestChange { expected_epoch: epoch, ..ManifestChange::default() }
}

#[tokio::test]
async fn a_database_has_one_owner_at_a_time() {
    let folder = TestFolder::new();
    let Some(address) = postgres_database(folder.path()) else { return };
    let store = connect(&address).await.unwrap();
    assert_eq!(store.meta().await.unwrap().shards.get(), 64);
    let second = connect(&address).await.err().unwrap();
    assert!(matches!(second, StoreError::InUse), "{second}");
    assert!(second.is_temporary());
    assert_eq!(store.commit(&change(0)).await.unwrap(), 1, "the first is not disturbed");
    store.close().await;
    assert_eq!(connect(&address).await.unwrap().commit(&change(1)).await.unwrap(), 2);
}

/// An owner whose session was cut off, by a network or a person, while another one came and went.
#[tokio::test]
async fn an_owner_that_was_replaced_writes_nothing_more() {
    let folder = TestFolder::new();
    let Some((server, address)) = postgres_server().zip(postgres_database(folder.path())) else { return };
    let first = connect(&address).await.unwrap();
    server.sql(&address, CUT_WRITERS).unwrap();
    assert_eq!(first.commit(&change(0)).await.unwrap(), 1, "it takes the lock again where nobody else did");
    server.sql(&address, CUT_WRITERS).unwrap();
    let second = connect(&address).await.unwrap();
    assert!(matches!(first.set_setting("zone", "UTC").await, Err(StoreError::InUse)));
    second.close().await;
    let refused = first.commit(&change(1)).await.unwrap_err();
    assert!(matches!(refused, StoreError::TakenOver), "{refused}");
    assert!(matches!(first.commit(&change(1)).await, Err(StoreError::TakenOver)), "and so it stays");
}

const CUT_WRITERS: &str = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks WHERE locktype = 'advisory'
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Appends go on while the server is restarted: each fails in a way that can be tried again, or stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_server_loses_nothing_that_was_acknowledged() {
    let mut server = match PostgresServer::start() {
        Ok(server) => server,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let address = server.new_database("restarted").unwrap();
    let log = Arc::new(SqlHotLog::connect(&address).await.unwrap());
    let stop = Arc::new(AtomicBool::new(false));
    let (appending, until) = (Arc::clone(&log), Arc::clone(&stop));
    let appended = tokio::spawn(async move {
        let (mut acknowledged, mut refused) = (Vec::new(), 0);
        for number in 0_u64.. {
            match appending.append(&[Bytes::from(number.to_string())]).await {
                Ok(sequence) => acknowledged.push((sequence, number.to_string())),
                Err(problem) => {
                    assert!(problem.is_temporary(), "{problem}");
                    refused += 1;
                }
            }
            if until.load(Ordering::Acquire) {
                break;
            }
        }
        (acknowledged, refused)
    });
    let server = tokio::task::spawn_blocking(move || {
        for _ in 0..4 {
            server.ask("restart").unwrap();
        }
        server
    });
    let _server = server.await.unwrap();
    log.append(&[Bytes::from_static(b"after")]).await.unwrap();
    stop.store(true, Ordering::Release);
    let (acknowledged, refused) = appended.await.unwrap();
    assert!(refused > 0 && acknowledged.len() > 4, "{refused} refused, {} acknowledged", acknowledged.len());
    let rows = log.read_after(0, u32::MAX).await.unwrap();
    let kept: HashMap<u64, Bytes> = rows.into_iter().map(|row| (row.sequence, row.batch)).collect();
    let lost: Vec<_> =
        acknowledged.iter().filter(|(at, text)| kept.get(at) != Some(&Bytes::from(text.clone()))).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[tokio::test]
async fn what_cannot_be_reached_or_is_no_address_is_named() {
    let nobody = connect("postgres://127.0.0.1:1/none").await.err().unwrap();
    assert!(matches!(nobody, StoreError::Unreachable { .. }), "{nobody}");
    let file = connect("sqlite://store.db").await.err().unwrap();
    assert!(file.to_string().contains("must begin with postgres://"), "{file}");
    let folder = TestFolder::new();
    let Some(address) = postgres_database(folder.path()) else { return };
    let missing = connect(&format!("{address}_missing")).await.err().unwrap();
    assert!(missing.to_string().contains("does not exist"), "{missing}");
}

/// A server that was set up for a language sorts its own way; the tables do not.
#[tokio::test]
async fn texts_are_ordered_by_their_bytes() {
    let folder = TestFolder::new();
    let Some(address) = postgres_database(folder.path()) else { return };
    let store = connect(&address).await.unwrap();
    for event in ["b", "A", "é", "a", "B"] {
        store.save_schema(event, 1, "{}").await.unwrap();
    }
    let events: Vec<String> = store.schemas().await.unwrap().into_iter().map(|schema| schema.event).collect();
    assert_eq!(events, ["A", "B", "a", "b", "é"]);
}

#[tokio::test]
async fn nothing_erased_is_left_in_its_tables() {
    let folder = TestFolder::new();
    let Some((server, address)) = postgres_server().zip(postgres_database(folder.path())) else { return };
    let store = connect(&address).await.unwrap();
    let binding = |number: u64| IdentityBinding {
        key: IdentityKey { kind: IdentityKind::Phone, value: format!("+86138{number:08}") },
        profile: CustomerId::new(1, number + 1),
    };
    let added = ManifestChange { new_identities: (0..500).map(binding).collect(), ..change(0) };
    store.commit(&added).await.unwrap();
    let size = "SELECT pg_relation_size('perennial.identity') + pg_relation_size('perennial.profile_identity')";
    let before: u64 = server.sql(&address, size).unwrap().parse().unwrap();
    let gone = ManifestChange { erase_profiles: (0..499).map(|number| binding(number).profile).collect(), ..change(1) };
    store.commit(&gone).await.unwrap();
    let after: u64 = server.sql(&address, size).unwrap().parse().unwrap();
    assert!(after > 0 && after <= 2 * 8192 && before > after, "{before} bytes, then {after}");
}
