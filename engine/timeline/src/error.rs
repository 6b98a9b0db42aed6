//! What can go wrong with the timeline.

use crate::maintain::ADVICE;
use perennial_model::CustomerId;
use perennial_ports::{FilesError, StoreError};
use std::sync::Arc;

/// Why the timeline could not answer or keep something.
#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    /// A run's bytes are not what was written; it is quarantined, the rest still answers.
    #[error("run {file} is damaged ({reason}): {ADVICE}")]
    DamagedRun {
        /// The run's file.
        file: String,
        /// What does not fit.
        reason: String,
    },
    /// A run was made by another version.
    #[error(
        "run {file} has format {found}, this version reads format {supported}: use the perennial that wrote it, or import its source again into a new data directory"
    )]
    RunFormat {
        /// The run's file.
        file: String,
        /// Its format.
        found: u32,
        /// The format known.
        supported: u32,
    },
    /// The two are one customer already.
    #[error("profiles {from:?} and {into:?} belong to one customer already")]
    SameCustomer {
        /// What was to move.
        from: CustomerId,
        /// Where to.
        into: CustomerId,
    },
    /// Nobody stands behind the id.
    #[error("{0:?} holds rows without a customer: it cannot be merged or erased")]
    Unidentified(CustomerId),
    /// The journal has no such merge, or it is undone already.
    #[error("journal entry {0} is no merge that can be undone")]
    NoSuchMerge(u64),
    /// A property cannot change its type.
    #[error("property {name} is declared with another type: choose another name")]
    PropertyConflict {
        /// Its name.
        name: String,
    },
    /// The whole group of a group commit failed.
    #[error("the hot log did not take the events: {0}")]
    Append(Arc<TimelineError>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be had or kept.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Encoding or decoding failed.
    #[error("cannot {action}: {source}")]
    Codec {
        /// What was tried.
        action: &'static str,
        /// What was said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl TimelineError {
    /// What the store said, if it was the store; behind a group's failure too.
    #[must_use]
    pub fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(problem) => Some(problem),
            Self::Append(problem) => problem.store(),
            _ => None,
        }
    }
}

impl TimelineError {
    /// Whether it is one run that does not answer, and the rest does.
    pub(crate) const fn leaves_out_a_run(&self) -> bool {
        matches!(self, Self::DamagedRun { .. } | Self::RunFormat { .. })
    }

    /// For `map_err`: what was tried when Arrow or Parquet refused.
    pub(crate) fn codec<E: Into<Box<dyn std::error::Error + Send + Sync>>>(action: &'static str) -> impl Fn(E) -> Self {
        move |source| Self::Codec { action, source: source.into() }
    }
}
