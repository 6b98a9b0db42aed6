//! `perennial rights …`.

use super::DataArgs;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand, Serialize, Deserialize)]
pub(crate) enum RightsAction {
    /// Write all that is kept about a customer into one ZIP file, to hand over.
    Export(ExportArgs),
    /// Correct a customer's keys and traits.
    Correct(CorrectArgs),
}

impl RightsAction {
    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        match self {
            Self::Export(arguments) => &arguments.data.data,
            Self::Correct(arguments) => &arguments.data.data,
        }
    }
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ExportArgs {
    /// Whom: KIND=VALUE, for example phone=13800138000.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) customer: String,
    /// Where to write; a file that is there stays.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct CorrectArgs {
    /// Whom: KIND=VALUE.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) customer: String,
    /// A key that the customer has; repeatable.
    #[arg(long = "add", value_name = "KIND=VALUE")]
    pub(crate) add: Vec<String>,
    /// A key that the customer has not; repeatable.
    #[arg(long = "remove", value_name = "KIND=VALUE")]
    pub(crate) remove: Vec<String>,
    /// A trait as it is, for example city=杭州; with nothing behind the = there is none; repeatable.
    #[arg(long = "trait", value_name = "NAME=TEXT")]
    pub(crate) traits: Vec<String>,
    /// Why, for the timeline.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}
