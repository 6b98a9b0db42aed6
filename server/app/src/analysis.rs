//! From a brand to its figures, on a blocking thread.

use crate::cli::RevenueBasis;
use crate::settings;
use anyhow::Result;
use perennial_fold::{Metric, Revenue};
use perennial_learn::{AnalyseOptions, Analysis, Thresholds, analyse, default_as_of, midnight_after};
use perennial_model::{Currency, Zone};
use perennial_timeline::Snapshot;

/// Which figures.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) as_of: Option<String>,
    pub(crate) revenue: RevenueBasis,
    pub(crate) zone: Zone,
    pub(crate) currency: Currency,
    pub(crate) flows: bool,
    pub(crate) thresholds: Thresholds,
    pub(crate) metrics: Vec<Metric>,
}

/// The figures and their instant.
pub(crate) struct Figures {
    pub(crate) analysis: Analysis,
    pub(crate) as_of_us: i64,
}

/// How many workers a pass has.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// All figures as of the instant wanted, by default the midnight after the last event.
pub(crate) async fn figures(snapshot: Snapshot, wanted: Wanted) -> Result<Figures> {
    tokio::task::spawn_blocking(move || {
        let as_of_us = match &wanted.as_of {
            Some(text) => settings::as_of(text, &wanted.zone)?,
            None => default_as_of(&snapshot, &wanted.zone).unwrap_or(midnight_after(0, &wanted.zone)),
        };
        let mut options = AnalyseOptions::new(as_of_us, wanted.zone, threads());
        options.revenue = match wanted.revenue {
            RevenueBasis::Net => Revenue::Net,
            RevenueBasis::Gross => Revenue::Gross,
        };
        options.currency = Some(wanted.currency);
        options.flows = wanted.flows;
        options.thresholds = wanted.thresholds;
        options.metrics = wanted.metrics;
        Ok(Figures { analysis: analyse(&snapshot, &options)?, as_of_us })
    })
    .await?
}
