//! A million at once.

use perennial_model::{CustomerId, IdentityKey, IdentityKind};
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
