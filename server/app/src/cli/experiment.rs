//! `perennial experiment …`.

use super::{DataArgs, Language};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand, Serialize, Deserialize)]
pub(crate) enum ExperimentAction {
    /// Show all experiments with what they say of their main outcome, adjusted for their number.
    List(ListExperiments),
    /// Show one: how it is defined, where it stands, how large its groups are.
    Show(NamedExperiment),
    /// Begin one: fix who takes part, as of its first day, once and for all. Begun again it stays as it is.
    Start(NamedExperiment),
    /// Write who is in which group, as a CSV: customer_id, group.
    Assignments(AssignmentsArgs),
    /// Compare its groups: sizes, difference, lift, interval, verdict, what was brought in all.
    Result(ResultArgs),
}

impl ExperimentAction {
    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        match self {
            Self::List(arguments) => &arguments.data.data,
            Self::Show(arguments) | Self::Start(arguments) => &arguments.data.data,
            Self::Assignments(arguments) => &arguments.data.data,
            Self::Result(arguments) => &arguments.data.data,
        }
    }
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ListExperiments {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Language of the verdicts (otherwise the terminal's).
    #[arg(long, value_enum)]
    pub(crate) lang: Option<Language>,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct NamedExperiment {
    /// Its name.
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct AssignmentsArgs {
    /// Its name.
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Also write the customer's key of this kind: user_id (the same as member), phone, email, unionid, openid,
    /// external_userid, platform or anonymous; empty for whoever has none.
    #[arg(long, value_name = "KIND")]
    pub(crate) key: Option<String>,
    /// Where to write; otherwise the answer is the CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ResultArgs {
    /// Its name.
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// As JSON, with the difference day by day.
    #[arg(long)]
    pub(crate) json: bool,
    /// Language of the table (otherwise the terminal's).
    #[arg(long, value_enum)]
    pub(crate) lang: Option<Language>,
}
