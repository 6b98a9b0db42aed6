//! What can go wrong with an experiment.

use perennial_definitions::Day;
use perennial_fold::FoldError;
use perennial_learn::LearnError;
use perennial_measure::{AssignError, CompareError};
use perennial_ports::StoreError;
use perennial_query::QueryError;
use perennial_timeline::TimelineError;

/// See the module.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// Nobody defines it.
    #[error("there is no experiment {name}{}", hint(.near.as_deref()))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Its first day has not come.
    #[error("{name} starts on {starts}: begin it on that day or later")]
    TooEarly {
        /// Which.
        name: String,
        /// Its first day.
        starts: Day,
    },
    /// Nobody is in its audience.
    #[error(
        "nobody is in the segment {audience} at the start of {starts}: import what happened before, or take another segment or day"
    )]
    Nobody {
        /// The segment.
        audience: String,
        /// The first day.
        starts: Day,
    },
    /// It has not begun.
    #[error("{name} has not begun: `perennial experiment start {name}` divides its customers")]
    NotBegun {
        /// Which.
        name: String,
    },
    /// Its SQL cannot be used.
    #[error("{what}: {message}: {fix}")]
    Sql {
        /// Of which segment or metric.
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
    /// The groups cannot be divided.
    #[error(transparent)]
    Assign(#[from] AssignError),
    /// The groups cannot be compared.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The timeline.
    #[error(transparent)]
    Timeline(#[from] TimelineError),
    /// A pass over it.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// The customer table.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// A question to it.
    #[error(transparent)]
    Query(#[from] QueryError),
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(
        || ": `perennial experiment list` shows those that there are".to_owned(),
        |near| format!(": is {near} meant?"),
    )
}
