//! `perennial`: one binary, a data directory, and the commands that work on it.

mod analysis;
mod brand;
mod cli;
mod clock;
mod commands;
mod error;
mod progress;
mod settings;

use clap::Parser;
use std::process::ExitCode;

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
    match runtime.block_on(commands::run(arguments)) {
        Ok(code) => ExitCode::from(code),
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::from(error::exit_code(&problem))
        }
    }
}
