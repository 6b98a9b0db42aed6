//! The contract of `Store`, but for identities.

use perennial_model::{CustomerId, PropertySpec, PropertyType};
use perennial_ports::{ImportMark, JournalEntry, ManifestChange, RunRecord, RunState, Store, StoreError};

/// A run with another value in each column, so that no two can be mixed up.
#[must_use]
pub fn run(run_id: u64) -> RunRecord {
    RunRecord {
        run_id,
        shard: 3,
        epoch: 17,
        file: format!("runs/{run_id}.parquet"),
        format_version: 2,
        rows: 1000 + run_id,
        bytes: 9_000_000_000,
        checksum: u32::MAX - 1,
        min_time_us: -5,
        max_time_us: i64::MAX,
        rehomed: true,
        state: RunState::Live,
    }
}

/// An empty change of the store's present manifest.
pub async fn change(store: &impl Store) -> ManifestChange {
    ManifestChange { expected_epoch: store.manifest().await.unwrap().epoch, at_us: 77, ..Default::default() }
}

/// Nothing is in a new store.
pub async fn a_new_store_is_empty<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let manifest = store.manifest().await.unwrap();
    assert_eq!((manifest.epoch, manifest.flushed_through), (0, 0));
    assert!(manifest.runs.is_empty() && manifest.aliases.is_empty() && manifest.properties.is_empty());
    assert!(!store.has_identities().await.unwrap());
    assert!(store.suppressed().await.unwrap().is_empty());
    assert!(store.journal().await.unwrap().is_empty());
    assert_eq!(store.newest_journal_entry().await.unwrap(), None);
    assert!(store.retired_runs().await.unwrap().is_empty());
    assert_eq!(store.import_mark("f").await.unwrap(), None);
    assert_eq!(store.parameters("rfm").await.unwrap(), None);
    assert_eq!(store.setting("zone").await.unwrap(), None);
}

/// Key and shards are drawn once.
pub async fn what_was_fixed_stays_fixed<S: Store>(open: impl AsyncFn() -> S) {
    let first = open().await.meta().await.unwrap();
    assert_eq!(open().await.meta().await.unwrap(), first);
    assert_ne!(first.hash_key.bytes(), [0; 16]);
    assert!(first.format_version >= 1);
}

/// No column is lost or swapped.
pub async fn every_column_of_a_run_comes_back<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let runs = vec![run(2), RunRecord { rehomed: false, ..run(9) }];
    let added = ManifestChange { add_runs: runs.clone(), flushed_through: Some(41), ..change(&store).await };
    assert_eq!(store.commit(&added).await.unwrap(), 1);
    let manifest = store.manifest().await.unwrap();
    assert_eq!((manifest.runs, manifest.flushed_through, manifest.epoch), (runs, 41, 1));
}

/// A run answers, then it does not, then it is forgotten.
pub async fn runs_are_retired_quarantined_and_forgotten<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let added = ManifestChange { add_runs: vec![run(1), run(2), run(3)], ..change(&store).await };
    store.commit(&added).await.unwrap();
    let changed = ManifestChange { retire_runs: vec![1], quarantine_runs: vec![2], ..change(&store).await };
    store.commit(&changed).await.unwrap();
    let states: Vec<RunState> = store.manifest().await.unwrap().runs.iter().map(|run| run.state).collect();
    assert_eq!(states, [RunState::Quarantined, RunState::Live]);
    let retired = RunRecord { state: RunState::Retired { at_us: 77 }, ..run(1) };
    assert_eq!(store.retired_runs().await.unwrap(), [retired]);
    store.forget_runs(&[1, 3]).await.unwrap();
    assert!(store.retired_runs().await.unwrap().is_empty());
    assert_eq!(store.manifest().await.unwrap().runs.len(), 2, "a run that answers must not be forgotten");
}

/// Whoever remembers settings and schemas notices that they changed.
pub async fn what_is_declared_leaves_a_mark<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let first = store.declared_mark();
    store.set_setting("a", "1").await.unwrap();
    let second = store.declared_mark();
    store.save_schema("A", 1, "{}").await.unwrap();
    assert!(first < second && second < store.declared_mark());
}

/// Of two changes of one manifest, one happens.
pub async fn concurrent_commits_conflict<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let one = ManifestChange { add_runs: vec![run(1)], ..change(&store).await };
    let other = ManifestChange { add_runs: vec![run(2)], ..change(&store).await };
    let (one, other) = both(store.commit(&one), store.commit(&other)).await;
    let (done, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    assert_eq!(done.unwrap(), 1);
    assert!(matches!(refused, Err(StoreError::Conflict { expected: 0, found: 1 })), "{refused:?}");
    assert_eq!(store.manifest().await.unwrap().runs.len(), 1);
}

/// All of a change or nothing.
pub async fn a_failed_commit_changes_nothing<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let mut bad = ManifestChange { add_runs: vec![run(1)], undo_journal: Some(99), ..change(&store).await };
    bad.flushed_through = Some(5);
    assert!(store.commit(&bad).await.is_err(), "there is no entry 99 to undo");
    let manifest = store.manifest().await.unwrap();
    assert_eq!((manifest.epoch, manifest.flushed_through, manifest.runs.len()), (0, 0, 0));
    let twice = ManifestChange { add_runs: vec![run(1), run(1)], ..change(&store).await };
    assert!(store.commit(&twice).await.is_err(), "a run number is given once");
    assert_eq!(store.manifest().await.unwrap().epoch, 0);
}

/// Reserved numbers are reserved for good, across threads and restarts.
pub async fn numbers_are_never_given_twice<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let first = store.allocate_runs(3).await.unwrap();
    let (one, other) = both(store.allocate_runs(2), store.allocate_runs(2)).await;
    let mut ranges = [one.unwrap(), other.unwrap()];
    ranges.sort_unstable();
    assert_eq!(ranges, [first + 3, first + 5]);

    let shards = usize::from(store.meta().await.unwrap().shards.get());
    let mut counts = vec![0; shards];
    counts[0] = 10;
    assert_eq!(store.allocate_customers(&counts).await.unwrap(), vec![1; shards], "number 0 is nobody's");
    drop(store);

    let store = open().await;
    assert_eq!(store.allocate_runs(1).await.unwrap(), first + 7);
    let numbers = store.allocate_customers(&counts).await.unwrap();
    assert_eq!((numbers[0], numbers.get(1).copied().unwrap_or(1)), (11, 1));
    assert!(store.allocate_customers(&vec![1; shards + 1]).await.is_err(), "there is no such shard");
}

/// Entries are numbered, kept in order, and undone once.
pub async fn merges_are_journalled_and_undone<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let entry = |from, reason: &str| JournalEntry {
        entry_id: 0,
        at_us: from,
        from: CustomerId::new(1, from.cast_unsigned()),
        into: CustomerId::new(2, 1),
        reason: reason.to_owned(),
        undone_at_us: None,
    };
    for (from, reason) in [(5, "same phone"), (4, "by hand: 同一人")] {
        let merged = ManifestChange { add_journal: Some(entry(from, reason)), ..change(&store).await };
        store.commit(&merged).await.unwrap();
    }
    let journal = store.journal().await.unwrap();
    assert!(journal[0].entry_id < journal[1].entry_id);
    assert_eq!(store.newest_journal_entry().await.unwrap(), Some(journal[1].clone()));
    assert_eq!(JournalEntry { entry_id: 0, ..journal[1].clone() }, entry(4, "by hand: 同一人"));
    let undone = ManifestChange { undo_journal: Some(journal[0].entry_id), ..change(&store).await };
    store.commit(&undone).await.unwrap();
    let instants: Vec<_> = store.journal().await.unwrap().iter().map(|entry| entry.undone_at_us).collect();
    assert_eq!(instants, [Some(77), None]);
    let again = ManifestChange { expected_epoch: store.manifest().await.unwrap().epoch, ..undone };
    assert!(store.commit(&again).await.is_err(), "undone twice");
}

/// The last word on a profile counts; its own customer is no alias.
pub async fn aliases_are_set_moved_and_removed<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let id = |number| CustomerId::new(1, number);
    let many: Vec<_> = (10..3000).map(|number| (id(number), id(1))).collect();
    let steps = [
        (vec![(id(5), id(1)), (id(3), id(1))], vec![(id(3), id(1)), (id(5), id(1))]),
        (vec![(id(5), id(2)), (id(3), id(2)), (id(3), id(3))], vec![(id(5), id(2))]),
        (vec![(id(5), id(5)), (id(5), id(4))], vec![(id(5), id(4))]),
        (vec![(id(5), id(5))], vec![]),
        (many.clone(), many),
    ];
    for (set, expected) in steps {
        let aliased = ManifestChange { set_aliases: set, ..change(&store).await };
        store.commit(&aliased).await.unwrap();
        assert_eq!(store.manifest().await.unwrap().aliases, expected);
    }
}

/// A mark moves on and stays apart from those of other files.
pub async fn imports_remember_how_far_they_came<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let mark = |rows_done, finished| ImportMark {
        fingerprint: "abc".to_owned(),
        name: "订单.csv".to_owned(),
        rows_done,
        finished,
    };
    for expected in [mark(10, false), mark(20, true)] {
        let imported = ManifestChange { import_mark: Some(expected.clone()), ..change(&store).await };
        store.commit(&imported).await.unwrap();
        assert_eq!(store.import_mark("abc").await.unwrap(), Some(expected));
    }
    assert_eq!(store.import_mark("abd").await.unwrap(), None);
    let other = ImportMark { fingerprint: "abd".into(), name: "more.csv".into(), rows_done: 7, finished: false };
    store.commit(&ManifestChange { import_mark: Some(other), ..change(&store).await }).await.unwrap();
    assert_eq!(store.imported_rows().await.unwrap(), 27);
}

/// Declared once, a property stays what it is.
pub async fn properties_keep_their_order_and_type<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let spec = |name: &str, property_type| PropertySpec { name: name.to_owned(), property_type };
    let declared = [
        spec("size", PropertyType::Text),
        spec("age", PropertyType::Integer),
        spec("weight", PropertyType::Number),
        spec("gift", PropertyType::Boolean),
    ];
    let all = declared.iter().cloned().chain([spec("size", PropertyType::Boolean)]);
    for property in all {
        let change = ManifestChange { declare_property: Some(property), ..change(&store).await };
        store.commit(&change).await.unwrap();
    }
    assert_eq!(store.manifest().await.unwrap().properties, declared);
}

/// The newest version answers; folds do not see each other's.
pub async fn parameters_have_versions<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert_eq!(store.save_parameters("rfm", 5, "{\"a\":1}").await.unwrap(), 1);
    assert_eq!(store.save_parameters("rfm", 4, "{}").await.unwrap(), 2);
    assert_eq!(store.save_parameters("clv", 9, "[]").await.unwrap(), 1);
    assert_eq!(store.parameters("rfm").await.unwrap(), Some((2, 4, "{}".to_owned())));
}

/// A setting has one value.
pub async fn settings_are_overwritten<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    for zone in ["UTC", "Asia/Shanghai"] {
        store.set_setting("zone", zone).await.unwrap();
        assert_eq!(store.setting("zone").await.unwrap().as_deref(), Some(zone));
    }
}

/// What was committed is there after a restart.
pub async fn reopening_keeps_everything<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let alias = (CustomerId::new(1, 1), CustomerId::new(2, 2));
    let kept = ManifestChange {
        add_runs: vec![run(1)],
        flushed_through: Some(9),
        set_aliases: vec![alias],
        suppress: vec![[7; 16], [1; 16], [7; 16]],
        ..change(&store).await
    };
    store.commit(&kept).await.unwrap();
    drop(store);
    let store = open().await;
    let manifest = store.manifest().await.unwrap();
    assert_eq!((manifest.epoch, manifest.flushed_through), (1, 9));
    assert_eq!((manifest.runs, manifest.aliases), (vec![run(1)], vec![alias]));
    assert_eq!(store.suppressed().await.unwrap(), [[1; 16], [7; 16]]);
}

/// Runs two futures at the same time on one thread.
pub(crate) async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    tokio::join!(one, other)
}
