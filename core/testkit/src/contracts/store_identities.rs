//! The contract of `Store` about identities.

use super::store::change;
use perennial_model::{CustomerId, IdentityKey, IdentityKind};
use perennial_ports::{IdentityBinding, JournalEntry, ManifestChange, Store};

fn key(kind: IdentityKind, value: &str) -> IdentityKey {
    IdentityKey { kind, value: value.to_owned() }
}

fn bind(kind: IdentityKind, value: &str, profile: CustomerId) -> IdentityBinding {
    IdentityBinding { key: key(kind, value), profile }
}

async fn add(store: &impl Store, bindings: &[IdentityBinding]) {
    let added = ManifestChange { new_identities: bindings.to_vec(), ..change(store).await };
    store.commit(&added).await.unwrap();
}

/// The first binding of a key stays, within a change and later; kinds do not see each other.
pub async fn identities_keep_their_first_profile<S: Store>(open: impl AsyncFn() -> S) {
    use IdentityKind::{Email, Member, Phone};
    let store = open().await;
    let (one, two) = (CustomerId::new(1, 1), CustomerId::new(2, 1));
    add(&store, &[bind(Member, "7", two), bind(Phone, "7", one), bind(Member, "7", one)]).await;
    assert!(store.has_identities().await.unwrap());
    add(&store, &[bind(Member, "7", one), bind(Email, "7", one)]).await;
    let keys = [key(Member, "7"), key(Phone, "7"), key(Email, "7")];
    assert_eq!(store.find_identities(&keys).await.unwrap(), [Some(two), Some(one), Some(one)]);
}

/// Answers come in the order of the questions, doubles and unknown ones among them.
pub async fn identities_are_found_in_the_order_asked<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let odd = ["", "'; DROP TABLE identity; --", "张三", "A", "a", "a ", "%_\"\\"];
    let bindings: Vec<IdentityBinding> = (1..)
        .zip(odd)
        .map(|(number, value)| bind(IdentityKind::Platform, value, CustomerId::new(0xff, number)))
        .collect();
    add(&store, &bindings).await;
    let mut asked: Vec<IdentityKey> = bindings.iter().rev().map(|binding| binding.key.clone()).collect();
    asked.push(key(IdentityKind::Platform, "unknown"));
    asked.push(asked[0].clone());
    let mut expected: Vec<Option<CustomerId>> = bindings.iter().rev().map(|binding| Some(binding.profile)).collect();
    expected.extend([None, Some(bindings[odd.len() - 1].profile)]);
    assert_eq!(store.find_identities(&asked).await.unwrap(), expected);
    assert!(store.find_identities(&[]).await.unwrap().is_empty());
}

/// More than fit into one statement.
pub async fn many_identities_are_found<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let kind = |number: u64| IdentityKind::ALL[number as usize % IdentityKind::ALL.len()];
    let bindings: Vec<IdentityBinding> = (0..12_345)
        .map(|number| bind(kind(number), &format!("v{}", number * 7919 % 12_345), CustomerId::new(1, number + 1)))
        .collect();
    add(&store, &bindings).await;
    let keys: Vec<IdentityKey> = bindings.iter().rev().map(|binding| binding.key.clone()).collect();
    let expected: Vec<Option<CustomerId>> = bindings.iter().rev().map(|binding| Some(binding.profile)).collect();
    assert!(store.find_identities(&keys).await.unwrap() == expected);
}

/// All keys of a profile, and of no other.
pub async fn identities_of_profiles_are_listed<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (one, two, three) = (CustomerId::new(1, 1), CustomerId::new(2, 1), CustomerId::new(1, 2));
    let bindings = [
        bind(IdentityKind::Email, "a@x.example", one),
        bind(IdentityKind::Phone, "+8613800138000", one),
        bind(IdentityKind::Email, "b@x.example", two),
        bind(IdentityKind::Email, "c@x.example", three),
    ];
    add(&store, &bindings).await;
    let mut listed = store.identities_of(&[three, one]).await.unwrap();
    listed.sort_by(|a, b| a.key.value.cmp(&b.key.value));
    assert_eq!(listed, [bindings[1].clone(), bindings[0].clone(), bindings[3].clone()]);
    assert!(store.identities_of(&[CustomerId::new(9, 9)]).await.unwrap().is_empty());
}

/// An erased profile has no key, no alias and no entry; others keep theirs.
pub async fn erased_profiles_leave_only_hashes<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let [gone, moved, stays, other] = [1, 2, 3, 4].map(|number| CustomerId::new(1, number));
    let (phone, email) = (IdentityKind::Phone, IdentityKind::Email);
    add(&store, &[bind(phone, "1", gone), bind(email, "2", moved), bind(phone, "3", stays)]).await;
    for (from, into) in [(moved, gone), (other, stays)] {
        let reason = "same phone".to_owned();
        let entry = JournalEntry { entry_id: 0, at_us: 1, from, into, reason, undone_at_us: None };
        let aliased =
            ManifestChange { set_aliases: vec![(from, into)], add_journal: Some(entry), ..change(&store).await };
        store.commit(&aliased).await.unwrap();
    }
    let erased = ManifestChange { erase_profiles: vec![gone, moved], suppress: vec![[9; 16]], ..change(&store).await };
    store.commit(&erased).await.unwrap();
    let keys = [key(phone, "1"), key(email, "2"), key(phone, "3")];
    assert_eq!(store.find_identities(&keys).await.unwrap(), [None, None, Some(stays)]);
    assert_eq!(store.manifest().await.unwrap().aliases, [(other, stays)]);
    let journal = store.journal().await.unwrap();
    assert_eq!(journal.iter().map(|entry| entry.from).collect::<Vec<_>>(), [other]);
    assert_eq!(store.suppressed().await.unwrap(), [[9; 16]]);
}

/// Merges from or into a profile, undone ones too, each once and oldest first; none of others.
pub async fn merges_of_profiles_are_found<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let id = |number| CustomerId::new(1, number);
    // From 1 into 2, from 2 into 3, and so on.
    for number in 1..=40 {
        let (from, into, reason) = (id(number), id(number + 1), format!("the {number}th"));
        let entry = JournalEntry { entry_id: 0, at_us: 1, from, into, reason, undone_at_us: None };
        store.commit(&ManifestChange { add_journal: Some(entry), ..change(&store).await }).await.unwrap();
    }
    let all = store.journal().await.unwrap();
    let undone = ManifestChange { undo_journal: Some(all[2].entry_id), ..change(&store).await };
    store.commit(&undone).await.unwrap();
    let all = store.journal().await.unwrap();
    assert_eq!(store.journal_of(&[id(3)]).await.unwrap(), all[1..3], "one into it, one from it that was undone");
    assert_eq!(store.journal_of(&[id(4), id(3), id(3)]).await.unwrap(), all[1..4], "each once");
    assert_eq!(store.journal_of(&[id(41), id(99)]).await.unwrap(), all[39..]);
    assert!(store.journal_of(&[id(99)]).await.unwrap().is_empty());
    assert!(store.journal_of(&[]).await.unwrap().is_empty());
    // More than fit into one statement, both ends of an entry in different ones.
    let many: Vec<CustomerId> = [id(2)].into_iter().chain((100..2500).map(id)).chain([id(1)]).collect();
    assert_eq!(store.journal_of(&many).await.unwrap(), all[..2]);
}

/// Outside a manifest change, and so without a new epoch: the first binding of a key stays, within
/// the list and against those before, and the answer says who has each.
pub async fn keys_bound_on_their_own_tell_who_has_them<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let [one, two, three] = [1, 2, 3].map(|number| CustomerId::new(1, number));
    let (phone, openid) = (IdentityKind::Phone, IdentityKind::Openid);
    add(&store, &[bind(phone, "1", one)]).await;
    let epoch = store.manifest().await.unwrap().epoch;
    let asked = [bind(openid, "o@wx1", two), bind(phone, "1", two), bind(openid, "o@wx1", three)];
    assert_eq!(store.bind_identities(&asked).await.unwrap(), [two, one, two]);
    assert!(store.bind_identities(&[]).await.unwrap().is_empty());
    assert_eq!(store.manifest().await.unwrap().epoch, epoch);
    drop(store);
    let store = open().await;
    assert_eq!(store.bind_identities(&asked[2..]).await.unwrap(), [two]);
    assert_eq!(store.identities_of(&[two, three]).await.unwrap(), [bind(openid, "o@wx1", two)]);
}

/// A key taken away leads nowhere, and may lead to another at once; one of somebody else stays.
pub async fn a_key_taken_away_is_free<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (one, other) = (CustomerId::new(1, 1), CustomerId::new(2, 1));
    let bound = |value: &str, profile| IdentityBinding { key: key(IdentityKind::Phone, value), profile };
    store.bind_identities(&[bound("+1", one), bound("+2", one), bound("+3", other)]).await.unwrap();
    let unbind = vec![bound("+1", one), bound("+3", one)];
    let new_identities = vec![bound("+1", other)];
    store.commit(&ManifestChange { unbind, new_identities, ..change(&store).await }).await.unwrap();
    drop(store);
    let store = open().await;
    let keys = ["+1", "+2", "+3"].map(|value| key(IdentityKind::Phone, value));
    assert_eq!(store.find_identities(&keys).await.unwrap(), [Some(other), Some(one), Some(other)]);
    assert_eq!(store.identities_of(&[one]).await.unwrap(), [bound("+2", one)]);
    assert_eq!(store.identities_of(&[other]).await.unwrap(), [bound("+1", other), bound("+3", other)]);
}
