//! The project's own chores: `cargo xtask --help` lists them.

mod bench;
mod demo;
mod postgres;
mod process;
mod segment;
mod sql_clients;
mod steps;
mod test;
mod tidy;
mod web;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The project's own chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs every check and test; what the continuous integration runs.
    Test(test::Options),
    /// Checks what the compiler does not: crate direction, lengths, key parity, stale files.
    Tidy,
    /// Serves a simulated brand at 127.0.0.1:7070: two years of history and live traffic.
    Demo(demo::Options),
    /// Lists the benches, or runs one.
    Bench(bench::Options),
    /// Builds the pages that the binary embeds.
    Web,
    /// Writes schemas/: the description of the API, the schemas of the configuration and of definitions.
    Schemas,
}

fn main() -> ExitCode {
    let root = process::root();
    let outcome = match Arguments::parse().chore {
        Chore::Test(options) => test::run(&root, &options),
        Chore::Tidy => tidy::run(&root),
        Chore::Demo(options) => demo::run(&root, &options),
        Chore::Bench(options) => bench::run(&root, &options),
        Chore::Web => web::install_and_build(&root),
        Chore::Schemas => schemas(&root),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The tests that compare the files with the code write them when they are told to.
fn schemas(root: &std::path::Path) -> anyhow::Result<()> {
    let arguments = ["test", "--locked", "--quiet", "--workspace", "--tests", "--bins", "--", "in_the_repository_is"];
    process::run(process::cargo(root, arguments).env("PERENNIAL_WRITE_SCHEMAS", "1"))
}
