//! One file a command.

mod erase;
mod files;
mod generate;
mod import;
mod query;
mod refold;
mod report;
mod report_customers;
mod verify;

use crate::cli::{Cli, Command};
use anyhow::Result;

/// Carries out a command; returns the exit code.
pub(crate) async fn run(cli: Cli) -> Result<u8> {
    match cli.command {
        Command::Report(arguments) => report::run(arguments).await,
        Command::Import(arguments) => import::run(arguments).await,
        Command::Query(arguments) => query::run(arguments).await,
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Refold(arguments) => refold::run(&arguments).await,
        Command::Erase(arguments) => erase::run(&arguments).await,
        Command::Verify(arguments) => verify::run(&arguments).await,
    }
}
