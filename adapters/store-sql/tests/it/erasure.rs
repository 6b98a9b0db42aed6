//! No byte of what is erased stays in the files of the store.

use bytes::Bytes;
use perennial_model::{CustomerId, IdentityKey, IdentityKind};
use perennial_ports::{HotLog, HotRow, IdentityBinding, JournalEntry, ManifestChange, Store};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::TestFolder;
use std::collections::HashSet;

/// Enough commits and rows that SQLite moves rows between pages, which leaves copies that
/// `secure_delete` alone does not reach.
const PARTS: u64 = 10;
const PART: u64 = 500;

fn files_containing(folder: &TestFolder, text: &str) -> Vec<String> {
    let contains = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let name = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    folder.files().iter().filter(|path| contains(&std::fs::read(path).unwrap())).map(name).collect()
}

/// The first 14 characters of all phone numbers in the files, in one pass.
fn phones_in(folder: &TestFolder) -> HashSet<String> {
    let contents = folder.files().into_iter().map(|path| std::fs::read(path).unwrap());
    let phones = |bytes: Vec<u8>| {
        let windows = bytes.windows(14).filter(|window| window.starts_with(b"+86138"));
        windows.map(|window| String::from_utf8_lossy(window).into_owned()).collect::<Vec<_>>()
    };
    contents.flat_map(phones).collect()
}

/// A key of its own for each customer, of many lengths and in an order that splits pages everywhere.
fn phone(number: u64) -> String {
    let mixed = number * 7_919_317 % 99_999_989;
    format!("+86138{mixed:08}{}", "0".repeat((mixed % 31) as usize))
}

async fn filled(folder: &TestFolder) -> SqlStore {
    let store = SqlStore::open(folder.path()).await.unwrap();
    for part in 0..PARTS {
        let new_identities = (part * PART..part * PART + PART)
            .map(|number| IdentityBinding {
                key: IdentityKey { kind: IdentityKind::Phone, value: phone(number) },
                profile: CustomerId::new(1, number * 31 % (PARTS * PART) + 1),
            })
            .collect();
        let change = ManifestChange { expected_epoch: part, new_identities, ..ManifestChange::default() };
        store.commit(&change).await.unwrap();
    }
    store
}

#[tokio::test]
async fn no_byte_of_an_erased_profile_stays() {
    let folder = TestFolder::new();
    let store = filled(&folder).await;
    let entry = JournalEntry {
        entry_id: 0,
        at_us: 1,
        from: CustomerId::new(1, 1),
        into: CustomerId::new(1, 2),
        reason: format!("both have {}", phone(0)),
        undone_at_us: None,
    };
    let change = ManifestChange { expected_epoch: PARTS, add_journal: Some(entry), ..ManifestChange::default() };
    store.commit(&change).await.unwrap();
    let gone: Vec<u64> = (0..PARTS * PART).step_by(2).collect();
    assert!(!files_containing(&folder, &phone(0)).is_empty(), "the search must be able to find");
    let erase_profiles = gone.iter().map(|number| CustomerId::new(1, number * 31 % (PARTS * PART) + 1)).collect();
    let change = ManifestChange { expected_epoch: PARTS + 1, erase_profiles, ..ManifestChange::default() };
    store.commit(&change).await.unwrap();
    let seen = phones_in(&folder);
    let left: Vec<String> =
        gone.iter().map(|number| phone(*number)[..14].to_owned()).filter(|phone| seen.contains(phone)).collect();
    assert!(left.is_empty(), "still readable: {left:?}");
    assert!(!files_containing(&folder, &phone(1)).is_empty(), "others stay");
}

#[tokio::test]
async fn no_byte_of_a_rewritten_batch_stays() {
    let folder = TestFolder::new();
    let log = SqlHotLog::open(folder.path()).await.unwrap();
    let batch = |text: &str| Bytes::from(text.repeat(2000));
    for _ in 0..20 {
        log.append(&[batch("REMOVED "), batch("SECRET "), batch("KEPT ")]).await.unwrap();
    }
    log.remove_through(3).await.unwrap();
    let rows = log.read_after(0, 1000).await.unwrap();
    let clean = |row: &HotRow| HotRow { sequence: row.sequence, batch: batch("KEPT ") };
    let others: Vec<HotRow> = rows.iter().filter(|row| !row.batch.starts_with(b"KEPT")).map(clean).collect();
    log.rewrite(&others).await.unwrap();
    assert!(files_containing(&folder, "SECRET").is_empty());
    assert!(files_containing(&folder, "REMOVED").is_empty());
    assert!(!files_containing(&folder, "KEPT").is_empty());
}

#[tokio::test]
async fn an_erasure_cut_short_is_finished_at_the_next_start() {
    let folder = TestFolder::new();
    let store = filled(&folder).await;
    let victim = phone(7);
    let mut raw = connect(&folder).await;
    // What a process leaves that is killed between the erasure's commit and its wipe.
    for sql in [
        "PRAGMA secure_delete = OFF".to_owned(),
        format!("DELETE FROM identity WHERE value = '{victim}'"),
        format!("DELETE FROM profile_identity WHERE value = '{victim}'"),
        "INSERT INTO counter (name, value) VALUES ('wipe_pending', 1)".to_owned(),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
    }
    assert!(!files_containing(&folder, &victim).is_empty(), "the search must be able to find");
    sqlx::Connection::close(raw).await.unwrap();
    store.close().await;
    let _store = SqlStore::open(folder.path()).await.unwrap();
    assert!(files_containing(&folder, &victim).is_empty());
}

async fn connect(folder: &TestFolder) -> sqlx::SqliteConnection {
    let address = format!("sqlite://{}", folder.path().join("store.db").display());
    <sqlx::SqliteConnection as sqlx::Connection>::connect(&address).await.unwrap()
}
