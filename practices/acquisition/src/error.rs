//! What can go wrong.

use perennial_definitions::Month;
use perennial_fold::FoldError;
use perennial_ports::StoreError;
use perennial_timeline::TimelineError;

/// See the module.
#[derive(Debug, thiserror::Error)]
pub enum AcquisitionError {
    /// The last month is before the first.
    #[error("{since} is later than {until}: name an earlier month to begin with")]
    Backwards {
        /// The first month.
        since: Month,
        /// The last.
        until: Month,
    },
    /// More months than are told at once.
    #[error("{since} to {until} are more than {most} months: ask for fewer", most = crate::MAX_MONTHS)]
    TooMany {
        /// The first month.
        since: Month,
        /// The last.
        until: Month,
    },
    /// Nothing is known so late.
    #[error("nothing is known of {since} yet: the latest event is of {latest}")]
    TooLate {
        /// The first month that was asked for.
        since: Month,
        /// The month of the latest event.
        latest: Month,
    },
    /// Its SQL cannot be used.
    #[error("{what}: {message}: {fix}")]
    Sql {
        /// Whose condition.
        what: String,
        /// What is wrong.
        message: String,
        /// What to do about it.
        fix: String,
    },
    /// What is stored was written by another version.
    #[error("{what} is not understood: use the perennial that wrote it")]
    Stored {
        /// What.
        what: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A thread died.
    #[error("the computation was cut short")]
    Cut,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The timeline.
    #[error(transparent)]
    Timeline(#[from] TimelineError),
    /// A pass over it.
    #[error(transparent)]
    Fold(#[from] FoldError),
}
