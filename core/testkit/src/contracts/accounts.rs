//! The contract of [`perennial_ports::Accounts`].

use perennial_model::{Permission, Role};
use perennial_ports::{
    Accounts, Link, Member, MemberChange, MemberChanged, NewAuditEntry, NewMember, NewToken, Session,
};

fn person(email: &str, role: Role) -> NewMember {
    let (name, language) = ("Ann 安".to_owned(), "zh".to_owned());
    NewMember { email: email.to_owned(), name, role, language, password: None, created_us: 5 }
}

/// A member who has joined.
async fn joined(store: &impl Accounts, email: &str, role: Role) -> u64 {
    let new = NewMember { password: Some("$argon2id$".to_owned()), ..person(email, role) };
    store.add_member(&new).await.unwrap().unwrap()
}

fn changed(outcome: MemberChanged) -> Option<Member> {
    match outcome {
        MemberChanged::Done(member) => Some(member),
        _ => None,
    }
}

async fn member(store: &impl Accounts, member_id: u64) -> Member {
    store.members().await.unwrap().into_iter().find(|member| member.member_id == member_id).unwrap()
}

fn session(secret: u8, member_id: u64, expires_us: i64) -> Session {
    Session { hash: [secret; 32], member_id, created_us: 10, seen_us: 10, expires_us }
}

fn link(secret: u8, member_id: Option<u64>, expires_us: i64) -> Link {
    Link { hash: [secret; 32], member_id, expires_us }
}

/// The first owner's link is good once, in time, and for nobody after an owner is there.
pub async fn the_first_owner_is_made_once<S: Accounts>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let owner = NewMember { password: Some("$one".to_owned()), ..person("own@shop.example", Role::Owner) };
    assert_eq!(store.link(&[1; 32], 10).await.unwrap(), None);
    store.save_link(&link(1, None, 100)).await.unwrap();
    store.save_link(&link(2, None, 100)).await.unwrap();
    assert_eq!(store.link(&[1; 32], 10).await.unwrap(), None, "another link has taken its place");
    assert_eq!(store.link(&[2; 32], 100).await.unwrap(), None, "too late");
    assert_eq!(store.link(&[2; 32], 99).await.unwrap(), Some(None));
    assert!(store.set_up(&[1; 32], &owner, 10).await.unwrap().is_none());
    assert!(store.set_up(&[2; 32], &owner, 100).await.unwrap().is_none());
    let made = store.set_up(&[2; 32], &owner, 99).await.unwrap().unwrap();
    assert_eq!((made.email.as_str(), made.role, made.joined), ("own@shop.example", Role::Owner, true));
    assert!(store.set_up(&[2; 32], &owner, 50).await.unwrap().is_none());
    store.save_link(&link(3, None, 100)).await.unwrap();
    assert_eq!(store.link(&[3; 32], 50).await.unwrap(), None, "there is an owner");
    let second = NewMember { email: "two@shop.example".to_owned(), ..owner };
    assert!(store.set_up(&[3; 32], &second, 50).await.unwrap().is_none());
    drop(store);
    let (found, password) = open().await.member_by_email("own@shop.example").await.unwrap().unwrap();
    assert_eq!((found, password.as_deref()), (made, Some("$one")));
}

/// An invited member joins by a link, which ends sessions; a link of another kind does not do.
pub async fn a_link_sets_a_password_once<S: Accounts>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let invited = store.add_member(&person("new@shop.example", Role::Staff)).await.unwrap().unwrap();
    assert_eq!(
        store.add_member(&person("new@shop.example", Role::Viewer)).await.unwrap(),
        None,
        "one e-mail, one member"
    );
    assert!(!member(&store, invited).await.joined);
    store.save_link(&link(1, Some(invited), 100)).await.unwrap();
    store.save_link(&link(9, None, 100)).await.unwrap();
    store.open_session(&session(7, invited, 1000)).await.unwrap();
    let told = store.link(&[1; 32], 20).await.unwrap().flatten().unwrap();
    assert_eq!(told.member_id, invited);
    let change = MemberChange { password: Some("$two".to_owned()), name: Some("Neu".to_owned()), ..Default::default() };
    assert!(store.join(&[9; 32], &change, 20).await.unwrap().is_none());
    assert!(store.join(&[1; 32], &change, 100).await.unwrap().is_none());
    let now = store.join(&[1; 32], &change, 20).await.unwrap().unwrap();
    assert_eq!((now.name.as_str(), now.language.as_str(), now.role, now.joined), ("Neu", "zh", Role::Staff, true));
    assert!(store.join(&[1; 32], &change, 20).await.unwrap().is_none(), "once");
    assert!(store.session(&[7; 32], 20).await.unwrap().is_none());
    assert_eq!(store.link(&[9; 32], 20).await.unwrap(), Some(None), "a link tried in the wrong place stays good");
}

/// Neither by taking the role away nor by disabling; one who has not joined is no owner yet.
pub async fn the_last_owner_stays<S: Accounts>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (one, two) =
        (joined(&store, "a@shop.example", Role::Owner).await, joined(&store, "b@shop.example", Role::Owner).await);
    store.add_member(&person("c@shop.example", Role::Owner)).await.unwrap();
    let demoted = MemberChange { role: Some(Role::Viewer), ..Default::default() };
    let disabled = MemberChange { disabled_us: Some(Some(50)), ..Default::default() };
    assert_eq!(store.change_member(99, &demoted).await.unwrap(), MemberChanged::Missing);
    assert!(matches!(store.change_member(one, &demoted).await.unwrap(), MemberChanged::Done(_)));
    for change in [&demoted, &disabled] {
        assert_eq!(store.change_member(two, change).await.unwrap(), MemberChanged::LastOwner);
    }
    assert_eq!((member(&store, two).await.role, member(&store, two).await.disabled_us), (Role::Owner, None));
    let again = MemberChange { role: Some(Role::Owner), ..Default::default() };
    store.change_member(one, &again).await.unwrap();
    let gone = changed(store.change_member(two, &disabled).await.unwrap()).unwrap();
    assert_eq!(gone.disabled_us, Some(50));
    let back = MemberChange { disabled_us: Some(None), name: Some("B".to_owned()), ..Default::default() };
    let back = changed(store.change_member(two, &back).await.unwrap()).unwrap();
    assert_eq!((back.disabled_us, back.name.as_str(), back.language.as_str()), (None, "B", "zh"));
}

/// They end in time, with the member, one by one or all but one.
pub async fn sessions_end<S: Accounts>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let (ann, bob) =
        (joined(&store, "a@shop.example", Role::Owner).await, joined(&store, "b@shop.example", Role::Staff).await);
    for (secret, member_id, expires_us) in [(1, ann, 100), (2, ann, 200), (3, ann, 200), (4, bob, 200)] {
        store.open_session(&session(secret, member_id, expires_us)).await.unwrap();
    }
    drop(store);
    let store = open().await;
    let (found, whose) = store.session(&[1; 32], 99).await.unwrap().unwrap();
    assert_eq!((found, whose.member_id), (session(1, ann, 100), ann));
    assert!(store.session(&[1; 32], 100).await.unwrap().is_none());
    store.extend_session(&[1; 32], 90, 150).await.unwrap();
    let (longer, _) = store.session(&[1; 32], 149).await.unwrap().unwrap();
    assert_eq!((longer.created_us, longer.seen_us, longer.expires_us), (10, 90, 150));
    store.close_session(&[1; 32]).await.unwrap();
    store.close_session(&[1; 32]).await.unwrap();
    assert!(store.session(&[1; 32], 20).await.unwrap().is_none());
    assert_eq!(store.close_sessions(ann, Some(&[3; 32])).await.unwrap(), 1);
    assert!(store.session(&[3; 32], 20).await.unwrap().is_some());
    assert_eq!(store.close_sessions(ann, None).await.unwrap(), 1);
    assert!(store.session(&[4; 32], 20).await.unwrap().is_some());
    let disabled = MemberChange { disabled_us: Some(Some(50)), ..Default::default() };
    store.change_member(bob, &disabled).await.unwrap();
    let back = MemberChange { disabled_us: Some(None), ..Default::default() };
    store.change_member(bob, &back).await.unwrap();
    assert!(store.session(&[4; 32], 20).await.unwrap().is_none(), "whoever comes back signs in anew");
}

/// Until they are revoked, or whoever made them is disabled.
pub async fn tokens_are_found_by_their_hash<S: Accounts>(open: impl AsyncFn() -> S) {
    let store = open().await;
    joined(&store, "own@shop.example", Role::Owner).await;
    let ann = joined(&store, "a@shop.example", Role::Analyst).await;
    let scopes = vec![Permission::ReadFigures, Permission::Query];
    let new =
        NewToken { hash: [1; 32], name: "报表".to_owned(), scopes: scopes.clone(), member_id: ann, created_us: 7 };
    let first = store.add_token(&new).await.unwrap();
    let none = NewToken { hash: [2; 32], scopes: Vec::new(), ..new.clone() };
    let second = store.add_token(&none).await.unwrap();
    assert!(first < second);
    store.note_token_used(first, 70).await.unwrap();
    drop(store);
    let store = open().await;
    let (token, whose) = store.token(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((token.token_id, token.scopes, token.used_us, whose.member_id), (first, scopes, Some(70), ann));
    assert!(store.token(&[2; 32]).await.unwrap().unwrap().0.scopes.is_empty());
    assert!(store.token(&[3; 32]).await.unwrap().is_none());
    assert!(store.revoke_token(second, 80).await.unwrap());
    assert!(!store.revoke_token(second, 90).await.unwrap());
    assert!(store.token(&[2; 32]).await.unwrap().is_none());
    let listed = store.tokens().await.unwrap();
    assert_eq!(
        listed.iter().map(|token| (token.token_id, token.revoked_us)).collect::<Vec<_>>(),
        [(first, None), (second, Some(80))]
    );
    let disabled = MemberChange { disabled_us: Some(Some(50)), ..Default::default() };
    store.change_member(ann, &disabled).await.unwrap();
    assert!(store.token(&[1; 32]).await.unwrap().is_none());
}

/// Newest first, page by page.
pub async fn what_was_done_is_listed<S: Accounts>(open: impl AsyncFn() -> S) {
    let store = open().await;
    for number in 0..5_u64 {
        let detail = (number == 1).then(|| "role analyst".to_owned());
        let entry = NewAuditEntry {
            at_us: 100,
            member_id: (number > 0).then_some(number),
            token_id: (number == 3).then_some(8),
            action: "member_changed".to_owned(),
            subject: Some(format!("member:{number}")),
            detail,
        };
        store.note(&entry).await.unwrap();
    }
    let newest = store.audit(None, 2).await.unwrap();
    assert_eq!(newest.iter().map(|entry| entry.entry.member_id).collect::<Vec<_>>(), [Some(4), Some(3)]);
    assert_eq!(newest[1].entry.token_id, Some(8));
    let rest = store.audit(Some(newest[1].audit_id), 10).await.unwrap();
    assert_eq!(rest.len(), 3);
    assert_eq!(rest[1].entry.detail.as_deref(), Some("role analyst"));
    assert_eq!((rest[2].entry.member_id, rest[2].entry.subject.as_deref()), (None, Some("member:0")));
}
