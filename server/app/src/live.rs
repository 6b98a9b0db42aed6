//! Keeps a server's live table: one thread that takes what is appended.

use crate::clock::SystemClock;
use crate::metrics;
use anyhow::{Context, Result, anyhow};
use perennial_api::{CaughtUp, LiveKeeper, LiveView};
use perennial_definitions::Metric;
use perennial_fold::{Instant, LiveOptions, LiveTable, Registry, RelativeSet, Revenue, SweepPlace};
use perennial_learn::{Thresholds, register, relatives};
use perennial_listen::message::Intake;
use perennial_model::{Clock, Zone};
use perennial_ports::BrandSettings;
use perennial_timeline::{Columns, Feed, Snapshot, Timeline};
use std::sync::Arc;
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

/// What a table of now is made of.
struct Plan {
    /// Version of the definitions, and the metrics that they write.
    defined: (u64, Arc<[Metric]>),
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
        let defined = runtime.block_on(metrics::defined(timeline, currency))?;
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
            defined: (defined.version, defined.written.into()),
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
    /// Version of the definitions whose metrics they are, and these.
    defined: (u64, Arc<[Metric]>),
    /// The states cannot be trusted until they were folded anew.
    failed: bool,
    /// Whoever reads the table; told when there is another one.
    readers: Option<watch::Sender<LiveView>>,
}

impl Kept {
    fn load(timeline: Timeline, runtime: Handle) -> Result<(Self, Loaded)> {
        let started = std::time::Instant::now();
        let Plan { defined, zone, instant, snapshot, feed, registry, relatives } = Plan::make(&timeline, &runtime)?;
        let options = LiveOptions::default();
        let live = LiveTable::load(&snapshot, registry, relatives, None, &instant, options)?;
        let loaded = Loaded { customers: live.columns().len(), seconds: started.elapsed().as_secs_f64() };
        let now = std::time::Instant::now();
        let kept = Self {
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
            defined,
            failed: false,
            readers: None,
        };
        Ok((kept, loaded))
    }

    fn view(&self) -> LiveView {
        LiveView {
            columns: Arc::clone(self.live.columns()),
            zone: self.zone.clone(),
            fitted: self.live.fitted().into(),
            metrics: Arc::clone(&self.defined.1),
        }
    }

    /// Everything folded anew.
    fn reload(&mut self) -> Result<()> {
        let Plan { defined, zone, instant, snapshot, feed, registry, relatives } =
            Plan::make(&self.timeline, &self.runtime)?;
        // Not to be trusted where it fails on the way.
        self.failed = true;
        self.live.reload(&snapshot, registry, relatives, &instant)?;
        let now = std::time::Instant::now();
        (self.feed, self.zone, self.day, self.declared) = (feed, zone, instant.as_of_day, snapshot.declared());
        (self.reached_us, self.defined) = (instant.as_of_us, defined);
        (self.caught_up, self.swept, self.sweeping) = (now, now, None);
        self.failed = false;
        if let Some(readers) = &self.readers {
            readers.send_replace(self.view());
        }
        Ok(())
    }

    fn keep(mut self, heard: &Receiver<Question>) {
        loop {
            match heard.try_recv() {
                Ok(Question::CatchUp(answer)) => self.answer(answer, Self::catch_up),
                Ok(Question::Compare(answer)) => self.answer(answer, Self::compare),
                Ok(Question::Stop) | Err(TryRecvError::Disconnected) => return,
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
        }
        let sweep = set_back || self.swept.elapsed() >= SWEEP;
        let rested = self.caught_up.elapsed() >= self.rest;
        if sweep || rested && self.live.dirty() != (0, 0) {
            self.catch_up()?;
        }
        if sweep {
            self.swept = std::time::Instant::now();
            self.sweeping = Some(SweepPlace::default());
        }
        if let Some(place) = self.sweeping {
            self.sweeping = self.live.sweep_some(place, &self.instant());
        }
        Ok(())
    }

    /// Whether the clock was set back: the states may hold what is yet to come, and a state takes nothing back.
    fn is_set_back(&self, instant: &Instant) -> bool {
        instant.as_of_us < self.reached_us - CLOCK_STEP_US
    }

    fn catch_up(&mut self) -> Result<()> {
        let snapshot = self.current()?;
        let began = std::time::Instant::now();
        self.live.catch_up(&self.feed, &snapshot, &self.instant())?;
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
        let defined = self.runtime.block_on(self.timeline.store().definitions())?;
        let same = zone.name() == self.zone.name()
            && snapshot.declared() == self.declared
            && defined.map_or(0, |defined| defined.version.version) == self.defined.0;
        let instant = self.instant();
        if same && instant.as_of_day == self.day && !self.is_set_back(&instant) {
            return Ok(snapshot);
        }
        self.reload()?;
        Ok(self.runtime.block_on(self.timeline.snapshot())?)
    }

    fn compare(&mut self) -> Result<Vec<String>> {
        let snapshot = self.current()?;
        let instant = self.instant();
        Ok(self.live.differences(&self.feed, &snapshot, &instant, MOST_DIFFERENCES)?)
    }
}
