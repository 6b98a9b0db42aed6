//! Programs that run until they are told to stop.

use crate::process;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How often one looks whether a program has ended by itself.
const LOOK: Duration = Duration::from_millis(200);

/// A server that is ready, and what runs beside it.
pub(super) struct Running {
    pub(super) url: String,
    /// How to become the owner, or to set the owner's password anew.
    pub(super) sign_in: String,
    children: std::sync::Mutex<Vec<Child>>,
}

impl Running {
    /// Starts the server and waits until it listens.
    pub(super) fn serve(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start the server")?;
        let out = child.stdout.take().context("the server says nothing")?;
        let mut lines = BufReader::new(out).lines();
        let running = Self { url: String::new(), sign_in: String::new(), children: vec![child].into() };
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
            println!("   {line}");
            line.strip_prefix("listening on ").map(str::to_owned)
        });
        let Some(url) = url else {
            running.stop()?;
            bail!("the server did not start");
        };
        // Somebody must read on, or the server would wait for it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self { url, ..running })
    }

    /// Starts another program beside it.
    pub(super) fn add(&self, mut command: Command) -> Result<()> {
        let child = command.stdout(Stdio::null()).spawn().context("cannot start the traffic")?;
        self.children().push(child);
        Ok(())
    }

    fn children(&self) -> std::sync::MutexGuard<'_, Vec<Child>> {
        self.children.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether a program has ended that should not have.
    pub(super) fn has_ended(&self) -> Result<bool> {
        for child in self.children().iter_mut() {
            if child.try_wait()?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells all to stop, the last started first, and waits for each.
    pub(super) fn stop(&self) -> Result<()> {
        for mut child in self.children().drain(..).rev() {
            if child.try_wait()?.is_none() {
                process::succeeds(Command::new("kill").args(["-TERM", &child.id().to_string()]));
            }
            child.wait()?;
        }
        Ok(())
    }
}

/// Ctrl-C and its like, from the start on.
pub(super) struct Signals {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn listen() -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let guard = runtime.enter();
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        drop(guard);
        Ok(Self { runtime, interrupt, terminate })
    }

    /// Until a signal comes or something has ended by itself.
    pub(super) fn wait(self, running: &Running) -> Result<()> {
        let Self { runtime, mut interrupt, mut terminate } = self;
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => return Ok(()),
                    _ = terminate.recv() => return Ok(()),
                    () = tokio::time::sleep(LOOK) => {}
                }
                if running.has_ended()? {
                    bail!("the server or its traffic has ended: what it said stands above");
                }
            }
        })
    }
}
