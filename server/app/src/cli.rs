//! What can be said on the command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Keeps the customers a business already has: reads what they did, shows how healthy the base is.
#[derive(Debug, Parser)]
#[command(name = "perennial", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read order files and write a report: one page that opens offline.
    Report(ReportArgs),
    /// Read files into a data directory.
    Import(ImportArgs),
    /// Ask a data directory in SQL: tables `customers` and `events`.
    Query(QueryArgs),
    /// Write a simulated order file, to try things out.
    Generate(GenerateArgs),
    /// Compute every figure of a data directory anew and say how long it took.
    Refold(RefoldArgs),
    /// Erase a customer for good, and keep them from coming back with the next import.
    Erase(EraseArgs),
    /// Check a data directory: checksums, manifest, files.
    Verify(DataArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RevenueBasis {
    /// Refunds netted off.
    Net,
    /// As first paid.
    Gross,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns.
    Table,
    /// Comma-separated values.
    Csv,
    /// An array of objects.
    Json,
}

/// How files are read.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Correct what was recognised: FIELD=COLUMN (a header's name, or its number from 1); repeatable.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    pub(crate) map: Vec<String>,
    /// Time zone of the brand, for example Asia/Shanghai.
    #[arg(long)]
    pub(crate) timezone: Option<String>,
    /// Currency of the amounts, for example CNY.
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// Sheet of an XLSX file (otherwise the first that is not empty).
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// Where rows that cannot be used are written, with line, column and reason (a CSV; otherwise
    /// beside the page, or FILE.rejects.csv here). It names customers.
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// No progress bar.
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Order files: CSV, TSV, XLSX, Parquet, JSON lines, also in .gz or .zip.
    pub(crate) files: Vec<PathBuf>,
    /// Report on this data directory instead of files.
    #[arg(long, value_name = "DIR", conflicts_with = "files")]
    pub(crate) data: Option<PathBuf>,
    /// Where the page is written.
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub(crate) out: PathBuf,
    /// Write the figures as JSON too.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Report as of this day's start (YYYY-MM-DD); otherwise the midnight after the last event.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Which money counts.
    #[arg(long, value_enum, default_value = "net")]
    pub(crate) revenue: RevenueBasis,
    /// Language of the summary and, at first, of the page (otherwise by the files' headers).
    #[arg(long, value_enum)]
    pub(crate) lang: Option<Language>,
    /// Write a CSV with the customers of each finding beside the page.
    #[arg(long)]
    pub(crate) customers: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files to read.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The data directory; made when it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Show what would be read, write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keep a column as p_NAME of the table `events`; repeatable. TYPE is text, integer, number or
    /// boolean (otherwise by content). A value of another type is left empty and counted.
    #[arg(long = "property", value_name = "NAME=COLUMN[:TYPE]")]
    pub(crate) properties: Vec<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// The question, for example "select stage, count(*) from customers group by stage".
    pub(crate) sql: String,
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// How the answer is written.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// As of this day's start (YYYY-MM-DD); otherwise the midnight after the last event.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Which money counts.
    #[arg(long, value_enum, default_value = "net")]
    pub(crate) revenue: RevenueBasis,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// How many customers.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) customers: u64,
    /// About how many rows.
    #[arg(long, default_value_t = 200_000)]
    pub(crate) events: u64,
    /// Where to write (a CSV).
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Language of the headers.
    #[arg(long, value_enum, default_value = "en")]
    pub(crate) lang: Language,
}

#[derive(Debug, Args)]
pub(crate) struct RefoldArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// As JSON: events, customers, wall_s, cpu_s, peak_rss_bytes.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    /// Whom: KIND=VALUE with kind member, phone, email or platform.
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}
