//! Group commit: appends that arrive while one transaction runs share the next.

use crate::hot::{HotBatch, encode, join};
use crate::timeline::{Inner, blocking, gone};
use crate::{EventBatch, Timeline, TimelineError};
use arrow::array::RecordBatch;
use perennial_ports::StoreError;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Above this many times its flush size a hot log that cannot be flushed takes nothing more.
const HOT_OVERFLOW: usize = 4;

type Outcome = Result<(), Arc<TimelineError>>;

struct Waiting {
    batch: RecordBatch,
    done: oneshot::Sender<Outcome>,
}

/// Appends that wait for their transaction.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<VecDeque<Waiting>>,
    /// Held by the one transaction; by an erasure too, so that nothing is appended meanwhile.
    pub(crate) gate: Arc<tokio::sync::Mutex<()>>,
    /// Whether a task flushes the hot log.
    flushing: AtomicBool,
}

impl Queue {
    fn push(&self, waiting: Waiting) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(waiting);
    }

    /// The next group: at least one, then as many as fit into `bytes` of memory.
    fn take(&self, bytes: usize) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut group, mut taken) = (Vec::new(), 0);
        while let Some(next) = waiting.front() {
            taken += next.batch.get_array_memory_size();
            if taken > bytes && !group.is_empty() {
                break;
            }
            group.extend(waiting.pop_front());
        }
        group
    }
}

impl Timeline {
    /// Keeps events; they are durable, and in every later snapshot, when it returns. The customer
    /// of each row is taken from its profile. Appends at the same time share one transaction; one
    /// that fills the hot log flushes it first, so that ingest slows rather than outgrow it.
    ///
    /// # Errors
    /// [`TimelineError::Append`] when the hot log failed: none of the batch is kept, unless the
    /// failure hid a commit; appending it again is safe because its mids are the same.
    pub async fn append(&self, batch: EventBatch) -> Result<(), TimelineError> {
        self.append_durably(batch).await?;
        if self.inner.hot_fill() >= 1 {
            // The events are durable already; a flush that fails is tried again by the next append
            // and reported by it when the hot log overflows.
            drop(self.flush_if_full().await);
        }
        Ok(())
    }

    /// As [`Self::append`], but a hot log that is full is flushed behind the caller's back, who waits
    /// only where it overflows.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub async fn append_and_go_on(&self, batch: EventBatch) -> Result<(), TimelineError> {
        self.append_durably(batch).await?;
        let inner = &self.inner;
        if inner.hot_fill() >= 1 && !inner.queue.flushing.swap(true, Ordering::AcqRel) {
            let timeline = self.clone();
            tokio::spawn(async move {
                // As above.
                drop(timeline.flush_if_full().await);
                timeline.inner.queue.flushing.store(false, Ordering::Release);
            });
        }
        Ok(())
    }

    async fn append_durably(&self, batch: EventBatch) -> Result<(), TimelineError> {
        if batch.is_empty() {
            return Ok(());
        }
        if self.inner.hot_fill() >= HOT_OVERFLOW {
            self.flush().await?;
        }
        self.wait_for_followers().await;
        let (done, outcome) = oneshot::channel();
        self.inner.queue.push(Waiting { batch: batch.0, done });
        // A task of its own: a caller who gives up does not stop the group's transaction.
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move { inner.commit_group().await });
        let outcome = outcome.await.unwrap_or_else(|_| Err(Arc::new(TimelineError::Store(gone()))));
        outcome.map_err(TimelineError::Append)
    }
}

impl Inner {
    /// How many times over the hot log has reached its flush size.
    pub(crate) fn hot_fill(&self) -> usize {
        let state = self.state();
        let rows = state.hot_rows() / self.options.hot_flush_rows.max(1);
        rows.max(state.hot_batches() / self.options.hot_flush_batches.max(1))
    }

    async fn commit_group(&self) {
        let gate = self.queue.gate.lock().await;
        let group = self.queue.take(self.options.group_commit_bytes);
        if group.is_empty() {
            return;
        }
        let (batches, waiting): (Vec<_>, Vec<_>) = group.into_iter().map(|one| (one.batch, one.done)).unzip();
        let outcome = self.append_group(batches).await.map_err(Arc::new);
        drop(gate);
        for done in waiting {
            // Nobody listens where the caller gave up.
            drop(done.send(outcome.clone()));
        }
    }

    async fn append_group(&self, batches: Vec<RecordBatch>) -> Result<(), TimelineError> {
        let (batch, bytes) = blocking(move || {
            let batch = join(&batches)?.ok_or(TimelineError::Store(empty_group()))?;
            let bytes = encode(&batch)?;
            Ok((batch, bytes))
        })
        .await?;
        let sequence = self.hot.append(&[bytes]).await?;
        self.state().push_hot(Arc::new(HotBatch { sequence, batch }));
        Ok(())
    }
}

fn empty_group() -> StoreError {
    StoreError::Other { action: "append events", source: "there are none".into() }
}
