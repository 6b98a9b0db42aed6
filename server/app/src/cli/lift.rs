//! `perennial lift`.

use super::Language;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct LiftArgs {
    /// The experiment, one row a customer: CSV, TSV, XLSX, Parquet, JSON lines, also in .gz or .zip.
    pub(crate) file: PathBuf,
    /// The column that says which arm a customer was assigned to, whatever reached them.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) arm: String,
    /// Its value for the control group.
    #[arg(long, value_name = "VALUE")]
    pub(crate) control: String,
    /// Columns of outcomes: rates where they hold 0, 1, true and false alone, otherwise means.
    #[arg(long, value_name = "COLUMN[,COLUMN]", required = true, value_delimiter = ',')]
    pub(crate) outcome: Vec<String>,
    /// The whole answer as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Level of the intervals.
    #[arg(long, default_value_t = 0.95)]
    pub(crate) level: f64,
    /// Weight with which an arm was assigned, the control group too; repeatable, all arms or none
    /// (otherwise all alike).
    #[arg(long = "expected", value_name = "ARM=WEIGHT")]
    pub(crate) expected: Vec<String>,
    /// A column known before the assignment: the difference is also given post-stratified by it.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) strata: Option<String>,
    /// The smallest difference worth speaking of, as a share (0.01 is one percentage point) or in the
    /// outcome's unit; repeatable.
    #[arg(long = "worthwhile", value_name = "COLUMN=DIFFERENCE")]
    pub(crate) worthwhile: Vec<String>,
    /// Outcomes of which less is good, such as unsubscribes.
    #[arg(long, value_name = "COLUMN[,COLUMN]", value_delimiter = ',')]
    pub(crate) lower_is_better: Vec<String>,
    /// Customers who come each day, all arms together: says how many days are wanted.
    #[arg(long, value_name = "CUSTOMERS")]
    pub(crate) per_day: Option<f64>,
    /// The experiment still runs, and is planned for so many customers: intervals that hold however
    /// often one looks, and a verdict by them.
    #[arg(long, value_name = "CUSTOMERS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) planned: Option<u64>,
    /// Sheet of an XLSX file (otherwise the first that is not empty).
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// Language of the table (otherwise the terminal's).
    #[arg(long, value_enum)]
    pub(crate) lang: Option<Language>,
}
