//! The contract of `Store` about what a person should decide: pairs that may be one customer, and
//! the names by which a phone is found to be shared.

use super::store::change;
use perennial_model::{CustomerId, IdentityKind};
use perennial_ports::{Decision, ManifestChange, PhoneName, Store, SuggestionSeen};

fn seen(one: u64, other: u64, reason: IdentityKind, at_us: i64) -> SuggestionSeen {
    SuggestionSeen { one: CustomerId::new(1, one), other: CustomerId::new(2, other), reason, at_us, times: 1 }
}

fn swapped(seen: SuggestionSeen) -> SuggestionSeen {
    SuggestionSeen { one: seen.other, other: seen.one, ..seen }
}

/// More phones than fit into one statement; names keep all their bits.
pub async fn names_seen_with_a_phone_are_told_once_each<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let phone = |number: u16| {
        let mut hash = [0xfe; 16];
        hash[..2].copy_from_slice(&number.to_be_bytes());
        hash
    };
    let mut names: Vec<PhoneName> =
        (0..2500).map(|number| PhoneName { phone: phone(number), name: u64::MAX - u64::from(number) }).collect();
    names.push(PhoneName { phone: phone(7), name: 7 });
    store.note_phone_names(&names).await.unwrap();
    store.note_phone_names(&names[..10]).await.unwrap();
    drop(store);
    let store = open().await;
    let asked: Vec<[u8; 16]> = (0..2600).rev().map(phone).collect();
    let mut found = store.phone_names(&asked).await.unwrap();
    found.sort_unstable();
    names.sort_unstable();
    assert!(found == names);
    assert_eq!(store.phone_names(&[phone(8)]).await.unwrap(), [PhoneName { phone: phone(8), name: u64::MAX - 8 }]);
    assert!(store.phone_names(&[]).await.unwrap().is_empty());
}

/// Counted up, with the first reason, the first and the last time.
pub async fn a_pair_is_one_suggestion_in_either_order<S: Store>(open: impl AsyncFn() -> S) {
    use IdentityKind::{Email, Phone};
    let store = open().await;
    assert!(store.suggestions().await.unwrap().is_empty());
    let first = seen(1, 1, Phone, 10);
    store.note_suggestions(&[first, seen(2, 1, Email, 10), swapped(seen(1, 1, Email, 12))]).await.unwrap();
    let often = SuggestionSeen { times: 40, ..seen(1, 1, Phone, 30) };
    store.note_suggestions(&[often, seen(9, 9, Email, 31)]).await.unwrap();
    drop(store);
    let told = open().await.suggestions().await.unwrap();
    assert_eq!(told.len(), 3);
    let (pair, second, third) = (&told[0], &told[1], &told[2]);
    assert_eq!((pair.one, pair.other, pair.reason), (first.one.min(first.other), first.one.max(first.other), Phone));
    assert_eq!((pair.first_at_us, pair.last_at_us, pair.times_seen, pair.decided), (10, 30, 42, None));
    assert_eq!((second.reason, second.times_seen), (Email, 1));
    assert!(pair.suggestion_id < second.suggestion_id && second.suggestion_id < third.suggestion_id);
}

/// Those that name a profile on either side, decided ones too, each once and oldest first.
pub async fn suggestions_of_profiles_are_found<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let all =
        [seen(1, 1, IdentityKind::Phone, 1), seen(1, 2, IdentityKind::Email, 2), seen(2, 1, IdentityKind::Phone, 3)];
    store.note_suggestions(&all).await.unwrap();
    let told = store.suggestions().await.unwrap();
    assert!(store.decide_suggestion(told[1].suggestion_id, Decision::Rejected, 4).await.unwrap());
    let told = store.suggestions().await.unwrap();
    let of = async |profiles: &[CustomerId]| store.suggestions_of(profiles).await.unwrap();
    let (one, other) = (CustomerId::new(1, 1), CustomerId::new(2, 1));
    assert_eq!(of(&[one]).await, told[..2]);
    assert_eq!(of(&[other]).await, [told[0].clone(), told[2].clone()]);
    assert_eq!(of(&[other, one, one]).await, told);
    assert!(of(&[CustomerId::new(9, 9)]).await.is_empty() && of(&[]).await.is_empty());
    let far: Vec<CustomerId> = (100..2500).map(|number| CustomerId::new(1, number)).collect();
    assert_eq!(of(&[&[one][..], &far, &[other]].concat()).await, told, "more than fit into one statement");
}

/// Once: neither deciding again nor seeing the pair again opens it.
pub async fn a_decided_suggestion_stays_decided<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    store.note_suggestions(&[seen(1, 1, IdentityKind::Phone, 1), seen(2, 2, IdentityKind::Phone, 1)]).await.unwrap();
    let told = store.suggestions().await.unwrap();
    assert!(store.decide_suggestion(told[0].suggestion_id, Decision::Rejected, 5).await.unwrap());
    assert!(store.decide_suggestion(told[1].suggestion_id, Decision::Merged, 6).await.unwrap());
    assert!(!store.decide_suggestion(told[0].suggestion_id, Decision::Merged, 7).await.unwrap());
    assert!(!store.decide_suggestion(999, Decision::Merged, 7).await.unwrap());
    store.note_suggestions(&[seen(1, 1, IdentityKind::Phone, 9)]).await.unwrap();
    let told = store.suggestions().await.unwrap();
    assert_eq!((told[0].decided, told[0].times_seen), (Some((Decision::Rejected, 5)), 2));
    assert_eq!(told[1].decided, Some((Decision::Merged, 6)));
}

/// Of the erased customer, on whichever side; others keep theirs.
pub async fn erasure_takes_names_and_suggestions<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let names = [[1; 16], [2; 16]].map(|phone| PhoneName { phone, name: 5 });
    store.note_phone_names(&names).await.unwrap();
    let phone = IdentityKind::Phone;
    store.note_suggestions(&[seen(1, 1, phone, 1), seen(2, 2, phone, 1), seen(3, 3, phone, 1)]).await.unwrap();
    let erase_profiles = vec![CustomerId::new(1, 1), CustomerId::new(2, 2)];
    let erased = ManifestChange { erase_profiles, suppress: vec![[1; 16]], ..change(&store).await };
    store.commit(&erased).await.unwrap();
    assert_eq!(store.phone_names(&[[1; 16], [2; 16]]).await.unwrap(), names[1..]);
    let told = store.suggestions().await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].one.min(told[0].other).number(), 3);
}
