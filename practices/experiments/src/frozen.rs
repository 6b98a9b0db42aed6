//! An experiment as it began.

use crate::ExperimentError;
use perennial_definitions::{Experiment, Share};
use perennial_ports::{BegunExperiment, Store};
use serde::{Deserialize, Serialize};

/// What an experiment keeps from the moment on at which its customers are divided, whatever is defined later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// As it was defined.
    pub experiment: Experiment,
    /// Share of all customers whom nobody contacts.
    pub global_control: Option<Share>,
    /// The condition that its audience met, segments within it spelled out.
    pub condition: String,
    /// When it was begun (UTC µs).
    #[serde(skip)]
    pub begun_us: i64,
    /// Customers who took part then.
    #[serde(skip)]
    pub customers: u64,
}

impl Frozen {
    /// All that have begun, the latest first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn all(store: &dyn Store) -> Result<Vec<Self>, ExperimentError> {
        store.begun_experiments().await?.iter().map(Self::of).collect()
    }

    /// One by its name; none where it has not begun.
    ///
    /// # Errors
    /// What the store says.
    pub async fn find(store: &dyn Store, name: &str) -> Result<Option<Self>, ExperimentError> {
        let all = store.begun_experiments().await?;
        all.iter().find(|begun| begun.name == name).map(Self::of).transpose()
    }

    fn of(begun: &BegunExperiment) -> Result<Self, ExperimentError> {
        let frozen: Self = serde_json::from_str(&begun.plan)
            .map_err(|source| ExperimentError::Stored { what: format!("the experiment {}", begun.name), source })?;
        Ok(Self { begun_us: begun.begun_us, customers: begun.customers, ..frozen })
    }

    pub(crate) fn json(&self) -> Result<String, ExperimentError> {
        serde_json::to_string(self).map_err(|source| ExperimentError::Stored {
            what: format!("the experiment {}", self.experiment.name),
            source,
        })
    }
}
