//! Three stages at work at the same time: one thread copies rows out of the file, one makes events
//! of them, and the timeline writes the chunk before.

use super::{Block, ImportOutcome, Shared, unit_name};
use crate::ListenError;
use crate::consent::{ConsentBook, Stated};
use crate::interpret::{BlockKeys, Chunk, Interpreter, PartReader, Settings, Taken, Task, scan, scan_orders};
use crate::recognise::Field;
use crate::recognise::Part;
use perennial_model::ConsentRecord;
use perennial_ports::{IdentityBinding, ImportMark};
use perennial_timeline::{ChunkCommit, Timeline};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Blocks between reading and interpreting.
const BLOCKS_AHEAD: usize = 2;
/// Full chunks waiting while one is written.
const CHUNKS_AHEAD: usize = 1;

/// A chunk with the identities that it needs.
struct Ready {
    chunk: Chunk,
    new_identities: Vec<IdentityBinding>,
    finished: bool,
}

/// Imports one unit; rows before `rows_kept` are in the timeline already.
pub(crate) async fn run(
    timeline: &Timeline,
    shared: &Arc<Shared>,
    unit: usize,
    fingerprint: String,
    rows_kept: u64,
    bytes_before: u64,
) -> Result<ImportOutcome, ListenError> {
    let (block_out, block_in) = sync_channel(BLOCKS_AHEAD);
    let (chunk_out, mut chunk_in) = mpsc::channel(CHUNKS_AHEAD);
    let reader = {
        let shared = Arc::clone(shared);
        tokio::task::spawn_blocking(move || read(&shared, unit, bytes_before, &block_out))
    };
    let interpreter = {
        let (shared, handle) = (Arc::clone(shared), Handle::current());
        let task = task(timeline, &shared, unit, rows_kept);
        tokio::task::spawn_blocking(move || interpret(&shared, unit, task, &block_in, &chunk_out, &handle))
    };
    let name = shared.plan.units.get(unit).map(unit_name).unwrap_or_default();
    let mut written = Ok(());
    while let Some(Ready { chunk, new_identities, finished }) = chunk_in.recv().await {
        let mark =
            ImportMark { fingerprint: fingerprint.clone(), name: name.clone(), rows_done: chunk.rows_done, finished };
        let Taken { batch, declared, order_owners, stated } = chunk.events;
        let consents = consents(timeline, shared, unit, stated).await?;
        let commit = ChunkCommit { new_identities, order_owners, consents, mark: Some(mark), declared };
        written = timeline.import_chunk(batch, commit).await;
        if written.is_err() {
            break;
        }
    }
    // The stages before stop when nobody takes what they make.
    drop(chunk_in);
    let stopped = |error: tokio::task::JoinError| ListenError::Stopped(error.to_string());
    let interpreted = interpreter.await.map_err(stopped)?;
    let read = reader.await.map_err(stopped)?;
    written?;
    read?;
    let mut outcome = interpreted?;
    outcome.resumed_rows = rows_kept;
    Ok(outcome)
}

/// Changes of consent that rows state.
async fn consents(
    timeline: &Timeline,
    shared: &Shared,
    unit: usize,
    stated: Vec<Stated>,
) -> Result<Vec<ConsentRecord>, ListenError> {
    let (parts, hash_key, now_us) = (parts(shared, unit), timeline.meta().hash_key, shared.options.now_us);
    let said = |stated: Stated| {
        let recognition = &parts.get(stated.part)?.recognition;
        let (field, _) = Field::CONSENTS.into_iter().find(|(_, channel)| *channel == stated.channel)?;
        let file = Path::new(&recognition.file).file_name().map(|name| name.to_string_lossy());
        let evidence = format!("{}, column {}", file.unwrap_or_default(), recognition.column_name(field));
        Some((stated.profile, stated.said(&hash_key, &recognition.source, evidence, now_us)))
    };
    ConsentBook::default().changes(timeline, stated.into_iter().filter_map(said).collect()).await
}

fn task(timeline: &Timeline, shared: &Shared, unit: usize, rows_kept: u64) -> Task {
    let meta = timeline.meta();
    let settings = Settings {
        zone: shared.plan.zone.clone(),
        currency: shared.plan.currency,
        now_us: shared.options.now_us,
        properties: shared.plan.properties(),
    };
    // Units stand oldest first: of two versions of an order in one import the later file's counts.
    let received_us = shared.options.now_us.saturating_add(i64::try_from(unit).unwrap_or(i64::MAX));
    let chunk_events = shared.options.chunk_events.max(1);
    Task { hash_key: meta.hash_key, shards: meta.shards, settings, received_us, chunk_events, rows_kept }
}

/// Copies rows into blocks until all are read or nobody wants them; nothing at the end says that
/// all were read.
fn read(shared: &Shared, unit: usize, bytes_before: u64, out: &SyncSender<Option<Block>>) -> Result<(), ListenError> {
    let bytes_total = shared.plan.bytes_total();
    let (mut bytes_read, mut rows_read) = (bytes_before, 0);
    for (index, part) in parts(shared, unit).iter().enumerate() {
        let mut reader = part.source.rows()?;
        let mut block = Block::of_part(index);
        while let Some(row) = reader.next()? {
            block.push(&row);
            if block.is_full() {
                rows_read += block.len() as u64;
                let next = block.next();
                if out.send(Some(std::mem::replace(&mut block, next))).is_err() {
                    return Ok(());
                }
                shared.progress.update(bytes_read + reader.bytes_read(), bytes_total, rows_read);
            }
        }
        rows_read += block.len() as u64;
        bytes_read += part.source.bytes_total();
        if out.send(Some(block)).is_err() {
            return Ok(());
        }
        shared.progress.update(bytes_read, bytes_total, rows_read);
    }
    // Nobody listens any more only where another stage failed; that stage has the error.
    let _ = out.send(None);
    Ok(())
}

fn parts(shared: &Shared, unit: usize) -> &[Part] {
    shared.plan.units.get(unit).map_or(&[], |unit| &unit.parts)
}

/// Makes chunks of blocks.
fn interpret(
    shared: &Shared,
    unit: usize,
    task: Task,
    blocks: &Receiver<Option<Block>>,
    out: &mpsc::Sender<Ready>,
    handle: &Handle,
) -> Result<ImportOutcome, ListenError> {
    let mut resolver = shared.resolver.lock().unwrap_or_else(PoisonError::into_inner);
    let mut rejects = shared.rejects.lock().unwrap_or_else(PoisonError::into_inner);
    let hash_key = task.hash_key;
    let reader_of = |part: &Part| PartReader::new(&part.recognition, part.role, &task.settings);
    let readers = parts(shared, unit).iter().map(reader_of).collect();
    let mut interpreter = Interpreter::new(task, readers, std::mem::take(&mut resolver.owners));
    let (mut keys, mut full) = (BlockKeys::default(), Vec::new());
    let stopped = || ListenError::Stopped("the stage before or behind ended".to_owned());
    let send = |ready: Ready| out.blocking_send(ready).map_err(|_| stopped());
    while let Some(block) = blocks.recv().map_err(|_| stopped())? {
        if let Some(part) = interpreter.parts.get(block.part) {
            let unknown = scan(part, &block, &hash_key, &resolver, &mut keys);
            handle.block_on(resolver.prepare(unknown))?;
            if interpreter.owners.needs_orders() {
                let orders = scan_orders(part, &block, &hash_key);
                handle.block_on(interpreter.owners.prepare(orders))?;
            }
        }
        interpreter.block(&block, &keys, &mut resolver, &mut rejects, &mut full)?;
        for chunk in full.drain(..) {
            send(Ready { chunk, new_identities: resolver.take_new_identities(), finished: false })?;
        }
    }
    let chunk = interpreter.finish(&mut rejects)?;
    send(Ready { chunk, new_identities: resolver.take_new_identities(), finished: true })?;
    resolver.owners = std::mem::take(&mut interpreter.owners);
    let mut outcome = std::mem::take(&mut interpreter.outcome);
    (outcome.masked_keys, outcome.unusable_keys) = (keys.masked, keys.unusable);
    Ok(outcome)
}
