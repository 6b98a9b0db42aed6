//! What can be configured. The documentation of each key is its comment here: the schema in
//! `schemas/config.schema.json` is made of them.

mod first;
mod limits;
mod load;
#[cfg(test)]
mod tests;

pub(crate) use first::settle;
pub(crate) use limits::{Ingest, Uploads};
pub(crate) use load::{Sources, load};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Name of the file within a data directory.
pub(crate) const FILE: &str = "perennial.toml";

/// Configuration of `perennial serve`: a file `perennial.toml` in the data directory, or the one given
/// with --config. A variable of the environment goes before the file: PERENNIAL_LISTEN is `listen`,
/// PERENNIAL_HTTP_CONNECTIONS is `connections` of `[http]`. What is said on the command line goes
/// before both.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where the dashboard and the HTTP API listen, for example `127.0.0.1:7070`. Without it only
    /// commands of this machine are answered, through the socket in the data directory.
    pub(crate) listen: Option<SocketAddr>,
    /// How the dashboard is reached from outside, for example `https://crm.example`: printed links
    /// begin with it. Without it they begin with the address that is listened to.
    pub(crate) public_url: Option<String>,
    /// Where manifest, identities and accounts of a data directory are that is made now: a
    /// `postgres://` address, or `sqlite` for files in the directory, which is also meant where nothing
    /// is said. The directory remembers it; `perennial migrate-store` moves a brand.
    pub(crate) store: Option<String>,
    /// Time zone in which the days of a brand begin that has none yet, for example `Asia/Shanghai`; said
    /// together with `currency`. A brand keeps the ones that it has, from its first import for example.
    pub(crate) timezone: Option<String>,
    /// Currency of a brand that has none yet, for example `CNY`; said together with `timezone`.
    pub(crate) currency: Option<String>,
    /// What is logged, to standard error.
    pub(crate) log: Log,
    /// Connections to the dashboard and the API.
    pub(crate) http: Http,
    /// Messages that are sent to `/v1`.
    pub(crate) ingest: Ingest,
    /// Files that are uploaded to be imported.
    pub(crate) uploads: Uploads,
    /// Members who are signed in.
    pub(crate) sessions: Sessions,
    /// SQL of analysts.
    pub(crate) sql: Sql,
    /// Folders whose new files are imported.
    pub(crate) watch: Vec<Watch>,
    /// Seconds between two looks into watched folders; 5 without it.
    #[schemars(range(min = 1, max = 3600))]
    pub(crate) watch_every_secs: Option<u32>,
}

/// What is logged, to standard error. No personal data, no keys, no queries' values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    /// From which level on. `info` has a line for each request but those that send events, `debug` for
    /// those, too.
    pub(crate) level: LogLevel,
    /// How a line looks.
    pub(crate) format: LogFormat,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogLevel {
    /// What failed.
    Error,
    /// And what somebody should look at.
    Warn,
    /// And requests.
    #[default]
    Info,
    /// And requests that send events.
    Debug,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// One object of JSON.
    #[default]
    Json,
    /// For people.
    Text,
}

/// Connections to the dashboard and the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Http {
    /// Connections held at once; further ones are answered 503 and closed. Each takes a file of the
    /// process: where its limit is lower, fewer are held and a warning says so.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) connections: u32,
    /// A connection on which no whole request header arrives for so many seconds is closed, one kept
    /// alive as well.
    #[schemars(range(min = 1, max = 3600))]
    pub(crate) idle_secs: u32,
    /// A body may take so many seconds longer than at the slowest speed.
    #[schemars(range(min = 1, max = 3600))]
    pub(crate) body_secs: u32,
    /// The slowest speed at which a body may come, bytes per second.
    #[schemars(range(min = 1))]
    pub(crate) body_bytes_per_sec: u32,
    /// A client that takes nothing of its answer for so many seconds is given up.
    #[schemars(range(min = 1, max = 3600))]
    pub(crate) write_secs: u32,
    /// Seconds that requests under way may take to end when the server is told to stop.
    #[schemars(range(max = 3600))]
    pub(crate) shutdown_secs: u32,
    /// Proxies in front of the server, as addresses or networks (`10.0.0.0/8`). What they say in
    /// X-Forwarded-For, -Proto and -Host is believed; what others say is not.
    pub(crate) trusted_proxies: Vec<String>,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            connections: 16_384,
            idle_secs: 75,
            body_secs: 30,
            body_bytes_per_sec: 1024,
            write_secs: 30,
            shutdown_secs: 10,
            trusted_proxies: Vec::new(),
        }
    }
}

/// Members who are signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sessions {
    /// A session ends when it was not used for so many days.
    #[schemars(range(min = 1, max = 3650))]
    pub(crate) idle_days: u16,
    /// A session ends after so many days however it is used.
    #[schemars(range(min = 1, max = 3650))]
    pub(crate) longest_days: u16,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_days: 14, longest_days: 90 }
    }
}

/// SQL of analysts: `POST /api/query` and the PostgreSQL protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sql {
    /// Where the PostgreSQL protocol is spoken, for example `127.0.0.1:5433`; nowhere without it.
    pub(crate) listen: Option<SocketAddr>,
    /// Connections of the PostgreSQL protocol at once.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) connections: u32,
    /// Certificate of the PostgreSQL protocol, a PEM file; needed, with its key, to listen for other
    /// machines.
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The certificate's key, a PEM file.
    pub(crate) tls_key: Option<PathBuf>,
    /// Whether passwords of other machines may come unencrypted.
    pub(crate) allow_plaintext: bool,
    /// Seconds a statement may take.
    #[schemars(range(min = 1, max = 86_400))]
    pub(crate) time_secs: u32,
    /// Megabytes of memory that sorting, grouping and joining of a statement may take.
    #[schemars(range(min = 16, max = 1_048_576))]
    pub(crate) memory_mb: u32,
    /// Rows of an answer of `POST /api/query`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) rows: u32,
    /// Statements that run at once; others wait.
    #[schemars(range(min = 1, max = 64))]
    pub(crate) concurrency: u32,
}

impl Default for Sql {
    fn default() -> Self {
        Self {
            listen: None,
            connections: 20,
            tls_certificate: None,
            tls_key: None,
            allow_plaintext: false,
            time_secs: 30,
            memory_mb: 256,
            rows: 10_000,
            concurrency: 2,
        }
    }
}

/// A folder whose new files are imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Watch {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// Corrections of what is recognised, each FIELD=COLUMN, as `--map` of `perennial import`.
    #[serde(default)]
    pub(crate) map: Vec<String>,
}

/// The schema of all keys.
#[cfg(test)]
pub(crate) fn schema() -> serde_json::Value {
    schemars::schema_for!(Config).to_value()
}
