//! The contract of `DefinitionVersions`.

use super::store::change;
use perennial_model::CustomerId;
use perennial_ports::{
    Accounts, DefinitionFile, DefinitionVersion, DefinitionVersions, DefinitionsSaved, ManifestChange, NewAuditEntry,
    NewDefinitions, Store, StoredDefinitions,
};

/// A version made from another one, with another value in each part.
fn made_from(expected_version: u64) -> NewDefinitions {
    let file = |name: &str| DefinitionFile {
        name: name.to_owned(),
        text: format!("\u{feff}# 第 {expected_version} 版\r\n{name}:\n\t'\\\"\n"),
    };
    NewDefinitions {
        expected_version,
        at_us: 10 - 100 * i64::try_from(expected_version).unwrap(),
        member_id: Some(u64::MAX - 1),
        token_id: None,
        comment: Some("为了双十一".to_owned()),
        changes: format!("[{expected_version}]"),
        json: format!("{{\"metrics\":[{expected_version}]}}"),
        files: vec![file("segments.yaml"), file("metrics.yaml")],
        summary: Some("1 added".to_owned()),
    }
}

/// How it comes back.
fn kept(new: &NewDefinitions) -> StoredDefinitions {
    let mut files = new.files.clone();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let version = DefinitionVersion {
        version: new.expected_version + 1,
        at_us: new.at_us,
        member_id: new.member_id,
        token_id: new.token_id,
        comment: new.comment.clone(),
        changes: new.changes.clone(),
    };
    StoredDefinitions { version, json: new.json.clone(), files }
}

/// Whole, files by name; the newest is the one that counts, and the older ones stay.
pub async fn every_version_of_definitions_comes_back<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert_eq!(store.definitions().await.unwrap(), None);
    assert_eq!(store.definitions_of(0).await.unwrap(), None);
    let bare = NewDefinitions { member_id: None, token_id: Some(7), comment: None, files: vec![], ..made_from(1) };
    assert_eq!(store.save_definitions(&made_from(0)).await.unwrap(), DefinitionsSaved::Done(1));
    assert_eq!(store.save_definitions(&bare).await.unwrap(), DefinitionsSaved::Done(2));
    drop(store);
    let store = open().await;
    assert_eq!(store.definitions().await.unwrap(), Some(kept(&bare)));
    assert_eq!(store.definitions_of(1).await.unwrap(), Some(kept(&made_from(0))));
    assert_eq!(store.definitions_of(3).await.unwrap(), None);
}

/// In pages.
pub async fn versions_are_listed_newest_first<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(store.definition_versions(None, 10).await.unwrap().is_empty());
    for version in 0..3 {
        store.save_definitions(&made_from(version)).await.unwrap();
    }
    let versions: Vec<DefinitionVersion> = (0..3).rev().map(|version| kept(&made_from(version)).version).collect();
    assert_eq!(store.definition_versions(None, 10).await.unwrap(), versions);
    assert_eq!(store.definition_versions(None, 2).await.unwrap(), versions[..2]);
    assert_eq!(store.definition_versions(Some(2), 10).await.unwrap(), versions[2..]);
    assert!(store.definition_versions(Some(1), 10).await.unwrap().is_empty());
}

/// Nothing happens, and no number is lost.
pub async fn definitions_made_from_an_older_version_are_refused<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert_eq!(store.save_definitions(&made_from(5)).await.unwrap(), DefinitionsSaved::Moved(0));
    store.save_definitions(&made_from(0)).await.unwrap();
    let mark = store.declared_mark();
    assert_eq!(store.save_definitions(&made_from(0)).await.unwrap(), DefinitionsSaved::Moved(1));
    assert_eq!(store.declared_mark(), mark);
    assert_eq!(store.save_definitions(&made_from(1)).await.unwrap(), DefinitionsSaved::Done(2));
    assert_eq!(store.definition_versions(None, 10).await.unwrap().len(), 2);
}

/// Whichever comes first.
pub async fn of_versions_made_at_once_one_is_kept<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (one, other) = (made_from(0), NewDefinitions { json: "{}".to_owned(), ..made_from(0) });
    let (first, second) = tokio::join!(store.save_definitions(&one), store.save_definitions(&other));
    let saved = [first.unwrap(), second.unwrap()];
    let winner = if saved[0] == DefinitionsSaved::Done(1) { &one } else { &other };
    assert!(saved.contains(&DefinitionsSaved::Done(1)) && saved.contains(&DefinitionsSaved::Moved(1)), "{saved:?}");
    assert_eq!(store.definitions().await.unwrap(), Some(kept(winner)));
}

/// Those who remember them hear that they changed; nobody's erasure takes them.
pub async fn definitions_leave_a_mark_and_survive_an_erasure<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let before = store.declared_mark();
    store.save_definitions(&made_from(0)).await.unwrap();
    assert!(store.declared_mark() > before);
    let erased = ManifestChange { erase_profiles: vec![CustomerId::new(1, 1)], ..change(&store).await };
    store.commit(&erased).await.unwrap();
    assert_eq!(store.definitions().await.unwrap(), Some(kept(&made_from(0))));
}

/// Once for each version, not for a refused one.
pub async fn a_version_of_definitions_is_in_the_audit<S: Accounts + DefinitionVersions>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let new = made_from(0);
    store.save_definitions(&new).await.unwrap();
    store.save_definitions(&new).await.unwrap();
    let noted: Vec<NewAuditEntry> = store.audit(None, 10).await.unwrap().into_iter().map(|noted| noted.entry).collect();
    let expected = NewAuditEntry {
        at_us: new.at_us,
        member_id: new.member_id,
        token_id: None,
        action: "definitions_changed".to_owned(),
        subject: Some("definitions:1".to_owned()),
        detail: Some("1 added".to_owned()),
    };
    assert_eq!(noted, [expected]);
}
