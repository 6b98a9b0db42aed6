//! PostgreSQL for the tests: installed where it may be, started as a server of their own.

use crate::process::{self, program};
use crate::web::may_install;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

/// Starts a private server, and takes it away when its input ends.
const SCRIPT: &str = "core/testkit/src/postgres.sh";
/// Tells the tests of the server that they share.
pub(crate) const VARIABLE: &str = "PERENNIAL_TEST_POSTGRES";
/// Another installation may be under way on a machine that has just started.
const LOCK_WAIT: &str = "-oDPkg::Lock::Timeout=300";
/// Says whether an installation makes a server of its own, which would be one too many.
const DEBIAN_SETTINGS: &str = "/etc/postgresql-common/createcluster.conf";

/// A running server; it goes when this is dropped.
pub(crate) struct Server {
    script: Child,
    /// Its programs and address, as the tests want them.
    pub(crate) line: String,
}

impl Server {
    /// Starts one, installing PostgreSQL first where that can be done without asking.
    pub(crate) fn start(root: &Path) -> Result<Self> {
        match Self::start_installed(root) {
            Err(problem) if problem.to_string().contains("PostgreSQL is missing") && may_install(root) => {
                install(root)?;
                Self::start_installed(root)
            }
            outcome => outcome,
        }
    }

    fn start_installed(root: &Path) -> Result<Self> {
        let mut command = program(root, "sh");
        let mut script = command.arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(script.stdout.take().context("sh has no output")?).read_line(&mut line)?;
        let line = line.trim().to_owned();
        match line.strip_prefix("error: ") {
            None if !line.is_empty() => Ok(Self { script, line }),
            reason => {
                script.wait()?;
                bail!("{}", reason.unwrap_or("the script that starts PostgreSQL ended"))
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        // What is left of it is in a temporary folder.
        drop(self.script.wait());
    }
}

fn install(root: &Path) -> Result<()> {
    println!("   installing PostgreSQL with apt-get");
    let apt = |arguments: &[&str]| {
        process::run(program(root, "apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["-qq", LOCK_WAIT, "update"])?;
    apt(&["-qq", LOCK_WAIT, "install", "--yes", "--no-install-recommends", "postgresql-common"])?;
    let settings = std::fs::read_to_string(DEBIAN_SETTINGS).unwrap_or_default();
    if !settings.lines().any(|line| line.trim_start().starts_with("create_main_cluster")) {
        std::fs::write(DEBIAN_SETTINGS, format!("{settings}\ncreate_main_cluster = false\n"))?;
    }
    apt(&["-qq", LOCK_WAIT, "install", "--yes", "--no-install-recommends", "postgresql"])
}
