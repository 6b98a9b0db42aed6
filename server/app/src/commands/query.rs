//! `perennial query`: SQL over customers, events and identities.

use crate::analysis::{Figures, Wanted, figures, threads};
use crate::cli::{Format, QueryArgs};
use crate::host::Host;
use crate::metrics;
use crate::output;
use anyhow::{Result, bail};
use perennial_fold::{Instant, Revenue};
use perennial_learn::Thresholds;
use perennial_ports::BrandSettings;
use perennial_query::{Keys, OutputFormat, QueryEngine, QueryOptions};
use std::sync::Arc;

pub(crate) async fn run(arguments: QueryArgs, host: &Host) -> Result<u8> {
    let brand = host.open(&arguments.data).await?;
    let settings = BrandSettings::load(&**brand.timeline.store()).await?;
    let snapshot = brand.timeline.snapshot().await?;
    if settings.is_none() && snapshot.rows() == 0 {
        bail!("{} holds nothing yet: `perennial import FILE --data` it first", arguments.data.display());
    }
    let settings = settings.unwrap_or_else(BrandSettings::first);
    let wanted = Wanted {
        as_of: arguments.as_of.clone(),
        revenue: arguments.revenue,
        zone: settings.zone.clone(),
        currency: settings.currency,
        flows: false,
        thresholds: Thresholds::default(),
        metrics: metrics::defined(&brand.timeline, settings.currency).await?.metrics,
    };
    let Figures { analysis, as_of_us } = figures(snapshot.clone(), wanted).await?;
    for run in snapshot.damaged() {
        aside!("warning: run {run} is damaged and left out; `perennial verify` says more");
    }
    let revenue = match arguments.revenue {
        crate::cli::RevenueBasis::Net => Revenue::Net,
        crate::cli::RevenueBasis::Gross => Revenue::Gross,
    };
    let instant = Instant::new(as_of_us, settings.zone, revenue);
    let options = QueryOptions { threads: threads(), ..QueryOptions::default() };
    let engine = QueryEngine::new(snapshot, Arc::new(analysis.table), &instant, settings.currency, options)?
        .with_identities(brand.timeline.clone(), Keys::InFull)?;
    let format = match arguments.format {
        Format::Table => OutputFormat::Table,
        Format::Csv => OutputFormat::Csv,
        Format::Json => OutputFormat::Json,
    };
    engine.write(&arguments.sql, format, &mut output::answer()).await?;
    brand.close().await;
    Ok(0)
}
