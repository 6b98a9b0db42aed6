//! `perennial experiment`: begin an experiment, say who is in which group, measure what it changed.

mod assignments;
mod list;
mod result;
mod show;

use crate::analysis::threads;
use crate::brand::Brand;
use crate::cli::{ExperimentAction, Language, NamedExperiment};
use crate::clock::SystemClock;
use crate::error::usage;
use crate::host::Host;
use anyhow::Result;
use perennial_experiments::{Begun, Entry, ExperimentError, Ground, Who, begin};
use perennial_measure::Lang;
use perennial_model::Clock;
use perennial_timeline::Snapshot;
use serde_json::json;

pub(crate) async fn run(action: &ExperimentAction, host: &Host) -> Result<u8> {
    let brand = host.open(action.data()).await?;
    let outcome = match action {
        ExperimentAction::List(arguments) => list::list(arguments, &brand).await,
        ExperimentAction::Show(arguments) => show::show(arguments, &brand).await,
        ExperimentAction::Start(arguments) => start(arguments, &brand, host).await,
        ExperimentAction::Assignments(arguments) => assignments::assignments(arguments, &brand).await,
        ExperimentAction::Result(arguments) => result::result(arguments, &brand).await,
    };
    brand.close().await;
    outcome
}

/// What all of them look at.
struct Scene {
    ground: Ground,
    snapshot: Snapshot,
    now_us: i64,
}

impl Scene {
    async fn of(brand: &Brand) -> Result<Self> {
        let ground = Ground::load(&brand.timeline, threads()).await.map_err(told_apart)?;
        Ok(Self { ground, snapshot: brand.timeline.snapshot().await?, now_us: SystemClock.now_us() })
    }

    async fn find(&self, brand: &Brand, name: &str) -> Result<Entry> {
        let store = brand.timeline.store();
        Entry::find(&**store, &self.ground, &self.snapshot, self.now_us, name).await.map_err(told_apart)
    }

    async fn all(&self, brand: &Brand) -> Result<Vec<Entry>> {
        let store = brand.timeline.store();
        Entry::all(&**store, &self.ground, &self.snapshot, self.now_us).await.map_err(told_apart)
    }
}

async fn start(arguments: &NamedExperiment, brand: &Brand, host: &Host) -> Result<u8> {
    let _turn = host.write_turn().await;
    let Scene { ground, snapshot, now_us } = Scene::of(brand).await?;
    let store = brand.timeline.store();
    let done = begin(&snapshot, &**store, &ground, &arguments.name, now_us, Who::default()).await;
    let Begun { frozen, before } = done.map_err(told_apart)?;
    let (name, customers) = (&arguments.name, frozen.customers);
    if arguments.json {
        say!(
            "{}",
            json!({ "name": name, "customers": customers, "begun_before": before, "begun_us": frozen.begun_us })
        );
    } else if before {
        say!("{name} has begun before, with {customers} customers: nothing is changed");
    } else {
        say!("{name} has begun with {customers} customers, as of the start of {}", frozen.experiment.starts);
    }
    Ok(0)
}

/// What was asked for that is not there, or not yet, is an error of usage.
fn told_apart(problem: ExperimentError) -> anyhow::Error {
    match problem {
        ExperimentError::Unknown { .. } | ExperimentError::TooEarly { .. } | ExperimentError::NotBegun { .. } => {
            usage(problem.to_string())
        }
        problem => anyhow::Error::new(problem),
    }
}

fn lang(said: Option<Language>) -> Lang {
    match said.unwrap_or_else(super::report::terminal_language) {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    }
}
