//! psql and psycopg against the built binary.

use crate::process::{self, program};
use anyhow::Result;
use std::path::Path;

const REQUIREMENTS: &str = "tests/sql/requirements.txt";

/// What is missing to run them, if anything.
pub(crate) fn missing(root: &Path) -> Option<&'static str> {
    if !process::succeeds(program(root, "psql").arg("--version")) {
        return Some("psql is missing: on Debian `apt-get install postgresql-client`");
    }
    if !process::succeeds(program(root, "python3").args(["-c", "import venv, ensurepip"])) {
        return Some("python3 with venv is missing: on Debian `apt-get install python3-venv`");
    }
    None
}

/// Runs them against the binary, built before; psycopg goes into a folder of its own beside what cargo builds.
pub(crate) fn test(root: &Path) -> Result<()> {
    let folder = process::target_dir().join("sql-clients");
    let python = folder.join("bin/python");
    if !python.exists() {
        process::run(program(root, "python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS];
    process::run(program(root, &python).args(install))?;
    let mut clients = program(root, &python);
    process::run(clients.arg("tests/sql/clients.py").arg(process::binary("debug")).arg("tests/fixtures/shop.csv"))
}
