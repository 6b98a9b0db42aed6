//! What a brand defines: name and zone, metrics, segments, experiments, sources of customers and spend, as types and as
//! a directory of YAML files.
//!
//! [`read`] takes the files' texts to [`Definitions`] or to all that is wrong with them, each with its
//! place; [`write()`] takes definitions back to texts and leaves alone what did not change. [`changes`]
//! tells two versions apart, [`schema`] is what editors complete from.
//!
//! SQL is judged by whoever implements [`Expressions`]; this crate knows none, reads no file and no
//! clock, and builds in seconds.

mod acquisition;
mod amount;
mod changes;
mod condition;
mod day;
mod experiment;
mod expressions;
mod lexical;
mod model;
mod month;
mod names;
mod problem;
mod read;
mod schema;
mod share;
mod window;
mod write;
mod yaml;

pub use acquisition::{
    AcquisitionSource, MAX_SOURCES, SourceKind, SourceMode, Spend, SpendPurpose, UNKNOWN_SOURCE, USUAL_ALERT_PERCENT,
};
pub use amount::{Amount, MAX_AMOUNT, ParseAmountError};
pub use changes::{Change, ChangeKind, Subject, changes};
pub use condition::{
    Behaviour, Comparison, Condition, ConditionProblem, ConditionValue, MAX_CONDITION_DEPTH, MAX_CONDITION_PARTS,
    Written,
};
pub use day::{Day, ParseDayError};
pub use experiment::{
    Arm, Experiment, GLOBAL_CONTROL, HOLDOUT, MAX_ARMS, MAX_DAYS, MAX_WEIGHT, OUTCOME_CONVERTED, OUTCOME_ORDERS,
    OUTCOME_REVENUE, OUTCOMES, USUAL_DAYS, USUAL_HOLDOUT_PERCENT,
};
pub use expressions::{
    CustomerExpression, EventExpression, ExpressionProblem, Expressions, SegmentReference, type_of_both, type_word,
};
pub use lexical::Lexical;
pub use model::{Brand, Definitions, Function, Languages, Metric, Need, Segment, Text, Then, Unit};
pub use month::{Month, ParseMonthError};
pub use names::{MAX_NAME_LETTERS, is_name};
pub use problem::Problem;
pub use read::{MAX_ENTRIES, MAX_FILE_BYTES, MAX_PROBLEMS, Reading, Surroundings, read};
pub use schema::schema;
pub use share::{ParseShareError, Share};
pub use window::{MAX_WINDOW_DAYS, ParseWindowError, Window};
pub use write::write;

use serde::{Deserialize, Serialize};

/// Name of the file about the brand.
pub const BRAND_FILE: &str = "brand.yaml";
/// Name of the file of metrics.
pub const METRICS_FILE: &str = "metrics.yaml";
/// Name of the file of segments.
pub const SEGMENTS_FILE: &str = "segments.yaml";
/// Name of the file of experiments.
pub const EXPERIMENTS_FILE: &str = "experiments.yaml";
/// Name of the file of where customers come from.
pub const SOURCES_FILE: &str = "sources.yaml";
/// Name of the file of what was spent.
pub const SPEND_FILE: &str = "spend.yaml";
/// The files of a brand directory.
pub const FILES: [&str; 6] = [BRAND_FILE, METRICS_FILE, SEGMENTS_FILE, EXPERIMENTS_FILE, SOURCES_FILE, SPEND_FILE];

/// A file of a brand directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name within the directory.
    pub name: String,
    /// What is in it.
    pub text: String,
}
