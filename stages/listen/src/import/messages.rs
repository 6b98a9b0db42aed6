//! An archive of messages: lines are read and judged in one thread, and land in another.

use super::rejects::{RejectReason, Rejected};
use super::{ImportOutcome, Shared, unit_name};
use crate::ListenError;
use crate::identify::Resolver;
use crate::message::{
    Arrival, Call, Feed, Lander, Limits, MAX_ASIDE_MESSAGES, Message, Problem, ProblemCode, aside_of, load_schemas,
    read,
};
use crate::read::RowRef;
use crate::recognise::Part;
use perennial_ports::ImportMark;
use perennial_timeline::Timeline;
use std::sync::{Arc, PoisonError};
use tokio::sync::mpsc;

/// Messages handed over at once.
const BLOCK_MESSAGES: usize = 2_500;
/// Blocks between reading and landing.
const BLOCKS_AHEAD: usize = 4;

/// Messages of some lines.
#[derive(Default)]
struct Block {
    messages: Vec<Message>,
    rejected: Vec<(Rejected, String)>,
    /// Lines up to and including these, counted from the start of the unit.
    lines: u64,
}

/// Imports one unit; lines before `lines_kept` are in the timeline already.
pub(crate) async fn run(
    timeline: &Timeline,
    shared: &Arc<Shared>,
    unit: usize,
    fingerprint: String,
    lines_kept: u64,
    bytes_before: u64,
) -> Result<ImportOutcome, ListenError> {
    let schemas = load_schemas(&**timeline.store()).await?;
    let currency = shared.plan.currency;
    let (hash_key, limits) = (timeline.meta().hash_key, Limits::ARCHIVE);
    let first = shared.plan.units.get(unit).and_then(|unit| unit.parts.first());
    let source = first.map(|part| part.recognition.source.as_str()).unwrap_or_default().into();
    let feed = Feed { hash_key, source, currency, limits, schemas };
    let (out, mut blocks) = mpsc::channel(BLOCKS_AHEAD);
    let reader = {
        let (shared, feed) = (Arc::clone(shared), feed.clone());
        tokio::task::spawn_blocking(move || read_unit(&shared, unit, &feed, lines_kept, bytes_before, &out))
    };
    let name = shared.plan.units.get(unit).map(unit_name).unwrap_or_default();
    let mark =
        |rows_done, finished| ImportMark { fingerprint: fingerprint.clone(), name: name.clone(), rows_done, finished };
    let spare = Resolver::offline(hash_key, timeline.meta().shards);
    let resolver = std::mem::replace(&mut *shared.resolver.lock().unwrap_or_else(PoisonError::into_inner), spare);
    let mut landing = Landing {
        timeline,
        shared,
        lander: Lander::with(timeline, resolver, currency),
        outcome: ImportOutcome::default(),
    };
    let mut lines = lines_kept;
    while let Some(block) = blocks.recv().await {
        lines = block.lines;
        landing.block(&feed, block).await?;
        if landing.lander.is_full(shared.options.chunk_events) {
            landing.keep(mark(lines, false)).await?;
        }
    }
    reader.await.map_err(|error| ListenError::Stopped(error.to_string()))??;
    landing.keep(mark(lines, true)).await?;
    let Landing { lander, mut outcome, .. } = landing;
    (outcome.rows, outcome.resumed_rows) = (outcome.rows + lines_kept, lines_kept);
    (outcome.events, outcome.unidentified_rows) = (lander.counts(), lander.unidentified);
    outcome.suppressed_rows += lander.suppressed;
    *shared.resolver.lock().unwrap_or_else(PoisonError::into_inner) = lander.into_resolver();
    Ok(outcome)
}

/// The side that writes.
struct Landing<'a> {
    timeline: &'a Timeline,
    shared: &'a Shared,
    lander: Lander,
    outcome: ImportOutcome,
}

impl Landing<'_> {
    async fn block(&mut self, feed: &Feed, block: Block) -> Result<(), ListenError> {
        self.outcome.rows += (block.messages.len() + block.rejected.len()) as u64;
        {
            let mut rejects = self.shared.rejects.lock().unwrap_or_else(PoisonError::into_inner);
            block.rejected.into_iter().try_for_each(|(rejected, line)| rejects.add(rejected, &line))?;
        }
        let mut aside = Vec::new();
        for message in &block.messages {
            if let Some(kept) = aside_of(feed, message) {
                if self.lander.is_suppressed(message) {
                    self.lander.suppressed += 1;
                } else {
                    aside.push(kept);
                }
            }
        }
        self.outcome.kept_aside += aside.len() as u64;
        // Before the mark: kept twice they are kept once.
        self.timeline.store().set_aside(&aside, MAX_ASIDE_MESSAGES).await?;
        self.lander.add(&block.messages).await
    }

    async fn keep(&mut self, mark: ImportMark) -> Result<(), ListenError> {
        let mut landed = self.lander.take()?;
        landed.commit.mark = Some(mark);
        Ok(self.timeline.import_chunk(landed.batch, landed.commit).await?)
    }
}

/// Reads and judges all lines, until nobody wants them.
fn read_unit(
    shared: &Shared,
    unit: usize,
    feed: &Feed,
    lines_kept: u64,
    bytes_before: u64,
    out: &mpsc::Sender<Block>,
) -> Result<(), ListenError> {
    let parts: &[Part] = shared.plan.units.get(unit).map_or(&[], |unit| &unit.parts);
    let (mut bytes_read, mut block) = (bytes_before, Block::default());
    for part in parts {
        let mut reader = part.source.lines()?;
        while let Some(row) = reader.next()? {
            block.lines += 1;
            if block.lines <= lines_kept {
                continue;
            }
            block.line(feed, &part.recognition.file, &row, shared.options.now_us);
            if block.messages.len() + block.rejected.len() < BLOCK_MESSAGES {
                continue;
            }
            let next = Block { lines: block.lines, ..Block::default() };
            shared.progress.update(bytes_read + reader.bytes_read(), shared.plan.bytes_total(), block.lines);
            if out.blocking_send(std::mem::replace(&mut block, next)).is_err() {
                return Ok(());
            }
        }
        bytes_read += part.source.bytes_total();
    }
    // Nobody listens any more only where the other side failed; it has the error.
    let _ = out.blocking_send(block);
    Ok(())
}

impl Block {
    fn line(&mut self, feed: &Feed, file: &str, row: &RowRef<'_>, now_us: i64) {
        let raw = String::from_utf8_lossy(row.raw());
        let mut reject = |problem: Problem| {
            let rejected = Rejected {
                file: file.to_owned(),
                line: row.line(),
                column: Some(problem.path).filter(|path| !path.is_empty()),
                reason: RejectReason::BadMessage,
                detail: Some(problem.message),
            };
            self.rejected.push((rejected, raw.clone().into_owned()));
        };
        if let Some(problem) = row.problem() {
            let (code, path) = (ProblemCode::MalformedJson, String::new());
            return reject(Problem { code, path, message: problem.to_string() });
        }
        // Of two versions of an order that do not say when they came the later line counts.
        let ordinal = i64::try_from(self.lines).unwrap_or(0);
        match read(feed, Call::Batch, raw.as_bytes(), Arrival::Archive(now_us.saturating_add(ordinal))) {
            Ok(reading) => {
                reading.refused.into_iter().for_each(|refused| reject(refused.problem));
                self.messages.extend(reading.messages);
            }
            Err(problem) => reject(problem),
        }
    }
}
