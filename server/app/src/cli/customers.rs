//! `perennial customers`.

use super::DataArgs;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum CustomersFormat {
    /// Comma-separated values: money in major units, times by the brand's clock.
    Csv,
    /// A sheet of Excel, with real numbers, days and times; up to 1,048,575 customers.
    Xlsx,
    /// Typed columns: exact decimals, times in UTC.
    Parquet,
}

/// How text of CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum CustomersEncoding {
    /// UTF-8 with the mark by which Excel knows it.
    Utf8Bom,
    /// UTF-8 and nothing else.
    Utf8,
    /// GB 18030, for programs that read nothing else.
    Gb18030,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct CustomersArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Where to write; a file that is there stays.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// What kind of file (otherwise by the end of its name).
    #[arg(long, value_enum)]
    pub(crate) format: Option<CustomersFormat>,
    /// Those in this segment; repeatable: those in all of them.
    #[arg(long = "segment", value_name = "NAME")]
    pub(crate) segments: Vec<String>,
    /// Those in this list.
    #[arg(long, value_name = "NAME")]
    pub(crate) list: Option<String>,
    /// Those with this tag.
    #[arg(long, value_name = "NAME")]
    pub(crate) tag: Option<String>,
    /// Those who meet a condition, for example "orders >= 3 and stage = 'at_risk'".
    #[arg(long = "where", value_name = "SQL")]
    pub(crate) condition: Option<String>,
    /// Columns, separated by commas: customer_id, keys (phone, email, member, unionid, openid,
    /// external_userid, platform, anonymous) and those of the table `customers`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Keys in full; otherwise phones, e-mails and the like are masked.
    #[arg(long)]
    pub(crate) unmasked: bool,
    /// How text of CSV is written.
    #[arg(long, value_enum, default_value = "utf8-bom")]
    pub(crate) encoding: CustomersEncoding,
    /// As of this day's start (YYYY-MM-DD); otherwise the midnight after the last event. Segments, lists and
    /// tags are as they are defined now.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}
