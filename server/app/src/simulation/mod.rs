//! The simulated brand that the command line names.

mod campaign;
mod sender;

pub(crate) use campaign::campaign;
pub(crate) use sender::Sender;

use crate::cli::{BrandArgs, Language};
use crate::error::usage;
use anyhow::{Context, Result};
use perennial_model::{Zone, civil_from_day};
use perennial_sim::{Simulation, SimulationOptions};
use std::path::Path;

/// The zone of the simulated brand.
pub(crate) const ZONE: &str = "Asia/Shanghai";

/// In the words of the simulation.
pub(crate) const fn language(language: Language) -> perennial_sim::Language {
    match language {
        Language::Zh => perennial_sim::Language::Chinese,
        Language::En => perennial_sim::Language::English,
    }
}

/// The start of a day of the brand.
pub(crate) fn day_start(option: &str, text: &str) -> Result<i64> {
    let zone = Zone::named(ZONE)?;
    crate::settings::as_of(text, &zone)
        .map_err(|_| usage(format!("{option} {text} is not a day: write it as YYYY-MM-DD")))
}

/// The brand from its first day on.
pub(crate) fn brand(arguments: &BrandArgs, now_us: i64) -> Result<Simulation> {
    let mut options = SimulationOptions::two_years_before(now_us, arguments.customers, arguments.seed);
    options.language = language(arguments.lang);
    if let Some(text) = &arguments.start {
        options.first_day = Zone::named(ZONE)?.day(day_start("--start", text)?);
    }
    Simulation::new(options).map_err(|problem| usage(problem.to_string()))
}

/// A brand's first day, as `--start` takes it.
pub(crate) fn first_day(brand: &Simulation) -> String {
    let (year, month, day) = civil_from_day(brand.options().first_day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// How far the brand came when it was last stopped.
pub(crate) fn position(path: &Path) -> Result<Option<i64>> {
    let shown = path.display();
    match std::fs::read_to_string(path) {
        Ok(text) => text.trim().parse().map(Some).map_err(|_| usage(format!("{shown} is no state of a simulation"))),
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(problem) => Err(usage(format!("cannot read {shown}: {problem}"))),
    }
}

/// Remembers how far the brand has come.
pub(crate) fn keep_position(path: &Path, position_us: i64) -> Result<()> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, position_us.to_string())
        .and_then(|()| std::fs::rename(&beside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}
