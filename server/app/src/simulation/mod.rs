//! The simulated brand that the command line names.

mod sender;

pub(crate) use sender::Sender;

use crate::cli::{BrandArgs, Language};
use crate::error::usage;
use anyhow::Result;
use perennial_model::Zone;
use perennial_sim::{Simulation, SimulationOptions};

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
