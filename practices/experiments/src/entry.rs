//! The experiments of a brand, those that are to begin and those that have.

use crate::{ExperimentError, Frozen, Ground, Reading, Running, Standing, readings};
use perennial_definitions::{Experiment, OUTCOME_CONVERTED, OUTCOME_REVENUE, OUTCOMES};
use perennial_model::nearest;
use perennial_ports::Store;
use perennial_timeline::Snapshot;

/// An experiment: as it is defined, how it began, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As it is defined now; one that is defined no more as it was when it began.
    pub experiment: Experiment,
    /// How it began; none where it has not.
    pub frozen: Option<Frozen>,
    /// Where it stands.
    pub standing: Standing,
}

impl Entry {
    /// The experiments defined, in their order, then those that have begun and are defined no more.
    ///
    /// # Errors
    /// What the store says.
    pub async fn all(
        store: &dyn Store,
        ground: &Ground,
        snapshot: &Snapshot,
        now_us: i64,
    ) -> Result<Vec<Self>, ExperimentError> {
        let mut begun = Frozen::all(store).await?;
        let latest_us = snapshot.latest_time_us();
        let entry = |experiment: Experiment, frozen: Option<Frozen>| {
            let standing = Standing::of(&experiment, frozen.is_some(), &ground.zone, now_us, latest_us);
            Self { experiment, frozen, standing }
        };
        let mut found = Vec::new();
        for experiment in &ground.definitions.experiments {
            let place = begun.iter().position(|frozen| frozen.experiment.name == experiment.name);
            found.push(entry(experiment.clone(), place.map(|place| begun.remove(place))));
        }
        found.extend(begun.into_iter().map(|frozen| entry(frozen.experiment.clone(), Some(frozen))));
        Ok(found)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`ExperimentError::Unknown`], or what the store says.
    pub async fn find(
        store: &dyn Store,
        ground: &Ground,
        snapshot: &Snapshot,
        now_us: i64,
        name: &str,
    ) -> Result<Self, ExperimentError> {
        let mut all = Self::all(store, ground, snapshot, now_us).await?;
        match all.iter().position(|entry| entry.experiment.name == name) {
            Some(place) => Ok(all.swap_remove(place)),
            None => {
                let names = all.iter().map(|entry| entry.experiment.name.as_str());
                Err(ExperimentError::Unknown { name: name.to_owned(), near: nearest(name, names).map(str::to_owned) })
            }
        }
    }

    /// With its customers; none where it has not begun. A metric that is defined no more is no outcome any
    /// more, and the others are read all the same.
    ///
    /// # Errors
    /// What the store says.
    pub async fn running(&self, store: &dyn Store, ground: &Ground) -> Result<Option<Running>, ExperimentError> {
        let Some(frozen) = self.frozen.clone() else { return Ok(None) };
        let cohort = store.cohort_of(&self.experiment.name).await?;
        let metrics = &ground.definitions.metrics;
        let known = |name: &&str| OUTCOMES.contains(name) || metrics.iter().any(|metric| metric.name == **name);
        let mut outcomes: Vec<&str> = self.experiment.outcome_names().into_iter().filter(known).collect();
        if outcomes.is_empty() {
            outcomes = vec![OUTCOME_CONVERTED, OUTCOME_REVENUE];
        }
        let outcomes = outcomes.into_iter().map(str::to_owned).collect();
        Ok(Some(Running { frozen, standing: self.standing, outcomes, cohort }))
    }

    /// What each of these says; none of those that have not begun. All are asked in one pass.
    ///
    /// # Errors
    /// As [`readings`].
    pub async fn readings(
        entries: &[Self],
        store: &dyn Store,
        ground: &Ground,
        snapshot: &Snapshot,
    ) -> Result<Vec<Option<Reading>>, ExperimentError> {
        let mut begun = Vec::new();
        for entry in entries {
            begun.extend(entry.running(store, ground).await?);
        }
        let mut read = readings(snapshot, ground, begun).await?.into_iter();
        Ok(entries.iter().map(|entry| entry.frozen.as_ref().and_then(|_| read.next())).collect())
    }
}
