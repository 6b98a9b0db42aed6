//! `perennial identity …`.

use super::{DataArgs, Format};
use clap::{ArgGroup, Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Subcommand, Serialize, Deserialize)]
pub(crate) enum IdentityAction {
    /// A customer's keys, profiles, and what the journal says about them.
    Show(ShowArgs),
    /// Make two customers one. The journal keeps it, and it can be undone.
    Merge(MergeArgs),
    /// Undo a merge of the journal; later merges stay as far as they can without it.
    Undo(UndoArgs),
    /// Merges of customers, newest first.
    Journal(ListArgs),
    /// Pairs of known customers that may be one person, for you to decide.
    Suggestions(SuggestionsArgs),
    /// Decide a suggestion.
    Decide(DecideArgs),
}

impl IdentityAction {
    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        let arguments = match self {
            Self::Show(arguments) => &arguments.data,
            Self::Merge(arguments) => &arguments.data,
            Self::Undo(arguments) => &arguments.data,
            Self::Journal(arguments) => &arguments.data,
            Self::Suggestions(arguments) => &arguments.list.data,
            Self::Decide(arguments) => &arguments.data,
        };
        &arguments.data
    }
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ShowArgs {
    /// Whom: KIND=VALUE, for example phone=13800138000.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Show keys as they are; otherwise most of each is hidden.
    #[arg(long)]
    pub(crate) reveal: bool,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct MergeArgs {
    /// Who becomes part of the other: KIND=VALUE.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) from: String,
    /// Of whom: KIND=VALUE.
    #[arg(value_name = "KIND=VALUE")]
    pub(crate) into: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Why, for the journal.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct UndoArgs {
    /// Number of the journal's entry.
    pub(crate) entry: u64,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
    /// How they are written.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct SuggestionsArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Show keys as they are; otherwise most of each is hidden.
    #[arg(long)]
    pub(crate) reveal: bool,
}

#[derive(Debug, Args, Serialize, Deserialize)]
#[command(group = ArgGroup::new("decision").required(true).args(["merge", "reject"]))]
pub(crate) struct DecideArgs {
    /// Number of the suggestion.
    pub(crate) suggestion: u64,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// They are one person: merge them.
    #[arg(long)]
    pub(crate) merge: bool,
    /// They are two: do not suggest it again.
    #[arg(long)]
    pub(crate) reject: bool,
}
