//! Events arrive: hot log, flush, imports, merges, restarts.

use crate::world::{World, batch, scanned, small};
use perennial_model::{CustomerId, IdentityKey, IdentityKind};
use perennial_ports::{IdentityBinding, ImportMark};
use perennial_testkit::{TestRow, customer, random_rows};
use perennial_timeline::{ChunkCommit, TimelineOptions};

#[tokio::test]
async fn a_duplicate_with_a_skewed_time_is_one_event_wherever_its_rows_are() {
    let mut world = World::new(small()).await;
    let who = customer(1, 4);
    world.import(&[TestRow::new(who, 7, 500).received(20), TestRow::new(who, 8, 400).received(20)]).await;
    // The retry was heard of later, with a time before the instant of the report.
    world.append(&[TestRow::new(who, 7, 100).received(30)]).await;
    world.check(None).await;
    world.check(Some(450)).await;
    world.timeline.flush().await.unwrap();
    world.check(Some(450)).await;
    // The first version heard of arrives last.
    world.import(&[TestRow::new(who, 7, 300).received(10)]).await;
    world.check(Some(450)).await;
    world.timeline.merge(who.shard()).await.unwrap();
    world.check(Some(450)).await;
    world.check(None).await;
}

#[tokio::test]
async fn a_newer_version_of_an_order_replaces_the_older() {
    let mut world = World::new(small()).await;
    let who = customer(2, 4);
    world.import(&[TestRow::order(who, 9, 100, 500).received(20)]).await;
    world.import(&[TestRow::order(who, 9, 90, 700).received(30)]).await;
    world.import(&[TestRow::order(who, 9, 95, 600).received(25)]).await;
    world.check(None).await;
    world.timeline.merge(who.shard()).await.unwrap();
    world.check(None).await;
}

#[tokio::test]
async fn an_event_a_year_late_takes_its_place_in_time() {
    const YEAR_US: i64 = 365 * 86_400_000_000;
    let mut world = World::new(small()).await;
    let who = customer(3, 4);
    let now = 2 * YEAR_US;
    world.import(&(1..9).map(|mid| TestRow::new(who, mid, now + mid as i64)).collect::<Vec<_>>()).await;
    world.append(&[TestRow::new(who, 100, now - YEAR_US).received(now + 50)]).await;
    let before = world.timeline.snapshot().await.unwrap();
    world.check(None).await;
    world.check(Some(now)).await;
    world.timeline.flush().await.unwrap();
    world.check(Some(now)).await;
    assert_eq!(scanned(&before, Some(now))[&who].len(), 1);
}

#[tokio::test]
async fn no_shard_exceeds_its_runs_and_a_restart_changes_nothing() {
    let mut world = World::new(small()).await;
    for round in 0..11 {
        let rows = world.draw(round, 120, 25);
        if round % 3 == 0 {
            world.append(&rows).await
        } else {
            world.import(&rows).await
        }
        if round % 4 == 0 {
            world.timeline.flush().await.unwrap();
        }
        for shard in 0..4 {
            assert!(world.live_runs(shard).await <= small().max_runs_per_shard);
        }
    }
    world.check(None).await;
    world.reopen().await;
    world.check(None).await;
    world.check(Some(5000)).await;
    assert_eq!(world.timeline.verify().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn appends_at_the_same_time_share_transactions_and_are_all_kept() {
    let mut world = World::new(TimelineOptions { hot_flush_rows: 40, ..small() }).await;
    let rows = random_rows(5, 100, 10, 4);
    let appends = rows.iter().map(|row| world.timeline.append(batch(std::slice::from_ref(row))));
    for outcome in futures::future::join_all(appends).await {
        outcome.unwrap();
    }
    let kept: u64 = world.timeline.store().manifest().await.unwrap().runs.iter().map(|run| run.rows).sum();
    assert!(kept >= 40, "the full hot log was flushed");
    world.append(&[TestRow::new(customer(1, 4), 1, 1)]).await;
    let snapshot = world.timeline.snapshot().await.unwrap();
    assert_eq!(snapshot.rows(), 101);
}

#[tokio::test]
async fn rows_without_a_customer_stay_together_in_their_shard() {
    let mut world = World::new(small()).await;
    let nobody = CustomerId::unidentified(2);
    for chunk in 0..3 {
        let rows = (0..500)
            .map(|index| TestRow::new(nobody, chunk * 400 + index, (index * 37 % 500) as i64).received(chunk as i64));
        world.import(&rows.collect::<Vec<_>>()).await;
    }
    world.check(None).await;
    world.check(Some(77)).await;
}

#[tokio::test]
async fn a_chunk_comes_with_its_identities_and_its_mark_even_when_empty() {
    let world = World::new(small()).await;
    let who = customer(1, 4);
    let key = IdentityKey { kind: IdentityKind::Email, value: "a@example.com".to_owned() };
    let mark = ImportMark { fingerprint: "f".into(), name: "orders.csv".into(), rows_done: 3, finished: true };
    let new_identities = vec![IdentityBinding { key: key.clone(), profile: who }];
    let commit = ChunkCommit { new_identities, mark: Some(mark.clone()), ..ChunkCommit::default() };
    world.timeline.import_chunk(batch(&[]), commit).await.unwrap();
    let store = world.timeline.store();
    assert_eq!(store.import_mark("f").await.unwrap(), Some(mark));
    assert_eq!(store.find_identities(&[key]).await.unwrap(), [Some(who)]);
}

#[tokio::test]
async fn replaced_files_go_after_the_grace_period_and_orphans_at_the_start() {
    let mut world = World::new(small()).await;
    let who = customer(0, 4);
    for mid in 0..3 {
        world.import(&[TestRow::new(who, mid, 5)]).await;
    }
    world.timeline.merge(0).await.unwrap();
    assert_eq!(world.timeline.maintain().await.unwrap().deleted_files, 0);
    assert_eq!(world.files().len(), 4);
    world.clock.advance(small().retire_grace_us);
    assert_eq!(world.timeline.maintain().await.unwrap().deleted_files, 3);
    let run = world.files().remove(0);
    std::fs::copy(&run, run.with_file_name("s000-e0000000009-r0000000099.parquet")).unwrap();
    world.reopen().await;
    assert_eq!(world.files(), [run]);
    world.check(None).await;
}

#[tokio::test]
async fn maintenance_makes_one_run_of_a_shard_that_grew_by_an_eighth() {
    let mut world = World::new(TimelineOptions { max_runs_per_shard: 100, ..small() }).await;
    let who = customer(0, 4);
    let rows = |from: u64, to: u64| (from..to).map(|mid| TestRow::new(who, mid, mid as i64)).collect::<Vec<_>>();
    world.import(&rows(0, 40)).await;
    world.import(&rows(40, 44)).await;
    assert_eq!(world.timeline.maintain().await.unwrap().merged_runs, 0);
    world.import(&rows(44, 46)).await;
    assert_eq!(world.timeline.maintain().await.unwrap().merged_runs, 3);
    assert_eq!(world.timeline.store().manifest().await.unwrap().runs.len(), 1);
    world.check(None).await;
}
