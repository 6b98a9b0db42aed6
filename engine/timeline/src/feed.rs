//! What changed, in order, for those who keep states in memory.
//!
//! A [`Feed`] and the [`Snapshot`] it begins with are taken in one step, so that every change is
//! either in the snapshot or in the feed. Each change has a position, and each later snapshot says
//! up to which position it holds all of them: whoever reads a customer again from a snapshot first
//! takes the feed up to there.

use crate::aliases::Aliases;
use crate::hot::{HotBatch, HotTail};
use crate::scan::{Cursor, Wanted};
use crate::view::View;
use crate::{Reads, ShardScan, Snapshot, Symbols, Timeline, TimelineError};
use perennial_model::CustomerId;
use perennial_ports::ManifestChange;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// One thing that changed.
#[derive(Debug)]
pub enum Change {
    /// Events were appended.
    Appended(Appended),
    /// Whole runs of these shards came or went: read the shards again.
    Shards(BTreeSet<u16>),
    /// These customers have other events than before, or none: read each again.
    Customers(BTreeSet<CustomerId>),
}

/// Events appended one after the other, under the aliases of that time.
pub struct Appended {
    tail: HotTail,
    aliases: Aliases,
    symbols: Arc<Symbols>,
}

impl std::fmt::Debug for Appended {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Appended").field("rows", &self.tail.rows).finish_non_exhaustive()
    }
}

impl Appended {
    /// How many rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.tail.rows
    }

    /// The new events of a shard, each customer's together and in order, a message that comes twice
    /// among them once; `None` where there are none.
    ///
    /// # Errors
    /// When the rows do not decode.
    pub fn scan(&self, shard: u16, reads: &Reads) -> Result<Option<ShardScan>, TimelineError> {
        let Some(hot) = self.tail.shard(shard, &self.aliases)? else { return Ok(None) };
        let wanted = Wanted { columns: reads.columns, deduplicate: true };
        let rows = hot.physical.clone();
        let cursor = Cursor::over_memory(rows, hot.footer, wanted, &self.symbols, &reads.properties)?;
        Ok(Some(ShardScan::new(shard, vec![cursor], self.aliases.clone(), wanted, None)))
    }
}

/// A change on its way to the followers.
#[derive(Clone)]
pub(crate) enum Posted {
    Appended(Arc<HotBatch>, Aliases),
    Shards(BTreeSet<u16>),
    Customers(BTreeSet<CustomerId>),
}

#[derive(Default)]
struct Backlog {
    posted: VecDeque<(u64, Posted)>,
    rows: usize,
    closed: bool,
}

/// What writers and one follower share.
pub(crate) struct Channel {
    backlog: Mutex<Backlog>,
    max_rows: usize,
    arrived: Condvar,
    taken: Notify,
}

impl Channel {
    fn backlog(&self) -> MutexGuard<'_, Backlog> {
        self.backlog.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_full(&self) -> bool {
        let backlog = self.backlog();
        !backlog.closed && backlog.rows > self.max_rows
    }

    fn post(&self, position: u64, posted: Posted) {
        let mut backlog = self.backlog();
        if let Posted::Appended(batch, _) = &posted {
            backlog.rows += batch.batch.num_rows();
        }
        backlog.posted.push_back((position, posted));
        self.arrived.notify_all();
    }
}

/// All who follow a timeline, and how far it has come.
#[derive(Default)]
pub(crate) struct Followers {
    position: u64,
    channels: Vec<Weak<Channel>>,
}

impl Followers {
    pub(crate) const fn position(&self) -> u64 {
        self.position
    }

    pub(crate) fn post(&mut self, posted: &Posted) {
        self.position += 1;
        self.channels.retain(|channel| channel.strong_count() > 0);
        for channel in self.channels.iter().filter_map(Weak::upgrade) {
            channel.post(self.position, posted.clone());
        }
    }

    fn add(&mut self, max_rows: usize) -> Arc<Channel> {
        let channel =
            Arc::new(Channel { backlog: Mutex::default(), max_rows, arrived: Condvar::new(), taken: Notify::new() });
        self.channels.push(Arc::downgrade(&channel));
        channel
    }

    /// Rows that the slowest follower has not taken.
    pub(crate) fn backlog_rows(&self) -> usize {
        self.channels.iter().filter_map(Weak::upgrade).map(|channel| channel.backlog().rows).max().unwrap_or(0)
    }

    /// A follower with more untaken rows than it allows.
    fn full(&self) -> Option<Arc<Channel>> {
        self.channels.iter().filter_map(Weak::upgrade).find(|channel| channel.is_full())
    }
}

/// Changes of a timeline since a snapshot, in order.
pub struct Feed {
    channel: Arc<Channel>,
    symbols: Arc<Symbols>,
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.channel.backlog().closed = true;
        self.channel.taken.notify_waiters();
    }
}

impl Feed {
    /// Waits until there is a change, at most `timeout`; whether there is one. Blocks.
    #[must_use]
    pub fn wait(&self, timeout: Duration) -> bool {
        let backlog = self.channel.backlog();
        let empty = |backlog: &mut Backlog| backlog.posted.is_empty();
        let waited = self.channel.arrived.wait_timeout_while(backlog, timeout, empty);
        !waited.unwrap_or_else(PoisonError::into_inner).0.posted.is_empty()
    }

    /// Takes all changes up to a position ([`Snapshot::position`]), appends that follow one another as one.
    #[must_use]
    pub fn take_through(&self, position: u64) -> Vec<Change> {
        let taken: Vec<Posted> = {
            let mut backlog = self.channel.backlog();
            let count = backlog.posted.partition_point(|(at, _)| *at <= position);
            let taken: Vec<Posted> = backlog.posted.drain(..count).map(|(_, posted)| posted).collect();
            let rows: usize = taken.iter().map(Posted::rows).sum();
            backlog.rows = backlog.rows.saturating_sub(rows);
            taken
        };
        self.channel.taken.notify_waiters();
        self.together(taken)
    }

    /// Takes all changes there are.
    #[must_use]
    pub fn take(&self) -> Vec<Change> {
        self.take_through(u64::MAX)
    }

    /// Rows appended and not taken yet.
    #[must_use]
    pub fn backlog_rows(&self) -> usize {
        self.channel.backlog().rows
    }

    fn together(&self, taken: Vec<Posted>) -> Vec<Change> {
        let (mut changes, mut batches) = (Vec::new(), Vec::new());
        let mut last: Option<Aliases> = None;
        for posted in taken {
            match posted {
                Posted::Appended(batch, aliases) => {
                    batches.push(batch);
                    last = Some(aliases);
                }
                Posted::Shards(shards) => {
                    changes.extend(self.appended(&mut batches, last.take()));
                    changes.push(Change::Shards(shards));
                }
                Posted::Customers(customers) => {
                    changes.extend(self.appended(&mut batches, last.take()));
                    changes.push(Change::Customers(customers));
                }
            }
        }
        changes.extend(self.appended(&mut batches, last));
        changes
    }

    fn appended(&self, batches: &mut Vec<Arc<HotBatch>>, aliases: Option<Aliases>) -> Option<Change> {
        let tail = HotTail::new(std::mem::take(batches));
        Some(Change::Appended(Appended { tail, aliases: aliases?, symbols: Arc::clone(&self.symbols) }))
    }
}

impl Posted {
    fn rows(&self) -> usize {
        match self {
            Self::Appended(batch, _) => batch.batch.num_rows(),
            Self::Shards(_) | Self::Customers(_) => 0,
        }
    }
}

impl Timeline {
    /// A snapshot, and all changes after it. Appends wait while the feed holds more than `max_rows`
    /// that nobody took: a follower that does not keep up slows ingest rather than fill the memory.
    ///
    /// # Errors
    /// As [`Timeline::snapshot`].
    pub async fn follow(&self, max_rows: usize) -> Result<(Snapshot, Feed), TimelineError> {
        self.quarantine_found().await?;
        let (snapshot, channel) = {
            let mut state = self.inner.state();
            let channel = state.followers.add(max_rows);
            (Snapshot::of(&self.inner, &mut state), channel)
        };
        Ok((snapshot, Feed { channel, symbols: Arc::clone(&self.inner.symbols) }))
    }

    /// Waits until every follower has room.
    pub(crate) async fn wait_for_followers(&self) {
        loop {
            let Some(channel) = self.inner.state().followers.full() else { return };
            let taken = channel.taken.notified();
            tokio::pin!(taken);
            // Registered before looking again, so that no wake-up is missed.
            taken.as_mut().enable();
            if channel.is_full() {
                taken.await;
            }
        }
    }
}

/// What a committed change of the manifest means to followers; `None` where every customer still has
/// the same events: rows went from the hot log into runs, or from some runs into another.
pub(crate) fn meaning(change: &ManifestChange, before: &View) -> Option<Posted> {
    let profiles = change.set_aliases.iter().flat_map(|(profile, customer)| [*profile, *customer]);
    let profiles: Vec<CustomerId> = profiles.chain(change.erase_profiles.iter().copied()).collect();
    if !profiles.is_empty() {
        let customers = profiles.iter().flat_map(|profile| [*profile, before.aliases.of(*profile)]);
        return Some(Posted::Customers(customers.collect()));
    }
    let leaving = before.live().filter(|run| change.quarantine_runs.contains(&run.record.run_id));
    let mut shards: BTreeSet<u16> = leaving.map(|run| run.record.shard).collect();
    // A run that is retired without having answered was damaged: its rows come back with the new ones.
    let replaced = before.live().filter(|run| change.retire_runs.contains(&run.record.run_id)).count();
    let merged = replaced > 0 && replaced == change.retire_runs.len();
    if change.flushed_through.is_none() && !merged {
        shards.extend(change.add_runs.iter().map(|run| run.shard));
    }
    (!shards.is_empty()).then_some(Posted::Shards(shards))
}
