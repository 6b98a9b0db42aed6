//! What can be said on the command line.

mod acquisition;
mod consent;
mod customers;
mod definitions;
mod experiment;
mod identity;
mod lift;
mod rights;
mod simulation;

pub(crate) use acquisition::AcquisitionArgs;
pub(crate) use consent::{ConfigureArgs, ConsentAction, ConsentShowArgs, ProofArgs};
pub(crate) use customers::{CustomersArgs, CustomersEncoding, CustomersFormat};
pub(crate) use definitions::{ApplyArgs, CheckArgs, ExportDefinitionsArgs, PlanArgs};
pub(crate) use experiment::{AssignmentsArgs, ExperimentAction, ListExperiments, NamedExperiment, ResultArgs};
pub(crate) use identity::{DecideArgs, IdentityAction, ListArgs, MergeArgs, ShowArgs, SuggestionsArgs, UndoArgs};
pub(crate) use lift::LiftArgs;
pub(crate) use simulation::{BrandArgs, CampaignArgs, GenerateArgs, Kind, SimulateArgs};

pub(crate) use rights::{CorrectArgs, ExportArgs, RightsAction};

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Keeps the customers a business already has: reads what they did, shows how healthy the base is.
#[derive(Debug, Parser)]
#[command(name = "perennial", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
pub(crate) enum Command {
    /// Read order files and write a report: one page that opens offline.
    Report(ReportArgs),
    /// Read files into a data directory.
    Import(ImportArgs),
    /// Ask a data directory in SQL: tables `customers`, `events`, `identities` and `columns`.
    Query(QueryArgs),
    /// Write customers into a file: an audience as CSV, XLSX or Parquet, keys masked unless told otherwise;
    /// audited.
    Customers(CustomersArgs),
    /// Compare the arms of an experiment with its control group: difference, lift, interval, verdict.
    Lift(LiftArgs),
    /// Write a simulated brand's orders or messages, to try things out.
    Generate(GenerateArgs),
    /// Let a simulated brand live on: send what its customers do to a server, until told to stop.
    Simulate(SimulateArgs),
    /// Compute every figure of a data directory anew and say how long it took.
    Refold(RefoldArgs),
    /// Erase a customer for good, and keep them from coming back with the next import.
    Erase(EraseArgs),
    /// Show and mend which keys lead to which customer: a journal of merges that can be undone.
    #[command(subcommand)]
    Identity(IdentityAction),
    /// Consent of a customer: show it with its proof, give it, withdraw it.
    #[command(subcommand)]
    Consent(ConsentAction),
    /// What customers may ask for: all that is kept about them as one file, and corrections (`erase` is a
    /// command of its own).
    #[command(subcommand)]
    Rights(RightsAction),
    /// Check a data directory: checksums, manifest, files, and a running server's live table.
    Verify(VerifyArgs),
    /// Declare what events must look like, and what becomes of messages that do not.
    Schema(SchemaArgs),
    /// Check a brand directory: metrics, segments, experiments, sources and spend as files; every problem with its
    /// place and the fix.
    Check(CheckArgs),
    /// Show what applying a brand directory would change.
    Plan(PlanArgs),
    /// Make a brand directory what counts, as a new version.
    Apply(ApplyArgs),
    /// Write what counts as files of a brand directory; comments stay where nothing changed.
    Export(ExportDefinitionsArgs),
    /// Experiments: begin them, say who is in which group, measure what was changed.
    #[command(subcommand)]
    Experiment(ExperimentAction),
    /// What is spent to win and to keep customers, month by month, and what those of each source cost and do.
    Acquisition(AcquisitionArgs),
    /// Print a link that makes the first owner, or sets an owner's password anew.
    OwnerLink(OwnerLinkArgs),
    /// Move a brand's relational store from its data directory into a PostgreSQL database, or back.
    MigrateStore(MigrateStoreArgs),
    /// Make, list and revoke write keys, with which messages are sent to a server.
    #[command(subcommand)]
    Key(KeyAction),
    /// Hold a data directory: keep all customers in memory as events arrive, and answer other commands.
    Serve(ServeArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum RevenueBasis {
    /// Refunds netted off.
    Net,
    /// As first paid.
    Gross,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum Calendar {
    /// China's: Spring Festival.
    Cn,
    /// None.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum Format {
    /// Aligned columns.
    Table,
    /// Comma-separated values.
    Csv,
    /// An array of objects.
    Json,
}

/// How files are read.
#[derive(Debug, Args, Serialize, Deserialize)]
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

#[derive(Debug, Args, Serialize, Deserialize)]
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
    /// Holidays that move with the year, by which the same period last year is found (otherwise cn
    /// where the files' headers are Chinese or the time zone is).
    #[arg(long, value_enum)]
    pub(crate) calendar: Option<Calendar>,
    /// Window of the active rate, days.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=140))]
    pub(crate) active_window: u16,
    /// A customer is active with orders, visits and the like on at least so many days of the window.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) active_k: u16,
    /// Write a CSV with the customers of each finding beside the page.
    #[arg(long)]
    pub(crate) customers: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args, Serialize, Deserialize)]
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

#[derive(Debug, Args, Serialize, Deserialize)]
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

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct RefoldArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// As JSON: events, customers, wall_s, cpu_s, peak_rss_bytes.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct DataArgs {
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Give up a damaged run that no backup has: its rows are lost. `verify` says how many and names
    /// it; repeatable.
    #[arg(long, value_name = "RUN")]
    pub(crate) forget: Vec<String>,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct EraseArgs {
    /// Whom: KIND=VALUE, for example email=ann@example.com; kinds are member, unionid, phone, email,
    /// openid (as openid@app), external_userid, platform (as taobao:name) and anonymous.
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct SchemaArgs {
    #[command(subcommand)]
    pub(crate) action: SchemaAction,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
pub(crate) enum SchemaAction {
    /// Declare the schemas of a file (JSON: one, or a list of them), as a new version of each.
    Set {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Show the declared schemas.
    List(DataArgs),
    /// Show messages that do not fit their schema: how many, of which event, and why; not what they hold.
    Aside {
        #[command(flatten)]
        data: DataArgs,
        /// Show so many reasons at most, the most frequent first.
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Try messages kept aside again, after a schema was mended.
    Replay(DataArgs),
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
pub(crate) enum KeyAction {
    /// Make a write key and print it: it works at once, and only a hash of it is kept.
    Create {
        /// Who sends with it, for example "web shop".
        #[arg(long)]
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Show all write keys: number, whether it works, name.
    List(DataArgs),
    /// Revoke a write key at once.
    Revoke {
        /// Its number, as `key list` shows it.
        key_id: u64,
        #[command(flatten)]
        data: DataArgs,
    },
}

impl KeyAction {
    fn data(&self) -> &Path {
        match self {
            Self::Create { data, .. } | Self::List(data) | Self::Revoke { data, .. } => &data.data,
        }
    }
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct OwnerLinkArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Of several owners the one with this e-mail; otherwise the first.
    #[arg(long)]
    pub(crate) email: Option<String>,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct MigrateStoreArgs {
    /// Where it is: the data directory, or postgres://…
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) from: String,
    /// Where it goes: postgres://… of an empty database, or the data directory.
    #[arg(long, value_name = "URL|DIR")]
    pub(crate) to: String,
}

#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Where the dashboard and the HTTP API listen, for example 127.0.0.1:7070.
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// Where the PostgreSQL protocol is spoken, for example 127.0.0.1:5433: psql, drivers and reporting
    /// tools ask SQL there.
    #[arg(long, value_name = "ADDR")]
    pub(crate) sql_listen: Option<SocketAddr>,
    /// Import every file that is put into this folder and has stopped growing, then move it to its
    /// subfolder done or failed; repeatable.
    #[arg(long = "watch", value_name = "DIR")]
    pub(crate) watch: Vec<PathBuf>,
    /// Look into watched folders so often (otherwise every 5 seconds).
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) watch_every: Option<u32>,
    /// Configuration, otherwise perennial.toml in the data directory. The environment's PERENNIAL_…
    /// goes before it, and what is said here before both.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

impl Command {
    /// The data directory whose server can carry the command out.
    pub(crate) fn data(&self) -> Option<&Path> {
        match self {
            Self::Report(arguments) => arguments.data.as_deref(),
            Self::Import(arguments) => (!arguments.dry_run).then_some(&arguments.data),
            Self::Query(arguments) => Some(&arguments.data),
            Self::Customers(arguments) => Some(&arguments.data.data),
            Self::Erase(arguments) => Some(&arguments.data.data),
            Self::Verify(arguments) => Some(&arguments.data.data),
            Self::OwnerLink(arguments) => Some(&arguments.data.data),
            Self::Identity(action) => Some(action.data()),
            Self::Consent(action) => Some(action.data()),
            Self::Rights(action) => Some(action.data()),
            Self::Schema(arguments) => Some(arguments.action.data()),
            Self::Check(arguments) => arguments.data.as_deref(),
            Self::Plan(arguments) => Some(&arguments.data.data),
            Self::Apply(arguments) => Some(&arguments.data.data),
            Self::Export(arguments) => Some(&arguments.data.data),
            Self::Experiment(action) => Some(action.data()),
            Self::Acquisition(arguments) => Some(&arguments.data.data),
            Self::Key(action) => Some(action.data()),
            Self::Lift(_)
            | Self::Generate(_)
            | Self::Simulate(_)
            | Self::MigrateStore(_)
            | Self::Refold(_)
            | Self::Serve(_) => None,
        }
    }

    /// With paths that mean the same in a process of another folder.
    pub(crate) fn absolute(mut self) -> std::io::Result<Self> {
        match &mut self {
            Self::Report(arguments) => {
                make_absolute(arguments.data.as_mut())?;
                make_absolute([&mut arguments.out])?;
                make_absolute(arguments.json.as_mut())?;
            }
            Self::Import(arguments) => {
                let rejects = arguments.default_rejects();
                make_absolute(&mut arguments.files)?;
                make_absolute([&mut arguments.data, arguments.read.rejects.get_or_insert(rejects)])?;
            }
            Self::Customers(arguments) => make_absolute([&mut arguments.out])?,
            Self::Rights(RightsAction::Export(arguments)) => make_absolute([&mut arguments.out])?,
            Self::Experiment(ExperimentAction::Assignments(arguments)) => make_absolute(arguments.out.as_mut())?,
            Self::Check(arguments) => make_absolute([&mut arguments.folder])?,
            Self::Plan(arguments) => make_absolute([&mut arguments.folder])?,
            Self::Apply(arguments) => make_absolute([&mut arguments.folder])?,
            Self::Export(arguments) => make_absolute([&mut arguments.folder])?,
            Self::Schema(SchemaArgs { action: SchemaAction::Set { file, .. } }) => make_absolute([file])?,
            _ => {}
        }
        Ok(self)
    }
}

impl SchemaAction {
    fn data(&self) -> &Path {
        match self {
            Self::Set { data, .. } | Self::Aside { data, .. } | Self::List(data) | Self::Replay(data) => &data.data,
        }
    }
}

fn make_absolute<'a>(paths: impl IntoIterator<Item = &'a mut PathBuf>) -> std::io::Result<()> {
    paths.into_iter().try_for_each(|path| {
        *path = std::path::absolute(&*path)?;
        Ok(())
    })
}

impl ImportArgs {
    /// Where rejected rows go unless told otherwise.
    pub(crate) fn default_rejects(&self) -> PathBuf {
        let first = self.files.first().and_then(|file| file.file_name()).unwrap_or_default();
        PathBuf::from(format!("{}.rejects.csv", first.to_string_lossy()))
    }
}
