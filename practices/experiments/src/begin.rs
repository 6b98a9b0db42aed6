//! The beginning: who takes part, once and for all.

use crate::audience::{Audience, condition};
use crate::{ExperimentError, Frozen, Ground};
use perennial_ports::{NewExperiment, Store};
use perennial_timeline::Snapshot;

/// Who begins it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Who {
    /// The member; none for the command line.
    pub member_id: Option<u64>,
    /// By which token.
    pub token_id: Option<u64>,
}

/// What beginning came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// As it began.
    pub frozen: Frozen,
    /// Whether it had begun before: then nothing happened now.
    pub before: bool,
}

/// Divides an experiment's customers: those of its audience at the start of its first day, from events
/// before it. Begun again it stays as it is. Must have the turn of whoever writes, so that nobody who is
/// erased meanwhile takes part.
///
/// # Errors
/// [`ExperimentError::Unknown`], [`ExperimentError::TooEarly`], [`ExperimentError::Nobody`], or a failing
/// store or pass.
pub async fn begin(
    snapshot: &Snapshot,
    store: &dyn Store,
    ground: &Ground,
    name: &str,
    now_us: i64,
    who: Who,
) -> Result<Begun, ExperimentError> {
    if let Some(frozen) = Frozen::find(store, name).await? {
        return Ok(Begun { frozen, before: true });
    }
    let experiment = ground.experiment(name)?.clone();
    let (starts, audience) = (experiment.starts, experiment.audience.clone());
    let starts_us = ground.zone.day_start(starts.number());
    if now_us < starts_us {
        return Err(ExperimentError::TooEarly { name: name.to_owned(), starts });
    }
    let condition = condition(ground, &audience)?;
    let cohort = Audience::at(snapshot, ground, starts_us).await?.members(ground, &audience)?;
    if cohort.is_empty() {
        return Err(ExperimentError::Nobody { audience, starts });
    }
    let global_control = ground.definitions.brand.global_control;
    let customers = cohort.len() as u64;
    let frozen = Frozen { experiment, global_control, condition, begun_us: now_us, customers };
    let Who { member_id, token_id } = who;
    let new = NewExperiment {
        name: name.to_owned(),
        starts_us,
        begun_us: now_us,
        cohort,
        plan: frozen.json()?,
        member_id,
        token_id,
    };
    if store.begin_experiment(&new).await? {
        return Ok(Begun { frozen, before: false });
    }
    let frozen = Frozen::find(store, name).await?;
    frozen
        .map(|frozen| Begun { frozen, before: true })
        .ok_or_else(|| ExperimentError::NotBegun { name: name.to_owned() })
}
