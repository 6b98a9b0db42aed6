//! What can go wrong in Learn.

use perennial_fold::FoldError;

/// Why an analysis failed.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// The pass over the timeline or a relative failed.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// A threshold cannot be meant.
    #[error("threshold {name} is {found}: it must be {expected}")]
    Threshold {
        /// Its name with its group, for example `rfm.quantiles`.
        name: &'static str,
        /// What it is.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
}
