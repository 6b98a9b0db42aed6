//! The power goes between any two steps; what was acknowledged is there exactly once.

use crate::harness::{Machine, SHARDS, batch, expected, options, picture};
use perennial_model::CustomerId;
use perennial_ports::ImportMark;
use perennial_testkit::{NaiveOracle, Survival, TestRow, customer, random_rows};
use perennial_timeline::{ChunkCommit, Timeline, TimelineError};

const FILE: &str = "orders.csv";

/// One thing somebody asks of the timeline and waits for.
#[derive(Clone)]
enum Work {
    /// Rows of a file, up to this many in all.
    Import {
        rows: Vec<TestRow>,
        rows_done: u64,
    },
    Append(Vec<TestRow>),
    Flush,
    MergeProfiles {
        from: CustomerId,
        into: CustomerId,
    },
    MergeRuns(u16),
    Maintain,
}

impl Work {
    async fn run(&self, timeline: &Timeline) -> Result<(), TimelineError> {
        match self {
            Self::Import { rows, rows_done } => import(timeline, rows, *rows_done).await,
            Self::Append(rows) => timeline.append(batch(rows)).await,
            Self::Flush => timeline.flush().await,
            // A merge that happened unheard is seen by its effect.
            Self::MergeProfiles { from, into } if timeline.customer_of(*from) == *into => Ok(()),
            Self::MergeProfiles { from, into } => timeline.merge_profiles(*from, *into, "test").await.map(drop),
            Self::MergeRuns(shard) => timeline.merge(*shard).await.map(drop),
            Self::Maintain => timeline.maintain().await.map(drop),
        }
    }

    fn tell(&self, oracle: &mut NaiveOracle) {
        match self {
            Self::Import { rows, .. } | Self::Append(rows) => oracle.add(rows),
            Self::MergeProfiles { from, into } => oracle.merge(*from, *into),
            Self::Flush | Self::MergeRuns(_) | Self::Maintain => {}
        }
    }
}

/// As the importer does: asks how far the file came, then goes on.
async fn import(timeline: &Timeline, rows: &[TestRow], rows_done: u64) -> Result<(), TimelineError> {
    let done = timeline.store().import_mark(FILE).await?.map_or(0, |mark| mark.rows_done);
    if done >= rows_done {
        return Ok(());
    }
    let mark = ImportMark { fingerprint: FILE.to_owned(), name: FILE.to_owned(), rows_done, finished: false };
    timeline.import_chunk(batch(rows), ChunkCommit { mark: Some(mark), ..ChunkCommit::default() }).await
}

fn script() -> Vec<Work> {
    let rows = random_rows(11, 300, 9, SHARDS);
    let mut parts = rows.chunks(50).map(<[TestRow]>::to_vec);
    let mut next = || parts.next().unwrap_or_default();
    let (one, other) = (customer(0, SHARDS), customer(3, SHARDS));
    vec![
        Work::Import { rows: next(), rows_done: 50 },
        Work::Append(next()),
        Work::Import { rows: next(), rows_done: 100 },
        Work::Append(next()),
        Work::Flush,
        Work::MergeProfiles { from: one, into: other },
        Work::Append(next()),
        Work::MergeRuns(0),
        Work::Import { rows: next(), rows_done: 150 },
        Work::Maintain,
    ]
}

/// Works until the power goes; what was acknowledged is in the oracle, and how many works that is.
async fn work_on(machine: &Machine, script: &[Work], oracle: &mut NaiveOracle) -> usize {
    let Ok(timeline) = machine.open().await else { return 0 };
    for (done, work) in script.iter().enumerate() {
        // Past the grace period of whatever was retired before.
        machine.clock.advance(options().retire_grace_us + 1);
        if work.run(&timeline).await.is_err() {
            assert!(machine.power.is_off(), "a work failed with the power on");
            return done;
        }
        work.tell(oracle);
    }
    script.len()
}

/// After a cut: all that was acknowledged, and of the work that was cut all or nothing.
async fn check(machine: &Machine, oracle: &NaiveOracle, cut: Option<&Work>, at: u64) {
    let timeline = machine.open().await.unwrap();
    let seen = picture(&timeline).await;
    let mut whole = oracle.clone();
    if let Some(work) = cut {
        work.tell(&mut whole);
    }
    assert!(seen == expected(oracle) || seen == expected(&whole), "cut after step {at}");
    assert_eq!(timeline.verify().await.unwrap(), Vec::<String>::new(), "cut after step {at}");
    let store = timeline.store();
    let (live, retired) = (store.manifest().await.unwrap().runs.len(), store.retired_runs().await.unwrap().len());
    let files = machine.disk.files().len();
    assert!((live..=live + retired).contains(&files), "{files} files for {live} runs, cut after step {at}");
}

/// Cuts after each step in turn, and once more while the rest is done, until nothing is left to cut.
async fn cut_everywhere(survival: Survival) {
    let script = script();
    for at in 0.. {
        let mut machine = Machine::new();
        let mut oracle = NaiveOracle::default();
        machine.power.off_after(at);
        let mut done = work_on(&machine, &script, &mut oracle).await;
        let uncut = !machine.power.is_off();
        // Coprime to the steps of a work, so that all pairs of places come up over the whole loop.
        for again in [Some(at * 7 % 23), None] {
            machine.restart(survival);
            check(&machine, &oracle, script.get(done), at).await;
            if let Some(steps) = again {
                machine.power.off_after(steps);
            }
            done += work_on(&machine, &script[done..], &mut oracle).await;
        }
        machine.restart(survival);
        assert_eq!(done, script.len());
        check(&machine, &oracle, None, at).await;
        if uncut {
            assert!(at > 80, "only {at} steps: is the power switch connected?");
            return;
        }
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_a_disk_keeps_the_least() {
    cut_everywhere(Survival::Least).await;
}

#[tokio::test]
async fn nothing_is_there_twice_when_a_disk_keeps_all_names() {
    cut_everywhere(Survival::Names).await;
}
