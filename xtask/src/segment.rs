//! Segment's own client against the binary: tests/segment.

use crate::process::{self, cargo};
use crate::web::{installed, npm_in};
use anyhow::Result;
use std::path::Path;

/// Installs the client that tests/segment/package-lock.json names, builds the binary, and lets the
/// client send to it.
pub(crate) fn test(root: &Path) -> Result<()> {
    let folder = root.join("tests/segment");
    if installed(&folder) {
        println!("   tests/segment/node_modules is up to date");
    } else {
        process::run(&mut npm_in(&folder, &["ci", "--no-audit", "--no-fund"]))?;
    }
    process::run(&mut cargo(root, ["build", "--locked", "-p", "perennial", "--quiet"]))?;
    process::run(npm_in(&folder, &["test", "--silent"]).env("PERENNIAL_BIN", process::binary("debug")))
}
