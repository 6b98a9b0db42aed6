//! A damaged run is restored from a backup: its rows come back as they would be today.

use crate::world::{World, small};
use perennial_ports::RunState;
use perennial_testkit::{TestRow, customer};
use std::path::PathBuf;

/// A world with two runs of one shard, the first of them damaged and in quarantine; its file and
/// what stood in it.
async fn damaged(rows: &[TestRow]) -> (World, PathBuf, Vec<u8>) {
    let mut world = World::new(small()).await;
    world.import(rows).await;
    let file = world.files().remove(0);
    let bytes = std::fs::read(&file).unwrap();
    world.import(&[TestRow::new(customer(0, 4), 1, 20)]).await;
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    world.reopen().await;
    assert_eq!(world.timeline.verify().await.unwrap().len(), 1);
    (world, file, bytes)
}

async fn quarantined(world: &World) -> usize {
    let manifest = world.timeline.store().manifest().await.unwrap();
    manifest.runs.iter().filter(|run| run.state == RunState::Quarantined).count()
}

/// Rows of three customers of the first shard, more than are taken back at once.
fn several() -> Vec<TestRow> {
    (101..800_u32).map(|mid| TestRow::new(customer(u64::from(mid % 3 * 4), 4), mid.into(), mid.into())).collect()
}

#[tokio::test]
async fn a_restored_run_answers_again() {
    let (mut world, file, bytes) = damaged(&several()).await;
    assert!(world.timeline.recover().await.unwrap().is_empty(), "it is still damaged");
    assert_eq!(quarantined(&world).await, 1);
    std::fs::write(&file, bytes).unwrap();
    let recovered = world.timeline.recover().await.unwrap();
    assert!(matches!(&recovered[..], [one] if file.ends_with(one)), "{recovered:?}");
    assert_eq!(quarantined(&world).await, 0);
    world.check(None).await;
    assert!(world.timeline.verify().await.unwrap().is_empty());
    assert!(world.timeline.snapshot().await.unwrap().damaged().is_empty());
    world.reopen().await;
    world.check(None).await;
    assert!(world.timeline.recover().await.unwrap().is_empty(), "once is enough");
}

#[tokio::test]
async fn a_file_of_another_run_is_not_taken_for_it() {
    let (mut world, file, bytes) = damaged(&several()).await;
    let other = world.files().into_iter().find(|path| *path != file).unwrap();
    std::fs::copy(other, &file).unwrap();
    assert!(world.timeline.recover().await.unwrap().is_empty());
    std::fs::remove_file(&file).unwrap();
    world.reopen().await;
    assert!(world.timeline.recover().await.unwrap().is_empty());
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(world.timeline.recover().await.unwrap().len(), 1);
    world.check(None).await;
}

#[tokio::test]
async fn whoever_was_erased_meanwhile_does_not_come_back() {
    let (mut world, file, bytes) = damaged(&several()).await;
    let gone = customer(4, 4);
    let erasure = world.erase(gone).await;
    assert_eq!(erasure.unreadable.len(), 1);
    world.reopen().await;
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(world.timeline.recover().await.unwrap().len(), 1);
    world.check(None).await;
    assert!(!crate::world::scanned(&world.timeline.snapshot().await.unwrap(), None).contains_key(&gone));
}

#[tokio::test]
async fn profiles_merged_meanwhile_come_back_merged() {
    let (mut world, file, bytes) = damaged(&several()).await;
    world.stitch(customer(4, 4), customer(1, 4)).await;
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(world.timeline.recover().await.unwrap().len(), 1);
    world.check(None).await;
    assert!(world.timeline.verify().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_run_that_is_lost_for_good_can_be_forgotten() {
    let rows = several();
    let (mut world, file, _) = damaged(&rows).await;
    let name = world.timeline.store().manifest().await.unwrap();
    let name = name.runs.into_iter().find(|run| run.state == RunState::Quarantined).unwrap().file;
    let said = world.timeline.verify().await.unwrap();
    assert!(matches!(&said[..], [one] if one.contains(&format!("{} rows", rows.len()))), "{said:?}");
    let healthy = world.files().into_iter().find(|other| *other != file).unwrap();
    let healthy = format!("runs/{}", healthy.file_name().unwrap().to_string_lossy());
    assert_eq!(world.timeline.forget(&healthy).await.unwrap(), None, "a run that answers stays");
    assert_eq!(world.timeline.forget(&name).await.unwrap(), Some(rows.len() as u64));
    assert!(!file.exists(), "what is left of it is gone");
    assert_eq!(world.timeline.forget(&name).await.unwrap(), None);
    for _ in 0..2 {
        assert!(world.timeline.verify().await.unwrap().is_empty());
        assert_eq!(world.timeline.snapshot().await.unwrap().rows(), 1);
        world.reopen().await;
    }
}
