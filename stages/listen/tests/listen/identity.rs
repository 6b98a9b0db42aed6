//! Whose arriving messages are: the cases that a shop would ask about.

use crate::world::{NOW_US, World};
use perennial_listen::{LiveResolver, ResolverCounts, ResolverOptions, Sighting, Who};
use perennial_model::IdentityKind::{self, Anonymous, Email, Member, Openid, Phone, Platform, Unionid};
use perennial_model::{CustomerId, IdentityKey};
use perennial_ports::{IdentityBinding, MergeSuggestion};
use perennial_timeline::ChunkCommit;

const ANN: &str = "13800138001";
const BOB: &str = "13800138002";

struct Intake {
    world: World,
    resolver: LiveResolver,
}

impl Intake {
    async fn new() -> Self {
        let world = World::new().await;
        let resolver = LiveResolver::new(&world.timeline, ResolverOptions::default());
        Self { world, resolver }
    }

    async fn who(&self, keys: &[(IdentityKind, &str)]) -> Who {
        self.named(keys, None).await
    }

    async fn named(&self, keys: &[(IdentityKind, &str)], name: Option<&str>) -> Who {
        let messages = vec![Sighting::new(keys.iter().copied(), name)];
        self.resolver.resolve(messages, NOW_US).await.unwrap().who[0]
    }

    /// The profile of somebody.
    async fn profile(&self, keys: &[(IdentityKind, &str)]) -> CustomerId {
        match self.who(keys).await {
            Who::Somebody(profile) => profile,
            other => panic!("{keys:?}: {other:?}"),
        }
    }

    async fn customer(&self, keys: &[(IdentityKind, &str)]) -> CustomerId {
        let profile = self.profile(keys).await;
        self.world.timeline.customer_of(profile)
    }

    fn counts(&self) -> ResolverCounts {
        self.resolver.counts()
    }

    async fn suggestions(&self) -> Vec<MergeSuggestion> {
        self.world.timeline.store().suggestions().await.unwrap()
    }
}

#[tokio::test]
async fn an_anonymous_visitor_who_signs_up_keeps_the_history() {
    let intake = Intake::new().await;
    let visitor = intake.profile(&[(Anonymous, "d1")]).await;
    assert_eq!(intake.profile(&[(Phone, ANN), (Anonymous, "d1")]).await, visitor);
    assert_eq!(intake.profile(&[(Phone, ANN)]).await, visitor);
    assert!(intake.world.timeline.store().journal().await.unwrap().is_empty(), "nobody was merged");
}

#[tokio::test]
async fn an_anonymous_visitor_who_signs_in_is_stitched_and_can_be_parted() {
    let mut intake = Intake::new().await;
    let ann = intake.profile(&[(Member, "a-1")]).await;
    let visitor = intake.profile(&[(Anonymous, "d1")]).await;
    assert_ne!(ann, visitor);
    assert_eq!(intake.profile(&[(Anonymous, "d1"), (Member, "a-1")]).await, ann);
    assert_eq!(intake.customer(&[(Anonymous, "d1")]).await, ann);
    let journal = intake.world.timeline.store().journal().await.unwrap();
    assert_eq!((journal.len(), journal[0].from, journal[0].into), (1, visitor, ann));
    assert_eq!(journal[0].reason, "anonymous seen with member");
    intake.world.timeline.undo(journal[0].entry_id).await.unwrap();
    assert_eq!(intake.customer(&[(Anonymous, "d1")]).await, visitor);
    for _ in 0..2 {
        // What a person has parted is not stitched again, after a restart neither.
        assert_eq!(intake.profile(&[(Anonymous, "d1"), (Member, "a-1")]).await, ann);
        assert_eq!(intake.customer(&[(Anonymous, "d1")]).await, visitor);
        intake.world.reopen().await;
        intake.resolver = LiveResolver::new(&intake.world.timeline, ResolverOptions::default());
    }
}

#[tokio::test]
async fn two_known_people_are_suggested_never_merged() {
    let intake = Intake::new().await;
    let (ann, bob) = (intake.profile(&[(Phone, ANN)]).await, intake.profile(&[(Email, "b@shop.example")]).await);
    for _ in 0..3 {
        assert_eq!(intake.customer(&[(Email, "b@shop.example"), (Phone, ANN)]).await, ann);
    }
    assert_eq!(intake.customer(&[(Email, "b@shop.example")]).await, bob);
    let told = intake.suggestions().await;
    assert_eq!((told.len(), told[0].times_seen, told[0].reason), (1, 3, Email));
    assert_eq!((told[0].one, told[0].other), (ann.min(bob), ann.max(bob)));
    assert_eq!(intake.counts().conflicts, 3);
    assert!(intake.world.timeline.store().journal().await.unwrap().is_empty());
}

#[tokio::test]
async fn two_members_with_one_phone_are_two_customers() {
    let intake = Intake::new().await;
    let ann = intake.profile(&[(Member, "a-1"), (Phone, ANN)]).await;
    let bob = intake.profile(&[(Member, "b-2"), (Phone, ANN)]).await;
    assert_ne!(ann, bob);
    assert_eq!(intake.profile(&[(Phone, ANN)]).await, ann);
    assert_eq!(intake.suggestions().await.len(), 1);
}

#[tokio::test]
async fn a_device_that_two_people_use_merges_nobody() {
    let intake = Intake::new().await;
    let ann = intake.profile(&[(Phone, ANN), (Anonymous, "till")]).await;
    let bob = intake.profile(&[(Phone, BOB), (Anonymous, "till")]).await;
    assert_ne!(ann, bob);
    assert_eq!(intake.profile(&[(Anonymous, "till")]).await, ann);
    assert_eq!((intake.counts().shared_devices, intake.suggestions().await.len()), (1, 0));
}

#[tokio::test]
async fn a_phone_with_more_than_two_names_decides_nothing() {
    let intake = Intake::new().await;
    let zhang = intake.named(&[(Phone, ANN)], Some("张三")).await;
    assert_eq!(intake.named(&[(Phone, ANN)], Some("李四")).await, zhang);
    assert_eq!(intake.named(&[(Phone, ANN)], Some(" 张 三")).await, zhang, "the same name, written otherwise");
    assert_eq!(intake.who(&[(Phone, ANN)]).await, zhang);
    assert_eq!(intake.named(&[(Phone, ANN)], Some("王五")).await, Who::Nobody);
    assert_eq!(intake.who(&[(Phone, ANN)]).await, Who::Nobody, "from now on, whoever calls");
    let visitor = intake.profile(&[(Anonymous, "d1"), (Phone, ANN)]).await;
    let member = intake.profile(&[(Member, "w-5"), (Phone, ANN)]).await;
    assert_ne!(Who::Somebody(member), zhang);
    assert_ne!(visitor, member);
    assert!(intake.suggestions().await.is_empty() && intake.counts().stitched == 0);
    assert_eq!(intake.counts().shared_phones, 4);
}

#[tokio::test]
async fn a_key_beyond_the_limit_is_not_bound() {
    let intake = Intake::new().await;
    let ann = intake.profile(&[(Member, "a-1")]).await;
    for number in 0..7 {
        let phone = format!("1380013900{number}");
        assert_eq!(intake.profile(&[(Member, "a-1"), (Phone, &phone)]).await, ann);
    }
    assert_eq!(intake.counts().over_limit.into_iter().collect::<Vec<_>>(), [(Phone, 2)]);
    assert_ne!(intake.profile(&[(Phone, "13800139006")]).await, ann, "a phone that was not bound is somebody else's");
    // One openid an app, but in as many apps as there are.
    let wechat = [(Unionid, "u-1"), (Openid, "o1@shop"), (Openid, "o2@club"), (Openid, "o3@shop")];
    let one = intake.profile(&wechat).await;
    assert_eq!(intake.profile(&[(Openid, "o2@club")]).await, one);
    assert_ne!(intake.profile(&[(Openid, "o3@shop")]).await, one);
}

#[tokio::test]
async fn blocked_values_are_nobody() {
    let intake = Intake::new().await;
    for keys in [&[(Member, "0")][..], &[(Phone, "null"), (Anonymous, "anonymous")], &[(Platform, "jd:匿名")], &[]] {
        assert_eq!(intake.who(keys).await, Who::Nobody, "{keys:?}");
    }
    assert_eq!((intake.counts().blocked, intake.counts().new_customers), (4, 0));
}

#[tokio::test]
async fn erased_keys_never_come_back() {
    let intake = Intake::new().await;
    let ann = intake.profile(&[(Phone, ANN), (Email, "a@shop.example")]).await;
    intake.world.timeline.erase(ann).await.unwrap();
    assert_eq!(intake.who(&[(Phone, ANN)]).await, Who::Suppressed, "known a moment ago");
    assert_eq!(intake.who(&[(Member, "new"), (Email, "a@shop.example")]).await, Who::Suppressed);
    let key = IdentityKey { kind: Member, value: "new".to_owned() };
    assert_eq!(intake.world.timeline.store().find_identities(&[key]).await.unwrap(), [None]);
    assert_eq!(intake.counts().suppressed, 2);
}

#[tokio::test]
async fn an_erasure_waits_until_events_under_way_are_there() {
    let intake = Intake::new().await;
    let resolved = intake.resolver.resolve(vec![Sighting::new([(Phone, ANN)], None)], NOW_US).await.unwrap();
    let Who::Somebody(ann) = resolved.who[0] else { panic!("{:?}", resolved.who) };
    let mut erasure = std::pin::pin!(intake.world.timeline.erase(ann));
    let early = tokio::time::timeout(std::time::Duration::from_millis(50), &mut erasure).await;
    assert!(early.is_err(), "the events of this message are not appended yet");
    drop(resolved.hold);
    assert_eq!(erasure.await.unwrap().identities, 1);
}

#[tokio::test]
async fn nobody_is_resolved_while_a_person_changes_who_is_who() {
    let intake = Intake::new().await;
    let still = intake.world.timeline.hold_off_resolving().await;
    let messages = vec![Sighting::new([(Phone, ANN)], None)];
    let mut message = std::pin::pin!(intake.resolver.resolve(messages, NOW_US));
    assert!(tokio::time::timeout(std::time::Duration::from_millis(50), &mut message).await.is_err());
    drop(still);
    assert_ne!(message.await.unwrap().who[0], Who::Nobody);
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_at_once_with_one_new_key_make_one_customer() {
    let intake = Intake::new().await;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..40 {
        let resolver = intake.resolver.clone();
        callers.spawn(async move {
            let message = |number: usize| Sighting::new([(Member, format!("m{}", number % 50).as_str())], None);
            let messages = (0..100).map(|number| message(number * 7 + caller)).collect();
            resolver.resolve(messages, NOW_US).await.unwrap().who
        });
    }
    let answers = callers.join_all().await;
    let customers: std::collections::BTreeSet<CustomerId> = answers.into_iter().flatten().map(somebody).collect();
    assert_eq!((customers.len(), intake.counts().new_customers), (50, 50));
}

fn somebody(who: Who) -> CustomerId {
    match who {
        Who::Somebody(profile) => profile,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn keys_that_an_import_brings_are_known_at_once() {
    let intake = Intake::new().await;
    let ann = intake.profile(&[(Phone, ANN)]).await;
    let key = IdentityKey { kind: Member, value: "a-1".to_owned() };
    let new_identities = vec![IdentityBinding { key, profile: ann }];
    let nothing = perennial_timeline::EventBatchBuilder::default().finish().unwrap();
    let commit = ChunkCommit { new_identities, ..ChunkCommit::default() };
    intake.world.timeline.import_chunk(nothing, commit).await.unwrap();
    assert_eq!(intake.profile(&[(Member, "a-1")]).await, ann);
    assert_ne!(intake.profile(&[(Member, "b-2"), (Phone, ANN)]).await, ann, "the phone's customer has a number now");
}
