//! `perennial generate` and `perennial simulate`.

use super::Language;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// An order file, as shops export them (a CSV).
    Orders,
    /// Two years of messages of a brand that lives on (JSON lines for `import`, also as .gz).
    Brand,
}

/// Which simulated brand.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct BrandArgs {
    /// How many customers; of a brand about so many in its first two years.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) customers: u64,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Language of headers, products and texts.
    #[arg(long, value_enum, default_value = "en")]
    pub(crate) lang: Language,
    /// First day of a brand (YYYY-MM-DD, China's time; otherwise two years before today).
    #[arg(long, value_name = "DATE")]
    pub(crate) start: Option<String>,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct GenerateArgs {
    /// What is written.
    #[arg(long, value_enum, default_value = "orders")]
    pub(crate) kind: Kind,
    #[command(flatten)]
    pub(crate) brand: BrandArgs,
    /// About how many rows an order file has [default: 200000].
    #[arg(long)]
    pub(crate) events: Option<u64>,
    /// Where to write.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// A brand's messages before this day's start (YYYY-MM-DD, China's time; otherwise before now).
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// Also write what is true of the brand's customers, to test figures against (JSON).
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    /// Also remember how far the history goes, for `simulate --state` to go on from there.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) campaign: CampaignArgs,
}

/// A campaign whose effect is known, to try out whether it is measured.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct CampaignArgs {
    /// Let the customers of this CSV order once more with a known probability; everything else happens as it
    /// would without. It is what `experiment assignments --key user_id` writes; holdout and global_control
    /// are left alone.
    #[arg(long = "campaign", value_name = "FILE", requires_all = ["campaign_day", "campaign_effect"])]
    pub(crate) file: Option<PathBuf>,
    /// The campaign's first day (YYYY-MM-DD, China's time).
    #[arg(id = "campaign_day", long = "campaign-day", value_name = "DATE", requires = "file")]
    pub(crate) day: Option<String>,
    /// For how many days those orders come.
    #[arg(id = "campaign_days", long = "campaign-days", value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(crate) days: u16,
    /// The probability that a customer orders once more, from 0 to 1.
    #[arg(id = "campaign_effect", long = "campaign-effect", value_name = "SHARE", requires = "file")]
    pub(crate) effect: Option<f64>,
}

impl GenerateArgs {
    /// Whether anything was said that an order file does not know.
    pub(crate) const fn is_about_brand(&self) -> bool {
        let asked = self.until.is_some() || self.truth.is_some() || self.state.is_some();
        asked || self.brand.start.is_some() || self.campaign.file.is_some()
    }
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) brand: BrandArgs,
    /// The server, for example http://127.0.0.1:7070.
    #[arg(long)]
    pub(crate) url: String,
    /// A write key of the server (`perennial key create`).
    #[arg(long, value_name = "KEY")]
    pub(crate) write_key: String,
    /// So many messages a second: the brand's time runs as fast as that takes, and what happens is
    /// dated now. Otherwise its time is ours.
    #[arg(long, value_name = "N")]
    pub(crate) rate: Option<f64>,
    /// Remember here how far the brand has come, to go on from there (otherwise from now).
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}
