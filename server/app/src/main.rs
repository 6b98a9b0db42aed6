//! `perennial`: one binary, a data directory, and the commands that work on it.

/// Prints a line of the answer; a reader who has gone away is no error.
macro_rules! say {
    ($($argument:tt)*) => { $crate::output::line(format_args!($($argument)*)) };
}

/// Prints a line beside the answer.
macro_rules! aside {
    ($($argument:tt)*) => { $crate::output::aside(format_args!($($argument)*)) };
}

mod analysis;
mod brand;
mod cli;
mod clock;
mod commands;
mod config;
mod error;
mod host;
mod http;
mod live;
mod log;
mod metrics;
mod output;
mod place;
mod progress;
mod scratch;
mod settings;
mod simulation;
mod socket;
mod sql;
mod watch;

use clap::Parser;
use std::process::ExitCode;
use std::time::Duration;

/// The C library's keeps what was freed: half a gigabyte of a server with a million customers (ADR 18).
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How long a step under way may take to end once the process was told to stop.
const LAST_WORK: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments = match cli::Cli::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            let usage = problem.use_stderr();
            // A closed pipe while printing help is nobody's fault.
            let _ = problem.print();
            return if usage { ExitCode::from(error::USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(problem) => {
            eprintln!("error: cannot start: {problem}");
            return ExitCode::from(error::FOUND_WRONG);
        }
    };
    let outcome = runtime.block_on(async {
        match arguments.command {
            // They end in order by themselves.
            command @ (cli::Command::Serve(_) | cli::Command::Simulate(_)) => commands::start(command).await,
            command => until_told_to_stop(commands::start(command)).await,
        }
    });
    // Work under way on other threads ends before what it writes to is removed.
    runtime.shutdown_timeout(LAST_WORK);
    scratch::remove_scratch();
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::from(error::exit_code(&problem))
        }
    }
}

/// Carries a command out, unless the process is told to stop: then what it holds is let go of in
/// order, so that no temporary copy of customers' data stays behind.
async fn until_told_to_stop(command: impl Future<Output = anyhow::Result<u8>>) -> anyhow::Result<u8> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = command => outcome,
        _ = interrupt.recv() => anyhow::bail!("stopped: what was kept before stays, run the command again to go on"),
        _ = terminate.recv() => anyhow::bail!("stopped: what was kept before stays, run the command again to go on"),
    }
}
