//! From a snapshot of the timeline to the report: the passes, the relatives, the figures.

use crate::LearnError;
use crate::calendar;
use crate::figures::{Earlier, Population, figures};
use crate::findings::findings;
use crate::folds::{Activity, MonthlyActivity, Rhythm, Totals};
use crate::lifecycle::Lifecycle;
use crate::own::OrderColumns;
use crate::report::Report;
use crate::rfm::RfmScores;
use crate::thresholds::{ActivityThresholds, Thresholds};
use perennial_fold::{
    BatchResult, BatchStats, ColumnSpec, CustomerTable, CustomerView, FittedParameters, Fold, FoldClass, FoldError,
    FoldHandle, Instant, OwnRow, Registry, RelativeSet, Revenue, Summary, run_batch,
};
use perennial_model::{Currency, DAY_US, Zone};
use perennial_timeline::{Snapshot, Symbols};
use serde::de::DeserializeOwned;

/// What to analyse, and how.
#[derive(Debug, Clone)]
pub struct AnalyseOptions {
    /// Exclusive, UTC µs; see [`default_as_of`].
    pub as_of_us: i64,
    /// The brand's zone.
    pub zone: Zone,
    /// Which money counts.
    pub revenue: Revenue,
    /// Currency of all money; `None` where the files name none.
    pub currency: Option<Currency>,
    /// All thresholds.
    pub thresholds: Thresholds,
    /// Workers of a pass.
    pub threads: usize,
    /// Whether two lighter passes as of earlier instants are made for the stage flow, the RFM
    /// transitions and the measured rates of return. Without them those are empty.
    pub flows: bool,
}

impl AnalyseOptions {
    /// As of an instant with the default thresholds, on net revenue, with flows.
    #[must_use]
    pub fn new(as_of_us: i64, zone: Zone, threads: usize) -> Self {
        Self {
            as_of_us,
            zone,
            revenue: Revenue::Net,
            currency: None,
            thresholds: Thresholds::default(),
            threads,
            flows: true,
        }
    }
}

/// The figures and the customers behind them.
#[derive(Debug)]
pub struct Analysis {
    /// Everything but inputs and rejects, which only the caller knows.
    pub report: Report,
    /// One row for each identified customer, own and relative columns.
    pub table: CustomerTable,
    /// Fitted parameters of the relatives, ready to be saved.
    pub parameters: Vec<FittedParameters>,
    /// What the main pass did.
    pub stats: BatchStats,
}

/// Asks for the summaries of the folds that [`register`] added.
#[derive(Debug, Clone, Copy)]
pub struct LearnHandles {
    /// Sums (0.11).
    pub totals: FoldHandle<Totals>,
    /// Months (0.2).
    pub months: FoldHandle<MonthlyActivity>,
    /// Gaps (2.6, 2.7).
    pub rhythm: FoldHandle<Rhythm>,
    /// Activity (0.1, 3.1).
    pub activity: FoldHandle<Activity>,
}

/// Adds all folds of Learn to a registry.
///
/// # Errors
/// As [`Registry::add`].
pub fn register(registry: &mut Registry, thresholds: &Thresholds) -> Result<LearnHandles, FoldError> {
    registry.add(OrderColumns { lifecycle: thresholds.lifecycle.clone() })?;
    Ok(LearnHandles {
        totals: registry.add(Totals { kpis: thresholds.kpis.clone(), findings: thresholds.findings.clone() })?,
        months: registry.add(MonthlyActivity { cohorts: thresholds.cohorts.clone() })?,
        rhythm: registry
            .add(Rhythm { ladder: thresholds.ladder.clone(), first_days: thresholds.first_days.clone() })?,
        activity: registry.add(Activity::new(thresholds.activity.clone()))?,
    })
}

/// Interval and stage, then RFM.
///
/// # Errors
/// As [`RelativeSet::add`].
pub fn relatives(thresholds: &Thresholds) -> Result<RelativeSet, FoldError> {
    let mut set = RelativeSet::new();
    set.add(Lifecycle { thresholds: thresholds.lifecycle.clone() })?;
    set.add(RfmScores { rules: thresholds.rfm.clone() })?;
    Ok(set)
}

/// Folds, fits and draws up the report. Blocks: call it on a blocking thread.
///
/// # Errors
/// A threshold that cannot be meant, or what the pass says.
pub fn analyse(snapshot: &Snapshot, options: &AnalyseOptions) -> Result<Analysis, LearnError> {
    let thresholds = &options.thresholds;
    thresholds.check()?;
    let instant = Instant::new(options.as_of_us, options.zone.clone(), options.revenue);
    let mut registry = Registry::new();
    let handles = register(&mut registry, thresholds)?;
    let result = run_batch(snapshot, &mut registry, &instant, options.threads)?;
    let first_day = result.summary(handles.totals)?.days.map(|(first, _)| first);
    let earlier = |days| earlier(snapshot, options, &instant, days, first_day);
    let month_ago = earlier(thresholds.lifecycle.flow_days)?;
    let quarter_ago = earlier(thresholds.rfm.transition_days)?;
    report(result, handles, options, &instant, snapshot.symbols(), [month_ago, quarter_ago])
}

fn report(
    mut result: BatchResult,
    handles: LearnHandles,
    options: &AnalyseOptions,
    instant: &Instant,
    symbols: &Symbols,
    [month_ago, quarter_ago]: [Earlier; 2],
) -> Result<Analysis, LearnError> {
    let parameters = relatives(&options.thresholds)?.fit(&mut result.table, instant)?;
    let population = Population {
        instant,
        thresholds: &options.thresholds,
        currency: options.currency,
        symbols,
        table: &result.table,
        totals: result.summary(handles.totals)?,
        months: result.summary(handles.months)?,
        rhythm: result.summary(handles.rhythm)?,
        activity: result.summary(handles.activity)?,
        lifecycle: read_parameters(&parameters, "lifecycle")?,
        rfm: read_parameters(&parameters, "rfm")?,
        month_ago: &month_ago,
        quarter_ago: &quarter_ago,
    };
    let report = drawn_up(&population);
    Ok(Analysis { report, stats: result.stats, parameters, table: result.table })
}

/// The report with its findings.
pub(crate) fn drawn_up(population: &Population<'_>) -> Report {
    let mut report = figures(population);
    report.findings = findings(population, &report);
    report
}

fn read_parameters<P: DeserializeOwned>(fitted: &[FittedParameters], relative: &'static str) -> Result<P, FoldError> {
    let found = fitted.iter().find(|parameters| parameters.relative == relative);
    let json = &found.ok_or(FoldError::NotFitted { relative })?.json;
    serde_json::from_str(json).map_err(|source| FoldError::Parameters { relative, source })
}

/// The same table so many days earlier, from events up to then only (5.5): what was refunded since
/// had not been refunded then.
fn earlier(
    snapshot: &Snapshot,
    options: &AnalyseOptions,
    instant: &Instant,
    days: i32,
    first_day: Option<i32>,
) -> Result<Earlier, LearnError> {
    let instant = days_before(instant, days);
    if !options.flows || first_day.is_none_or(|first| first > instant.as_of_day) {
        return Ok(Earlier { instant, table: CustomerTable::default() });
    }
    let mut registry = Registry::new();
    registry.add(OrderColumns { lifecycle: options.thresholds.lifecycle.clone() })?;
    let mut table = run_batch(snapshot, &mut registry, &instant, options.threads)?.table;
    relatives(&options.thresholds)?.fit(&mut table, &instant)?;
    Ok(Earlier { instant, table })
}

/// So many days earlier: from midnight to midnight, otherwise by 24 hours a day.
pub(crate) fn days_before(instant: &Instant, days: i32) -> Instant {
    let zone = &instant.zone;
    let as_of_us = if zone.day_start(instant.as_of_day) == instant.as_of_us {
        zone.day_start(instant.as_of_day.saturating_sub(days))
    } else {
        instant.as_of_us.saturating_sub(i64::from(days).saturating_mul(DAY_US))
    };
    Instant::new(as_of_us, zone.clone(), instant.revenue)
}

/// Finds the last event, whoever's it is.
#[derive(Debug, Default)]
struct LastEvent;

/// The latest time seen.
#[derive(Debug, Default)]
struct Latest(Option<i64>);

impl Summary for Latest {
    fn merge(&mut self, other: Self) {
        self.0 = self.0.max(other.0);
    }
}

impl Fold for LastEvent {
    type State = ();
    type Summary = Latest;

    fn name(&self) -> &'static str {
        "last_event"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn needs_orders(&self) -> bool {
        false
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        Vec::new()
    }

    fn unidentified(&self) -> bool {
        true
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, _row: &mut OwnRow<'_>, summary: &mut Latest) {
        summary.0 = summary.0.max(Some(view.last_event_us));
    }
}

/// The default instant of a report: the midnight after the last visible event, in the brand's
/// zone; `None` where there are no events. Reads times only. Blocks.
///
/// # Errors
/// What the pass says.
pub fn default_as_of(snapshot: &Snapshot, zone: &Zone, threads: usize) -> Result<Option<i64>, LearnError> {
    let mut registry = Registry::new();
    let handle = registry.add(LastEvent)?;
    let always = Instant::new(i64::MAX, zone.clone(), Revenue::Gross);
    let result = run_batch(snapshot, &mut registry, &always, threads)?;
    Ok(result.summary(handle)?.0.map(|last_us| calendar::midnight_after(last_us, zone)))
}

impl ActivityThresholds {
    /// Orders alone are activity: the pass need not look at other events.
    #[must_use]
    pub fn orders_only() -> Self {
        Self { value_events: Vec::new(), ..Self::default() }
    }
}
