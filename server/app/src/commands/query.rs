//! `perennial query`: SQL over customers, events and identities.

use crate::analysis::{Figures, Wanted, figures, threads};
use crate::brand::Brand;
use crate::cli::{Format, QueryArgs};
use crate::host::Host;
use crate::output;
use anyhow::{Result, bail};
use perennial_fold::{Instant, Revenue};
use perennial_learn::Thresholds;
use perennial_model::CustomerId;
use perennial_ports::{BrandSettings, IdentityBinding};
use perennial_query::{OutputFormat, QueryEngine, QueryOptions};
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
    let bindings = identities(&brand, &arguments.sql, &analysis.table).await?;
    let options = QueryOptions { threads: threads(), ..QueryOptions::default() };
    let engine = QueryEngine::new(snapshot, Arc::new(analysis.table), &instant, settings.currency, options)?
        .with_identities(&bindings)?;
    let format = match arguments.format {
        Format::Table => OutputFormat::Table,
        Format::Csv => OutputFormat::Csv,
        Format::Json => OutputFormat::Json,
    };
    engine.write(&arguments.sql, format, &mut output::answer()).await?;
    brand.close().await;
    Ok(0)
}

/// The keys of all customers, each with the customer they lead to; none where the question does not name them.
async fn identities(brand: &Brand, sql: &str, table: &perennial_fold::CustomerTable) -> Result<Vec<IdentityBinding>> {
    if !sql.to_ascii_lowercase().contains("identities") {
        return Ok(Vec::new());
    }
    let manifest = brand.timeline.store().manifest().await?;
    let mut profiles: Vec<CustomerId> =
        table.shards.iter().flat_map(|shard| shard.customers.iter().copied().map(CustomerId)).collect();
    profiles.extend(manifest.aliases.iter().map(|(profile, _)| *profile));
    profiles.sort_unstable();
    profiles.dedup();
    let mut bindings = brand.timeline.store().identities_of(&profiles).await?;
    for binding in &mut bindings {
        binding.profile = brand.timeline.customer_of(binding.profile);
    }
    Ok(bindings)
}
