//! Profiles become one customer, and part again.

use crate::world::{World, small};
use perennial_testkit::{TestRow, customer};
use perennial_timeline::TimelineError;

#[tokio::test]
async fn the_same_message_under_two_profiles_is_one_event_after_their_merge_and_two_after_its_undo() {
    let mut world = World::new(small()).await;
    let (one, other) = (customer(1, 4), customer(2, 4));
    world.import(&[TestRow::new(one, 7, 100).received(10)]).await;
    world.import(&[TestRow::new(other, 7, 101).received(11), TestRow::new(other, 8, 50)]).await;
    let entry = world.stitch(one, other).await.unwrap();
    world.check(None).await;
    // The runs are merged while the loser is invisible; it must come back.
    world.timeline.merge(other.shard()).await.unwrap();
    world.check(None).await;
    world.undo(entry).await;
    world.check(None).await;
    world.timeline.merge(other.shard()).await.unwrap();
    world.timeline.merge(one.shard()).await.unwrap();
    world.check(None).await;
}

#[tokio::test]
async fn a_message_arriving_again_after_its_profile_moved_is_still_one_event() {
    let mut world = World::new(small()).await;
    let (one, other) = (customer(1, 4), customer(2, 4));
    world.import(&[TestRow::new(one, 7, 100).received(10)]).await;
    world.stitch(one, other).await.unwrap();
    world.append(&[TestRow::new(one, 7, 90).received(20), TestRow::new(one, 9, 80)]).await;
    world.check(None).await;
    world.timeline.flush().await.unwrap();
    world.check(Some(95)).await;
}

#[tokio::test]
async fn stitching_within_the_hot_log_writes_no_run() {
    let mut world = World::new(small()).await;
    let (anonymous, known) = (customer(5, 4), customer(6, 4));
    world.append(&[TestRow::new(anonymous, 1, 10), TestRow::new(known, 2, 5)]).await;
    let entry = world.stitch(anonymous, known).await.unwrap();
    assert!(world.files().is_empty());
    world.check(None).await;
    world.undo(entry).await;
    world.check(None).await;
    assert_eq!(world.timeline.customer_of(anonymous), anonymous);
}

#[tokio::test]
async fn a_chain_of_merges_across_shards_comes_apart_in_any_order() {
    for undo_first in [0, 1, 2] {
        let mut world = World::new(small()).await;
        let rows = world.draw(3, 200, 8);
        world.import(&rows).await;
        let people: Vec<_> = (0..4).map(|number| customer(number, 4)).collect();
        let mut entries = Vec::new();
        for pair in people.windows(2) {
            entries.push(world.stitch(pair[0], pair[1]).await.unwrap());
            let rows = world.draw(entries.len() as u64, 30, 8);
            world.append(&rows).await;
        }
        world.check(None).await;
        world.timeline.flush().await.unwrap();
        for shard in 0..4 {
            world.timeline.merge(shard).await.unwrap();
        }
        world.undo(entries.remove(undo_first)).await;
        world.check(None).await;
        world.reopen().await;
        for entry in entries {
            world.undo(entry).await;
            world.check(Some(5000)).await;
        }
        assert!(people.iter().all(|profile| world.timeline.customer_of(*profile) == *profile));
    }
}

#[tokio::test]
async fn what_cannot_be_merged_or_undone_is_named() {
    let mut world = World::new(small()).await;
    let (one, other) = (customer(1, 4), customer(2, 4));
    let entry = world.stitch(one, other).await.unwrap();
    let again = world.timeline.merge_profiles(other, one, "again").await;
    assert!(matches!(again, Err(TimelineError::SameCustomer { .. })));
    world.undo(entry).await;
    assert!(matches!(world.timeline.undo(entry).await, Err(TimelineError::NoSuchMerge(_))));
    let nobody = perennial_model::CustomerId::unidentified(1);
    let refused = world.timeline.merge_profiles(nobody, one, "nobody").await;
    assert!(matches!(refused, Err(TimelineError::Unidentified(_))));
}
