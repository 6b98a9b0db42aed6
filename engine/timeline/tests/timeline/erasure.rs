//! A customer goes, with every trace.

use crate::world::{World, small};
use perennial_model::{IdentityKey, IdentityKind};
use perennial_ports::IdentityBinding;
use perennial_testkit::{TestRow, customer};
use perennial_timeline::{ChunkCommit, EventBatchBuilder, TimelineError};

#[tokio::test]
async fn an_erased_customer_is_gone_and_its_rows_may_come_again() {
    let mut world = World::new(small()).await;
    let (one, other, bystander) = (customer(1, 4), customer(2, 4), customer(3, 4));
    let of =
        |who, mids: std::ops::Range<u64>| mids.map(move |mid| TestRow::new(who, mid, mid as i64)).collect::<Vec<_>>();
    world.import(&of(one, 0..20)).await;
    let entry = world.stitch(one, other).await.unwrap();
    world.undo(entry).await;
    world.stitch(one, bystander).await.unwrap();
    // Rows of `one` now lie in three shards, twice in its own, and in the hot log.
    world.append(&[of(one, 20..30), of(other, 30..40)].concat()).await;
    let erasure = world.erase(bystander).await;
    assert_eq!(erasure.profiles, [one, bystander]);
    assert_eq!(erasure.rows, 4 * 20 + 10);
    world.check(None).await;
    world.reopen().await;
    world.check(None).await;
    assert_eq!(world.timeline.store().journal().await.unwrap(), []);
    world.import(&of(one, 0..20)).await;
    world.check(None).await;
    assert_eq!(world.timeline.customer_of(one), one);
}

#[tokio::test]
async fn no_word_of_the_erased_is_left_in_a_run_or_a_hot_row() {
    let mut world = World::new(small()).await;
    let (gone, stays) = (customer(1, 4), customer(5, 4));
    let secret = |mid| TestRow {
        item: Some("gift-for-zhang-wei".to_owned()),
        order_id: Some("zhang-wei-1".to_owned()),
        ..TestRow::new(gone, mid, 10)
    };
    world.import(&[secret(1), TestRow::new(stays, 2, 10)]).await;
    world.timeline.merge(gone.shard()).await.unwrap();
    world.append(&[secret(3), TestRow::new(stays, 4, 10)]).await;
    world.erase(gone).await;
    for path in world.files() {
        assert!(!contains(&std::fs::read(&path).unwrap(), b"zhang-wei"), "{}", path.display());
    }
    world.reopen().await;
    world.check(None).await;
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[tokio::test]
async fn identities_leave_a_hash_and_erasing_again_finds_nothing() {
    let world = World::new(small()).await;
    let who = customer(1, 4);
    let key = IdentityKey { kind: IdentityKind::Phone, value: "+8613800138000".to_owned() };
    let new_identities = vec![IdentityBinding { key: key.clone(), profile: who }];
    let nothing = EventBatchBuilder::default().finish().unwrap();
    world.timeline.import_chunk(nothing, ChunkCommit { new_identities, ..ChunkCommit::default() }).await.unwrap();
    assert_eq!(world.timeline.erase(who).await.unwrap().identities, 1);
    let store = world.timeline.store();
    assert_eq!(store.find_identities(std::slice::from_ref(&key)).await.unwrap(), [None]);
    let hash = world.timeline.meta().hash_key.suppression(&key);
    assert_eq!(store.suppressed().await.unwrap(), [hash]);
    let again = world.timeline.erase(who).await.unwrap();
    assert_eq!((again.rows, again.identities, again.rewritten_runs), (0, 0, 0));
    let nobody = perennial_model::CustomerId::unidentified(0);
    assert!(matches!(world.timeline.erase(nobody).await, Err(TimelineError::Unidentified(_))));
}

#[tokio::test]
async fn the_rest_of_a_busy_timeline_is_untouched() {
    let mut world = World::new(small()).await;
    for seed in 0..5 {
        let rows = world.draw(seed, 150, 12);
        world.import(&rows).await;
    }
    let rows = world.draw(9, 60, 12);
    world.append(&rows).await;
    world.stitch(customer(1, 4), customer(2, 4)).await.unwrap();
    world.erase(customer(2, 4)).await;
    world.check(None).await;
    world.timeline.flush().await.unwrap();
    world.check(Some(4000)).await;
    assert_eq!(world.timeline.verify().await.unwrap(), Vec::<String>::new());
}
