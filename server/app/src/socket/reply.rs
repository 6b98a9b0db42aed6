//! The server's end of one answer.

use super::Frame;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::unix::OwnedWriteHalf;
use tokio::runtime::Handle;
use tokio::sync::Mutex;

/// An asking process that takes nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Writes frames; cheap to clone.
#[derive(Clone)]
pub(crate) struct Reply {
    half: Arc<Mutex<OwnedWriteHalf>>,
    runtime: Handle,
}

impl Reply {
    pub(super) fn new(half: OwnedWriteHalf) -> Self {
        Self { half: Arc::new(Mutex::new(half)), runtime: Handle::current() }
    }

    /// Text for standard output. Waits until the other end has room.
    pub(crate) fn answer(&self, text: &str) -> io::Result<()> {
        self.send_now(&Frame::Answer(text.to_owned()))
    }

    /// Text for standard error.
    pub(crate) fn aside(&self, text: &str) -> io::Result<()> {
        self.send_now(&Frame::Aside(text.to_owned()))
    }

    /// How far a long task has come.
    pub(crate) fn progress(&self, done: u64, total: u64, label: &str) -> io::Result<()> {
        self.send_now(&Frame::Progress(done, total, label.to_owned()))
    }

    pub(super) async fn send(&self, frame: &Frame) -> io::Result<()> {
        let mut line = serde_json::to_vec(frame)?;
        line.push(b'\n');
        let written = async { self.half.lock().await.write_all(&line).await };
        tokio::time::timeout(PATIENCE, written).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// From code that is not async, on any thread.
    fn send_now(&self, frame: &Frame) -> io::Result<()> {
        tokio::task::block_in_place(|| self.runtime.block_on(self.send(frame)))
    }
}
