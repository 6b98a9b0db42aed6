//! The contract of `CustomerGroups`.

use super::store::change;
use perennial_model::CustomerId;
use perennial_ports::{
    Accounts, CustomerGroup, CustomerGroups, GroupChange, GroupKind, ManifestChange, NewAuditEntry, Store,
};

/// As long as a whole wave of a campaign, and not a whole number of statements.
const MANY: u64 = 12_345;

fn profile(number: u64) -> CustomerId {
    CustomerId::new((number % 3) as u16, number)
}

fn profiles(numbers: &[u64]) -> Vec<CustomerId> {
    numbers.iter().copied().map(profile).collect()
}

fn noted(subject: &str, at_us: i64) -> NewAuditEntry {
    NewAuditEntry {
        at_us,
        member_id: Some(7),
        token_id: None,
        action: "group_changed".to_owned(),
        subject: Some(subject.to_owned()),
        detail: None,
    }
}

fn changed(kind: GroupKind, name: &str, add: &[u64], remove: &[u64], at_us: i64) -> GroupChange {
    let (add, remove) = (profiles(add), profiles(remove));
    GroupChange { kind, name: name.to_owned(), add, remove, at_us, audit: noted(name, at_us) }
}

fn group(kind: GroupKind, name: &str, description: Option<&str>, at_us: i64, profiles: u64) -> CustomerGroup {
    CustomerGroup { kind, name: name.to_owned(), description: description.map(str::to_owned), at_us, profiles }
}

/// One of each kind may have the same name; a new description leaves the rest as it was.
pub async fn groups_come_back_by_kind_and_name<S: Store>(open: impl AsyncFn() -> S) {
    use GroupKind::{List, Tag};
    let store = open().await;
    assert!(store.groups().await.unwrap().is_empty());
    store.save_group(Tag, "批发", Some("once"), 5, &noted("tag", 5)).await.unwrap();
    store.save_group(Tag, "A", None, -1, &noted("tag", 5)).await.unwrap();
    store.save_group(List, "批发", Some(""), 7, &noted("list", 7)).await.unwrap();
    store.change_group(&changed(Tag, "批发", &[1, 2], &[], 9)).await.unwrap();
    store.save_group(Tag, "批发", Some("'twice'\n"), 99, &noted("tag", 99)).await.unwrap();
    drop(store);
    let store = open().await;
    let expected = [
        group(List, "批发", Some(""), 7, 0),
        group(Tag, "A", None, -1, 0),
        group(Tag, "批发", Some("'twice'\n"), 5, 2),
    ];
    assert_eq!(store.groups().await.unwrap(), expected);
    store.save_group(Tag, "批发", None, 100, &noted("tag", 100)).await.unwrap();
    assert_eq!(store.groups().await.unwrap()[2], group(Tag, "批发", None, 5, 2));
}

/// Who is named twice counts once; who is in it stays; who is to come and to go goes.
pub async fn members_are_counted_as_they_come_and_go<S: Store>(open: impl AsyncFn() -> S) {
    use GroupKind::{List, Tag};
    let store = open().await;
    assert!(store.group_members(List, "draw").await.unwrap().is_empty());
    assert_eq!(store.change_group(&changed(List, "draw", &[3, 1, 3, 2], &[9], 10)).await.unwrap(), (3, 0));
    assert_eq!(store.change_group(&changed(List, "draw", &[4, 1], &[2, 2, 8], 20)).await.unwrap(), (1, 1));
    assert_eq!(store.change_group(&changed(List, "draw", &[3, 5], &[5, 3], 30)).await.unwrap(), (0, 1));
    assert_eq!(store.change_group(&changed(Tag, "draw", &[6], &[1], 40)).await.unwrap(), (1, 0));
    drop(store);
    let store = open().await;
    let mut members = profiles(&[1, 4]);
    members.sort_unstable();
    assert_eq!(store.group_members(List, "draw").await.unwrap(), members);
    assert_eq!(store.group_members(Tag, "draw").await.unwrap(), profiles(&[6]));
    assert!(store.group_members(Tag, "Draw").await.unwrap().is_empty());
    let since: Vec<i64> = store.groups_of(&profiles(&[1])).await.unwrap().into_iter().map(|found| found.3).collect();
    assert_eq!(since, [10], "the instant at which it came first");
    assert_eq!(store.groups().await.unwrap(), [group(List, "draw", None, 10, 2), group(Tag, "draw", None, 40, 1)]);
}

/// More than fit into one statement.
pub async fn many_members_come_and_go_at_once<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let all: Vec<u64> = (1..=MANY).rev().collect();
    let even: Vec<u64> = (1..=MANY).filter(|number| number % 2 == 0).collect();
    assert_eq!(store.change_group(&changed(GroupKind::List, "all", &all, &[], 1)).await.unwrap(), (MANY, 0));
    let halved = store.change_group(&changed(GroupKind::List, "all", &all, &even, 1)).await.unwrap();
    assert_eq!(halved, (0, MANY / 2));
    let mut odd: Vec<CustomerId> = (1..=MANY).step_by(2).map(profile).collect();
    odd.sort_unstable();
    assert!(store.group_members(GroupKind::List, "all").await.unwrap() == odd);
    let asked: Vec<CustomerId> = (1..=MANY).map(profile).collect();
    assert_eq!(store.groups_of(&asked).await.unwrap().len(), odd.len());
}

/// Of all kinds, each once, and of nobody else.
pub async fn groups_of_profiles_are_told<S: Store>(open: impl AsyncFn() -> S) {
    use GroupKind::{List, Tag};
    let store = open().await;
    for (kind, name, members, at_us) in
        [(Tag, "b", &[1, 2][..], 1), (List, "c", &[2, 3], 2), (Tag, "a", &[2], 3), (List, "d", &[4], 4)]
    {
        store.change_group(&changed(kind, name, members, &[], at_us)).await.unwrap();
    }
    let told = |kind, name: &str, number, at_us| (kind, name.to_owned(), profile(number), at_us);
    let mut expected = vec![told(List, "c", 2, 2), told(Tag, "a", 2, 3), told(Tag, "b", 1, 1), told(Tag, "b", 2, 1)];
    expected.sort_unstable();
    assert_eq!(store.groups_of(&profiles(&[2, 1, 2, 77])).await.unwrap(), expected);
    assert!(store.groups_of(&[]).await.unwrap().is_empty());
}

/// Nor for one that is made with its name later; another kind's keeps its own.
pub async fn a_removed_group_leaves_no_member<S: Store>(open: impl AsyncFn() -> S) {
    use GroupKind::{List, Tag};
    let store = open().await;
    assert!(!store.remove_group(Tag, "vip", &noted("vip", 1)).await.unwrap());
    store.change_group(&changed(Tag, "vip", &[1, 2], &[], 1)).await.unwrap();
    store.change_group(&changed(List, "vip", &[1], &[], 1)).await.unwrap();
    assert!(store.remove_group(Tag, "vip", &noted("vip", 2)).await.unwrap());
    assert!(!store.remove_group(Tag, "vip", &noted("vip", 3)).await.unwrap());
    store.save_group(Tag, "vip", None, 4, &noted("vip", 4)).await.unwrap();
    assert_eq!(store.groups().await.unwrap(), [group(List, "vip", None, 1, 1), group(Tag, "vip", None, 4, 0)]);
    assert!(store.group_members(Tag, "vip").await.unwrap().is_empty());
    assert_eq!(store.groups_of(&profiles(&[1, 2])).await.unwrap(), [(List, "vip".to_owned(), profile(1), 1)]);
}

/// Never one that was told before; what changes nothing is none.
pub async fn every_change_of_groups_is_another_version<S: Store>(open: impl AsyncFn() -> S) {
    use GroupKind::Tag;
    let store = open().await;
    let mut seen = vec![store.groups_version().await.unwrap()];
    store.save_group(Tag, "x", None, 1, &noted("x", 1)).await.unwrap();
    seen.push(store.groups_version().await.unwrap());
    for (add, remove) in [(&[1, 2][..], &[][..]), (&[], &[1])] {
        store.change_group(&changed(Tag, "x", add, remove, 1)).await.unwrap();
        seen.push(store.groups_version().await.unwrap());
    }
    store.change_group(&changed(Tag, "empty", &[], &[], 1)).await.unwrap();
    seen.push(store.groups_version().await.unwrap());
    store.remove_group(Tag, "empty", &noted("x", 1)).await.unwrap();
    seen.push(store.groups_version().await.unwrap());
    assert!(seen.is_sorted_by(|one, two| one < two), "{seen:?}");
    store.change_group(&changed(Tag, "x", &[2], &[1], 1)).await.unwrap();
    store.remove_group(Tag, "empty", &noted("x", 1)).await.unwrap();
    drop(store);
    assert_eq!(open().await.groups_version().await.unwrap(), seen[5]);
}

/// A text that no store takes stands for whatever ends a transaction: it comes last, in the audit.
pub async fn a_failed_change_of_a_group_changes_nothing<S: Store>(open: impl AsyncFn() -> S) {
    use GroupKind::List;
    let store = open().await;
    store.change_group(&changed(List, "kept", &[1], &[], 1)).await.unwrap();
    let (groups, version) = (store.groups().await.unwrap(), store.groups_version().await.unwrap());
    let broken = noted("\0", 2);
    let refused = GroupChange { audit: broken.clone(), ..changed(List, "kept", &[2], &[1], 2) };
    store.change_group(&refused).await.unwrap_err();
    store.change_group(&GroupChange { name: "new".to_owned(), ..refused }).await.unwrap_err();
    store.save_group(List, "kept", Some("another"), 2, &broken).await.unwrap_err();
    store.save_group(List, "a\0", None, 2, &noted("list", 2)).await.unwrap_err();
    store.remove_group(List, "kept", &broken).await.unwrap_err();
    assert_eq!((store.groups().await.unwrap(), store.groups_version().await.unwrap()), (groups, version));
    assert_eq!(store.group_members(List, "kept").await.unwrap(), profiles(&[1]));
}

/// The erased are in no group, and that is a change; a merge leaves members as they were put in, and an
/// erasure of others is no change.
pub async fn erasure_takes_members_and_merges_do_not<S: Store>(open: impl AsyncFn() -> S) {
    use GroupKind::{List, Tag};
    let store = open().await;
    store.change_group(&changed(List, "a", &[1, 2], &[], 1)).await.unwrap();
    store.change_group(&changed(Tag, "b", &[1], &[], 1)).await.unwrap();
    let before = store.groups_version().await.unwrap();
    let merged = ManifestChange { set_aliases: vec![(profile(1), profile(2))], ..change(&store).await };
    store.commit(&merged).await.unwrap();
    assert_eq!(store.groups_of(&profiles(&[1])).await.unwrap().len(), 2);
    let others = ManifestChange { erase_profiles: profiles(&[3]), ..change(&store).await };
    store.commit(&others).await.unwrap();
    assert_eq!(store.groups_version().await.unwrap(), before);
    let erased = ManifestChange { erase_profiles: profiles(&[1]), ..change(&store).await };
    store.commit(&erased).await.unwrap();
    assert!(store.groups_version().await.unwrap() > before);
    assert_eq!(store.groups().await.unwrap(), [group(List, "a", None, 1, 1), group(Tag, "b", None, 1, 0)]);
    assert_eq!(store.group_members(List, "a").await.unwrap(), profiles(&[2]));
    assert!(store.groups_of(&profiles(&[1])).await.unwrap().is_empty());
}

/// Each of them, also one that met what was there already, and none of a group that was not there.
pub async fn changes_of_groups_are_in_the_audit<S: Accounts + CustomerGroups>(open: impl AsyncFn() -> S) {
    use GroupKind::Tag;
    let store = open().await;
    store.save_group(Tag, "x", None, 1, &noted("saved", 1)).await.unwrap();
    store.change_group(&changed(Tag, "x", &[1], &[], 2)).await.unwrap();
    store.change_group(&changed(Tag, "x", &[1], &[], 3)).await.unwrap();
    assert!(!store.remove_group(Tag, "y", &noted("not there", 4)).await.unwrap());
    assert!(store.remove_group(Tag, "x", &noted("removed", 5)).await.unwrap());
    let entries: Vec<NewAuditEntry> = store.audit(None, 10).await.unwrap().into_iter().map(|one| one.entry).collect();
    assert_eq!(entries, [noted("removed", 5), noted("x", 3), noted("x", 2), noted("saved", 1)]);
}
