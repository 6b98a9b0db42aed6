//! The asking end.

use super::{FILE, Frame, Question, VERSION, path_of};
use crate::cli::Command;
use crate::progress;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// The server of a data directory, if one runs.
pub(crate) fn connect(directory: &Path) -> Option<UnixStream> {
    UnixStream::connect(path_of(directory)).ok()
}

/// Sends a command and prints what comes back; returns its exit code.
pub(crate) fn forward(mut server: UnixStream, command: Command) -> Result<u8> {
    let quiet = matches!(&command, Command::Import(arguments) if arguments.read.quiet);
    let mut question = serde_json::to_vec(&Question { version: VERSION.to_owned(), command })?;
    question.push(b'\n');
    server.write_all(&question).context("cannot send the command to the server")?;
    let mut bar = None;
    for line in BufReader::new(server).lines() {
        let line = line.context("cannot read the server's answer")?;
        match serde_json::from_str(&line).context("the server's answer is not understood")? {
            Frame::Answer(text) => {
                // A reader who has gone away needs no more of it.
                if std::io::stdout().write_all(text.as_bytes()).is_err() {
                    return Ok(0);
                }
            }
            Frame::Aside(text) => eprint!("{text}"),
            Frame::Progress(done, total, label) => {
                let bar = bar.get_or_insert_with(|| progress::terminal_bar(total, &label, quiet));
                bar.set_position(done);
                bar.set_message(label);
                if done >= total {
                    bar.finish_and_clear();
                }
            }
            Frame::Exit(code) => return Ok(code),
        }
    }
    bail!("the server stopped before it had answered ({FILE}): run the command again")
}
