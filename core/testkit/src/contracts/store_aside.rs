//! The contract of `Store` about schemas and what does not fit them.

use super::store::change;
use perennial_model::Mid;
use perennial_ports::{AsideMessage, AsideReason, ManifestChange, Store, StoreError};

fn message(mid: u64, key: u8) -> AsideMessage {
    AsideMessage {
        mid: Mid(mid),
        event: "Sized".to_owned(),
        source: format!("source-{mid}"),
        reason: "properties.size: is a text".to_owned(),
        text: format!("{{\"n\":\"号{mid}\"}}"),
        time_us: -5,
        received_us: i64::MAX - 1,
        keys: vec![[key; 16], [200; 16]],
    }
}

fn as_read(mid: u64) -> AsideMessage {
    AsideMessage { keys: Vec::new(), ..message(mid, 0) }
}

/// The newest counts, for each event.
pub async fn schemas_have_versions<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(store.schemas().await.unwrap().is_empty());
    assert_eq!(store.save_schema("B", 1, "b1").await.unwrap(), 1);
    assert_eq!(store.save_schema("A", 2, "a1").await.unwrap(), 1);
    assert_eq!(store.save_schema("B", 3, "b2").await.unwrap(), 2);
    drop(store);
    let schemas = open().await.schemas().await.unwrap();
    let shown: Vec<_> =
        schemas.iter().map(|one| (one.event.as_str(), one.version, one.at_us, one.json.as_str())).collect();
    assert_eq!(shown, [("A", 1, 2, "a1"), ("B", 2, 3, "b2")]);
}

/// By event and reason, those of most messages first.
pub async fn reasons_of_what_is_aside_are_counted<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(store.aside_reasons(9).await.unwrap().is_empty());
    let kept = |mid: u64, event: &str, reason: &str| AsideMessage {
        event: event.to_owned(),
        reason: reason.to_owned(),
        received_us: mid.cast_signed() * 10,
        ..message(mid, 1)
    };
    let messages = [(1, "A", "x"), (2, "A", "y"), (3, "B", "x"), (4, "A", "y"), (5, "B", "x"), (6, "A", "y")];
    store.set_aside(&messages.map(|(mid, event, reason)| kept(mid, event, reason)), 9).await.unwrap();
    let told = |event: &str, reason: &str, messages, first_us, last_us| AsideReason {
        event: event.to_owned(),
        reason: reason.to_owned(),
        messages,
        first_us,
        last_us,
    };
    let all = [told("A", "y", 3, 20, 60), told("B", "x", 2, 30, 50), told("A", "x", 1, 10, 10)];
    assert_eq!(store.aside_reasons(9).await.unwrap(), all);
    assert_eq!(store.aside_reasons(2).await.unwrap(), all[..2]);
    store.remove_aside(&[Mid(2), Mid(4)]).await.unwrap();
    assert_eq!(store.aside_reasons(1).await.unwrap(), all[1..2], "what is let go is not counted");
}

/// Page by page, and the one kept first stays.
pub async fn messages_kept_aside_come_back_once<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    store.set_aside(&[], 0).await.unwrap();
    // Above the middle a mid is a negative number to a database.
    let mids = [u64::MAX, 3, 0, 1 << 63];
    let messages: Vec<_> = mids.iter().map(|mid| message(*mid, 1)).collect();
    store.set_aside(&messages, 4).await.unwrap();
    let retried = AsideMessage { reason: "another".to_owned(), received_us: 7, ..message(3, 1) };
    store.set_aside(&[retried], 4).await.unwrap();
    assert_eq!(store.aside_count().await.unwrap(), 4);
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = store.aside_after(after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.mid);
        read.extend(page);
    }
    read.sort_by_key(|message| message.mid);
    assert_eq!(read, [as_read(0), as_read(3), as_read(1 << 63), as_read(u64::MAX)]);
    store.remove_aside(&[Mid(3), Mid(0), Mid(77)]).await.unwrap();
    drop(store);
    let store = open().await;
    assert_eq!(store.aside_count().await.unwrap(), 2);
    store.remove_aside(&[]).await.unwrap();
    assert_eq!(store.aside_after(None, 10).await.unwrap().len(), 2);
}

/// None of them is kept, and those before stay.
pub async fn too_many_messages_are_refused_whole<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    store.set_aside(&[message(1, 1), message(2, 1)], 3).await.unwrap();
    let refused = store.set_aside(&[message(3, 1), message(4, 1)], 3).await;
    assert!(matches!(refused, Err(StoreError::AsideFull { limit: 3 })), "{refused:?}");
    assert_eq!(store.aside_count().await.unwrap(), 2);
    store.set_aside(&[message(3, 1), message(1, 1)], 3).await.unwrap();
    assert_eq!(store.aside_count().await.unwrap(), 3);
}

/// By any of their keys; others stay.
pub async fn an_erased_key_takes_its_messages_along<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let mut other = message(3, 9);
    other.keys = vec![[9; 16]];
    store.set_aside(&[message(1, 1), message(2, 2), other], 10).await.unwrap();
    let erase = |key: u8, profile| ManifestChange {
        erase_profiles: vec![perennial_model::CustomerId::new(1, profile)],
        suppress: vec![[key; 16], [77; 16]],
        ..ManifestChange::default()
    };
    let change_one = ManifestChange { expected_epoch: change(&store).await.expected_epoch, ..erase(1, 1) };
    store.commit(&change_one).await.unwrap();
    let of = async |keys: &[[u8; 16]]| {
        let found = store.aside_of(keys).await.unwrap();
        found.iter().map(|message| message.mid.0).collect::<Vec<_>>()
    };
    assert_eq!((of(&[[9; 16]]).await, of(&[[200; 16], [9; 16], [2; 16]]).await), (vec![3], vec![2, 3]));
    assert_eq!((of(&[]).await, of(&[[1; 16]]).await), (vec![], vec![]));
    assert_eq!(store.aside_of(&[[9; 16]]).await.unwrap(), [as_read(3)]);
    let left: Vec<u64> = store.aside_after(None, 10).await.unwrap().iter().map(|message| message.mid.0).collect();
    assert_eq!(left, [2, 3]);
    let change_two = ManifestChange { expected_epoch: change(&store).await.expected_epoch, ..erase(200, 2) };
    store.commit(&change_two).await.unwrap();
    assert_eq!(store.aside_count().await.unwrap(), 1);
}
