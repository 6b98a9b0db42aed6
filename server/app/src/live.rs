//! Keeps a server's live table: one thread that takes what is appended.

mod memberships;
mod recorder;

use crate::clock::SystemClock;
use crate::metrics;
use anyhow::{Context, Result, anyhow};
use memberships::{Defined, Memberships};
use perennial_api::{CaughtUp, LiveKeeper, LiveView};
use perennial_fold::{Instant, LiveOptions, LiveTable, Registry, RelativeSet, Revenue, SweepPlace};
use perennial_learn::{Thresholds, register, relatives};
use perennial_listen::message::Intake;
use perennial_model::{Clock, Zone};
use perennial_ports::{BrandSettings, MembershipCause};
use perennial_query::Groups;
use perennial_timeline::{Columns, Feed, Snapshot, Timeline};
use recorder::Recorder;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

/// Rows on their way into the live table; appends wait past that.
const BACKLOG_ROWS: usize = 1 << 20;
/// How long the thread sleeps when nothing comes.
const IDLE: Duration = Duration::from_millis(10);
/// Dirty customers are read again no more often.
const CATCH_UP: Duration = Duration::from_millis(200);
/// After reading again, at least so many times as long as that took.
const REST: u32 = 4;
/// What time alone changes is looked at again so often.
const SWEEP: Duration = Duration::from_secs(60);
/// So far back a clock may be corrected without anything being folded anew.
const CLOCK_STEP_US: i64 = 1_000_000;
/// How long to wait after a failure.
const RETRY: Duration = Duration::from_secs(1);
/// Differences named at most.
const MOST_DIFFERENCES: usize = 20;
/// Questions that may wait.
const WAITING: usize = 16;

enum Question {
    CatchUp(oneshot::Sender<Result<()>>),
    Compare(oneshot::Sender<Result<Vec<String>>>),
    Stop,
}

/// The thread and its ear.
pub(crate) struct Keeper {
    questions: SyncSender<Question>,
    thread: JoinHandle<()>,
    /// The table for readers.
    pub(crate) view: watch::Receiver<LiveView>,
}

/// What was loaded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loaded {
    pub(crate) customers: usize,
    pub(crate) seconds: f64,
}

impl Keeper {
    /// Loads the table and keeps it from then on.
    pub(crate) async fn start(timeline: Timeline) -> Result<(Self, Loaded)> {
        // What messages declare: later, and everything would be loaded again.
        Intake::declare(&timeline).await?;
        let (questions, heard) = sync_channel(WAITING);
        let (ready, loaded) = oneshot::channel();
        let runtime = Handle::current();
        let thread = std::thread::Builder::new().name("live".to_owned()).spawn(move || {
            match Kept::load(timeline, runtime) {
                Ok((mut kept, loaded)) => {
                    let (readers, view) = watch::channel(kept.view());
                    kept.readers = Some(readers);
                    // Whoever started it may have given up.
                    let _ = ready.send(Ok((loaded, view)));
                    kept.keep(&heard);
                }
                Err(problem) => drop(ready.send(Err(problem))),
            }
        })?;
        let (loaded, view) = loaded.await.map_err(|_| anyhow!("the live table could not be loaded"))??;
        Ok((Self { questions, thread, view }, loaded))
    }

    /// Everything that is durable by now is in the table when it returns.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        self.ask(Question::CatchUp).await
    }

    /// What differs between the live table and the runs.
    pub(crate) async fn compare(&self) -> Result<Vec<String>> {
        self.ask(Question::Compare).await
    }

    /// For requests, which outlive no server.
    pub(crate) fn ear(&self) -> Ear {
        Ear(self.questions.clone())
    }

    async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<Result<T>>) -> Question) -> Result<T> {
        ask(&self.questions, question).await
    }

    /// Ends the thread.
    pub(crate) fn stop(self) {
        if self.questions.send(Question::Stop).is_ok() {
            // A thread that panicked has said so.
            let _ = self.thread.join();
        }
    }
}

/// Asks the thread to catch up.
pub(crate) struct Ear(SyncSender<Question>);

impl LiveKeeper for Ear {
    fn catch_up(&self) -> CaughtUp<'_> {
        Box::pin(async { Ok(ask(&self.0, Question::CatchUp).await?) })
    }
}

async fn ask<T>(
    questions: &SyncSender<Question>,
    question: impl FnOnce(oneshot::Sender<Result<T>>) -> Question,
) -> Result<T> {
    let (answer, answered) = oneshot::channel();
    questions.try_send(question(answer)).context("the live table is busy: try again")?;
    answered.await.context("the live table has stopped")?
}

/// Versions of what a table is made by.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Versions {
    definitions: u64,
    groups: u64,
}

/// What a table of now is made of.
struct Plan {
    versions: Versions,
    defined: Defined,
    zone: Zone,
    instant: Instant,
    snapshot: Snapshot,
    feed: Feed,
    registry: Registry,
    relatives: RelativeSet,
}

impl Plan {
    fn make(timeline: &Timeline, runtime: &Handle) -> Result<Self> {
        let settings = runtime.block_on(BrandSettings::load(&**timeline.store()))?;
        let BrandSettings { zone, currency, .. } = settings.unwrap_or_else(BrandSettings::first);
        let store = timeline.store();
        // Before them, so that what changes meanwhile is seen later.
        let groups = runtime.block_on(store.groups_version())?;
        let defined = runtime.block_on(metrics::defined(timeline, currency))?;
        let versions = Versions { definitions: defined.version, groups };
        let groups = Arc::new(runtime.block_on(Groups::read(timeline))?);
        let thresholds = Thresholds::default();
        let instant = Instant::new(SystemClock.now_us(), zone.clone(), Revenue::Net);
        let (snapshot, feed) = runtime.block_on(timeline.follow(BACKLOG_ROWS))?;
        let mut registry = Registry::new();
        register(&mut registry, &thresholds, &instant, snapshot.declared())?;
        for metric in defined.metrics {
            let name = metric.name;
            // One that was applied when there was room for it costs the column, not the server.
            if let Err(problem) = metric.register(&mut registry) {
                tracing::warn!(metric = name, error = %problem, "the metric is left out");
            }
        }
        Ok(Self {
            versions,
            defined: Defined { definitions: defined.definitions, groups, currency },
            zone,
            instant,
            snapshot,
            feed,
            registry,
            relatives: relatives(&thresholds)?,
        })
    }
}

struct Kept {
    timeline: Timeline,
    runtime: Handle,
    zone: Zone,
    live: LiveTable,
    feed: Feed,
    /// By the clock that no one sets: the day's clock may jump.
    caught_up: std::time::Instant,
    rest: Duration,
    swept: std::time::Instant,
    /// Where a sweep under way goes on.
    sweeping: Option<SweepPlace>,
    /// The latest instant the states were advanced to (UTC µs).
    reached_us: i64,
    /// Of which the folds compare periods.
    day: i32,
    /// Properties that the folds read.
    declared: Columns,
    /// Of what they are made by.
    versions: Versions,
    defined: Defined,
    /// Who is in the segments that act.
    memberships: Memberships,
    segments_swept_us: Arc<AtomicU64>,
    /// The states cannot be trusted until they were folded anew.
    failed: bool,
    /// Whoever reads the table; told when there is another one.
    readers: Option<watch::Sender<LiveView>>,
}

impl Kept {
    fn load(timeline: Timeline, runtime: Handle) -> Result<(Self, Loaded)> {
        let started = std::time::Instant::now();
        let Plan { versions, defined, zone, instant, snapshot, feed, registry, relatives } =
            Plan::make(&timeline, &runtime)?;
        let recorder = Recorder::start(Arc::clone(timeline.store()), runtime.clone())?;
        let options = LiveOptions::default();
        let live = LiveTable::load(&snapshot, registry, relatives, None, &instant, options)?;
        let loaded = Loaded { customers: live.columns().len(), seconds: started.elapsed().as_secs_f64() };
        let now = std::time::Instant::now();
        let mut kept = Self {
            timeline,
            runtime,
            zone,
            live,
            feed,
            caught_up: now,
            rest: CATCH_UP,
            swept: now,
            sweeping: None,
            reached_us: instant.as_of_us,
            day: instant.as_of_day,
            declared: snapshot.declared(),
            versions,
            defined,
            memberships: Memberships::new(recorder),
            segments_swept_us: Arc::default(),
            failed: false,
            readers: None,
        };
        let cause = kept.memberships.cause_at_start()?;
        kept.look_at_memberships(&instant, cause)?;
        kept.memberships.note_sizes(&kept.defined, kept.live.columns(), &instant);
        Ok((kept, loaded))
    }

    fn view(&self) -> LiveView {
        LiveView {
            columns: Arc::clone(self.live.columns()),
            zone: self.zone.clone(),
            fitted: self.live.fitted().into(),
            definitions: Arc::clone(&self.defined.definitions),
            version: self.versions.definitions,
            groups: Arc::clone(&self.defined.groups),
            segments_swept_us: Arc::clone(&self.segments_swept_us),
        }
    }

    /// Everything folded anew.
    fn reload(&mut self) -> Result<()> {
        let Plan { versions, defined, zone, instant, snapshot, feed, registry, relatives } =
            Plan::make(&self.timeline, &self.runtime)?;
        let cause = match () {
            () if versions != self.versions => MembershipCause::Definition,
            () if self.failed => MembershipCause::Event,
            () if instant.as_of_day != self.day => MembershipCause::Time,
            () => MembershipCause::Import,
        };
        // Not to be trusted where it fails on the way.
        self.failed = true;
        self.live.reload(&snapshot, registry, relatives, &instant)?;
        let now = std::time::Instant::now();
        (self.feed, self.zone, self.day, self.declared) = (feed, zone, instant.as_of_day, snapshot.declared());
        (self.reached_us, self.versions, self.defined) = (instant.as_of_us, versions, defined);
        (self.caught_up, self.swept, self.sweeping) = (now, now, None);
        self.look_at_memberships(&instant, cause)?;
        self.failed = false;
        if let Some(readers) = &self.readers {
            readers.send_replace(self.view());
        }
        Ok(())
    }

    /// Looks who is in which of the segments that act, after everything was folded or defined anew.
    fn look_at_memberships(&mut self, instant: &Instant, cause: MembershipCause) -> Result<()> {
        let declared = self.timeline.properties();
        let expressions = metrics::judge(self.defined.currency, &declared)?;
        self.memberships.define(&self.defined, &expressions, &mut self.live, instant, cause)
    }

    fn keep(mut self, heard: &Receiver<Question>) {
        loop {
            match heard.try_recv() {
                Ok(Question::CatchUp(answer)) => self.answer(answer, Self::catch_up),
                Ok(Question::Compare(answer)) => self.answer(answer, Self::compare),
                Ok(Question::Stop) | Err(TryRecvError::Disconnected) => return self.memberships.stop(),
                Err(TryRecvError::Empty) => {}
            }
            let waiting = self.feed.wait(IDLE);
            if self.failed {
                self.start_again();
            } else if let Err(problem) = self.advance(waiting) {
                tracing::warn!(error = format!("{problem:#}"), "the live table failed, it is folded anew");
                self.start_again();
            }
        }
    }

    fn answer<T>(&mut self, answer: oneshot::Sender<Result<T>>, question: impl FnOnce(&mut Self) -> Result<T>) {
        let found = question(self);
        self.failed |= found.is_err();
        // Whoever asked may have gone away.
        let _ = answer.send(found);
    }

    /// What was taken from the feed when something failed is lost to the states, and what comes now is
    /// of no use to them: taken nevertheless, or appends would wait for it.
    fn start_again(&mut self) {
        std::thread::sleep(RETRY);
        drop(self.feed.take());
        if let Err(problem) = self.reload() {
            tracing::warn!(error = format!("{problem:#}"), "the live table could not be folded, it is tried again");
            self.failed = true;
        }
    }

    fn instant(&self) -> Instant {
        Instant::new(SystemClock.now_us(), self.zone.clone(), Revenue::Net)
    }

    fn advance(&mut self, waiting: bool) -> Result<()> {
        let instant = self.instant();
        let set_back = self.is_set_back(&instant);
        self.reached_us = self.reached_us.max(instant.as_of_us);
        if waiting {
            self.live.apply(&self.feed, &instant)?;
            self.memberships.look(&mut self.live, &instant);
        }
        let sweep = set_back || self.swept.elapsed() >= SWEEP;
        let rested = self.caught_up.elapsed() >= self.rest;
        if sweep || rested && self.live.dirty() != (0, 0) {
            self.catch_up()?;
        }
        if sweep {
            self.swept = std::time::Instant::now();
            self.sweeping = Some(SweepPlace::default());
            self.memberships.refresh(&self.defined, self.live.columns(), &instant);
        }
        if let Some(place) = self.sweeping {
            self.sweep_on(place, &instant);
        }
        if self.memberships.must_look_again() {
            self.look_at_memberships(&instant, MembershipCause::Time)?;
        }
        Ok(())
    }

    fn sweep_on(&mut self, place: SweepPlace, instant: &Instant) {
        self.sweeping = self.live.sweep_some(place, &self.instant());
        if self.sweeping.is_none_or(|next| next.shard() != place.shard()) {
            self.memberships.look_at_swept(self.live.columns(), place.shard(), instant);
        }
        if self.sweeping.is_none() {
            let looked_us = u64::try_from(self.memberships.swept().as_micros()).unwrap_or(u64::MAX);
            self.segments_swept_us.store(looked_us, Ordering::Relaxed);
            self.memberships.note_sizes(&self.defined, self.live.columns(), instant);
        }
    }

    /// Whether the clock was set back: the states may hold what is yet to come, and a state takes nothing back.
    fn is_set_back(&self, instant: &Instant) -> bool {
        instant.as_of_us < self.reached_us - CLOCK_STEP_US
    }

    fn catch_up(&mut self) -> Result<()> {
        let snapshot = self.current()?;
        let began = std::time::Instant::now();
        let instant = self.instant();
        self.live.catch_up(&self.feed, &snapshot, &instant)?;
        self.memberships.look(&mut self.live, &instant);
        self.caught_up = std::time::Instant::now();
        self.rest = CATCH_UP.max(began.elapsed() * REST);
        Ok(())
    }

    /// A snapshot to catch up with. A new day has other periods to compare, the first import sets the
    /// brand's zone and declares properties, a clock that was set back leaves events ahead of it: then
    /// everything is folded anew before.
    fn current(&mut self) -> Result<Snapshot> {
        let settings = self.runtime.block_on(BrandSettings::load(&**self.timeline.store()))?;
        let zone = settings.map_or_else(|| self.zone.clone(), |settings| settings.zone);
        let snapshot = self.runtime.block_on(self.timeline.snapshot())?;
        let store = self.timeline.store();
        let newest = self.runtime.block_on(store.definition_versions(None, 1))?;
        let definitions = newest.first().map_or(0, |newest| newest.version);
        let same = zone.name() == self.zone.name()
            && snapshot.declared() == self.declared
            && definitions == self.versions.definitions;
        let groups = self.runtime.block_on(store.groups_version())?;
        let instant = self.instant();
        if same && groups != self.versions.groups {
            self.regroup(groups, &instant)?;
        }
        if same && instant.as_of_day == self.day && !self.is_set_back(&instant) {
            return Ok(snapshot);
        }
        self.reload()?;
        Ok(self.runtime.block_on(self.timeline.snapshot())?)
    }

    /// Takes lists and tags that were changed.
    fn regroup(&mut self, version: u64, instant: &Instant) -> Result<()> {
        self.defined.groups = Arc::new(self.runtime.block_on(Groups::read(&self.timeline))?);
        self.versions.groups = version;
        if let Some(readers) = &self.readers {
            readers.send_replace(self.view());
        }
        self.look_at_memberships(instant, MembershipCause::Definition)
    }

    fn compare(&mut self) -> Result<Vec<String>> {
        let snapshot = self.current()?;
        let instant = self.instant();
        Ok(self.live.differences(&self.feed, &snapshot, &instant, MOST_DIFFERENCES)?)
    }
}
