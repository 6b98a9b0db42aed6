//! The contract of `Consents`, and of the consents in a manifest change.

use super::store::change;
use perennial_model::{ConsentChannel, ConsentRecord, CustomerId, Mid, Purpose};
use perennial_ports::{ManifestChange, Store};

fn said(profile: u64, mid: u64, given: bool, at_us: i64) -> ConsentRecord {
    ConsentRecord {
        profile: CustomerId::new(1, profile),
        mid: Mid(mid),
        purpose: Purpose::marketing(),
        channel: ConsentChannel::Sms,
        given,
        at_us,
        recorded_us: at_us + 5,
        source: "收银台".to_owned(),
        wording_version: Some("2024-03".to_owned()),
        ip: Some("203.0.113.9".to_owned()),
        evidence: Some("form 17".to_owned()),
    }
}

fn profile(number: u64) -> CustomerId {
    CustomerId::new(1, number)
}

/// All of it, mids with all their bits, absent parts as absent; oldest first.
pub async fn changes_of_consent_come_back_with_their_proof<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(!store.has_consents().await.unwrap());
    store.add_consents(&[]).await.unwrap();
    let bare = ConsentRecord { wording_version: None, ip: None, evidence: None, ..said(1, u64::MAX, false, 70) };
    let (first, others) = (said(1, 3, true, -5), said(2, 3, true, 1));
    store.add_consents(&[bare.clone(), first.clone(), others.clone()]).await.unwrap();
    drop(store);
    let store = open().await;
    assert!(store.has_consents().await.unwrap());
    assert_eq!(store.consents_of(&[profile(1)]).await.unwrap(), [first.clone(), bare.clone()]);
    assert_eq!(store.consents_of(&[profile(2), profile(1), profile(9)]).await.unwrap(), [first, others, bare]);
    assert!(store.consents_of(&[]).await.unwrap().is_empty());
}

/// A change that is there stays as it is, whoever says it again: proof is not rewritten.
pub async fn a_change_of_consent_is_never_rewritten<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let first = said(1, 7, true, 10);
    store.add_consents(&[first.clone(), said(1, 7, false, 99)]).await.unwrap();
    store.add_consents(&[said(1, 7, false, 20)]).await.unwrap();
    let again = ManifestChange { consents: vec![said(1, 7, false, 30)], ..change(&store).await };
    store.commit(&again).await.unwrap();
    assert_eq!(store.consents_of(&[profile(1)]).await.unwrap(), [first]);
}

/// More than fit into one statement, in one manifest transaction: all of them, or none with a failed one.
pub async fn consents_come_with_the_manifest<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let consents: Vec<ConsentRecord> = (0..2500).map(|number| said(number, number * 7 + 1, true, 10)).collect();
    let wrong = ManifestChange { expected_epoch: 77, consents: consents.clone(), ..ManifestChange::default() };
    assert!(store.commit(&wrong).await.is_err());
    assert!(!store.has_consents().await.unwrap());
    store.commit(&ManifestChange { consents: consents.clone(), ..change(&store).await }).await.unwrap();
    let asked: Vec<CustomerId> = (0..2500).map(profile).collect();
    assert_eq!(store.consents_of(&asked).await.unwrap(), consents);
}

/// The erased customer's go; others keep theirs.
pub async fn erasure_takes_consents<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    store.add_consents(&[said(1, 1, true, 1), said(2, 2, true, 1)]).await.unwrap();
    let erased = ManifestChange { erase_profiles: vec![profile(1)], ..change(&store).await };
    store.commit(&erased).await.unwrap();
    assert_eq!(store.consents_of(&[profile(1), profile(2)]).await.unwrap(), [said(2, 2, true, 1)]);
}
