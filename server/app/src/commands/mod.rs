//! One file a command.

mod acquisition;
mod attribution;
mod consent;
mod customers;
mod definitions;
mod erase;
mod experiment;
mod files;
mod generate;
mod identity;
mod import;
mod key;
mod lift;
mod listing;
mod mask;
mod migrate_store;
mod outside;
mod owner_link;
mod query;
mod refold;
mod report;
mod report_customers;
mod rights;
mod schema;
mod serve;
mod simulate;
mod verify;
mod write_key;

pub(crate) use files::{Properties, ReadFiles, listen_language, plan, read_files};
pub(crate) use import::outcome_lines;

use crate::cli::Command;
use crate::host::Host;
use crate::socket;
use anyhow::{Result, bail};

/// Carries out a command of this process, through the server of its data directory where one runs;
/// returns the exit code.
pub(crate) async fn start(command: Command) -> Result<u8> {
    if let Command::Serve(arguments) = &command {
        return serve::run(arguments).await;
    }
    let server = command.data().and_then(socket::connect);
    let Some(server) = server else { return run(command, &Host::Alone).await };
    let mut command = command.absolute()?;
    if let Command::Erase(arguments) = &mut command
        && !arguments.yes
    {
        if !erase::confirmed()? {
            bail!("nothing was erased");
        }
        arguments.yes = true;
    }
    tokio::task::spawn_blocking(move || socket::forward(server, command)).await?
}

/// Carries out a command here.
pub(crate) async fn run(command: Command, host: &Host) -> Result<u8> {
    match command {
        Command::Report(arguments) => report::run(arguments, host).await,
        Command::Import(arguments) => import::run(arguments, host).await,
        Command::Query(arguments) => query::run(arguments, host).await,
        Command::Customers(arguments) => customers::run(&arguments, host).await,
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments).await,
        Command::Lift(arguments) => lift::run(arguments).await,
        Command::Refold(arguments) => refold::run(&arguments).await,
        Command::Erase(arguments) => erase::run(&arguments, host).await,
        Command::Identity(action) => identity::run(&action, host).await,
        Command::Consent(action) => consent::run(action, host).await,
        Command::Rights(action) => rights::run(&action, host).await,
        Command::Verify(arguments) => verify::run(&arguments, host).await,
        Command::Schema(arguments) => schema::run(&arguments.action, host).await,
        Command::Check(arguments) => definitions::check(&arguments, host).await,
        Command::Plan(arguments) => definitions::plan(&arguments, host).await,
        Command::Apply(arguments) => definitions::apply(&arguments, host).await,
        Command::Export(arguments) => definitions::export(&arguments, host).await,
        Command::Experiment(action) => experiment::run(&action, host).await,
        Command::Acquisition(arguments) => acquisition::run(&arguments, host).await,
        Command::OwnerLink(arguments) => owner_link::run(&arguments, host).await,
        Command::MigrateStore(arguments) => migrate_store::run(&arguments).await,
        Command::Key(action) => write_key::run(&action, host).await,
        Command::Serve(_) => bail!("a server cannot be asked to serve: start another one"),
    }
}
