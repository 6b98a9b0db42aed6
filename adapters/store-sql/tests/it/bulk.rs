//! A million at once.

use perennial_model::{CustomerId, IdentityKey, IdentityKind, OrderKey};
use perennial_ports::{IdentityBinding, ManifestChange, Store};
use perennial_store_sql::SqlStore;
use perennial_testkit::TestFolder;
use std::time::Instant;

/// Run by hand, with its figures: cargo test -p perennial-store-sql -- --ignored --nocapture million
#[tokio::test]
#[ignore = "a measurement, not a check"]
async fn a_million_identities() {
    let folder = TestFolder::new();
    let store = SqlStore::open(folder.path()).await.unwrap();
    for part in 0..2_u64 {
        let new_identities: Vec<IdentityBinding> = (0..1_000_000)
            .map(|number| IdentityBinding {
                key: IdentityKey {
                    kind: IdentityKind::Phone,
                    value: format!("+861{:010}", (part * 1_000_000 + number) * 7_919_317 % 9_999_999_967),
                },
                profile: CustomerId::new((number % 16) as u16, part * 62_500 + number / 16 + 1),
            })
            .collect();
        let keys: Vec<IdentityKey> = new_identities.iter().map(|binding| binding.key.clone()).collect();
        let change = ManifestChange { expected_epoch: part, new_identities, ..ManifestChange::default() };
        let started = Instant::now();
        store.commit(&change).await.unwrap();
        println!("part {part}: added in {:?}", started.elapsed());
        let started = Instant::now();
        let found = store.find_identities(&keys).await.unwrap();
        println!("part {part}: found in {:?}", started.elapsed());
        assert!(found.iter().all(Option::is_some));
    }
    let started = Instant::now();
    let change =
        ManifestChange { expected_epoch: 2, erase_profiles: vec![CustomerId::new(1, 5)], ..Default::default() };
    store.commit(&change).await.unwrap();
    println!("erased in {:?}", started.elapsed());
    for file in folder.files() {
        println!("{} {} bytes", file.display(), std::fs::metadata(&file).unwrap().len());
    }
}

/// As an import of twenty million lines adds them: chunk by chunk, each sorted by itself.
#[tokio::test]
#[ignore = "a measurement, not a check"]
async fn a_million_orders() {
    let folder = TestFolder::new();
    let store = SqlStore::open(folder.path()).await.unwrap();
    let key = |number: u64| OrderKey(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let chunk = |part: u64| (part * 50_000..(part + 1) * 50_000).map(key);
    let started = Instant::now();
    for part in 0..20_u64 {
        let owner = |order: OrderKey| CustomerId::new((order.0 % 16) as u16, order.0 % 200_000 + 1);
        let order_owners = chunk(part).map(|order| (order, owner(order))).collect();
        let change = ManifestChange { expected_epoch: part, order_owners, ..ManifestChange::default() };
        store.commit(&change).await.unwrap();
    }
    println!("added in {:?}", started.elapsed());
    let started = Instant::now();
    for part in 0..20 {
        let orders: Vec<OrderKey> = chunk(part).collect();
        assert!(store.find_order_owners(&orders).await.unwrap().iter().all(Option::is_some));
    }
    println!("found in {:?}", started.elapsed());
    for file in folder.files() {
        println!("{} {} bytes", file.display(), std::fs::metadata(&file).unwrap().len());
    }
    let started = Instant::now();
    let change =
        ManifestChange { expected_epoch: 20, erase_profiles: vec![CustomerId::new(1, 5)], ..Default::default() };
    store.commit(&change).await.unwrap();
    println!("erased in {:?}", started.elapsed());
    for file in folder.files() {
        println!("{} {} bytes", file.display(), std::fs::metadata(&file).unwrap().len());
    }
}
