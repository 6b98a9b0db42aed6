//! Benches: one script each in benches/, run against an optimised build.

use crate::process::{self, cargo, program};
use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// Which bench, and with what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Name of the bench; without one they are listed.
    name: Option<String>,
    /// Arguments for the bench's script.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Lists the benches or runs one. A bench is a script `benches/<name>.sh`; the first line of its
/// opening comment says what it measures. It is given `PERENNIAL_BIN`, the optimised binary, and
/// `PERENNIAL_BENCHES`, the helper program of the crate in benches/.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let benches = list(&root.join("benches"))?;
    let Some(name) = &options.name else {
        println!("benches (cargo xtask bench <name> [arguments]):");
        for (name, about) in benches {
            println!("  {name:<12} {about}");
        }
        return Ok(());
    };
    if !benches.iter().any(|(known, _)| known == name) {
        let known: Vec<_> = benches.iter().map(|(known, _)| known.as_str()).collect();
        bail!("there is no bench {name:?}: there are {}", known.join(", "));
    }
    process::run(&mut cargo(root, ["build", "--locked", "--release", "-p", "perennial", "-p", "perennial-benches"]))?;
    let mut command = program(root, "bash");
    command.arg(root.join("benches").join(format!("{name}.sh"))).args(&options.arguments);
    command.env("PERENNIAL_BIN", process::binary("release"));
    let helper = format!("perennial-benches{}", std::env::consts::EXE_SUFFIX);
    command.env("PERENNIAL_BENCHES", process::target_dir().join("release").join(helper));
    process::run(&mut command)
}

/// Names and descriptions, sorted.
fn list(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut benches = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if let (Some(name), Some("sh")) = (name, path.extension().and_then(|extension| extension.to_str())) {
            benches.push((name, about(&std::fs::read_to_string(&path)?)));
        }
    }
    benches.sort();
    Ok(benches)
}

fn about(script: &str) -> String {
    let comment = script.lines().find_map(|line| line.strip_prefix("# "));
    comment.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_is_described_by_its_first_comment() {
        assert_eq!(about("#!/usr/bin/env bash\n# Reads a file.\n# More.\n"), "Reads a file.");
        assert_eq!(about("#!/usr/bin/env bash\necho\n"), "");
    }
}
