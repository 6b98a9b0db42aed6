//! A million at once, with PERENNIAL_TEST_FULL: `cargo xtask test --full` sets it.

use perennial_model::{CustomerId, IdentityKey, IdentityKind, OrderKey};
use perennial_ports::{IdentityBinding, ManifestChange, Store};
use perennial_store_sql::SqlStore;
use perennial_testkit::TestFolder;

fn wanted() -> bool {
    std::env::var_os("PERENNIAL_TEST_FULL").is_some()
}

fn bytes(folder: &TestFolder) -> u64 {
    folder.files().iter().map(|file| std::fs::metadata(file).unwrap().len()).sum()
}

/// Two million in two commits: all are found, an erasure takes those of its profile and no other.
#[tokio::test]
async fn two_million_identities() {
    if !wanted() {
        return;
    }
    let folder = TestFolder::new();
    let store = SqlStore::open(folder.path()).await.unwrap();
    let gone = CustomerId::new(1, 5);
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
        let profiles: Vec<_> = new_identities.iter().map(|binding| Some(binding.profile)).collect();
        let change = ManifestChange { expected_epoch: part, new_identities, ..ManifestChange::default() };
        store.commit(&change).await.unwrap();
        assert!(store.find_identities(&keys).await.unwrap() == profiles);
    }
    let of_gone = store.identities_of(&[gone]).await.unwrap();
    let before = store.identities_of(&[CustomerId::new(1, 6)]).await.unwrap();
    assert_eq!((of_gone.len(), before.len()), (1, 1));
    let change = ManifestChange { expected_epoch: 2, erase_profiles: vec![gone], ..Default::default() };
    store.commit(&change).await.unwrap();
    assert_eq!(store.find_identities(&[of_gone[0].key.clone()]).await.unwrap(), [None]);
    assert_eq!(store.identities_of(&[CustomerId::new(1, 6)]).await.unwrap(), before);
    assert!(bytes(&folder) < 2_000_000 * 150, "{} bytes", bytes(&folder));
}

/// As an import of twenty million lines adds them: chunk by chunk, each sorted by itself.
#[tokio::test]
async fn a_million_orders() {
    if !wanted() {
        return;
    }
    let folder = TestFolder::new();
    let store = SqlStore::open(folder.path()).await.unwrap();
    let key = |number: u64| OrderKey(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let owner = |order: &OrderKey| CustomerId::new((order.0 % 16) as u16, order.0 % 200_000 + 1);
    let chunk = |part: u64| (part * 50_000..(part + 1) * 50_000).map(key).collect::<Vec<_>>();
    for part in 0..20_u64 {
        let order_owners = chunk(part).iter().map(|order| (*order, owner(order))).collect();
        let change = ManifestChange { expected_epoch: part, order_owners, ..ManifestChange::default() };
        store.commit(&change).await.unwrap();
    }
    let gone = owner(&key(7));
    let owned = |erased: bool| {
        (0..20).map(move |part| {
            let orders = chunk(part);
            let kept = |order: &OrderKey| Some(owner(order)).filter(|owner| !erased || *owner != gone);
            let expected: Vec<Option<CustomerId>> = orders.iter().map(kept).collect();
            (orders, expected)
        })
    };
    for (orders, expected) in owned(false) {
        assert!(store.find_order_owners(&orders).await.unwrap() == expected);
    }
    assert!(bytes(&folder) < 1_000_000 * 60, "{} bytes", bytes(&folder));
    let change = ManifestChange { expected_epoch: 20, erase_profiles: vec![gone], ..Default::default() };
    store.commit(&change).await.unwrap();
    for (orders, expected) in owned(true) {
        assert!(store.find_order_owners(&orders).await.unwrap() == expected);
    }
}
