//! Files of other versions and files in use.

use perennial_model::ShardCount;
use perennial_ports::{ManifestChange, Store, StoreError};
use perennial_store_sql::{SqlHotLog, SqlStore, StoreOptions};
use perennial_testkit::TestFolder;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::path::Path;
use std::time::Duration;

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

#[tokio::test]
async fn a_newer_format_is_refused_and_left_alone() {
    let folder = TestFolder::new();
    SqlStore::open(folder.path()).await.unwrap().close().await;
    SqlHotLog::open(folder.path()).await.unwrap().close().await;
    for file in ["store.db", "hot.db"] {
        let mut connection = raw(&folder.path().join(file)).await;
        connection.execute(AssertSqlSafe("UPDATE format SET version = 99")).await.unwrap();
        connection.close().await.unwrap();
    }
    let store = SqlStore::open(folder.path()).await.err().unwrap();
    let hot_log = SqlHotLog::open(folder.path()).await.err().unwrap();
    assert!(matches!(store, StoreError::TooNew { found: 99, .. }), "{store}");
    assert!(matches!(hot_log, StoreError::TooNew { found: 99, supported: 1 }), "{hot_log}");
}

#[tokio::test]
async fn another_writer_locks_it() {
    let folder = TestFolder::new();
    let file = folder.path().join("store.db");
    let options = StoreOptions { busy_timeout: Duration::from_millis(20), ..StoreOptions::default() };
    let store = SqlStore::open_sqlite(&file, options).await.unwrap();
    let mut other = raw(&file).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    assert!(matches!(store.set_setting("zone", "UTC").await, Err(StoreError::Locked)));
    assert!(matches!(SqlStore::open_sqlite(&file, options).await.err(), Some(StoreError::Locked)));
    assert_eq!(store.setting("zone").await.unwrap(), None, "readers do not wait for writers");
    other.execute("ROLLBACK").await.unwrap();
    store.set_setting("zone", "UTC").await.unwrap();
}

#[tokio::test]
async fn the_number_of_shards_is_chosen_once() {
    let folder = TestFolder::new();
    let file = folder.path().join("store.db");
    let options = |shards| StoreOptions { shards: ShardCount::new(shards).unwrap(), ..StoreOptions::default() };
    let store = SqlStore::open_sqlite(&file, options(4)).await.unwrap();
    assert_eq!(store.meta().await.unwrap().shards.get(), 4);
    store.close().await;
    let store = SqlStore::open_sqlite(&file, options(64)).await.unwrap();
    assert_eq!(store.meta().await.unwrap().shards.get(), 4);
    assert_eq!(store.allocate_customers(&[1; 4]).await.unwrap(), [1; 4]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = TestFolder::new();
    std::fs::write(folder.path().join("store.db"), vec![7; 5000]).unwrap();
    let error = SqlStore::open(folder.path()).await.err().unwrap();
    assert!(error.to_string().contains("not a database"), "{error}");
}

#[tokio::test]
async fn a_dropped_commit_did_not_happen() {
    let folder = TestFolder::new();
    let store = SqlStore::open(folder.path()).await.unwrap();
    let change = ManifestChange { flushed_through: Some(5), ..ManifestChange::default() };
    let mut commit = Box::pin(store.commit(&change));
    let waker = std::task::Waker::noop();
    let _ = commit.as_mut().poll(&mut std::task::Context::from_waker(waker));
    drop(commit);
    assert_eq!(store.manifest().await.unwrap().epoch, 0);
    assert_eq!(store.commit(&change).await.unwrap(), 1);
}
