//! Segment's own client against the binary: tests/segment.

use crate::process;
use crate::web::{installed, npm_in};
use anyhow::Result;
use std::path::Path;

/// Installs the client that tests/segment/package-lock.json names, and lets it send to the binary,
/// built before.
pub(crate) fn test(root: &Path) -> Result<()> {
    let folder = root.join("tests/segment");
    if installed(&folder) {
        println!("   tests/segment/node_modules is up to date");
    } else {
        process::run(&mut npm_in(&folder, &["ci", "--no-audit", "--no-fund"]))?;
    }
    process::run(npm_in(&folder, &["test", "--silent"]).env("PERENNIAL_BIN", process::binary("debug")))
}
