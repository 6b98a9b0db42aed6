//! Measures the timeline: writes events of many customers in several chunks, then visits all of
//! them, customer by customer, with the columns of the order book. Say `--release`; arguments:
//! customers, events, chunks, `spread` to let the chunks overlap in time (else `ordered`), and a
//! directory to keep the data in: when it is there already it is only read.

use perennial_files::LocalFiles;
use perennial_model::{Clock, Currency, CustomerId, EventKind, FixedClock, HashKey, Mid, OrderKey};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_timeline::{
    ChunkCommit, Columns, EventBatch, EventBatchBuilder, Row, Snapshot, Timeline, TimelineOptions,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SECOND_US: i64 = 1_000_000;
const YEARS_US: i64 = 3 * 365 * 86_400 * SECOND_US;
const CHANNELS: [&str; 5] = ["web", "app", "store", "wechat", "tmall"];
const NAMES: [&str; 6] = ["Page Viewed", "Product Viewed", "App Opened", "Reply", "Review", "Check In"];

struct Load {
    customers: u64,
    events: u64,
    chunks: u64,
    spread: bool,
    keep: bool,
    folder: PathBuf,
}

impl Load {
    fn from_arguments() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let number = |at: usize, default: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
        let spread = arguments.iter().any(|argument| argument == "spread");
        let own = || std::env::temp_dir().join(format!("perennial-gather-{}", std::process::id()));
        Self {
            customers: number(0, 1_000_000),
            events: number(1, 20_000_000),
            chunks: number(2, 8),
            spread,
            keep: arguments.get(4).is_some(),
            folder: arguments.get(4).map_or_else(own, PathBuf::from),
        }
    }

    /// The `chunk`th part of the stream.
    fn batch(&self, chunk: u64, key: &HashKey) -> Outcome<EventBatch> {
        let rows = self.events / self.chunks;
        let mut builder = EventBatchBuilder::default();
        for index in chunk * rows..(chunk + 1) * rows {
            // SplitMix64: a different number for each row, no state.
            let draw = |salt: u64| {
                let mixed = (index ^ salt << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb) >> 20
            };
            let customer = draw(1) % self.customers;
            let profile = CustomerId::new((customer % 16) as u16, customer / 16 + 1);
            let span = if self.spread { YEARS_US } else { YEARS_US / self.chunks as i64 };
            let begin = if self.spread { 0 } else { span * chunk as i64 };
            let time_us = (begin + (draw(2) as i64) % span) / SECOND_US * SECOND_US;
            let order = key.order("shop", &(index / 2).to_string());
            let bought = draw(3) % 100;
            let kind = match bought {
                0..12 => EventKind::Order,
                12..27 => EventKind::OrderLine,
                27..30 => EventKind::Refund,
                _ => EventKind::Event,
            };
            let is_order = kind != EventKind::Event;
            let item = format!("sku-{}", draw(5) % 2000);
            builder.push(&Row {
                customer: profile,
                profile,
                mid: Mid(key.mid("shop", &index.to_string()).0),
                kind,
                time_us,
                received_us: YEARS_US + chunk as i64,
                name: if is_order { "Order Completed" } else { NAMES[(draw(6) % 6) as usize] },
                source: "shop",
                channel: Some(CHANNELS[(draw(7) % 5) as usize]),
                campaign: None,
                order: if is_order { order } else { OrderKey::NONE },
                order_id: None,
                item: (kind == EventKind::OrderLine).then_some(&item),
                quantity_milli: (kind == EventKind::OrderLine).then_some(1000 * (1 + draw(8) as i64 % 3)),
                value_minor: is_order.then_some(990 + 100 * (draw(9) as i64 % 400)),
                currency: is_order.then_some(Currency::CNY),
                properties: None,
            });
        }
        Ok(builder.finish()?)
    }
}

/// CPU seconds of this process so far, all threads.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // User and system time in ticks of 10 ms.
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn memory_mib(label: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(label)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Visits everything on two threads; customers, events and a sum that uses every column.
fn visit(snapshot: &Snapshot) -> Outcome<(u64, u64, u64)> {
    let worker = |first: u16| -> Outcome<(u64, u64, u64)> {
        let mut total = (0, 0, 0_u64);
        for shard in (first..snapshot.shards()).step_by(2) {
            let mut scan = snapshot.scan(shard, Columns::ORDERS, None)?;
            while let Some(events) = scan.next()? {
                total.0 += 1;
                total.1 += events.len() as u64;
                for event in events.iter() {
                    let parts = event.time_us as u64 ^ event.order.0 ^ event.value_minor as u64;
                    total.2 = total.2.wrapping_add(parts ^ event.quantity_milli as u64 ^ u64::from(event.channel.0));
                }
            }
        }
        Ok(total)
    };
    let [one, other] = thread::scope(|scope| {
        [0, 1]
            .map(|first| scope.spawn(move || worker(first)))
            .map(|thread| thread.join().map_err(|_| "a worker failed"))
    });
    let (one, other) = (one??, other??);
    Ok((one.0 + other.0, one.1 + other.1, one.2.wrapping_add(other.2)))
}

async fn measure(load: &Load) -> Outcome<()> {
    let folder = load.folder.clone();
    let written = folder.exists();
    std::fs::create_dir_all(&folder)?;
    let clock: Arc<dyn Clock> = Arc::new(FixedClock(YEARS_US));
    let store = Arc::new(SqlStore::open(&folder).await?);
    let hot = Arc::new(SqlHotLog::open(&folder).await?);
    let open = || async {
        let files = Arc::new(LocalFiles::open(&folder.join("files"))?);
        let options = TimelineOptions::default();
        Outcome::Ok(Timeline::open(store.clone(), hot.clone(), files, clock.clone(), options).await?)
    };
    if !written {
        write(load, &open().await?).await?;
    }
    let timeline = open().await?;
    report(&timeline, "first visit, with checksums").await?;
    report(&timeline, "again").await?;
    if load.keep {
        return report(&timeline, "and again").await;
    }
    let (begin, begin_cpu) = (Instant::now(), cpu_seconds());
    for shard in 0..16 {
        timeline.merge(shard).await?;
    }
    println!("merged in {:.2} s, {:.2} CPU s", begin.elapsed().as_secs_f64(), cpu_seconds() - begin_cpu);
    report(&timeline, "one run a shard").await?;
    report(&timeline, "again").await?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

async fn write(load: &Load, timeline: &Timeline) -> Outcome<()> {
    let (mut wall, mut cpu) = (0.0, 0.0);
    for chunk in 0..load.chunks {
        let batch = load.batch(chunk, &timeline.meta().hash_key)?;
        let (begin, begin_cpu) = (Instant::now(), cpu_seconds());
        timeline.import_chunk(batch, ChunkCommit::default()).await?;
        wall += begin.elapsed().as_secs_f64();
        cpu += cpu_seconds() - begin_cpu;
    }
    let manifest = timeline.store().manifest().await?;
    let bytes: u64 = manifest.runs.iter().map(|run| run.bytes).sum();
    println!(
        "wrote {} events in {wall:.2} s, {cpu:.2} CPU s; {} runs, {:.2} bytes an event",
        load.events,
        manifest.runs.len(),
        bytes as f64 / load.events as f64
    );
    Ok(())
}

async fn report(timeline: &Timeline, what: &str) -> Outcome<()> {
    let snapshot = timeline.snapshot().await?;
    // Resets the high-water mark of memory (Linux).
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = memory_mib("VmRSS");
    let (begin, begin_cpu) = (Instant::now(), cpu_seconds());
    let (customers, events, sum) = visit(&snapshot)?;
    println!(
        "{what}: {customers} customers, {events} events in {:.2} s, {:.2} CPU s, {} MiB above {before} (sum {sum:x})",
        begin.elapsed().as_secs_f64(),
        cpu_seconds() - begin_cpu,
        memory_mib("VmHWM").saturating_sub(before),
    );
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    measure(&Load::from_arguments()).await
}
