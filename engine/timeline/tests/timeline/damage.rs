//! A run's file is not what was written: it is named, and the rest still answers.

use crate::world::{World, scanned, small};
use parquet::file::reader::{FileReader, SerializedFileReader};
use perennial_ports::RunState;
use perennial_testkit::{TestRow, customer};
use perennial_timeline::{Columns, Snapshot};
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

fn flip(file: &Path, place: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[place] ^= 1 << (place % 8);
    std::fs::write(file, bytes).unwrap();
}

/// A byte in the middle of a column, and the first byte of the footer.
fn places(file: &Path, column: &str) -> (usize, usize) {
    let reader = SerializedFileReader::new(std::fs::File::open(file).unwrap()).unwrap();
    let groups = reader.metadata().row_groups();
    let chunks = || groups.iter().flat_map(|group| group.columns());
    let (start, length) = chunks().find(|chunk| chunk.column_path().string() == column).unwrap().byte_range();
    let footer = chunks().map(|chunk| chunk.byte_range()).map(|(start, length)| start + length).max().unwrap();
    ((start + length / 2) as usize, footer as usize)
}

/// Times of shard 0's events.
fn times(snapshot: &Snapshot, columns: Columns) -> Vec<i64> {
    let mut scan = snapshot.scan(0, columns, None).unwrap();
    let mut times = Vec::new();
    while let Some(events) = scan.next().unwrap() {
        times.extend_from_slice(events.time_us);
    }
    times
}

#[tokio::test]
async fn a_damaged_column_counts_for_whoever_reads_it() {
    let world = harmed(|file| flip(file, places(file, "campaign").0)).await;
    let snapshot = world.timeline.snapshot().await.unwrap();
    assert_eq!(times(&snapshot, Columns::BASE), [10, 20]);
    assert!(snapshot.damaged().is_empty());
    // Before its first row counts the run is left out.
    assert_eq!(times(&snapshot, Columns::CAMPAIGN), [20]);
    assert!(matches!(&snapshot.damaged()[..], [one] if one.contains("campaign")), "{:?}", snapshot.damaged());
    assert_eq!(times(&world.timeline.snapshot().await.unwrap(), Columns::BASE), [20]);
}

#[tokio::test]
async fn verify_finds_damage_anywhere() {
    type Place = fn(&Path) -> usize;
    let anywhere: [Place; 7] = [
        |_| 0,
        |_| 4,
        |file| places(file, "customer").0,
        |file| places(file, "properties").0,
        |file| places(file, "mid").1 - 1,
        |file| places(file, "mid").1,
        |file| std::fs::metadata(file).unwrap().len() as usize - 1,
    ];
    for (at, place) in anywhere.into_iter().enumerate() {
        let mut world = World::new(small()).await;
        let rows = world.draw(5, 80, 6);
        world.import(&rows).await;
        world.check(None).await;
        assert!(world.timeline.verify().await.unwrap().is_empty());
        let file = world.files().remove(0);
        flip(&file, place(&file));
        let problems = world.timeline.verify().await.unwrap();
        assert!(matches!(&problems[..], [one] if one.contains("runs/s000")), "place {at}: {problems:?}");
    }
}

#[tokio::test]
async fn an_erasure_names_a_run_that_it_cannot_write_anew() {
    let mut world = harmed(|file| flip(file, places(file, "campaign").0)).await;
    let erasure = world.erase(customer(0, 4)).await;
    assert!(matches!(&erasure.unreadable[..], [one] if one.contains("runs/s000")), "{erasure:?}");
    assert!(times(&world.timeline.snapshot().await.unwrap(), Columns::BASE).is_empty());
}

#[tokio::test]
async fn a_merge_loses_no_rows_to_damage_in_a_column() {
    let mut world = harmed(|file| flip(file, places(file, "campaign").0)).await;
    world.import(&[TestRow::new(customer(0, 4), 3, 30)]).await;
    assert_eq!(world.timeline.merge(0).await.unwrap(), 2);
    let snapshot = world.timeline.snapshot().await.unwrap();
    assert_eq!(times(&snapshot, Columns::BASE), [20, 30]);
    assert_eq!(snapshot.damaged().len(), 1);
}
