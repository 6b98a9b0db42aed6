//! A brand moves from files to PostgreSQL and back, whole or not at all.

use bytes::Bytes;
use perennial_model::{CustomerId, IdentityKey, IdentityKind, Mid, OrderKey};
use perennial_ports::{
    AsideMessage, CustomerGroups, DefinitionFile, DefinitionVersions, GroupChange, GroupKind, HotLog, IdentityBinding,
    ManifestChange, MembershipCause, MembershipChange, MembershipRecord, Memberships, NewAuditEntry, NewDefinitions,
    SegmentSize, Store, StoreError, WriteKeys,
};
use perennial_store_sql::{Direction, SqlHotLog, SqlStore, move_brand, retire_database};
use perennial_testkit::contracts::store::run;
use perennial_testkit::{TestFolder, postgres_database, postgres_server};
use std::path::Path;

/// More than one page and one chunk of a list, and keys in an order that is not that of their profiles.
const IDENTITIES: u64 = 12_345;

async fn fill(folder: &Path) {
    let store = SqlStore::open(folder).await.unwrap();
    let binding = |number: u64| IdentityBinding {
        key: IdentityKey {
            kind: IdentityKind::Email,
            value: format!("{:x}é@shop.example", number * 7_919_317 % 99_991),
        },
        profile: CustomerId::new((number % 16) as u16, number + 1),
    };
    let change = ManifestChange {
        add_runs: vec![run(1), run(2)],
        new_identities: (0..IDENTITIES).map(binding).collect(),
        order_owners: (1..2_000).map(|key| (OrderKey(u64::MAX / key), CustomerId::new(1, key))).collect(),
        set_aliases: vec![(CustomerId::new(1, 2), CustomerId::new(1, 3))],
        suppress: vec![[7; 16], [0; 16]],
        ..ManifestChange::default()
    };
    store.commit(&change).await.unwrap();
    store.set_setting("zone", "Asia/Shanghai").await.unwrap();
    store.add_write_key("shop", &[9; 32], 5).await.unwrap();
    let message = AsideMessage {
        mid: Mid(u64::MAX),
        event: "下单".to_owned(),
        source: "shop".to_owned(),
        reason: "'\"\\".to_owned(),
        text: "{\"a\":\"\\u0000\"}".to_owned(),
        time_us: i64::MIN,
        received_us: i64::MAX,
        keys: vec![[3; 16]],
    };
    store.set_aside(&[message], 10).await.unwrap();
    let file = DefinitionFile { name: "metrics.yaml".to_owned(), text: "# 指标\r\nmetrics: []\n".to_owned() };
    let definitions = NewDefinitions { json: "{}".to_owned(), files: vec![file], ..NewDefinitions::default() };
    store.save_definitions(&definitions).await.unwrap();
    group(&store).await;
    store.close().await;
    let hot = SqlHotLog::open(folder).await.unwrap();
    hot.append(&(0..200_u8).map(|byte| Bytes::from(vec![byte; 3000])).collect::<Vec<_>>()).await.unwrap();
    hot.remove_through(3).await.unwrap();
    hot.close().await;
}

/// Somebody of each of these shards enters a segment that acts.
fn entered(shards: &[u16]) -> MembershipRecord {
    let (cause, at_us) = (MembershipCause::Time, -5);
    let change = |shard: &u16| MembershipChange { customer: CustomerId::new(*shard, 7), entered: true, cause, at_us };
    let changes = shards.iter().map(change).collect();
    MembershipRecord { segment: "睡眠".to_owned(), changes, ..MembershipRecord::default() }
}

/// A list, and a segment with one shard packed.
async fn group(store: &SqlStore) {
    let (at_us, name) = (-5, "嘉宾".to_owned());
    let audit = NewAuditEntry { at_us, action: "list_changed".to_owned(), ..NewAuditEntry::default() };
    let add = (1..2_500).map(|number| CustomerId::new(1, number)).collect();
    let into = GroupChange { kind: GroupKind::List, name, add, remove: vec![], at_us, audit };
    assert_eq!(store.change_group(&into).await.unwrap(), (2_499, 0));
    let (packed, condition) = (vec![(1, vec![0, 255, 7])], Some("{}".to_owned()));
    store.record_memberships(&[MembershipRecord { packed, condition, ..entered(&[1, 2]) }]).await.unwrap();
    store.record_memberships(&[entered(&[1, 2])]).await.unwrap();
    let size = SegmentSize { segment: "睡眠".to_owned(), day: -1, at_us, size: 2, unknown: 1 };
    store.put_segment_sizes(&[size]).await.unwrap();
}

/// What a user of the store sees of it.
async fn seen(store: &SqlStore, hot: &SqlHotLog) -> Vec<String> {
    let profiles: Vec<CustomerId> =
        (0..IDENTITIES).map(|number| CustomerId::new((number % 16) as u16, number + 1)).collect();
    let orders: Vec<OrderKey> = (1..2_000).map(|key| OrderKey(u64::MAX / key)).collect();
    let rows = hot.read_after(0, u32::MAX).await.unwrap();
    vec![
        format!("{:?}", store.meta().await.unwrap()),
        format!("{:?}", store.manifest().await.unwrap()),
        format!("{:?}", store.identities_of(&profiles).await.unwrap()),
        format!("{:?}", store.find_order_owners(&orders).await.unwrap()),
        format!("{:?}", store.suppressed().await.unwrap()),
        format!("{:?}", store.aside_after(None, 10).await.unwrap()),
        format!("{:?}", store.write_keys().await.unwrap()),
        format!("{:?}", store.setting("zone").await.unwrap()),
        format!("{:?}", store.definitions().await.unwrap()),
        format!("{:?} {}", store.groups().await.unwrap(), store.groups_version().await.unwrap()),
        format!("{:?}", store.group_members(GroupKind::List, "嘉宾").await.unwrap()),
        format!("{:?}", store.memberships().await.unwrap()),
        format!("{:?}", store.membership_changes("睡眠", 0, 10).await.unwrap()),
        format!("{:?}", store.segment_sizes(&[], i32::MIN, i32::MAX).await.unwrap()),
        format!("{:?}", rows.iter().map(|row| (row.sequence, row.batch.clone())).collect::<Vec<_>>()),
    ]
}

async fn seen_in_files(folder: &Path) -> Vec<String> {
    let (store, hot) = (SqlStore::open(folder).await.unwrap(), SqlHotLog::open(folder).await.unwrap());
    let seen = seen(&store, &hot).await;
    hot.close().await;
    store.close().await;
    seen
}

#[tokio::test]
async fn a_brand_moves_there_and_back_whole() {
    let (folder, back) = (TestFolder::new(), TestFolder::new());
    let Some(address) = postgres_database(folder.path()) else { return };
    fill(folder.path()).await;
    let before = seen_in_files(folder.path()).await;
    let moved = move_brand(folder.path(), &address, Direction::IntoPostgres).await.unwrap();
    let identities = moved.iter().find(|table| table.name == "identity").unwrap();
    assert_eq!(identities.rows, IDENTITIES);
    let (store, hot) = (SqlStore::connect(&address).await.unwrap(), SqlHotLog::connect(&address).await.unwrap());
    assert_eq!(seen(&store, &hot).await, before);
    assert_eq!(hot.append(&[Bytes::from_static(b"next")]).await.unwrap(), 201, "sequences go on");
    store.record_memberships(&[entered(&[3])]).await.unwrap();
    let changes = store.membership_changes("睡眠", 0, 10).await.unwrap();
    assert_eq!(changes.last().unwrap().number, 5, "so do numbers of changes");
    let grown = seen(&store, &hot).await;
    hot.close().await;
    store.close().await;
    let again = move_brand(folder.path(), &address, Direction::IntoPostgres).await.unwrap_err();
    assert!(again.to_string().contains("holds data already"), "{again}");
    move_brand(back.path(), &address, Direction::IntoFiles).await.unwrap();
    assert_eq!(seen_in_files(back.path()).await, grown);
    retire_database(&address).await.unwrap();
    let retired = SqlStore::connect(&address).await.err().unwrap();
    assert!(matches!(retired, StoreError::Unfinished), "{retired}");
}

#[tokio::test]
async fn a_move_cut_short_leaves_a_place_that_opens_as_nothing() {
    let folder = TestFolder::new();
    let Some((server, address)) = postgres_server().zip(postgres_database(folder.path())) else { return };
    fill(folder.path()).await;
    // A row that the table does not take stands for whatever ends the move half way.
    SqlStore::connect(&address).await.unwrap().close().await;
    server.sql(&address, "DELETE FROM perennial.meta; DELETE FROM perennial.customer_counter").unwrap();
    server.sql(&address, "ALTER TABLE perennial.order_owner ADD CHECK (profile < 5000)").unwrap();
    move_brand(folder.path(), &address, Direction::IntoPostgres).await.unwrap_err();
    let half = SqlStore::connect(&address).await.err().unwrap();
    assert!(matches!(half, StoreError::Unfinished), "{half}");
    let again = move_brand(folder.path(), &address, Direction::IntoPostgres).await.unwrap_err();
    assert!(again.to_string().contains("holds data already"), "{again}");
    server.sql(&address, "DROP SCHEMA perennial, perennial_hot CASCADE").unwrap();
    move_brand(folder.path(), &address, Direction::IntoPostgres).await.unwrap();
}

#[tokio::test]
async fn a_brand_that_is_in_use_or_not_there_does_not_move() {
    let (folder, empty) = (TestFolder::new(), TestFolder::new());
    let Some(address) = postgres_database(folder.path()) else { return };
    let nothing = move_brand(empty.path(), &address, Direction::IntoPostgres).await.unwrap_err();
    assert!(nothing.to_string().contains("there is none"), "{nothing}");
    let owner = SqlHotLog::connect(&address).await.unwrap();
    fill(folder.path()).await;
    let refused = move_brand(folder.path(), &address, Direction::IntoPostgres).await.unwrap_err();
    assert!(matches!(refused, StoreError::InUse), "{refused}");
    owner.close().await;
}
