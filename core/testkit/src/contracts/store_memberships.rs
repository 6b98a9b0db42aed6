//! The contract of `Memberships`.

use super::store::change;
use perennial_model::CustomerId;
use perennial_ports::{
    ManifestChange, MembershipCause, MembershipChange, MembershipRecord, Memberships, NumberedChange, SegmentSize,
    Store, StoredMembership,
};

/// The `number`th customer of a shard enters or leaves.
fn moved(shard: u16, number: u64, entered: bool, at_us: i64) -> MembershipChange {
    let cause = MembershipCause::ALL[(number % 4) as usize];
    MembershipChange { customer: CustomerId::new(shard, number), entered, cause, at_us }
}

fn record(segment: &str, changes: &[MembershipChange]) -> MembershipRecord {
    MembershipRecord { segment: segment.to_owned(), changes: changes.to_vec(), ..MembershipRecord::default() }
}

fn acting(segment: &str, condition: &str) -> MembershipRecord {
    MembershipRecord { condition: Some(condition.to_owned()), ..record(segment, &[]) }
}

fn packed(segment: &str, packed: &[(u16, &[u8])]) -> MembershipRecord {
    let packed = packed.iter().map(|(shard, members)| (*shard, members.to_vec())).collect();
    MembershipRecord { packed, ..record(segment, &[]) }
}

fn numbered(number: u64, change: MembershipChange) -> NumberedChange {
    NumberedChange { number, change }
}

async fn numbers(store: &impl Memberships, segment: &str) -> Vec<u64> {
    let changes = store.membership_changes(segment, 0, u32::MAX).await.unwrap();
    changes.into_iter().map(|change| change.number).collect()
}

/// Causes, instants and bytes as they were, segments by name; all of a record's changes but those that are
/// packed with it.
pub async fn memberships_come_back_as_recorded<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert!(store.memberships().await.unwrap().is_empty());
    let changes: Vec<MembershipChange> =
        (1..=8).map(|number| moved((number % 2) as u16, number, number < 5, -3 + number as i64)).collect();
    let whole: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let asleep = MembershipRecord {
        changes: changes.clone(),
        packed: vec![(1, whole.clone()), (255, vec![])],
        ..acting("睡眠", "{\"days\":90}")
    };
    store.record_memberships(&[asleep, acting("all", "")]).await.unwrap();
    let next = [moved(1, 9, true, 50), moved(0, 9, true, 50)];
    store.record_memberships(&[record("睡眠", &next)]).await.unwrap();
    drop(store);
    let store = open().await;
    let mut since: Vec<NumberedChange> =
        (1..).zip(&changes).filter(|(_, of)| of.customer.shard() == 0).map(|(at, of)| numbered(at, *of)).collect();
    since.extend([numbered(9, next[0]), numbered(10, next[1])]);
    let expected = [
        StoredMembership { segment: "all".to_owned(), ..StoredMembership::default() },
        StoredMembership {
            segment: "睡眠".to_owned(),
            condition: "{\"days\":90}".to_owned(),
            packed: vec![(1, whole), (255, vec![])],
            since,
        },
    ];
    assert_eq!(store.memberships().await.unwrap(), expected);
    store.record_memberships(&[acting("睡眠", "{\"days\":60}")]).await.unwrap();
    let stored = store.memberships().await.unwrap().remove(1);
    assert_eq!(stored, StoredMembership { condition: "{\"days\":60}".to_owned(), ..expected[1].clone() });
}

/// All segments of a call, with more changes than fit into one statement.
pub async fn a_record_is_kept_whole_or_not_at_all<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let changes: Vec<MembershipChange> = (1..=2_500).map(|number| moved(3, number, true, 1)).collect();
    let good = MembershipRecord { changes: changes.clone(), packed: vec![(4, vec![1])], ..acting("good", "{}") };
    // A text that no store takes stands for whatever ends a transaction.
    store.record_memberships(&[good.clone(), acting("bad", "\0")]).await.unwrap_err();
    assert!(store.memberships().await.unwrap().is_empty());
    assert!(numbers(&store, "good").await.is_empty());
    store.record_memberships(&[good.clone(), record("other", &changes[..1])]).await.unwrap();
    let stored = store.memberships().await.unwrap();
    assert!(stored[0].since.iter().map(|numbered| numbered.change).eq(changes.iter().copied()));
    assert!(numbers(&store, "good").await.is_sorted_by(|one, two| one < two));
    let other = store.membership_changes("other", 0, 9).await.unwrap();
    assert!(other[0].number > stored[0].since[2_499].number, "in the order of the records");
}

/// Nothing of a segment that it names is there then.
pub async fn what_says_nothing_is_not_recorded<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    store.record_memberships(&[]).await.unwrap();
    store.record_memberships(&[record("quiet", &[])]).await.unwrap();
    store.record_memberships(&[record("quiet", &[]), acting("loud", "{}")]).await.unwrap();
    let names: Vec<String> = store.memberships().await.unwrap().into_iter().map(|stored| stored.segment).collect();
    assert_eq!(names, ["loud"]);
    store.record_memberships(&[record("never given a condition", &[moved(1, 1, true, 1)])]).await.unwrap();
    let stored = store.memberships().await.unwrap().remove(1);
    assert_eq!((stored.condition.as_str(), stored.since.len()), ("", 1), "nothing recorded is lost");
}

/// Of its shard and its segment; what is recorded later comes after it, until it is packed again.
pub async fn a_late_pack_stands_for_all_before_it<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let changes = [moved(1, 1, true, 1), moved(2, 1, true, 1)];
    store.record_memberships(&[acting("a", "{}"), acting("b", "{}")]).await.unwrap();
    store.record_memberships(&[record("a", &changes), record("b", &changes)]).await.unwrap();
    store.record_memberships(&[packed("a", &[(1, b"one")])]).await.unwrap();
    let late = moved(1, 1, false, 2);
    store.record_memberships(&[record("a", &[late])]).await.unwrap();
    drop(store);
    let store = open().await;
    let stored = store.memberships().await.unwrap();
    assert_eq!(stored[0].packed, [(1, b"one".to_vec())]);
    assert_eq!(stored[0].since, [numbered(2, changes[1]), numbered(5, late)]);
    assert_eq!(stored[1].since, [numbered(3, changes[0]), numbered(4, changes[1])]);
    assert_eq!(numbers(&store, "a").await, [1, 2, 5], "what is packed can still be read as changes");
    store.record_memberships(&[packed("a", &[(1, b""), (2, b"two")])]).await.unwrap();
    let stored = store.memberships().await.unwrap().remove(0);
    assert_eq!(stored.packed, [(1, vec![]), (2, b"two".to_vec())]);
    assert!(stored.since.is_empty());
    // One call may name a segment twice: what comes after the pack is not in it.
    let both = [MembershipRecord { changes: vec![late], ..packed("a", &[(1, b"x")]) }, record("a", &[changes[0]])];
    store.record_memberships(&both).await.unwrap();
    assert_eq!(store.memberships().await.unwrap().remove(0).since, [numbered(7, changes[0])]);
}

/// Not after the segment was forgotten, its changes were pruned or erased, or the store was opened again.
pub async fn numbers_of_changes_are_never_given_twice<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let changes = [moved(1, 1, true, 1), moved(1, 2, true, 1)];
    store.record_memberships(&[acting("a", "{}"), record("a", &changes)]).await.unwrap();
    store.forget_membership("a").await.unwrap();
    store.record_memberships(&[record("b", &changes)]).await.unwrap();
    assert_eq!(numbers(&store, "b").await, [3, 4]);
    store.record_memberships(&[packed("b", &[(1, b"")])]).await.unwrap();
    assert_eq!(store.prune_membership_changes(i64::MAX).await.unwrap(), 2);
    drop(store);
    let store = open().await;
    store.record_memberships(&[record("b", &changes)]).await.unwrap();
    let erase_profiles = changes.iter().map(|change| change.customer).collect();
    store.commit(&ManifestChange { erase_profiles, ..change(&store).await }).await.unwrap();
    assert!(numbers(&store, "b").await.is_empty());
    store.record_memberships(&[record("b", &changes), record("a", &changes[..1])]).await.unwrap();
    assert_eq!((numbers(&store, "b").await, numbers(&store, "a").await), (vec![7, 8], vec![9]));
}

/// The earliest first, of one segment.
pub async fn changes_are_paged_by_number<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let changes: Vec<MembershipChange> = (1..=5).map(|number| moved(9, number, true, 100 - number as i64)).collect();
    for change in &changes {
        store.record_memberships(&[record("other", &[*change]), record("paged", &[*change])]).await.unwrap();
    }
    let all: Vec<NumberedChange> = (1..).zip(&changes).map(|(at, of)| numbered(2 * at, *of)).collect();
    assert_eq!(store.membership_changes("paged", 0, 100).await.unwrap(), all);
    assert_eq!(store.membership_changes("paged", 0, 2).await.unwrap(), all[..2]);
    assert_eq!(store.membership_changes("paged", 4, 2).await.unwrap(), all[2..4]);
    assert_eq!(store.membership_changes("paged", 5, 100).await.unwrap(), all[2..]);
    assert!(store.membership_changes("paged", 10, 100).await.unwrap().is_empty());
    assert!(store.membership_changes("paged", u64::MAX, 100).await.unwrap().is_empty());
    assert!(store.membership_changes("page", 0, 100).await.unwrap().is_empty());
    let latest: Vec<NumberedChange> = all.iter().rev().copied().collect();
    assert_eq!(store.latest_membership_changes("paged", u64::MAX, 100).await.unwrap(), latest);
    assert_eq!(store.latest_membership_changes("paged", u64::MAX, 2).await.unwrap(), latest[..2]);
    assert_eq!(store.latest_membership_changes("paged", 8, 2).await.unwrap(), latest[2..4]);
    assert!(store.latest_membership_changes("paged", 2, 100).await.unwrap().is_empty());
    assert!(store.latest_membership_changes("page", u64::MAX, 100).await.unwrap().is_empty());
}

/// Not one that is as old as the instant itself, nor one of another shard or segment.
pub async fn only_old_changes_that_are_packed_are_pruned<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let changes = [moved(1, 1, true, 9), moved(1, 2, true, 10), moved(2, 3, true, 9)];
    store.record_memberships(&[acting("a", "{}"), record("a", &changes)]).await.unwrap();
    store.record_memberships(&[acting("b", "{}"), record("b", &changes[..1])]).await.unwrap();
    assert_eq!(store.prune_membership_changes(i64::MAX).await.unwrap(), 0, "nothing is packed");
    store.record_memberships(&[packed("a", &[(1, b"p")])]).await.unwrap();
    store.record_memberships(&[record("a", &[moved(1, 4, true, 1)])]).await.unwrap();
    let before = store.memberships().await.unwrap();
    assert_eq!(store.prune_membership_changes(10).await.unwrap(), 1);
    assert_eq!((numbers(&store, "a").await, numbers(&store, "b").await), (vec![2, 3, 5], vec![4]));
    assert_eq!(store.memberships().await.unwrap(), before, "who is in it is the same");
}

/// And nothing else; others keep everything.
pub async fn a_forgotten_membership_keeps_its_sizes<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let whole = |segment: &str| MembershipRecord {
        changes: vec![moved(1, 1, true, 1), moved(2, 1, true, 1)],
        packed: vec![(1, b"p".to_vec())],
        ..acting(segment, "{}")
    };
    store.record_memberships(&[whole("gone"), whole("kept")]).await.unwrap();
    store.put_segment_sizes(&[counted("gone", 1, 1, 1)]).await.unwrap();
    let kept = store.memberships().await.unwrap().remove(1);
    store.forget_membership("gone").await.unwrap();
    store.forget_membership("never there").await.unwrap();
    drop(store);
    let store = open().await;
    assert_eq!(store.memberships().await.unwrap(), [kept]);
    assert!(numbers(&store, "gone").await.is_empty());
    assert_eq!(store.segment_sizes(&["gone"], 0, 9).await.unwrap(), [counted("gone", 1, 1, 1)]);
    store.record_memberships(&[record("gone", &[moved(1, 2, true, 3)])]).await.unwrap();
    let again = store.memberships().await.unwrap().remove(0);
    assert_eq!((again.condition.as_str(), again.packed.len(), again.since.len()), ("", 0, 1));
}

/// In all segments; what is packed stays, and others' changes.
pub async fn erasure_takes_changes_of_memberships<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let changes = [moved(1, 1, true, 1), moved(1, 2, true, 1), moved(1, 1, false, 2)];
    store.record_memberships(&[acting("a", "{}"), record("a", &changes), record("b", &changes)]).await.unwrap();
    store.record_memberships(&[packed("b", &[(1, b"p")])]).await.unwrap();
    let erased = ManifestChange { erase_profiles: vec![CustomerId::new(1, 1)], ..change(&store).await };
    store.commit(&erased).await.unwrap();
    for segment in ["a", "b"] {
        let left = store.membership_changes(segment, 0, 9).await.unwrap();
        assert_eq!(left.iter().map(|numbered| numbered.change).collect::<Vec<_>>(), [changes[1]]);
    }
    assert_eq!(store.memberships().await.unwrap()[1].packed, [(1, b"p".to_vec())]);
}

fn counted(segment: &str, day: i32, at_us: i64, size: u64) -> SegmentSize {
    SegmentSize { segment: segment.to_owned(), day, at_us, size, unknown: size / 2 }
}

/// In whichever order they come, within a call too; counted again at the same instant is later.
pub async fn the_later_size_of_a_day_stays<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    store.put_segment_sizes(&[]).await.unwrap();
    let today = [counted("a", 5, 20, 7), counted("a", 5, 30, 8), counted("a", 5, 10, 9), counted("a", 6, 1, 3)];
    store.put_segment_sizes(&today).await.unwrap();
    assert_eq!(store.segment_sizes(&["a"], 5, 6).await.unwrap(), [today[1].clone(), today[3].clone()]);
    store.put_segment_sizes(&[counted("a", 5, 29, 1), counted("a", 6, 1, 4), counted("a", 6, 1, 5)]).await.unwrap();
    assert_eq!(store.segment_sizes(&["a"], 5, 6).await.unwrap(), [today[1].clone(), counted("a", 6, 1, 5)]);
    store.put_segment_sizes(&[counted("a", 5, 31, 0)]).await.unwrap();
    drop(store);
    assert_eq!(open().await.segment_sizes(&["a"], 5, 5).await.unwrap(), [counted("a", 5, 31, 0)]);
}

/// Both days included, days before 1970 too; more segments than fit into one statement.
pub async fn sizes_are_found_by_segment_and_day<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let mut sizes: Vec<SegmentSize> = ["b", "a", "'客'"]
        .iter()
        .flat_map(|segment| (-2..=2).map(|day| counted(segment, day, i64::from(day), u64::from(day.unsigned_abs()))))
        .collect();
    store.put_segment_sizes(&sizes).await.unwrap();
    sizes.sort_by_key(|size| (size.segment.clone(), size.day));
    assert_eq!(store.segment_sizes(&[], i32::MIN, i32::MAX).await.unwrap(), sizes);
    let within = |segments: &[&str], from: i32, to: i32| {
        let is_in = |size: &&SegmentSize| segments.contains(&size.segment.as_str()) && (from..=to).contains(&size.day);
        sizes.iter().filter(is_in).cloned().collect::<Vec<_>>()
    };
    assert_eq!(store.segment_sizes(&["b", "a", "b"], -1, 1).await.unwrap(), within(&["a", "b"], -1, 1));
    assert_eq!(store.segment_sizes(&[], 2, 2).await.unwrap(), within(&["a", "b", "'客'"], 2, 2));
    assert!(store.segment_sizes(&["a"], 1, -1).await.unwrap().is_empty());
    assert!(store.segment_sizes(&["nobody"], -9, 9).await.unwrap().is_empty());
    let many: Vec<String> = (0..2_500).map(|number| format!("s{number:05}")).collect();
    let counts: Vec<SegmentSize> = many.iter().map(|segment| counted(segment, 3, 3, 3)).collect();
    store.put_segment_sizes(&counts).await.unwrap();
    let mut names: Vec<&str> = many.iter().map(String::as_str).collect();
    names.reverse();
    assert!(store.segment_sizes(&names, 3, 3).await.unwrap() == counts);
}
