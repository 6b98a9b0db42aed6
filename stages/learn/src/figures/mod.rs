//! From sums and the customer table to the figures of the report.

mod activity;
mod cohorts;
mod concentration;
mod cuts;
mod kpis;
mod ladder;
mod rfm;
mod stages;

pub(crate) use concentration::top_count;
pub(crate) use stages::{flow, joined};

use crate::base::TableRows;
use crate::calendar::{day_text, end_day, instant_text};
use crate::folds::{ActivitySummary, CutsSummary, MonthsSummary, RhythmSummary, TotalsSummary};
use crate::lifecycle::LifecycleParameters;
use crate::report::{Rate, Report, Unidentified};
use crate::rfm::RfmParameters;
use crate::stats::wilson;
use crate::thresholds::Thresholds;
use perennial_fold::{CustomerTable, Instant, Revenue};
use perennial_model::Currency;
use perennial_timeline::Symbols;

/// Version of the report's shape.
const REPORT_VERSION: u32 = 1;

/// The customer table as of an earlier instant, with interval, stage and segment.
#[derive(Debug, Clone)]
pub(crate) struct Earlier {
    pub(crate) instant: Instant,
    pub(crate) table: CustomerTable,
}

/// All that the report is made of.
pub(crate) struct Population<'a> {
    pub(crate) instant: &'a Instant,
    pub(crate) thresholds: &'a Thresholds,
    pub(crate) currency: Option<Currency>,
    pub(crate) symbols: &'a Symbols,
    pub(crate) table: &'a CustomerTable,
    pub(crate) totals: &'a TotalsSummary,
    pub(crate) cuts: &'a CutsSummary,
    pub(crate) months: &'a MonthsSummary,
    pub(crate) rhythm: &'a RhythmSummary,
    pub(crate) activity: &'a ActivitySummary,
    pub(crate) lifecycle: LifecycleParameters,
    pub(crate) rfm: RfmParameters,
    /// For the stage flow.
    pub(crate) month_ago: &'a Earlier,
    /// For the RFM transitions and the rates of return.
    pub(crate) quarter_ago: &'a Earlier,
}

impl Population<'_> {
    /// The median interval in force (0.3).
    pub(crate) fn median_days(&self) -> f64 {
        self.lifecycle.median_days.unwrap_or(self.thresholds.lifecycle.assumed_interval_days)
    }

    /// Last day of all windows.
    pub(crate) fn end_day(&self) -> i32 {
        end_day(self.instant)
    }
}

impl Rate {
    /// `count` of `of` with its 95 % Wilson interval.
    #[must_use]
    pub fn new(count: u64, of: u64) -> Self {
        let interval = wilson(count, of);
        Self {
            count,
            of,
            rate: ratio(count as f64, of as f64),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
        }
    }
}

/// `part ÷ whole`; unknown of nothing.
pub(crate) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The report without findings, inputs and rejects.
pub(crate) fn figures(population: &Population<'_>) -> Report {
    let Population { instant, totals, rhythm, thresholds, .. } = population;
    let rows = TableRows::new(population.table);
    let ladder = ladder::ladder(population);
    Report {
        version: REPORT_VERSION,
        as_of: instant_text(instant),
        timezone: instant.zone.name().to_owned(),
        currency: population.currency.map_or_else(|| "XXX".to_owned(), |currency| currency.as_str().to_owned()),
        currency_decimals: population.currency.map_or(2, |currency| currency.decimals()),
        revenue_basis: if instant.revenue == Revenue::Net { "net" } else { "gross" },
        first_day: totals.days.map(|(first, _)| day_text(first)),
        last_day: totals.days.map(|(_, last)| day_text(last)),
        customers: totals.customers,
        orders: totals.orders,
        revenue: totals.buyers_revenue.saturating_add(totals.non_buyers_revenue),
        non_buyers_revenue: totals.non_buyers_revenue,
        refunds: totals.refunds,
        unidentified: Unidentified { orders: totals.unidentified_orders, revenue: totals.unidentified_revenue },
        kpis: kpis::kpis(population),
        active_rate: activity::active_rate(population, &rows),
        rfm: rfm::rfm(population, &rows),
        growth: cohorts::growth(population.months, population.end_day()),
        cohorts: cohorts::cohorts(population.months, population.end_day(), &thresholds.cohorts),
        concentration: concentration::concentration(&rows, &thresholds.concentration),
        ladder_knee: ladder::knee(&ladder, thresholds.ladder.knee),
        ladder,
        first_60_days: ladder::first_days(rhythm, &thresholds.first_days),
        stages: stages::stages(&rows, &thresholds.lifecycle),
        stage_flow: stages::flow(population.table, &population.month_ago.table),
        stage_flow_from: instant_text(&population.month_ago.instant),
        interval: ladder::interval(population),
        stickiness: activity::stickiness(population.activity),
        ..Report::default()
    }
}
