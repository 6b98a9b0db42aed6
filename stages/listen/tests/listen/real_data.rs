//! The public data sets, where they are at hand; figures from their golden files.

use crate::world::{NOW_US, Tally, World, plan, rejected};
use perennial_listen::ImportOutcome;
use perennial_listen::read::{self, ReadOptions};
use perennial_model::EventKind;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// `$PERENNIAL_SHARED`, or the folder beside the checkout.
fn shared(file: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = std::env::var_os("PERENNIAL_SHARED").map_or(beside, PathBuf::from).join(file);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

async fn import(world: &World, files: &[PathBuf], map: &[&str]) -> ImportOutcome {
    let names: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
    world.import_plan(plan(&names, map).unwrap(), 200_000).await.unwrap()
}

/// Customer number, orders and revenue by golden file.
fn golden_rfm(path: &Path) -> BTreeMap<String, (usize, i64)> {
    let source = read::open(path, &ReadOptions::default()).unwrap().remove(0);
    let mut rows = source.rows().unwrap();
    let mut golden = BTreeMap::new();
    while let Some(row) = rows.next().unwrap() {
        let pence = (row.get(3).parse::<f64>().unwrap() * 100.0).round() as i64;
        golden.insert(row.get(0).to_owned(), (row.get(2).parse().unwrap(), pence));
    }
    golden
}

#[tokio::test]
async fn online_retail_is_as_its_golden_file_says() {
    let (Some(data), Some(golden)) =
        (shared("data/online_retail/online_retail_2010-12_2011-12.csv.gz"), shared("golden/online_retail_rfm.csv.gz"))
    else {
        return;
    };
    let world = World::new().await;
    let outcome = import(&world, &[data], &[]).await;
    assert_eq!((outcome.rows, outcome.rejected_rows()), (541_909, 0));
    let events = world.events().await;
    let tally = Tally::of(&events);
    assert_eq!((tally.customers, tally.orders), (4_338, 18_532));
    let golden = golden_rfm(&golden);
    let revenue: i64 = golden.values().map(|(_, pence)| pence).sum();
    // The golden sums are of unrounded lines; 0.001 is the smallest price.
    assert!((tally.revenue - revenue).abs() < 100, "{} {revenue}", tally.revenue);
    assert_eq!(golden.values().map(|(orders, _)| orders).sum::<usize>(), tally.orders);
    assert!(events.iter().filter(|event| event.kind == EventKind::Refund).all(|event| event.order.is_none()));
}

#[tokio::test]
async fn both_online_retail_files_count_their_overlap_once() {
    let names = ["online_retail_2010-12_2011-12.csv.gz", "online_retail_II_2009-12_2010-12.csv.gz"];
    let Some(files) =
        names.map(|name| shared(&format!("data/online_retail/{name}"))).into_iter().collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let world = World::new().await;
    let outcome = import(&world, &files, &[]).await;
    assert_eq!(outcome.rows, 541_909 + 525_461);
    let tally = world.tally().await;
    // Independently, in Python: rows of the earlier file before 2010-12-01 and all of the later one.
    assert_eq!((tally.customers, tally.orders), (5_878, 36_969));
}

#[tokio::test]
async fn cdnow_in_both_forms() {
    let (Some(master), Some(sample)) =
        (shared("data/cdnow/CDNOW_master.txt.gz"), shared("data/cdnow/CDNOW_sample.txt.gz"))
    else {
        return;
    };
    let world = World::new().await;
    let outcome = import(&world, &[master], &[]).await;
    assert_eq!((outcome.rows, outcome.rejected_rows(), outcome.new_customers), (69_659, 0, 23_570));
    assert!(world.events().await.iter().all(|event| event.time_us < NOW_US));
    let world = World::new().await;
    let outcome = import(&world, &[sample], &[]).await;
    assert_eq!((outcome.rows, outcome.rejected_rows(), outcome.new_customers), (6_919, 0, 2_357));
}

#[tokio::test]
async fn completejourney_is_parquet() {
    let Some(data) = shared("data/completejourney/transactions.parquet") else {
        return;
    };
    let world = World::new().await;
    let outcome = import(&world, &[data], &[]).await;
    assert_eq!(rejected(&outcome), Vec::<String>::new());
    assert_eq!((outcome.rows, outcome.rejected_rows(), outcome.new_customers), (1_469_307, 0, 2_469));
    assert_eq!(outcome.events.lines, 1_469_307);
}
