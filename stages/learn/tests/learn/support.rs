//! A timeline in a temporary directory, and the shared data of the workspace.

use flate2::read::GzDecoder;
use perennial_files::LocalFiles;
use perennial_learn::{AnalyseOptions, Analysis, analyse};
use perennial_model::{CustomerId, EventKind, FixedClock, Mid, OrderKey, ShardCount};
use perennial_store_sql::{SqlHotLog, SqlStore, StoreOptions};
use perennial_timeline::{ChunkCommit, EventBatch, EventBatchBuilder, Row, Timeline, TimelineOptions};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) const SHARDS: u16 = 4;

/// A gzipped CSV of the workspace; `None`, and a word about it, where it is not there.
pub(crate) fn shared_csv(path: &str) -> Option<csv::Reader<GzDecoder<File>>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    match File::open(&path) {
        Ok(file) => Some(csv::Reader::from_reader(GzDecoder::new(file))),
        Err(error) => {
            eprintln!("skipped: {} cannot be read ({error})", path.display());
            None
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Happened {
    pub(crate) customer: CustomerId,
    pub(crate) kind: EventKind,
    pub(crate) time_us: i64,
    pub(crate) order: u64,
    pub(crate) value_minor: Option<i64>,
    pub(crate) quantity_milli: Option<i64>,
    pub(crate) channel: Option<&'static str>,
}

fn batch(events: &[Happened], first_mid: u64) -> EventBatch {
    let mut builder = EventBatchBuilder::default();
    for (mid, event) in (first_mid..).zip(events) {
        builder.push(&Row {
            customer: event.customer,
            profile: event.customer,
            mid: Mid(mid),
            kind: event.kind,
            time_us: event.time_us,
            received_us: event.time_us,
            name: "visit",
            source: "test",
            channel: event.channel,
            campaign: None,
            order: OrderKey(event.order),
            order_id: None,
            item: None,
            quantity_milli: event.quantity_milli,
            value_minor: event.value_minor,
            currency: None,
            properties: None,
        });
    }
    builder.finish().unwrap()
}

pub(crate) struct Bench {
    runtime: tokio::runtime::Runtime,
    timeline: Timeline,
    events: u64,
    _directory: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let timeline = runtime.block_on(async {
            let options = StoreOptions { shards: ShardCount::new(SHARDS).unwrap(), ..StoreOptions::default() };
            let store = Arc::new(SqlStore::open_sqlite(&path.join("store.sqlite"), options).await.unwrap());
            let hot = Arc::new(SqlHotLog::open(path).await.unwrap());
            let files = Arc::new(LocalFiles::open(&path.join("files")).unwrap());
            Timeline::open(store, hot, files, Arc::new(FixedClock(0)), TimelineOptions::default()).await.unwrap()
        });
        Self { runtime, timeline, events: 0, _directory: directory }
    }

    pub(crate) fn import(&mut self, events: &[Happened]) {
        let chunk = batch(events, self.events + 1);
        self.events += events.len() as u64;
        self.runtime.block_on(self.timeline.import_chunk(chunk, ChunkCommit::default())).unwrap();
    }

    pub(crate) fn analyse(&self, options: &AnalyseOptions) -> Analysis {
        analyse(&self.snapshot(), options).unwrap()
    }

    pub(crate) fn snapshot(&self) -> perennial_timeline::Snapshot {
        self.runtime.block_on(self.timeline.snapshot()).unwrap()
    }
}
