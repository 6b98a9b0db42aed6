//! The contract of `HotLog`.

use super::store::both;
use bytes::Bytes;
use perennial_ports::{HotLog, HotRow};

fn batches<const COUNT: usize>(texts: [&'static str; COUNT]) -> [Bytes; COUNT] {
    texts.map(|text| Bytes::from_static(text.as_bytes()))
}

async fn contents(log: &impl HotLog) -> Vec<(u64, Bytes)> {
    log.read_after(0, u32::MAX).await.unwrap().into_iter().map(|row| (row.sequence, row.batch)).collect()
}

/// Oldest first, after the sequence asked for, no more than asked for, also after a restart.
pub async fn batches_are_read_in_order<L: HotLog>(open: impl AsyncFn() -> L) {
    let log = open().await;
    assert!(contents(&log).await.is_empty());
    let two = log.append(&batches(["a", "b"])).await.unwrap();
    let three = log.append(&batches(["c"])).await.unwrap();
    assert_eq!(three, two + 1);
    drop(log);
    let log = open().await;
    let all = contents(&log).await;
    assert_eq!(all, (two - 1..).zip(batches(["a", "b", "c"])).collect::<Vec<_>>());
    let part = log.read_after(two - 1, 1).await.unwrap();
    assert_eq!(part.iter().map(|row| row.sequence).collect::<Vec<_>>(), [two]);
    assert!(log.read_after(three, 10).await.unwrap().is_empty());
}

/// Not even the number of the last row once it is removed and the log is opened again.
pub async fn sequences_are_never_used_again<L: HotLog>(open: impl AsyncFn() -> L) {
    let log = open().await;
    let last = log.append(&batches(["a", "b", "c"])).await.unwrap();
    log.remove_through(last - 1).await.unwrap();
    assert_eq!(contents(&log).await, [(last, Bytes::from_static(b"c"))]);
    log.remove_through(last).await.unwrap();
    log.remove_through(last).await.unwrap();
    assert!(contents(&log).await.is_empty());
    drop(log);
    assert_eq!(open().await.append(&batches(["d"])).await.unwrap(), last + 1);
}

/// Two appends at once do not overwrite each other and do not mix.
pub async fn concurrent_appends_all_stay<L: HotLog>(open: impl AsyncFn() -> L) {
    let log = open().await;
    let (one, other) = (batches(["a", "b"]), batches(["c", "d"]));
    let (one, other) = both(log.append(&one), log.append(&other)).await;
    assert_eq!(one.unwrap().abs_diff(other.unwrap()), 2);
    let texts: Vec<Bytes> = contents(&log).await.into_iter().map(|(_, batch)| batch).collect();
    assert!(texts == batches(["a", "b", "c", "d"]) || texts == batches(["c", "d", "a", "b"]), "{texts:?}");
}

/// A replaced batch is where the old one was; a row that is gone does not come back.
pub async fn rewritten_batches_keep_their_place<L: HotLog>(open: impl AsyncFn() -> L) {
    let log = open().await;
    let last = log.append(&batches(["a", "secret", "c"])).await.unwrap();
    log.remove_through(last - 2).await.unwrap();
    let row = |sequence, text: &'static str| HotRow { sequence, batch: Bytes::from_static(text.as_bytes()) };
    log.rewrite(&[row(last - 1, "clean"), row(last - 2, "ghost")]).await.unwrap();
    let expected = vec![(last - 1, Bytes::from_static(b"clean")), (last, Bytes::from_static(b"c"))];
    assert_eq!(contents(&log).await, expected);
    assert_eq!(log.append(&batches(["d"])).await.unwrap(), last + 1);
}

/// Nothing in, nothing out.
pub async fn no_rows_are_no_trouble<L: HotLog>(open: impl AsyncFn() -> L) {
    let log = open().await;
    let last = log.append(&batches(["a"])).await.unwrap();
    assert_eq!(log.append(&[]).await.unwrap(), last);
    log.rewrite(&[]).await.unwrap();
    log.append(&[Bytes::new()]).await.unwrap();
    assert_eq!(contents(&log).await.last().unwrap(), &(last + 1, Bytes::new()));
}
