//! `perennial check`, `plan`, `apply` and `export`: metrics, segments and experiments as files.

use super::DataArgs;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct CheckArgs {
    /// The brand directory: brand.yaml, metrics.yaml, segments.yaml, experiments.yaml, sources.yaml and spend.yaml, those
    /// that are there.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Check against this data directory too: its time zone and currency, and the properties it knows.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// As JSON: problems, each with file, line, column, message and fix.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct PlanArgs {
    /// The brand directory.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// As JSON: version, changes, undeclared.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ApplyArgs {
    /// The brand directory.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Why, for those who read the list of versions.
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ExportDefinitionsArgs {
    /// The brand directory; made when it is not there.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Write over files that were changed since they were applied.
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Also write the JSON Schema of each file into DIR/schemas, for editors to complete from.
    #[arg(long)]
    pub(crate) schemas: bool,
}
