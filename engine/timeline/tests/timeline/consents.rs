//! Consents: rows and events say the same of every instant, through merges, their undo and erasure.

use crate::world::{Seen, World, scanned, small};
use arrow::array::AsArray;
use arrow::datatypes::UInt64Type;
use perennial_model::{
    CONSENT_GIVEN, CONSENT_WITHDRAWN, ConsentChannel, ConsentRecord, ConsentState, CustomerId, Mid, Purpose,
    consent_state,
};
use perennial_testkit::{TestRow, customer};
use std::collections::BTreeMap;

fn said(profile: CustomerId, mid: u64, channel: ConsentChannel, given: bool, at_us: i64) -> ConsentRecord {
    ConsentRecord {
        profile,
        mid: Mid(mid),
        purpose: Purpose::marketing(),
        channel,
        given,
        at_us,
        recorded_us: at_us,
        source: "form".to_owned(),
        wording_version: Some("v2".to_owned()),
        ip: Some("203.0.113.9".to_owned()),
        evidence: None,
    }
}

/// What the events alone say was said.
fn of_events(events: &[Seen]) -> Vec<ConsentRecord> {
    let record = |event: &Seen| {
        let (at_us, mid, .., name, item, channel) = event;
        let given = [CONSENT_GIVEN, CONSENT_WITHDRAWN].iter().position(|known| known == name)? == 0;
        let channel = ConsentChannel::parse(channel.as_deref()?)?;
        let purpose = Purpose::new(item.as_deref()?)?;
        Some(ConsentRecord { purpose, ..said(CustomerId(0), *mid, channel, given, *at_us) })
    };
    events.iter().filter_map(record).collect()
}

type States = BTreeMap<(CustomerId, i64, ConsentChannel), ConsentState>;

/// The states of these people as of several instants: by the rows of the store, and by the events.
async fn states(world: &World, people: &[CustomerId], instants: &[i64]) -> (States, States) {
    let snapshot = world.timeline.snapshot().await.unwrap();
    let (purpose, mut rows, mut events) = (Purpose::marketing(), States::new(), States::new());
    for as_of_us in instants {
        // Whoever asks as of an instant sees events before it and nothing else.
        let visible = scanned(&snapshot, Some(*as_of_us));
        for person in people {
            let own = world.timeline.customer_of(*person);
            let kept = world.timeline.consents_of(*person).await.unwrap();
            let seen = of_events(visible.get(&own).map_or(&[], Vec::as_slice));
            for channel in ConsentChannel::ALL {
                let place = (*person, *as_of_us, channel);
                rows.insert(place, consent_state(&kept, &purpose, channel, *as_of_us));
                events.insert(place, consent_state(&seen, &purpose, channel, i64::MAX));
            }
        }
    }
    (rows, events)
}

async fn may(world: &World, person: CustomerId, channel: ConsentChannel) -> bool {
    let kept = world.timeline.consents_of(person).await.unwrap();
    consent_state(&kept, &Purpose::marketing(), channel, i64::MAX).allows()
}

#[tokio::test]
async fn events_and_rows_say_the_same_of_every_instant() {
    let mut world = World::new(small()).await;
    let people: Vec<CustomerId> = (1..7).map(|number| customer(number, 4)).collect();
    let mut random = 0x9e37_79b9_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let (mut entries, mut mid) = (Vec::new(), 0);
    for round in 0..30 {
        let mut records = Vec::new();
        for _ in 0..next(6) {
            mid += 1;
            let (who, channel) = (people[next(6) as usize], ConsentChannel::ALL[next(7) as usize]);
            // Out of order, often at one instant.
            records.push(said(who, mid, channel, next(2) == 0, next(20) as i64 * 10));
        }
        world.timeline.record_consents(&records).await.unwrap();
        // A retry.
        world.timeline.record_consents(&records).await.unwrap();
        match round % 5 {
            2 => entries.extend(world.stitch(people[next(6) as usize], people[next(6) as usize]).await),
            4 if !entries.is_empty() => world.undo(entries.remove(0)).await,
            3 => world.timeline.flush().await.unwrap(),
            _ => {}
        }
    }
    let now_us = 2_000_000_000;
    let (rows, events) = states(&world, &people, &[0, 35, 60, 110, 195, now_us]).await;
    assert_eq!(rows, events);
    for state in [ConsentState::Given, ConsentState::Withdrawn, ConsentState::Absent] {
        assert!(rows.values().any(|found| *found == state), "nobody is {state:?}: the test looks at nothing");
    }
    world.reopen().await;
    assert_eq!(states(&world, &people, &[0, 35, 60, 110, 195, now_us]).await, (rows, events));
}

#[tokio::test]
async fn a_merge_keeps_the_stricter_answer_and_its_undo_gives_each_its_own() {
    use ConsentChannel::{Any, Email, Sms};
    for (from, into) in [(1, 2), (2, 1)] {
        let mut world = World::new(small()).await;
        let (yes, no) = (customer(1, 4), customer(2, 4));
        let changes = [said(yes, 1, Any, true, 500), said(no, 2, Email, false, 100)];
        world.timeline.record_consents(&changes).await.unwrap();
        let entry = world.stitch(customer(from, 4), customer(into, 4)).await.unwrap();
        assert!(!may(&world, yes, Email).await && may(&world, yes, Sms).await);
        let (rows, events) = states(&world, &[yes, no], &[2_000_000_000]).await;
        assert_eq!(rows, events);
        // Whoever says yes as one customer has said it.
        let at_us = 1_500_000_000;
        world.timeline.record_consents(&[said(yes, 3, Email, true, at_us)]).await.unwrap();
        assert!(may(&world, no, Email).await);
        world.undo(entry).await;
        assert!(may(&world, yes, Email).await && may(&world, yes, Sms).await);
        assert!(!may(&world, no, Email).await && !may(&world, no, Sms).await);
        let (rows, events) = states(&world, &[yes, no], &[200, 600, 2_000_000_000]).await;
        assert_eq!(rows, events);
    }
}

#[tokio::test]
async fn an_address_is_in_no_event_and_erasure_takes_the_proof() {
    let mut world = World::new(small()).await;
    let (gone, stays) = (customer(1, 4), customer(5, 4));
    let both = [said(gone, 1, ConsentChannel::Email, true, 10), said(stays, 2, ConsentChannel::Email, true, 10)];
    world.timeline.record_consents(&both).await.unwrap();
    world.timeline.flush().await.unwrap();
    assert_eq!(world.timeline.consents_of(gone).await.unwrap()[0].ip.as_deref(), Some("203.0.113.9"));
    for path in world.files() {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"203.0.113.9"), "{}", path.display());
    }
    world.erase(gone).await;
    assert!(world.timeline.consents_of(gone).await.unwrap().is_empty());
    assert_eq!(world.timeline.consents_of(stays).await.unwrap(), both[1..]);
}

#[tokio::test]
async fn who_reads_one_customer_gets_nothing_of_another() {
    let mut world = World::new(small()).await;
    // Of one shard, in runs and in the hot log.
    let (own, other) = (customer(1, 4), customer(5, 4));
    assert_eq!(own.shard(), other.shard());
    let rows = |first: u64| [TestRow::new(own, first, 10), TestRow::new(other, first + 1, 10)];
    world.import(&rows(1)).await;
    world.append(&rows(3)).await;
    let snapshot = world.timeline.snapshot().await.unwrap();
    let mids = snapshot.event_schema().index_of("mid").unwrap();
    let batches = snapshot.customer_event_batches(own, &[mids], None).unwrap();
    let read: Vec<u64> = batches
        .flat_map(|batch| {
            let batch = batch.unwrap();
            assert_eq!(batch.num_columns(), 1);
            batch.column(0).as_primitive::<UInt64Type>().values().to_vec()
        })
        .collect();
    assert_eq!(read, [1, 3]);
}
