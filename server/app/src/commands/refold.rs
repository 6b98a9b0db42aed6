//! `perennial refold`: every figure anew, and what that cost.

use crate::analysis::{Figures, Wanted, figures};
use crate::brand::Brand;
use crate::cli::{RefoldArgs, RevenueBasis};
use crate::metrics;
use anyhow::Result;
use perennial_learn::Thresholds;
use perennial_model::{Currency, Zone};
use perennial_ports::BrandSettings;
use serde::Serialize;
use std::time::Instant;

#[derive(Debug, Serialize)]
struct Cost {
    events: u64,
    customers: u64,
    wall_s: f64,
    cpu_s: f64,
    peak_rss_bytes: u64,
}

pub(crate) async fn run(arguments: &RefoldArgs) -> Result<u8> {
    let brand = Brand::open(&arguments.data.data).await?;
    let settings = BrandSettings::load(&**brand.timeline.store()).await?;
    let (zone, currency) = settings.map_or((Zone::utc(), Currency::CNY), |settings| (settings.zone, settings.currency));
    let wanted = Wanted {
        as_of: None,
        revenue: RevenueBasis::Net,
        zone,
        currency,
        flows: true,
        thresholds: Thresholds::default(),
        metrics: metrics::defined(&brand.timeline, currency).await?.metrics,
    };
    let (started, cpu_before) = (Instant::now(), cpu_seconds());
    let snapshot = brand.timeline.snapshot().await?;
    let Figures { analysis, .. } = figures(snapshot, wanted).await?;
    let cost = Cost {
        events: analysis.stats.events,
        customers: analysis.stats.customers,
        wall_s: started.elapsed().as_secs_f64(),
        cpu_s: cpu_seconds() - cpu_before,
        peak_rss_bytes: peak_rss_bytes(),
    };
    brand.close().await;
    if arguments.json {
        say!("{}", serde_json::to_string(&cost)?);
    } else {
        say!(
            "{} events of {} customers in {:.2} s ({:.2} CPU s), {} MiB at most",
            cost.events,
            cost.customers,
            cost.wall_s,
            cost.cpu_s,
            cost.peak_rss_bytes >> 20
        );
    }
    Ok(0)
}

/// User and system time of this process, in seconds, as Linux tells it (ticks of 1/100 s).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}

/// Highest resident memory so far, as Linux tells it.
fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|word| word.parse::<u64>().ok()).unwrap_or(0) * 1024
}
