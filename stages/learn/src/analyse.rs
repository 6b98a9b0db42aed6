//! From a snapshot of the timeline to the report: the passes, the relatives, the figures.

use crate::LearnError;
use crate::calendar;
use crate::figures::{Earlier, Population, figures, flow};
use crate::findings::findings;
use crate::folds::{Activity, Cuts, MonthlyActivity, Rhythm, Totals};
use crate::lifecycle::{Lifecycle, STAGE};
use crate::own::{self, OrderColumns, RelativeInputs, ReportInputs};
use crate::report::{Report, StageFlow};
use crate::rfm::{RfmScores, SEGMENT};
use crate::thresholds::{ActivityThresholds, Thresholds};
use perennial_fold::{
    BatchResult, BatchStats, CustomerTable, FittedParameters, FoldError, FoldHandle, Instant, Metric, Registry,
    RelativeSet, Revenue, run_batches,
};
use perennial_model::{Currency, DAY_US, Zone};
use perennial_timeline::{Columns, Snapshot, Symbols};
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
    /// Whether two lighter tables as of earlier instants are made too for the stage flow, the RFM
    /// transitions and the measured rates of return. Without them those are empty.
    pub flows: bool,
    /// Whether the table has all columns; without them it has those that the report reads, which takes
    /// half the memory.
    pub whole_table: bool,
    /// The brand's own columns of the whole table.
    pub metrics: Vec<Metric>,
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
            whole_table: true,
            metrics: Vec::new(),
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
    /// By store, channel, category and staff (0.11).
    pub cuts: FoldHandle<Cuts>,
    /// Months (0.2).
    pub months: FoldHandle<MonthlyActivity>,
    /// Gaps (2.6, 2.7).
    pub rhythm: FoldHandle<Rhythm>,
    /// Activity (0.1, 3.1).
    pub activity: FoldHandle<Activity>,
}

/// Adds all folds of Learn to a registry, for a pass as of an instant over a timeline that has
/// `declared` store, staff or category.
///
/// # Errors
/// As [`Registry::add`].
pub fn register(
    registry: &mut Registry,
    thresholds: &Thresholds,
    instant: &Instant,
    declared: Columns,
) -> Result<LearnHandles, FoldError> {
    registry.add(OrderColumns { lifecycle: thresholds.lifecycle.clone() })?;
    register_summaries(registry, thresholds, instant, declared)
}

fn register_summaries(
    registry: &mut Registry,
    thresholds: &Thresholds,
    instant: &Instant,
    declared: Columns,
) -> Result<LearnHandles, FoldError> {
    let kpis = thresholds.kpis.aligned(calendar::end_day(instant));
    Ok(LearnHandles {
        totals: registry.add(Totals { kpis: kpis.clone(), findings: thresholds.findings.clone() })?,
        cuts: registry.add(Cuts { kpis, declared })?,
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
    let handles = if options.whole_table {
        let handles = register(&mut registry, thresholds, &instant, snapshot.declared())?;
        options.metrics.iter().try_for_each(|metric| metric.clone().register(&mut registry))?;
        handles
    } else {
        registry.add(ReportInputs { lifecycle: thresholds.lifecycle.clone() })?;
        register_summaries(&mut registry, thresholds, &instant, snapshot.declared())?
    };
    let mut month_ago = EarlierPass::new(options, &instant, thresholds.lifecycle.flow_days)?;
    let mut quarter_ago = EarlierPass::new(options, &instant, thresholds.rfm.transition_days)?;
    let mut wanted = vec![(&mut registry, &instant)];
    if options.flows {
        wanted.extend([&mut month_ago, &mut quarter_ago].map(|pass| (&mut pass.registry, &pass.instant)));
    }
    let mut results = run_batches(snapshot, &mut wanted, options.threads)?.into_iter();
    let result = results.next().ok_or(FoldError::WorkerDied)?;
    let first_day = result.summary(handles.totals)?.days.map(|(first, _)| first);
    let (of_month, of_quarter) = (results.next(), results.next());
    let finish_month = || month_ago.finish(of_month, thresholds, first_day);
    let finish_quarter = || quarter_ago.finish(of_quarter, thresholds, first_day);
    let (month_ago, quarter_ago) = if options.whole_table {
        std::thread::scope(|scope| {
            let month = scope.spawn(finish_month);
            let quarter = finish_quarter();
            (month.join().unwrap_or(Err(FoldError::WorkerDied)), quarter)
        })
    } else {
        // One after the other: each needs room for all its columns until it keeps three.
        (finish_month(), finish_quarter())
    };
    report(result, handles, options, &instant, snapshot.symbols(), [month_ago?, quarter_ago?])
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
        cuts: result.summary(handles.cuts)?,
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

/// What is asked as of an earlier instant: own columns from events up to then only (5.5), so that
/// what was refunded since had not been refunded then.
struct EarlierPass {
    registry: Registry,
    instant: Instant,
}

impl EarlierPass {
    fn new(options: &AnalyseOptions, instant: &Instant, days: i32) -> Result<Self, FoldError> {
        Self::at(&days_before(instant, days), &options.thresholds)
    }

    fn at(instant: &Instant, thresholds: &Thresholds) -> Result<Self, FoldError> {
        let mut registry = Registry::new();
        registry.add(RelativeInputs { lifecycle: thresholds.lifecycle.clone() })?;
        Ok(Self { registry, instant: instant.clone() })
    }

    /// With stage and segment; without customers where the pass was not made or nobody had bought.
    fn finish(
        self,
        result: Option<BatchResult>,
        thresholds: &Thresholds,
        first_day: Option<i32>,
    ) -> Result<Earlier, FoldError> {
        let instant = self.instant;
        let known = result.filter(|_| first_day.is_some_and(|first| first <= instant.as_of_day));
        let mut table = known.map(|result| result.table).unwrap_or_default();
        if !table.specs.is_empty() {
            relatives(thresholds)?.fit(&mut table, &instant)?;
            keep_columns(&mut table, &[own::ORDERS, STAGE, SEGMENT]);
        }
        Ok(Earlier { instant, table })
    }
}

/// Drops the other columns.
fn keep_columns(table: &mut CustomerTable, names: &[&str]) {
    let kept: Vec<bool> = table.specs.iter().map(|spec| names.contains(&spec.name)).collect();
    for shard in &mut table.shards {
        let mut places = kept.iter();
        shard.columns.retain(|_| places.next() == Some(&true));
    }
    let mut places = kept.iter();
    table.specs.retain(|_| places.next() == Some(&true));
}

/// How the buyers of one instant moved between stages since an earlier one, each as was known then.
/// Blocks: call it on a blocking thread.
///
/// # Errors
/// What the pass says.
pub fn stage_flow(
    snapshot: &Snapshot,
    [then, now]: [&Instant; 2],
    thresholds: &Thresholds,
    threads: usize,
) -> Result<Vec<StageFlow>, LearnError> {
    let mut passes = [EarlierPass::at(then, thresholds)?, EarlierPass::at(now, thresholds)?];
    let mut wanted: Vec<_> = passes.iter_mut().map(|pass| (&mut pass.registry, &pass.instant)).collect();
    let mut results = run_batches(snapshot, &mut wanted, threads)?.into_iter();
    let [then, now] = passes.map(|pass| {
        let mut table = results.next().map(|result| result.table).unwrap_or_default();
        relatives(thresholds)?.fit(&mut table, &pass.instant)?;
        Ok::<_, LearnError>(table)
    });
    Ok(flow(&now?, &then?))
}

/// So many days earlier: from midnight to midnight, otherwise by 24 hours a day.
#[must_use]
pub fn days_before(instant: &Instant, days: i32) -> Instant {
    let zone = &instant.zone;
    let as_of_us = if zone.day_start(instant.as_of_day) == instant.as_of_us {
        zone.day_start(instant.as_of_day.saturating_sub(days))
    } else {
        instant.as_of_us.saturating_sub(i64::from(days).saturating_mul(DAY_US))
    };
    Instant::new(as_of_us, zone.clone(), instant.revenue)
}

/// The default instant of a report: the midnight after the last event kept, in the brand's zone;
/// `None` where there are no events. Asks the manifest, no events are read.
pub fn default_as_of(snapshot: &Snapshot, zone: &Zone) -> Option<i64> {
    snapshot.latest_time_us().map(|last_us| calendar::midnight_after(last_us, zone))
}

impl ActivityThresholds {
    /// Orders alone are activity: the pass need not look at other events.
    #[must_use]
    pub fn orders_only() -> Self {
        Self { value_events: Vec::new(), ..Self::default() }
    }
}
