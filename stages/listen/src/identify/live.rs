//! Whom messages are about, as they arrive from many callers at once.
//!
//! Messages that wait while others are resolved share the next turn, and with it each transaction of
//! the store, so that two callers with one new key make one customer and the disk is not synced for
//! each. Memory is bounded: keys, customers and names used lately are kept, the rest is looked up.

use super::rules::ResolverCounts;
use super::sighting::Hashed;
use super::turn::State;
use super::{Sighting, Who};
use crate::ListenError;
use perennial_model::IdentityLimits;
use perennial_ports::StoreError;
use perennial_timeline::{Resolving, Timeline};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// How messages are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResolverOptions {
    /// How many keys of a kind one customer may have.
    pub limits: IdentityLimits,
    /// A phone seen with more names than this is a family's or a shop's: it decides nothing.
    pub names_per_phone: usize,
    /// Keys kept in memory (some 50 bytes each); phones with their names likewise.
    pub cached_keys: usize,
    /// Customers kept in memory (some 200 bytes each).
    pub cached_customers: usize,
    /// Messages resolved in one turn, at most (a single call may bring more).
    pub group_messages: usize,
}

impl Default for ResolverOptions {
    fn default() -> Self {
        Self {
            limits: IdentityLimits::default(),
            names_per_phone: 2,
            cached_keys: 400_000,
            cached_customers: 100_000,
            group_messages: 16_384,
        }
    }
}

/// Whose messages are. Keep it until their events are appended.
#[derive(Debug)]
pub struct Resolved {
    /// One for each message, in the order asked.
    pub who: Vec<Who>,
    /// Keeps these customers from being erased before their events are there to be erased too.
    pub hold: Resolving,
}

/// Finds and makes customers for arriving messages. Cheap to clone; one for each timeline, because
/// another one would not wait its turn.
#[derive(Clone)]
pub struct LiveResolver {
    inner: Arc<Inner>,
}

struct Inner {
    timeline: Timeline,
    options: ResolverOptions,
    waiting: Mutex<VecDeque<Waiting>>,
    state: tokio::sync::Mutex<State>,
    counts: Mutex<ResolverCounts>,
}

struct Waiting {
    messages: Vec<Hashed>,
    now_us: i64,
    /// Goes back to the caller with the answer: a caller who gave up does not let an erasure in.
    hold: Resolving,
    done: oneshot::Sender<Result<Resolved, Arc<ListenError>>>,
}

impl LiveResolver {
    /// For the messages of this timeline.
    #[must_use]
    pub fn new(timeline: &Timeline, options: ResolverOptions) -> Self {
        let state = State::new(timeline, &options);
        let inner = Inner {
            timeline: timeline.clone(),
            options,
            waiting: Mutex::default(),
            state: tokio::sync::Mutex::new(state),
            counts: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Whose these messages are, which arrived at `now_us` (UTC µs). New keys are bound, and merges
    /// made, durably when it returns; to ask again after a failure is safe.
    ///
    /// # Errors
    /// [`ListenError::Resolve`] when the store fails, for all messages that shared the turn.
    pub async fn resolve(&self, messages: Vec<Sighting>, now_us: i64) -> Result<Resolved, ListenError> {
        let hash_key = self.inner.timeline.meta().hash_key;
        self.resolve_hashed(messages.into_iter().map(|message| message.hashed(&hash_key)).collect(), now_us).await
    }

    /// As [`Self::resolve`].
    pub(crate) async fn resolve_hashed(&self, messages: Vec<Hashed>, now_us: i64) -> Result<Resolved, ListenError> {
        let hold = self.inner.timeline.hold_off_erasure().await;
        let (done, answer) = oneshot::channel();
        self.inner.queue().push_back(Waiting { messages, now_us, hold, done });
        // A task of its own: a caller who gives up does not stop the others of the turn.
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move { inner.turn().await });
        let answer = answer.await.unwrap_or_else(|_| Err(Arc::new(gone())));
        answer.map_err(ListenError::Resolve)
    }

    /// What became of all messages since this resolver was made.
    #[must_use]
    pub fn counts(&self) -> ResolverCounts {
        self.inner.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn gone() -> ListenError {
    StoreError::Unwritable { source: "the server is shutting down".into() }.into()
}

impl Inner {
    fn queue(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next to be resolved together: at least one.
    fn take(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let (mut group, mut messages) = (Vec::new(), 0);
        while let Some(next) = queue.front() {
            messages += next.messages.len();
            if messages > self.options.group_messages && !group.is_empty() {
                break;
            }
            group.extend(queue.pop_front());
        }
        group
    }

    async fn turn(&self) {
        let mut state = self.state.lock().await;
        let mut group = self.take();
        let Some(now_us) = group.iter().map(|one| one.now_us).max() else { return };
        let lengths: Vec<usize> = group.iter().map(|one| one.messages.len()).collect();
        let messages: Vec<Hashed> = group.iter_mut().flat_map(|one| std::mem::take(&mut one.messages)).collect();
        let answer = state.resolve(&self.timeline, &self.options, &messages, now_us).await;
        if answer.is_err() {
            // What of it was written down is not known.
            state.marks = None;
        }
        drop(state);
        let mut answer = answer.map_err(Arc::new).map(|(who, counts)| {
            self.counts.lock().unwrap_or_else(PoisonError::into_inner).add(counts);
            who.into_iter()
        });
        for (Waiting { hold, done, .. }, length) in group.into_iter().zip(lengths) {
            let own = match &mut answer {
                Ok(who) => Ok(Resolved { who: who.by_ref().take(length).collect(), hold }),
                Err(error) => Err(Arc::clone(error)),
            };
            // Nobody listens where the caller gave up.
            drop(done.send(own));
        }
    }
}
