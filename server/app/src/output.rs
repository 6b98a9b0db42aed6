//! Where a command's lines go: to this process's terminal, or to the one that asked a server.

use crate::socket::Reply;
use std::fmt;
use std::io::{self, BufWriter, Write};

tokio::task_local! {
    static REPLY: Reply;
}

/// Lets all lines of a command go to the process that asked for it.
pub(crate) async fn redirected<T>(reply: Reply, command: impl Future<Output = T>) -> T {
    REPLY.scope(reply, command).await
}

fn reply() -> Option<Reply> {
    REPLY.try_with(Clone::clone).ok()
}

/// A line of the answer; a reader who has gone away is no error.
pub(crate) fn line(text: fmt::Arguments<'_>) {
    let _ = writeln!(answer(), "{text}");
}

/// A line beside the answer.
pub(crate) fn aside(text: fmt::Arguments<'_>) {
    match reply() {
        Some(reply) => drop(reply.aside(&format!("{text}\n"))),
        None => eprintln!("{text}"),
    }
}

/// The answer itself.
pub(crate) fn answer() -> Box<dyn Write + Send> {
    match reply() {
        Some(reply) => Box::new(BufWriter::with_capacity(ANSWER_BYTES, Answer { reply, cut: Vec::new() })),
        None => Box::new(io::stdout()),
    }
}

/// How far a long task has come, as the asking process shows it; `None` for the own terminal.
pub(crate) fn asking() -> Option<Reply> {
    reply()
}

/// Text sent to the asking process at once.
const ANSWER_BYTES: usize = 64 << 10;

struct Answer {
    reply: Reply,
    /// The beginning of a character whose rest has not come.
    cut: Vec<u8>,
}

impl Write for Answer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cut.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.cut) {
            Ok(text) => text,
            Err(cut) if cut.error_len().is_none() => {
                std::str::from_utf8(self.cut.get(..cut.valid_up_to()).unwrap_or_default()).unwrap_or_default()
            }
            Err(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "an answer must be UTF-8")),
        };
        self.reply.answer(whole)?;
        let sent = whole.len();
        self.cut.drain(..sent);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
