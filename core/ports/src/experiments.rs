//! Experiments that have begun: whose customers are divided.

use crate::StoreError;
use async_trait::async_trait;
use perennial_model::CustomerId;

/// An experiment that has begun. In which group a customer is, is computed and never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BegunExperiment {
    /// Its name.
    pub name: String,
    /// The audience is as of this instant (UTC µs, exclusive).
    pub starts_us: i64,
    /// When it was begun (UTC µs).
    pub begun_us: i64,
    /// Customers who took part then.
    pub customers: u64,
    /// How they are divided (JSON).
    pub plan: String,
}

/// An experiment to begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewExperiment {
    /// Its name.
    pub name: String,
    /// The audience is as of this instant (UTC µs, exclusive).
    pub starts_us: i64,
    /// Now (UTC µs).
    pub begun_us: i64,
    /// Who takes part, ascending, each once.
    pub cohort: Vec<CustomerId>,
    /// How they are divided (JSON).
    pub plan: String,
    /// The member; none for the command line.
    pub member_id: Option<u64>,
    /// By which token.
    pub token_id: Option<u64>,
}

/// Experiments and who takes part in them. A cohort is never changed but by an erasure, which takes the
/// erased out of it; merged customers stay in it as they were, aliases are followed by whoever reads it.
#[async_trait]
pub trait Experiments: Send + Sync {
    /// Begins an experiment and notes it in the audit (`experiment_begun`, `experiment:spring`), in one
    /// transaction; durable when it returns. False when one of that name has begun: then nothing happens.
    async fn begin_experiment(&self, new: &NewExperiment) -> Result<bool, StoreError>;
    /// All that have begun, the latest first.
    async fn begun_experiments(&self) -> Result<Vec<BegunExperiment>, StoreError>;
    /// Who takes part in one, ascending; nobody where none of that name has begun.
    async fn cohort_of(&self, name: &str) -> Result<Vec<CustomerId>, StoreError>;
}
