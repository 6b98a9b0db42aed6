//! The answering end.

use super::{Frame, MAX_QUESTION_BYTES, Question, Reply, VERSION, path_of};
use crate::commands;
use crate::error::exit_code;
use crate::host::Host;
use crate::output;
use anyhow::{Result, bail};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::unix::OwnedReadHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Commands answered at once; more wait their turn.
const AT_ONCE: usize = 16;

/// The socket of a data directory; gone with the value.
pub(crate) struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Opens the socket. The caller holds the directory's lock, so one that lies there is left over.
    pub(crate) fn bind(directory: &Path) -> Result<Self> {
        let path = path_of(directory);
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        let bound = UnixListener::bind(&path);
        let listener = bound.map_err(|problem| {
            anyhow::anyhow!("cannot open the socket {}: {problem}; a shorter --data path may help", path.display())
        })?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A socket left behind is removed by the next server.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Answers until dropped; commands under way are dropped with it.
pub(crate) async fn answer_all(listener: Listener, host: Arc<Host>) -> Result<()> {
    let (mut under_way, turns) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    loop {
        let turn = Arc::clone(&turns).acquire_owned().await?;
        let (stream, _) = listener.listener.accept().await?;
        let host = Arc::clone(&host);
        under_way.spawn(async move {
            // Whoever asked is told in the answer, or has gone away.
            let _ = converse(stream, &host).await;
            drop(turn);
        });
        while under_way.try_join_next().is_some() {}
    }
}

async fn converse(stream: UnixStream, host: &Host) -> Result<()> {
    let (user, own) = (stream.peer_cred()?.uid(), std::fs::metadata(host.directory()).map(|data| owner(&data))?);
    let (read, write) = stream.into_split();
    let (mut read, reply) = (BufReader::new(read), Reply::new(write));
    let command = async {
        if user != own && user != 0 {
            bail!("only the user who owns the data directory may ask its server");
        }
        let question = question(&mut read).await?;
        Ok(question.command)
    };
    let code = match command.await {
        Ok(command) => {
            let carried_out = output::redirected(reply.clone(), async {
                match commands::run(command, host).await {
                    Ok(code) => code,
                    Err(problem) => told(&problem),
                }
            });
            tokio::select! {
                code = carried_out => code,
                // Whoever asked has gone away: what was kept before stays.
                () = closed(&mut read) => return Ok(()),
            }
        }
        Err(problem) => output::redirected(reply.clone(), async { told(&problem) }).await,
    };
    Ok(reply.send(&Frame::Exit(code)).await?)
}

fn owner(data: &std::fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(data)
}

fn told(problem: &anyhow::Error) -> u8 {
    output::aside(format_args!("error: {problem:#}"));
    exit_code(problem)
}

async fn question(read: &mut BufReader<OwnedReadHalf>) -> Result<Question> {
    let mut line = Vec::new();
    let limited = read.take(MAX_QUESTION_BYTES as u64);
    let mut limited = BufReader::new(limited);
    limited.read_until(b'\n', &mut line).await?;
    if line.last() != Some(&b'\n') {
        bail!("the question is longer than {MAX_QUESTION_BYTES} bytes or cut short");
    }
    let version = serde_json::from_slice::<serde_json::Value>(&line)?;
    let version = version.get("version").and_then(serde_json::Value::as_str).unwrap_or("?").to_owned();
    if version != VERSION {
        bail!("the server is perennial {VERSION}, this command is {version}: use the same version");
    }
    Ok(serde_json::from_slice(&line)?)
}

/// Returns when the other end is closed.
async fn closed(read: &mut BufReader<OwnedReadHalf>) {
    let mut rest = [0_u8; 64];
    while matches!(read.read(&mut rest).await, Ok(count) if count > 0) {}
}
