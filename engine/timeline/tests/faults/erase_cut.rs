//! The power goes during an erasure; repeated, it is as if nothing had happened.

use crate::erase::{commit, identities, profiles, rows_of_the_customer, words};
use crate::harness::{Machine, SHARDS, batch, expected, picture};
use crate::search::{in_bytes, in_hot_log, in_parquet};
use perennial_ports::Disk;
use perennial_store_sql::SqlHotLog;
use perennial_testkit::{NaiveOracle, Survival, random_rows};
use perennial_timeline::Timeline;
use std::collections::BTreeSet;

async fn fill(timeline: &Timeline) -> NaiveOracle {
    let mut oracle = NaiveOracle::default();
    let mut rows = rows_of_the_customer(1 << 40);
    rows.extend(random_rows(6, 60, 8, SHARDS));
    timeline.import_chunk(batch(&rows), commit()).await.unwrap();
    oracle.add(&rows);
    let [known, anonymous] = profiles();
    timeline.merge_profiles(anonymous, known, "Zhang Wei called").await.unwrap();
    oracle.merge(anonymous, known);
    timeline.merge(0).await.unwrap();
    let rows = rows_of_the_customer(2 << 40);
    timeline.append(batch(&rows)).await.unwrap();
    oracle.add(&rows);
    oracle
}

async fn found(machine: &Machine) -> BTreeSet<String> {
    let words = words();
    let hot = SqlHotLog::open(machine.folder.path()).await.unwrap();
    let mut found = in_hot_log(&hot, &words).await;
    for path in machine.disk.files() {
        let bytes = machine.disk.read(&path, 0..machine.disk.length(&path).unwrap()).unwrap();
        found.extend(in_parquet(&bytes, &words));
    }
    for path in machine.folder.files() {
        found.extend(in_bytes(&std::fs::read(path).unwrap(), &words));
    }
    found
}

#[tokio::test]
async fn an_erasure_cut_anywhere_can_be_repeated() {
    for at in 0.. {
        let mut machine = Machine::new();
        let timeline = machine.open().await.unwrap();
        let mut oracle = fill(&timeline).await;
        machine.power.off_after(at);
        let erased = timeline.erase(profiles()[0]).await;
        drop(timeline);
        machine.restart(if at % 2 == 0 { Survival::Least } else { Survival::Names });
        let timeline = machine.open().await.unwrap();
        if erased.is_err() {
            timeline.erase(profiles()[0]).await.unwrap();
        }
        oracle.erase(profiles()[0]);
        assert_eq!(picture(&timeline).await, expected(&oracle), "cut after step {at}");
        assert_eq!(found(&machine).await, BTreeSet::new(), "cut after step {at}");
        let hashes = timeline.store().suppressed().await.unwrap().len();
        assert_eq!(hashes, identities().len(), "cut after step {at}");
        if erased.is_ok() {
            assert!(at > 10, "only {at} steps: is the power switch connected?");
            return;
        }
    }
}
