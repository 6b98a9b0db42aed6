//! Commands beside a running server. One process holds a data directory; the others send what they
//! were told through its unix socket and print what comes back.
//!
//! One line of JSON asks, lines of JSON answer, the last one with the exit code. Only the user who
//! runs the server may ask: the socket lies in the private data directory, and the server looks at
//! who is at the other end.

mod client;
mod reply;
mod server;

pub(crate) use client::{connect, forward};
pub(crate) use reply::Reply;
pub(crate) use server::{Listener, answer_all};

use crate::cli::Command;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Name of the socket within the data directory.
const FILE: &str = "perennial.sock";
/// A question longer than this is refused: the command line it stands for could not be.
const MAX_QUESTION_BYTES: usize = 4 << 20;

fn path_of(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// What one process asks of another.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    /// Both must be of one version.
    version: String,
    command: Command,
}

/// A line of an answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Frame {
    /// For standard output.
    Answer(String),
    /// For standard error.
    Aside(String),
    /// Of a progress bar: bytes done, of how many, and a label.
    Progress(u64, u64, String),
    /// The end, with the exit code.
    Exit(u8),
}

const VERSION: &str = env!("CARGO_PKG_VERSION");
