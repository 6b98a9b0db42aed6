//! Every check and test, in one order, for people and for the continuous integration.

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::{demo, tidy, web};
use anyhow::Result;
use std::path::Path;

/// How much to run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// No browser and no services; without npm the web checks are left out.
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Property tests with thirty times as many cases.
    #[arg(long)]
    full: bool,
}

/// Cases of a property test in `--full`; proptest's own default is 256.
const FULL_CASES: &str = "8192";

/// Runs all steps, then lists those that failed.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    steps.run("tidy", || tidy::run(root));
    steps.run("format", || process::run(&mut cargo(root, ["fmt", "--all", "--", "--check"])));
    // Before anything of Rust is built: the binary embeds the page.
    let web_ready = web_build(root, options, &mut steps);
    steps.run("clippy", || {
        let arguments = ["clippy", "--locked", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
        process::run(&mut cargo(root, arguments))
    });
    steps.run("rust tests", || rust_tests(root, options));
    if tidy::has_doc_tests(root)? {
        steps.run("doc tests", || process::run(&mut cargo(root, ["test", "--locked", "--workspace", "--doc"])));
    }
    if web_ready {
        steps.run("web unit tests", || web::script(root, "test"));
        steps.run("web check", || web::script(root, "check"));
    }
    match (web_ready, options.quick) {
        (true, false) => {
            steps.run("browser test", || web::browser_test(root, None));
            steps.run("browser test of a page of the binary", || {
                let folder = process::target_dir().join("browser-test");
                web::browser_test(root, Some(&demo::page(root, &folder)?))
            });
            steps.run("browser test of the dashboard", || web::dashboard_test(root));
        }
        (true, true) => steps.skip("browser test", "--quick"),
        (false, _) => steps.skip("browser test", "the page is not built"),
    }
    steps.finish()
}

/// Whether the page could be built.
fn web_build(root: &Path, options: &Options, steps: &mut Steps) -> bool {
    if options.quick && !web::npm_runs(root) {
        steps.skip("web build", "npm is missing: install Node.js 20.19 or newer to check the pages too");
        return false;
    }
    let mut built = false;
    steps.run("web build", || {
        web::install_and_build(root)?;
        built = true;
        Ok(())
    });
    built
}

fn rust_tests(root: &Path, options: &Options) -> Result<()> {
    let mut command = if process::succeeds(&mut cargo(root, ["nextest", "--version"])) {
        cargo(root, ["nextest", "run", "--locked", "--workspace"])
    } else {
        println!("   cargo-nextest is missing: using cargo test");
        cargo(root, ["test", "--locked", "--workspace", "--lib", "--bins", "--tests", "--quiet"])
    };
    if options.full {
        command.env("PROPTEST_CASES", FULL_CASES);
    }
    process::run(&mut command)
}
