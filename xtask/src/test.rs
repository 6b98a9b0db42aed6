//! Every check and test, in one order, for people and for the continuous integration.

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::{demo, postgres, segment, sql_clients, tidy, web};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// How much to run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// No browser and no services; without npm the web checks are left out.
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Property tests with thirty times as many cases, ten times as many kills, stores of a million rows.
    #[arg(long)]
    full: bool,
}

/// Cases of a property test in `--full`; proptest's own default is 256.
const FULL_CASES: &str = "8192";

/// Modules of the end-to-end tests in which the store matters.
const POSTGRES_TESTS: [&str; 6] = ["beside_server", "data_directory", "identity", "kills", "messages", "properties"];

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
    let postgres = postgres_server(root, options, &mut steps);
    steps.run("rust tests", || rust_tests(root, options, postgres.as_ref()));
    match &postgres {
        Some(server) => steps.run("end-to-end tests on PostgreSQL", || postgres_tests(root, options, server)),
        None => steps.skip("end-to-end tests on PostgreSQL", "there is no PostgreSQL"),
    }
    drop(postgres);
    // From here on the binary is used that the tests have built.
    match (options.quick, sql_clients::missing(root)) {
        (true, _) => steps.skip("psql and psycopg", "--quick"),
        (false, Some(reason)) => steps.skip("psql and psycopg", reason),
        (false, None) => steps.run("psql and psycopg", || sql_clients::test(root)),
    }
    steps.run("demo", || demo::check(root));
    if tidy::has_doc_tests(root)? {
        steps.run("doc tests", || process::run(&mut cargo(root, ["test", "--locked", "--workspace", "--doc"])));
    }
    match web::npm_runs(root) {
        true => steps.run("Segment's client", || segment::test(root)),
        false => steps.skip("Segment's client", "npm is missing: install Node.js 20.19 or newer to check it too"),
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

/// A server for the tests. Without it they pass over what needs one.
fn postgres_server(root: &Path, options: &Options, steps: &mut Steps) -> Option<postgres::Server> {
    if options.quick {
        steps.skip("PostgreSQL", "--quick");
        return None;
    }
    let mut started = None;
    steps.run("PostgreSQL", || {
        started = Some(postgres::Server::start(root)?);
        Ok(())
    });
    started
}

/// The end-to-end tests in which the store matters, once more.
fn postgres_tests(root: &Path, options: &Options, server: &postgres::Server) -> Result<()> {
    let mut command = if has_nextest(root) {
        // Of the whole workspace, as before: for one package alone much would be built once more.
        let modules = POSTGRES_TESTS.map(|module| format!("test(/^{module}::/)")).join(" + ");
        let mut command = cargo(root, NEXTEST);
        command.arg("-E").arg(format!("binary(e2e) & ({modules})"));
        command
    } else {
        let mut command = cargo(root, ["test", "--locked", "-p", "perennial", "--test", "e2e", "--quiet", "--"]);
        command.args(POSTGRES_TESTS);
        command
    };
    thorough(&mut command, options);
    process::run(command.env(postgres::VARIABLE, &server.line).env("PERENNIAL_TEST_STORE", "postgres"))
}

/// A failure should not keep the others from being seen.
const NEXTEST: [&str; 5] = ["nextest", "run", "--locked", "--workspace", "--no-fail-fast"];

fn has_nextest(root: &Path) -> bool {
    process::succeeds(&mut cargo(root, ["nextest", "--version"]))
}

/// What tests do more of in `--full`.
fn thorough(command: &mut Command, options: &Options) {
    if options.full {
        command.env("PROPTEST_CASES", FULL_CASES).env("PERENNIAL_TEST_FULL", "1");
    }
}

fn rust_tests(root: &Path, options: &Options, postgres: Option<&postgres::Server>) -> Result<()> {
    let mut command = if has_nextest(root) {
        cargo(root, NEXTEST)
    } else {
        println!("   cargo-nextest is missing: using cargo test");
        cargo(root, ["test", "--locked", "--workspace", "--lib", "--bins", "--tests", "--quiet"])
    };
    thorough(&mut command, options);
    // Without a server the tests must not each start their own.
    command.env(postgres::VARIABLE, postgres.map_or("error: PostgreSQL was not started", |server| &server.line));
    process::run(&mut command)
}
