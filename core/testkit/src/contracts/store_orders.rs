//! The contract of `Store` about the owners of orders.

use super::store::change;
use perennial_model::{CustomerId, OrderKey};
use perennial_ports::{ManifestChange, Store};

async fn set(store: &impl Store, order_owners: &[(OrderKey, CustomerId)]) {
    let added = ManifestChange { order_owners: order_owners.to_vec(), ..change(store).await };
    store.commit(&added).await.unwrap();
}

/// Within a change, between changes, and after a restart.
pub async fn the_last_owner_of_an_order_counts<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(!store.has_order_owners().await.unwrap());
    assert_eq!(store.find_order_owners(&[OrderKey(1)]).await.unwrap(), [None]);
    let [one, two, nobody] = [CustomerId::new(1, 1), CustomerId::new(2, 1), CustomerId::unidentified(2)];
    let (first, second) = (OrderKey(1), OrderKey(u64::MAX));
    set(&store, &[(first, two), (second, nobody), (first, one)]).await;
    assert!(store.has_order_owners().await.unwrap());
    assert_eq!(store.find_order_owners(&[first, second]).await.unwrap(), [Some(one), Some(nobody)]);
    // With a change of the manifest or without one.
    store.set_order_owners(&[]).await.unwrap();
    store.set_order_owners(&[(second, one), (second, two)]).await.unwrap();
    drop(store);
    let store = open().await;
    assert_eq!(store.find_order_owners(&[second, first]).await.unwrap(), [Some(two), Some(one)]);
}

/// More than fit into one statement, doubles and unknown ones among them, old and new in one change.
pub async fn many_orders_are_found_in_the_order_asked<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    // The whole range of keys: those above the middle are negative numbers to a database.
    let key = |number: u64| OrderKey(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let owner = |number: u64| CustomerId::new((number % 3) as u16, number + 1);
    let owners: Vec<_> = (1..4_000).map(|number| (key(number), owner(number))).collect();
    set(&store, &owners).await;
    let moved: Vec<_> = (3_000..6_000).map(|number| (key(number), owner(number + 7))).collect();
    set(&store, &moved).await;
    let mut asked: Vec<OrderKey> = (1..6_000).rev().map(key).collect();
    asked.extend([key(7_000), key(5)]);
    let mut expected: Vec<Option<CustomerId>> =
        (1..6_000).rev().map(|number| Some(owner(if number < 3_000 { number } else { number + 7 }))).collect();
    expected.extend([None, Some(owner(5))]);
    assert!(store.find_order_owners(&asked).await.unwrap() == expected);
    assert!(store.find_order_owners(&[]).await.unwrap().is_empty());
}

/// The owners of a change that did not happen did not change either.
pub async fn a_failed_commit_moves_no_order<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (order, one, two) = (OrderKey(9), CustomerId::new(1, 1), CustomerId::new(1, 2));
    set(&store, &[(order, one)]).await;
    let bad = ManifestChange { order_owners: vec![(order, two)], undo_journal: Some(99), ..change(&store).await };
    assert!(store.commit(&bad).await.is_err(), "there is no entry 99 to undo");
    assert_eq!(store.find_order_owners(&[order]).await.unwrap(), [Some(one)]);
}

/// Orders of others stay theirs.
pub async fn an_erased_profile_owns_no_order<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let [gone, also_gone, stays] = [1, 2, 3].map(|number| CustomerId::new(1, number));
    let orders = [OrderKey(1), OrderKey(2), OrderKey(u64::MAX - 1), OrderKey(4)];
    set(&store, &[(orders[0], gone), (orders[1], stays), (orders[2], also_gone), (orders[3], gone)]).await;
    let erased = ManifestChange { erase_profiles: vec![gone, also_gone], ..change(&store).await };
    store.commit(&erased).await.unwrap();
    assert_eq!(store.find_order_owners(&orders).await.unwrap(), [None, Some(stays), None, None]);
}
