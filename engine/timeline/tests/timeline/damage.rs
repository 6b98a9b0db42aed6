//! A run's file is not what was written: it is named, and the rest still answers.

use crate::world::{World, scanned, small};
use perennial_ports::RunState;
use perennial_testkit::{TestRow, customer};
use std::path::Path;

/// Two runs of one shard; the file of the first is harmed while nobody has it open.
async fn harmed(harm: fn(&Path)) -> World {
    let mut world = World::new(small()).await;
    let who = customer(0, 4);
    world.import(&[TestRow::new(who, 1, 10)]).await;
    let first = world.files().remove(0);
    world.import(&[TestRow::new(who, 2, 20)]).await;
    harm(&first);
    world.reopen().await;
    world
}

async fn names_it_and_answers(harm: fn(&Path)) {
    let mut world = harmed(harm).await;
    let who = customer(0, 4);
    let snapshot = world.timeline.snapshot().await.unwrap();
    let events = scanned(&snapshot, None);
    assert_eq!(events[&who].iter().map(|event| event.1).collect::<Vec<_>>(), [2]);
    assert!(matches!(&snapshot.damaged()[..], [one] if one.contains("runs/s000")), "{:?}", snapshot.damaged());
    // The next snapshot has it in quarantine, for good.
    let after = world.timeline.snapshot().await.unwrap();
    assert_eq!(after.damaged().len(), 1);
    let manifest = world.timeline.store().manifest().await.unwrap();
    assert_eq!(manifest.runs.iter().filter(|run| run.state == RunState::Quarantined).count(), 1);
    world.reopen().await;
    assert_eq!(world.timeline.snapshot().await.unwrap().damaged().len(), 1);
    // Writing goes on.
    for mid in 10..16 {
        world.import(&[TestRow::new(who, mid, 30)]).await;
    }
    assert_eq!(scanned(&world.timeline.snapshot().await.unwrap(), None)[&who].len(), 7);
    assert_eq!(world.timeline.verify().await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_flipped_bit() {
    names_it_and_answers(|file| {
        let mut bytes = std::fs::read(file).unwrap();
        let middle = bytes.len() / 3;
        bytes[middle] ^= 1;
        std::fs::write(file, bytes).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_truncated_file() {
    names_it_and_answers(|file| {
        let bytes = std::fs::read(file).unwrap();
        std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_deleted_file() {
    names_it_and_answers(|file| std::fs::remove_file(file).unwrap()).await;
}

#[tokio::test]
async fn a_merge_goes_on_without_the_damaged_run() {
    let mut world = harmed(|file| std::fs::write(file, b"nothing of ours").unwrap()).await;
    let who = customer(0, 4);
    world.import(&[TestRow::new(who, 3, 30)]).await;
    assert_eq!(world.timeline.merge(0).await.unwrap(), 2);
    assert_eq!(scanned(&world.timeline.snapshot().await.unwrap(), None)[&who].len(), 2);
}

#[tokio::test]
async fn verify_finds_what_no_reader_has_touched_since() {
    let mut world = World::new(small()).await;
    world.import(&[TestRow::new(customer(0, 4), 1, 10)]).await;
    world.check(None).await;
    std::fs::write(world.files().remove(0), b"later").unwrap();
    let problems = world.timeline.verify().await.unwrap();
    assert!(matches!(&problems[..], [one] if one.contains("runs/s000") && one.contains("bytes")), "{problems:?}");
    assert!(scanned(&world.timeline.snapshot().await.unwrap(), None).is_empty());
}
