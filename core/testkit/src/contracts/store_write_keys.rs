//! The contract of `WriteKeys`.

use perennial_ports::{WriteKey, WriteKeys};

fn key(key_id: u64, name: &str, byte: u8, at_us: i64) -> WriteKey {
    WriteKey { key_id, name: name.to_owned(), hash: [byte; 32], created_at_us: at_us, revoked_at_us: None }
}

/// Numbered in their order, also after a restart; two may have one name.
pub async fn write_keys_are_kept_in_their_order<S: WriteKeys>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(store.write_keys().await.unwrap().is_empty());
    assert_eq!(store.add_write_key("商城", &[1; 32], 5).await.unwrap(), 1);
    assert_eq!(store.add_write_key("till", &[200; 32], -6).await.unwrap(), 2);
    drop(store);
    let store = open().await;
    assert_eq!(store.add_write_key("till", &[3; 32], 7).await.unwrap(), 3);
    let expected = [key(1, "商城", 1, 5), key(2, "till", 200, -6), key(3, "till", 3, 7)];
    assert_eq!(store.write_keys().await.unwrap(), expected);
}

/// Once, and it stays known.
pub async fn a_write_key_is_revoked_once<S: WriteKeys>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (one, two) = (store.add_write_key("a", &[1; 32], 1).await.unwrap(), 77);
    assert!(!store.revoke_write_key(two, 2).await.unwrap(), "there is no such key");
    assert!(store.revoke_write_key(one, 3).await.unwrap());
    assert!(!store.revoke_write_key(one, 4).await.unwrap());
    drop(store);
    let kept = open().await.write_keys().await.unwrap();
    assert_eq!(kept, [WriteKey { revoked_at_us: Some(3), ..key(one, "a", 1, 1) }]);
}
