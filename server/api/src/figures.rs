//! Figures of the whole base, computed in the background and kept.
//!
//! A pass over the timeline takes about a second for twenty million events. What is kept is handed out
//! at once; where the data has changed or the day is over it is computed anew behind the caller's back,
//! one pass at a time, and no more often than so that it costs a tenth of a core.

use crate::{ApiError, Server};
use perennial_acquisition::{Acquisition, Ground, Months};
use perennial_fold::{Instant, Revenue};
use perennial_learn::report::{Report, StageFlow};
use perennial_learn::{AnalyseOptions, HolidayCalendar, Thresholds, analyse, stage_flow};
use perennial_model::{Currency, Zone};
use perennial_ports::BrandSettings;
use perennial_timeline::Snapshot;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A pass rests for so many times as long as the one before took.
const REST: u32 = 20;
/// How long a caller waits for the first figures.
const PATIENCE: Duration = Duration::from_secs(10);
/// Reports, flows and figures of acquisition kept, of each.
const KEPT: usize = 6;

/// As of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AsOf {
    /// The clock's now.
    Now,
    /// The beginning of a local day.
    Day(i32),
}

/// All figures of one instant.
pub(crate) struct Computed {
    pub(crate) report: Report,
    pub(crate) instant: Instant,
    pub(crate) currency: Currency,
    pub(crate) thresholds: Thresholds,
    pub(crate) computed_us: i64,
    pub(crate) latest_event_us: Option<i64>,
    pub(crate) damaged: Vec<String>,
}

/// What is kept under what it was asked by.
struct Kept<K, V> {
    asked: K,
    value: Arc<V>,
    data: Data,
    ended: Moment,
    took: Duration,
}

/// What figures depend on besides the question.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Data {
    position: u64,
    today: i32,
    zone: String,
    currency: Currency,
}

/// Months, and by which version of the definitions.
type AcquisitionAsked = (Months, u64);

/// See the module.
pub struct Figures {
    reports: Mutex<VecDeque<Kept<AsOf, Computed>>>,
    flows: Mutex<VecDeque<Kept<[i64; 2], Vec<StageFlow>>>>,
    acquisitions: Mutex<VecDeque<Kept<AcquisitionAsked, Acquisition>>>,
    /// One pass at a time.
    turn: Arc<Semaphore>,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            reports: Mutex::default(),
            flows: Mutex::default(),
            acquisitions: Mutex::default(),
            turn: Arc::new(Semaphore::new(1)),
        }
    }
}

/// A brand as figures need it.
pub(crate) struct Brand {
    pub(crate) zone: Zone,
    pub(crate) currency: Currency,
}

impl Brand {
    /// Before the first import: UTC and CNY.
    pub(crate) async fn of(server: &Server) -> Result<Self, ApiError> {
        let settings = BrandSettings::load(&**server.timeline.store()).await?;
        let (zone, currency) =
            settings.map_or((Zone::utc(), Currency::CNY), |settings| (settings.zone, settings.currency));
        Ok(Self { zone, currency })
    }

    fn data(&self, server: &Server, snapshot: &Snapshot) -> Data {
        Data {
            position: snapshot.position(),
            today: self.zone.day(server.clock.now_us()),
            zone: self.zone.name().to_owned(),
            currency: self.currency,
        }
    }
}

impl Figures {
    /// The figures, and whether they are being computed anew from newer data.
    pub(crate) async fn report(&self, server: &Arc<Server>, asked: AsOf) -> Result<(Arc<Computed>, bool), ApiError> {
        let brand = Brand::of(server).await?;
        let snapshot = server.timeline.snapshot().await?;
        let data = brand.data(server, &snapshot);
        if let Some((known, fresh, rested)) = find(&locked(&self.reports), &asked, &data) {
            if !fresh
                && rested
                && let Ok(turn) = Arc::clone(&self.turn).try_acquire_owned()
            {
                let server = Arc::clone(server);
                tokio::spawn(async move { server.figures.compute(&server, asked, brand, snapshot, 1, turn).await });
            }
            return Ok((known, !fresh));
        }
        let turn = self.turn().await?;
        // Whoever waited before may have been served by the one before.
        if let Some((known, fresh, _)) = find(&locked(&self.reports), &asked, &data) {
            return Ok((known, !fresh));
        }
        let server = Arc::clone(server);
        let pass =
            tokio::spawn(async move { server.figures.compute(&server, asked, brand, snapshot, threads(), turn).await });
        // The pass goes on where the caller's patience ends: the next one finds it done.
        match tokio::time::timeout(PATIENCE, pass).await {
            Ok(Ok(computed)) => computed.map(|computed| (computed, false)),
            Ok(Err(problem)) => Err(ApiError::internal(&problem)),
            Err(_) => Err(busy()),
        }
    }

    /// Computes the figures as of now, so that the first who asks need not wait.
    pub async fn warm(server: Arc<Server>) {
        if let Err(problem) = server.figures.report(&server, AsOf::Now).await {
            tracing::warn!(error = %problem.message, "the figures could not be computed yet");
        }
    }

    /// A turn for a pass.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turn).acquire_owned()).await;
        turn.map_err(|_| busy())?.map_err(|problem| ApiError::internal(&problem))
    }

    async fn compute(
        &self,
        server: &Server,
        asked: AsOf,
        brand: Brand,
        snapshot: Snapshot,
        threads: usize,
        _turn: OwnedSemaphorePermit,
    ) -> Result<Arc<Computed>, ApiError> {
        let (began, now_us) = (Moment::now(), server.clock.now_us());
        let data = brand.data(server, &snapshot);
        let as_of_us = match asked {
            AsOf::Now => now_us,
            AsOf::Day(day) => brand.zone.day_start(day),
        };
        let mut options = AnalyseOptions::new(as_of_us, brand.zone.clone(), threads);
        options.currency = Some(brand.currency);
        options.whole_table = false;
        options.thresholds.kpis.calendar = HolidayCalendar::of_zone(&brand.zone);
        let pass = tokio::task::spawn_blocking(move || {
            let mut report = analyse(&snapshot, &options)?.report;
            for finding in &mut report.findings {
                finding.customer_ids.sort_unstable();
            }
            Ok::<_, perennial_learn::LearnError>((report, options.thresholds, snapshot))
        });
        let (report, thresholds, snapshot) = pass
            .await
            .map_err(|problem| ApiError::internal(&problem))?
            .map_err(|problem| ApiError::internal(&problem))?;
        let computed = Arc::new(Computed {
            report,
            instant: Instant::new(as_of_us, brand.zone, Revenue::Net),
            currency: brand.currency,
            thresholds,
            computed_us: now_us,
            latest_event_us: snapshot.latest_time_us(),
            damaged: snapshot.damaged(),
        });
        keep(&mut locked(&self.reports), asked, Arc::clone(&computed), data, began);
        Ok(computed)
    }

    /// Customers by stage at two instants.
    pub(crate) async fn flow(
        &self,
        server: &Arc<Server>,
        [from, to]: [Instant; 2],
    ) -> Result<Arc<Vec<StageFlow>>, ApiError> {
        let brand = Brand::of(server).await?;
        let snapshot = server.timeline.snapshot().await?;
        let (asked, data) = ([from.as_of_us, to.as_of_us], brand.data(server, &snapshot));
        if let Some(known) = usable(&self.flows, &asked, &data) {
            return Ok(known);
        }
        let turn = self.turn().await?;
        if let Some(known) = usable(&self.flows, &asked, &data) {
            return Ok(known);
        }
        let began = Moment::now();
        // The turn goes with the pass, which goes on where the caller leaves.
        let pass = tokio::task::spawn_blocking(move || {
            (stage_flow(&snapshot, [&from, &to], &Thresholds::default(), threads()), turn)
        });
        let (flow, _turn) = pass.await.map_err(|problem| ApiError::internal(&problem))?;
        let flow = Arc::new(flow.map_err(|problem| ApiError::internal(&problem))?);
        keep(&mut locked(&self.flows), asked, Arc::clone(&flow), data, began);
        Ok(flow)
    }

    /// What is spent to win and to keep customers, and what those of each source come to.
    pub(crate) async fn acquisition(
        &self,
        server: &Arc<Server>,
        ground: Ground,
        months: Months,
    ) -> Result<Arc<Acquisition>, ApiError> {
        let brand = Brand { zone: ground.zone.clone(), currency: ground.currency };
        let snapshot = server.timeline.snapshot().await?;
        let (asked, data) = ((months, ground.version), brand.data(server, &snapshot));
        if let Some(known) = usable(&self.acquisitions, &asked, &data) {
            return Ok(known);
        }
        let turn = self.turn().await?;
        if let Some(known) = usable(&self.acquisitions, &asked, &data) {
            return Ok(known);
        }
        let server = Arc::clone(server);
        let pass = tokio::spawn(async move {
            let (began, _turn) = (Moment::now(), turn);
            let found = perennial_acquisition::figures(&snapshot, &ground, months, server.clock.now_us()).await?;
            let found = Arc::new(found);
            keep(&mut locked(&server.figures.acquisitions), asked, Arc::clone(&found), data, began);
            Ok(found)
        });
        // The pass goes on where the caller leaves or its patience ends: the next one finds it done.
        match tokio::time::timeout(PATIENCE, pass).await {
            Ok(Ok(found)) => found,
            Ok(Err(problem)) => Err(ApiError::internal(&problem)),
            Err(_) => Err(busy()),
        }
    }
}

fn busy() -> ApiError {
    let mut error = ApiError::unavailable("the figures are being computed: ask again in a few seconds");
    error.retry_after_secs = Some(5);
    error
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

fn locked<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is kept, whether it is of the data as it is, and whether it has rested.
fn find<K: PartialEq, V>(kept: &VecDeque<Kept<K, V>>, asked: &K, data: &Data) -> Option<(Arc<V>, bool, bool)> {
    let known = kept.iter().find(|known| known.asked == *asked)?;
    // Money of another currency, or days of another zone, are no older figures: they are wrong ones.
    if known.data.currency != data.currency || known.data.zone != data.zone {
        return None;
    }
    let rested = known.ended.elapsed() >= known.took * REST;
    Some((Arc::clone(&known.value), known.data == *data, rested))
}

/// What is kept, where it is of the data as it is or has not rested yet.
fn usable<K: PartialEq, V>(kept: &Mutex<VecDeque<Kept<K, V>>>, asked: &K, data: &Data) -> Option<Arc<V>> {
    let (known, fresh, rested) = find(&locked(kept), asked, data)?;
    (fresh || !rested).then_some(known)
}

fn keep<K: PartialEq, V>(kept: &mut VecDeque<Kept<K, V>>, asked: K, value: Arc<V>, data: Data, began: Moment) {
    kept.retain(|known| known.asked != asked);
    kept.truncate(KEPT - 1);
    kept.push_front(Kept { asked, value, data, ended: Moment::now(), took: began.elapsed() });
}
