//! Messages as they arrive: power cuts, many senders at once, erasure.

use crate::world::{NOW_US, World, open_with};
use perennial_listen::message::{Call, Intake, IntakeBounds, IntakeError, Outcome, Receipt};
use perennial_listen::{ResolverOptions, Who};
use perennial_model::IdentityKey;
use perennial_model::IdentityKind::Member;
use perennial_testkit::Power;

async fn intake(world: &World) -> Intake {
    Intake::open(&world.timeline, ResolverOptions::default()).await.unwrap()
}

async fn send(intake: &Intake, body: &str, now_us: i64) -> Result<Receipt, IntakeError> {
    intake.take(Call::Batch, body.as_bytes(), now_us).await
}

fn order(id: &str, user: &str, order: &str, total: &str) -> String {
    format!(
        "{{\"type\":\"track\",\"event\":\"Order Completed\",\"messageId\":\"{id}\",\"userId\":\"{user}\",\
         \"properties\":{{\"order_id\":\"{order}\",\"total\":{total}}}}}"
    )
}

fn seen(id: &str, user: &str) -> String {
    format!("{{\"type\":\"track\",\"event\":\"Seen\",\"messageId\":\"{id}\",\"userId\":\"{user}\"}}")
}

fn batch(messages: &[String]) -> String {
    format!("{{\"batch\":[{}]}}", messages.join(","))
}

/// Cut at every step in turn; whatever was lost, sending the same again makes it whole.
#[tokio::test]
async fn whenever_the_power_goes_a_retry_makes_it_exactly_once() {
    let before = batch(&[order("a1", "ann", "A", "30"), order("a2", "ann", "B", "5")]);
    // A moves to Bob, who is new; a message does not fit; somebody else's visit.
    let moving = batch(&[order("b1", "bob", "A", "30"), order("c1", "cat", "bad", "true"), seen("d1", "dan")]);
    let (mut steps, mut cuts) = (0, 0);
    loop {
        let mut world = World::new().await;
        let schema = r#"{"event":"Order Completed","properties":{"total":{"type":"number"}}}"#;
        world.timeline.store().save_schema("Order Completed", 1, schema).await.unwrap();
        send(&intake(&world).await, &before, NOW_US).await.unwrap();
        let power = Power::default();
        world.timeline = open_with(world.folder.path(), &power).await;
        let faulty = intake(&world).await;
        power.off_after(steps);
        let cut = send(&faulty, &moving, NOW_US + 1_000_000).await;
        let was_cut = power.is_off();
        assert!(cut.is_err() || !was_cut, "what was not durable was not acknowledged");
        drop(faulty);
        world.reopen().await;
        let again = intake(&world).await;
        for later in 2..4 {
            let receipt = send(&again, &moving, NOW_US + later * 1_000_000).await.unwrap();
            let outcomes: Vec<bool> = receipt.received.iter().map(|one| one.outcome == Outcome::Kept).collect();
            assert_eq!(outcomes, [true, false, true]);
        }
        let tally = world.tally().await;
        assert_eq!((tally.customers, tally.orders, tally.revenue), (2, 2, 3500), "cut after {steps} steps: {tally:?}");
        assert_eq!(world.events().await.iter().filter(|event| event.name == "Seen").count(), 1);
        assert_eq!(world.timeline.store().aside_count().await.unwrap(), 1);
        if !was_cut {
            break;
        }
        (steps, cuts) = (steps + 1, cuts + 1);
    }
    assert!(cuts > 6, "{cuts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_senders_at_once_make_each_customer_and_each_event_once() {
    let world = World::new().await;
    let intake = intake(&world).await;
    let senders: Vec<_> = (0..120_u32)
        .map(|sender| {
            let intake = intake.clone();
            // Every batch comes three times, and all of them name the same ten people.
            let messages: Vec<String> =
                (0..10).map(|user| seen(&format!("{}-{user}", sender / 3), &format!("u{user}"))).collect();
            tokio::spawn(async move { send(&intake, &batch(&messages), NOW_US + i64::from(sender)).await })
        })
        .collect();
    for sender in senders {
        assert_eq!(sender.await.unwrap().unwrap().received.len(), 10);
    }
    let events = world.events().await;
    let customers: std::collections::BTreeSet<_> = events.iter().map(|event| event.customer).collect();
    assert_eq!((events.len(), customers.len()), (400, 10));
    assert_eq!(intake.counts().new_customers, 10);
}

#[tokio::test]
async fn what_is_sent_of_an_erased_customer_is_dropped_and_the_next_order_is_not_theirs() {
    let world = World::new().await;
    let intake = intake(&world).await;
    send(&intake, &batch(&[order("a1", "ann", "A", "30")]), NOW_US).await.unwrap();
    let key = IdentityKey { kind: Member, value: "ann".into() };
    let profile = world.timeline.store().find_identities(&[key]).await.unwrap()[0].unwrap();
    world.timeline.erase(world.timeline.customer_of(profile)).await.unwrap();
    let receipt = send(&intake, &batch(&[seen("a2", "ann"), order("b1", "bob", "A", "7")]), NOW_US + 1).await.unwrap();
    let outcomes: Vec<&Outcome> = receipt.received.iter().map(|one| &one.outcome).collect();
    assert_eq!(outcomes, [&Outcome::Suppressed, &Outcome::Kept]);
    assert!(matches!(receipt.received[1].who, Who::Somebody(other) if other != profile));
    let events = world.events().await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(world.tally().await.revenue, 700);
}

/// A phone with three names is a family's, and ids of `WeChat` are keys.
#[tokio::test]
async fn keys_and_names_in_messages_decide_whose_they_are() {
    let world = World::new().await;
    let intake = intake(&world).await;
    let identify = |id: u32, traits: &str| {
        format!("{{\"type\":\"identify\",\"messageId\":\"i{id}\",\"anonymousId\":\"d{id}\",\"traits\":{{{traits}}}}}")
    };
    let names = ["张三", "李四", "王五", "赵六"].iter().zip(0..);
    let family: Vec<String> =
        names.map(|(name, id)| identify(id, &format!("\"phone\":\"13800138000\",\"name\":\"{name}\""))).collect();
    let receipt = send(&intake, &batch(&family), NOW_US).await.unwrap();
    let who: Vec<Who> = receipt.received.iter().map(|one| one.who).collect();
    assert_eq!(who[0], who[1]);
    assert!(who[2] != who[1] && who[3] != who[2], "{who:?}");
    assert_eq!(intake.counts().shared_phones, 2);
    let ids = [
        identify(10, "\"unionid\":\"o-union\""),
        identify(11, "\"unionId\":\"o-union\""),
        "{\"type\":\"track\",\"event\":\"Seen\",\"messageId\":\"x\",\"anonymousId\":\"d12\",\"context\":{\"externalIds\":[\
         {\"type\":\"unionid\",\"id\":\"o-union\"},{\"type\":\"openid\",\"id\":\"oA\",\"app\":\"wx1\"}]}}"
            .to_owned(),
        identify(13, "\"openid\":\"oA@wx1\""),
    ];
    let receipt = send(&intake, &batch(&ids), NOW_US + 9).await.unwrap();
    let who: Vec<Who> = receipt.received.iter().map(|one| one.who).collect();
    assert!(who.iter().all(|one| *one == who[0]), "{who:?}");
}

#[tokio::test]
async fn consent_of_nobody_is_refused_and_not_lost_in_silence() {
    let world = World::new().await;
    let intake = intake(&world).await;
    let consent = |id: &str, user: &str| {
        format!(
            "{{\"type\":\"track\",\"messageId\":\"{id}\",\"userId\":\"{user}\",\"event\":\"Consent Withdrawn\",\
             \"properties\":{{\"purpose\":\"marketing\"}}}}"
        )
    };
    let messages = [consent("1", "anonymous"), consent("2", "ann"), seen("3", "anonymous"), consent("4", "0")];
    let receipt = send(&intake, &batch(&messages), NOW_US).await.unwrap();
    let kept: Vec<usize> = receipt.received.iter().map(|one| one.index).collect();
    let refused: Vec<(usize, &str)> =
        receipt.refused.iter().map(|one| (one.index, one.problem.path.as_str())).collect();
    assert_eq!((kept, refused), (vec![1, 2], vec![(0, "userId"), (3, "userId")]));
    assert!(receipt.refused[0].problem.message.starts_with("names nobody"), "{receipt:?}");
}

/// An order whose lines say nothing: three bytes each.
fn order_of(id: &str, lines: usize) -> String {
    format!(
        "{{\"type\":\"track\",\"event\":\"Order Completed\",\"messageId\":\"{id}\",\"userId\":\"ann\",\
         \"properties\":{{\"order_id\":\"{id}\",\"total\":1,\"products\":[{}]}}}}",
        vec!["{}"; lines].join(",")
    )
}

#[tokio::test]
async fn what_waits_is_bounded_by_its_events_and_not_by_its_messages() {
    let world = World::new().await;
    let bounds = IntakeBounds { waiting_events: 5000, ..IntakeBounds::default() };
    let intake = Intake::open_bounded(&world.timeline, ResolverOptions::default(), bounds).await.unwrap();
    let orders = ["a", "b", "c"].map(|id| batch(&[order_of(id, 3000)]));
    let visit = batch(&[seen("d", "ann")]);
    // All four are asked before the first turn begins: three messages are few, nine thousand lines are not.
    let (first, second, third, fourth) = tokio::join!(
        send(&intake, &orders[0], NOW_US),
        send(&intake, &orders[1], NOW_US),
        send(&intake, &orders[2], NOW_US),
        send(&intake, &visit, NOW_US),
    );
    assert!(first.is_ok() && fourth.is_ok(), "{first:?} {fourth:?}");
    assert!(matches!((&second, &third), (Err(IntakeError::Busy), Err(IntakeError::Busy))), "{second:?} {third:?}");
    // Sent again they are taken, and so is one that is too heavy for the bound by itself.
    for order in &orders[1..] {
        send(&intake, order, NOW_US + 1).await.unwrap();
    }
    let heavy = batch(&[order_of("e", 9000)]);
    let (alone, behind) = tokio::join!(send(&intake, &heavy, NOW_US + 2), send(&intake, &visit, NOW_US + 2));
    assert!(alone.is_ok() && matches!(behind, Err(IntakeError::Busy)), "{alone:?} {behind:?}");
    let events = world.events().await;
    assert_eq!(events.len(), 3 * 3001 + 9001 + 1);
}
