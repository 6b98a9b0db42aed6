//! SQL beside a server's other work: the current tables, on threads of its own, within bounds.

use crate::answer::{Answer, Task, produce};
use crate::size::check_size;
use crate::{Customers, Keys, Parameter, QueryEngine, QueryError, QueryOptions};
use datafusion::dataframe::DataFrame;
use perennial_fold::{Instant, LiveColumns, Revenue};
use perennial_model::{Clock, Currency, Zone};
use perennial_ports::BrandSettings;
use perennial_timeline::Timeline;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::timeout;

/// Stack of the threads that parse and plan: enough for the deepest statement that is let in.
const STACK_BYTES: usize = 64 << 20;
/// Texts that are parsed and planned at once, beside the statements that run.
const PLANNED_AT_ONCE: usize = 2;
/// Threads that one statement reads with.
const STATEMENT_THREADS: usize = 2;
/// Batches made ahead of the reader.
const BATCHES_AHEAD: usize = 2;
/// A statement past its time is given so long to say so itself.
pub(crate) const GRACE: Duration = Duration::from_secs(2);

/// Bounds of what analysts ask a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlLimits {
    /// How long a statement may compute; also how long it may wait for its turn or for its reader.
    pub time: Duration,
    /// Memory that sorting, grouping and joining of one statement may take.
    pub memory_bytes: usize,
    /// Rows of an answer that is handed over whole; a stream has no such bound.
    pub rows: usize,
    /// Statements that run at once; others wait.
    pub concurrency: usize,
}

impl Default for SqlLimits {
    /// 30 seconds, 256 megabytes, 10,000 rows, two at once.
    fn default() -> Self {
        Self { time: Duration::from_secs(30), memory_bytes: 256 << 20, rows: 10_000, concurrency: 2 }
    }
}

/// What a statement is asked about: the timeline and the live table as they are now.
pub struct CurrentTables {
    /// The customers' history.
    pub timeline: Timeline,
    /// Whose now it is.
    pub clock: Arc<dyn Clock>,
    /// The live table and the zone it was computed in.
    pub live: Box<dyn Fn() -> (Arc<LiveColumns>, Zone) + Send + Sync>,
}

impl std::fmt::Debug for CurrentTables {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CurrentTables")
    }
}

/// Answers SQL over the current tables. Each statement sees what there is when it begins.
#[derive(Debug)]
pub struct SqlService {
    tables: CurrentTables,
    limits: SqlLimits,
    turns: Arc<Semaphore>,
    planning: Arc<Semaphore>,
    threads: Threads,
}

impl SqlService {
    /// With threads of its own, so that a heavy statement does not delay other requests.
    ///
    /// # Errors
    /// When the system has no threads.
    pub fn new(tables: CurrentTables, limits: SqlLimits) -> std::io::Result<Self> {
        let at_once = limits.concurrency.max(1);
        let (turns, planning) = (Arc::new(Semaphore::new(at_once)), Arc::new(Semaphore::new(PLANNED_AT_ONCE)));
        // What cannot be interrupted keeps its thread and its turn to its end, and others have theirs.
        Ok(Self { tables, limits, turns, planning, threads: Threads::start(at_once + PLANNED_AT_ONCE)? })
    }

    /// Its bounds.
    #[must_use]
    pub const fn limits(&self) -> SqlLimits {
        self.limits
    }

    /// An engine over what there is now. Cheap: nothing is copied or computed.
    ///
    /// # Errors
    /// What the store says.
    pub async fn engine(&self, keys: Keys) -> Result<QueryEngine, QueryError> {
        let timeline = &self.tables.timeline;
        let broken = |reason: String| QueryError::Timeline { reason };
        let settings = BrandSettings::load(&**timeline.store()).await.map_err(|problem| broken(problem.to_string()))?;
        // Before the first import nothing has money.
        let currency = settings.map_or(Currency::CNY, |settings| settings.currency);
        let snapshot = timeline.snapshot().await.map_err(|problem| broken(problem.to_string()))?;
        let (columns, zone) = (self.tables.live)();
        let instant = Instant::new(self.tables.clock.now_us(), zone, Revenue::Net);
        let options = QueryOptions { memory_bytes: self.limits.memory_bytes, threads: STATEMENT_THREADS };
        QueryEngine::new(snapshot, Customers::Live(columns), &instant, currency, options)?
            .with_identities(timeline.clone(), keys)
    }

    /// The answer as it comes.
    ///
    /// # Errors
    /// Everything that can be said before the first row.
    pub async fn ask(&self, sql: String, parameters: Vec<Parameter>, keys: Keys) -> Result<Answer, QueryError> {
        check_size(&sql)?;
        let engine = self.engine(keys).await?;
        let as_of_us = engine.as_of_us();
        self.answer(as_of_us, self.limits.time, async move { engine.frame(&sql, &parameters).await }).await
    }

    /// The answer to what a front end plans, as it comes; within that time if it is less than the limit.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn answer<W>(&self, as_of_us: i64, time: Duration, frame: W) -> Result<Answer, QueryError>
    where
        W: Future<Output = Result<DataFrame, QueryError>> + Send + 'static,
    {
        let limits = SqlLimits { time: time.min(self.limits.time), ..self.limits };
        let turn = turn_of(&self.turns, limits).await?;
        let (planned, schema) = oneshot::channel();
        let (rows, batches) = mpsc::channel(BATCHES_AHEAD);
        let mut task = self.threads.spawn(async move {
            let outcome = produce(frame, limits, planned, rows).await;
            drop(turn);
            outcome
        });
        match timeout(limits.time + GRACE, schema).await {
            Ok(Ok(schema)) => Ok(Answer::new(schema, as_of_us, batches, task, limits)),
            Ok(Err(_)) => Err(task.outcome().await.err().unwrap_or(QueryError::Fault)),
            Err(_) => Err(out_of_time(limits)),
        }
    }

    /// Something short that parses or plans.
    ///
    /// # Errors
    /// Its own, [`QueryError::Time`] and [`QueryError::Fault`].
    pub async fn compute<T, W>(&self, work: W) -> Result<T, QueryError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, QueryError>> + Send + 'static,
    {
        let turn = turn_of(&self.planning, self.limits).await?;
        let mut task = self.threads.spawn(async move {
            let outcome = work.await;
            drop(turn);
            outcome
        });
        timeout(self.limits.time, task.outcome()).await.unwrap_or_else(|_| Err(out_of_time(self.limits)))
    }
}

async fn turn_of(turns: &Arc<Semaphore>, limits: SqlLimits) -> Result<OwnedSemaphorePermit, QueryError> {
    let turn = timeout(limits.time, Arc::clone(turns).acquire_owned()).await;
    let busy = QueryError::Busy { running: limits.concurrency, waited_secs: limits.time.as_secs() };
    turn.ok().and_then(Result::ok).ok_or(busy)
}

pub(crate) const fn out_of_time(limits: SqlLimits) -> QueryError {
    QueryError::Time { limit_secs: limits.time.as_secs() }
}

/// Threads that end with their owner, without anyone waiting for them.
#[derive(Debug)]
struct Threads(Option<Runtime>);

impl Threads {
    fn start(workers: usize) -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(workers)
            .thread_name("sql")
            .thread_stack_size(STACK_BYTES)
            .enable_time()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    fn spawn<T, W>(&self, work: W) -> Task<T>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, QueryError>> + Send + 'static,
    {
        Task(self.0.as_ref().map(|runtime| runtime.spawn(work)))
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
