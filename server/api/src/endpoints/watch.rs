//! `GET /api/watch`: watched folders and what came of their files.

use crate::access::Access;
use crate::body::Answer;
use crate::{Route, Server};
use axum::extract::State;
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Lines for people, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TextLines {
    /// English.
    pub en: Vec<String>,
    /// 简体中文.
    pub zh: Vec<String>,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WatchResult {
    /// Its name.
    pub file: String,
    /// When it was put away (UTC µs).
    pub at_us: i64,
    /// Whether anything of it was imported, now or before.
    pub imported: bool,
    /// Rows read.
    pub rows: u64,
    /// Rows that could not be used.
    pub rejected_rows: u64,
    /// Where it is now; a log lies beside it, and rejected rows do.
    pub moved_to: String,
    /// What was recognised, and what came of it.
    pub lines: TextLines,
}

/// A watched folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WatchedFolder {
    /// Where it is on the server.
    pub path: String,
    /// When it was looked at last (UTC µs).
    pub polled_us: Option<i64>,
    /// Why it could not be read, or its next file not imported; it is tried again.
    pub problem: Option<String>,
    /// Whether its next file waits for the brand's time zone and currency: neither the brand has them, nor
    /// does the file show them. Say `timezone` and `currency` in the configuration, or import one file
    /// with them.
    pub needs_settings: bool,
    /// Files that are not complete yet.
    pub waiting_files: u64,
    /// What came of the last files, newest first.
    pub results: Vec<WatchResult>,
}

/// All watched folders.
#[derive(Debug, Serialize, JsonSchema)]
struct Watched {
    /// In the order of the configuration.
    folders: Vec<WatchedFolder>,
}

pub(crate) fn route() -> Route {
    Route::get("/api/watch", "watched_folders", watched)
        .summary("Watched folders, and what came of the last files in each")
        .access(Access::Needs(Permission::ManageSources))
        .answers::<Watched>()
}

async fn watched(State(server): State<Arc<Server>>) -> Answer<Watched> {
    Answer(Watched { folders: server.watched.borrow().clone() })
}
