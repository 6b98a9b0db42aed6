//! `perennial acquisition`.

use super::{DataArgs, Language};
use clap::Args;
use serde::{Deserialize, Serialize};

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct AcquisitionArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The first month; otherwise the eleventh before the last, none before the first event.
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) since: Option<String>,
    /// The last month; otherwise that of the latest event.
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) until: Option<String>,
    /// Instead, how rules (first, last, linear, position, time decay) divide the credit of first orders among the
    /// sources that were there; it proves no cause.
    #[arg(long)]
    pub(crate) attribution: bool,
    /// As JSON; money in minor units.
    #[arg(long)]
    pub(crate) json: bool,
    /// Language of the words (otherwise the terminal's).
    #[arg(long, value_enum)]
    pub(crate) lang: Option<Language>,
}
