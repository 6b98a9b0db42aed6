//! Records changes of memberships and sizes of segments, on a thread of its own: the live table waits for
//! no store.

use super::memberships::Defined;
use anyhow::Result;
use perennial_fold::{Instant, LiveColumns};
use perennial_ports::{MembershipRecord, SegmentSize, Store, StoreError, StoredMembership};
use perennial_query::{CustomerConditions, Wanted};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Handle;

/// Pieces of work that may wait.
const WAITING: usize = 256;
/// How long to wait after the store failed.
const RETRY: Duration = Duration::from_millis(500);
/// How long changes are kept.
const KEPT_US: i64 = 90 * perennial_model::DAY_US;
/// The setting that holds how many imported rows were looked at.
const LOOKED_AT: &str = "segments.imported_rows";
/// Sizes between two clearings of old changes.
const CLEARED_EVERY: u32 = 600;

/// What is to be done.
pub(crate) enum Work {
    /// Changes to record.
    Record(Vec<MembershipRecord>),
    /// A segment that acts no more.
    Forget(String),
    /// Sizes to count and note.
    Sizes(Box<Sizes>),
}

/// Whose sizes, as of when.
pub(crate) struct Sizes {
    pub(crate) defined: Defined,
    pub(crate) columns: Arc<LiveColumns>,
    pub(crate) instant: Instant,
}

/// The thread and its ear.
pub(crate) struct Recorder {
    store: Arc<dyn Store>,
    runtime: Handle,
    sender: SyncSender<Work>,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    waiting: AtomicUsize,
    stopping: AtomicBool,
    /// Segments of which something was sent to be recorded.
    recorded: Mutex<Option<Vec<String>>>,
}

impl Recorder {
    pub(crate) fn start(store: Arc<dyn Store>, runtime: Handle) -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let shared = Arc::new(Shared::default());
        let (of_thread, own_store, own_runtime) = (Arc::clone(&shared), Arc::clone(&store), runtime.clone());
        let thread = std::thread::Builder::new().name("segments".to_owned()).spawn(move || {
            run(&receiver, &*own_store, &own_runtime, &of_thread);
        })?;
        Ok(Self { store, runtime, sender, shared, thread })
    }

    /// Hands over what may be lost where too much waits; whether there was room.
    pub(crate) fn try_send(&self, work: Work) -> bool {
        if let Work::Record(records) = &work {
            let mut known = self.shared.recorded.lock().unwrap_or_else(PoisonError::into_inner);
            let known = known.get_or_insert_default();
            for record in records {
                if !known.contains(&record.segment) {
                    known.push(record.segment.clone());
                }
            }
        }
        self.shared.waiting.fetch_add(1, Ordering::AcqRel);
        let sent = self.sender.try_send(work).is_ok();
        if !sent {
            self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
        }
        sent
    }

    /// Hands over that a segment acts no more; asked for again where there was no room.
    pub(crate) fn forget(&self, segment: String) {
        let name = segment.clone();
        if self.try_send(Work::Forget(segment))
            && let Some(known) = &mut *self.shared.recorded.lock().unwrap_or_else(PoisonError::into_inner)
        {
            known.retain(|known| *known != name);
        }
    }

    /// Whether nothing waits.
    pub(crate) fn is_idle(&self) -> bool {
        self.shared.waiting.load(Ordering::Acquire) == 0
    }

    /// What is recorded of all segments. To be asked when nothing waits: what does is not in it.
    pub(crate) fn stored(&self) -> Result<Vec<StoredMembership>, StoreError> {
        let stored = self.runtime.block_on(self.store.memberships())?;
        let names = stored.iter().map(|stored| stored.segment.clone()).collect();
        *self.shared.recorded.lock().unwrap_or_else(PoisonError::into_inner) = Some(names);
        Ok(stored)
    }

    /// Segments of which something is recorded, or about to be.
    pub(crate) fn recorded(&self) -> Result<Vec<String>, StoreError> {
        let known = self.shared.recorded.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(known) => Ok(known),
            None => Ok(self.stored()?.into_iter().map(|stored| stored.segment).collect()),
        }
    }

    /// Whether something was imported while nobody looked.
    pub(crate) fn imported_meanwhile(&self) -> Result<bool, StoreError> {
        self.runtime.block_on(async {
            let Some(looked_at) = self.store.setting(LOOKED_AT).await? else { return Ok(false) };
            Ok(looked_at != self.store.imported_rows().await?.to_string())
        })
    }

    /// Records what waits and ends the thread.
    pub(crate) fn stop(self) {
        self.shared.stopping.store(true, Ordering::Release);
        drop(self.sender);
        // A thread that panicked has said so.
        let _ = self.thread.join();
    }
}

fn run(receiver: &Receiver<Work>, store: &dyn Store, runtime: &Handle, shared: &Shared) {
    let (mut noted, mut count) = (BTreeMap::new(), 0_u32);
    while let Ok(work) = receiver.recv() {
        loop {
            let done = match &work {
                Work::Record(records) => runtime.block_on(store.record_memberships(records)),
                Work::Forget(segment) => runtime.block_on(store.forget_membership(segment)),
                Work::Sizes(sizes) => {
                    count += 1;
                    let old = sizes.instant.as_of_us - KEPT_US;
                    if count.is_multiple_of(CLEARED_EVERY) {
                        // Tried again with a later one.
                        let _ = runtime.block_on(store.prune_membership_changes(old));
                    }
                    note(sizes, &mut noted, store, runtime).and_then(|()| runtime.block_on(note_imports(store)))
                }
            };
            let Err(problem) = done else { break };
            tracing::warn!(error = %problem, "changes of segments could not be recorded yet");
            // What is not recorded at the end is found again at the next start.
            if shared.stopping.load(Ordering::Acquire) {
                break;
            }
            std::thread::sleep(RETRY);
        }
        shared.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Notes that all that was imported so far was looked at.
async fn note_imports(store: &dyn Store) -> Result<(), StoreError> {
    let rows = store.imported_rows().await?.to_string();
    if store.setting(LOOKED_AT).await?.as_ref() != Some(&rows) {
        store.set_setting(LOOKED_AT, &rows).await?;
    }
    Ok(())
}

/// Counts all segments and notes the sizes that differ from those noted before.
fn note(
    sizes: &Sizes,
    noted: &mut BTreeMap<String, (i32, u64, u64)>,
    store: &dyn Store,
    runtime: &Handle,
) -> Result<(), StoreError> {
    let Sizes { defined, columns, instant } = sizes;
    let segments = &defined.definitions.segments;
    let Ok(conditions) = CustomerConditions::new(columns.specs().to_vec(), defined.currency, instant) else {
        return Ok(());
    };
    let wanted: Vec<Wanted<'_>> = segments.iter().map(|segment| Wanted::Segment(&segment.name)).collect();
    let compiled = conditions.compile(&wanted, segments, &defined.groups);
    let counted = compiled.audience.count(columns, 1);
    let mut fresh = Vec::new();
    for (segment, place) in segments.iter().zip(&compiled.places) {
        let Some(counted) = place.as_ref().ok().and_then(|place| counted.get(*place)) else { continue };
        let known = (instant.as_of_day, counted.yes, counted.unknown);
        if noted.insert(segment.name.clone(), known) != Some(known) {
            fresh.push(SegmentSize {
                segment: segment.name.clone(),
                day: instant.as_of_day,
                at_us: instant.as_of_us,
                size: counted.yes,
                unknown: counted.unknown,
            });
        }
    }
    let done = runtime.block_on(store.put_segment_sizes(&fresh));
    if done.is_err() {
        noted.clear();
    }
    done
}
