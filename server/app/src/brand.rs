//! Opens a brand's data directory.

use crate::clock::SystemClock;
use crate::error::usage;
use crate::host::Served;
use crate::place;
use anyhow::{Context, Result};
use perennial_files::{DirectoryLock, LocalFiles};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_timeline::{Timeline, TimelineOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open data directory.
pub(crate) struct Brand {
    pub(crate) timeline: Timeline,
    pub(crate) directory: PathBuf,
    pub(crate) store: Arc<SqlStore>,
    /// Of the process that holds the directory; a command of a server closes nothing.
    held: Option<Held>,
}

struct Held {
    hot: Arc<SqlHotLog>,
    _lock: DirectoryLock,
}

impl Brand {
    /// Opens a directory, making it when it is not there.
    pub(crate) async fn create(directory: &Path) -> Result<Self> {
        make(directory)?;
        Self::open_locked(directory).await
    }

    /// Opens a directory that is there.
    pub(crate) async fn open(directory: &Path) -> Result<Self> {
        if !directory.is_dir() {
            let shown = directory.display();
            return Err(usage(format!(
                "there is no data directory {shown}: make one with `perennial import FILE --data {shown}`"
            )));
        }
        Self::open_locked(directory).await
    }

    /// Opens a directory for a server, whose readers may still scan files that a merge has replaced.
    /// `store` is where it keeps its store if it is made now.
    pub(crate) async fn create_for_server(directory: &Path, store: Option<&str>) -> Result<Self> {
        make(directory)?;
        let lock = DirectoryLock::acquire(directory)?;
        let opened = place::open(directory, store).await;
        Self::open_with(directory, lock, opened, TimelineOptions::default()).await
    }

    async fn open_locked(directory: &Path) -> Result<Self> {
        let lock = DirectoryLock::acquire(directory)?;
        let opened = place::open(directory, place::wanted().as_deref()).await;
        Self::open_with(directory, lock, opened, alone()).await
    }

    /// Opens a temporary directory that this process has locked; its store is always its own.
    pub(crate) async fn open_held(directory: &Path, lock: DirectoryLock) -> Result<Self> {
        Self::open_with(directory, lock, place::open(directory, None).await, alone()).await
    }

    async fn open_with(
        directory: &Path,
        lock: DirectoryLock,
        opened: Result<place::Opened>,
        options: TimelineOptions,
    ) -> Result<Self> {
        let context = || format!("data directory {}", directory.display());
        let (store, hot) = opened.with_context(context)?;
        let files = Arc::new(LocalFiles::open(directory).with_context(context)?);
        let timeline = Timeline::open(
            Arc::<SqlStore>::clone(&store),
            Arc::<SqlHotLog>::clone(&hot),
            files,
            Arc::new(SystemClock),
            options,
        )
        .await
        .with_context(context)?;
        Ok(Self { timeline, directory: directory.to_owned(), store, held: Some(Held { hot, _lock: lock }) })
    }

    /// Folds the databases' logs into their files.
    pub(crate) async fn close(self) {
        if let Some(held) = self.held {
            held.hot.close().await;
            self.store.close().await;
        }
    }

    /// As a server's commands see it.
    pub(crate) fn served(served: &Served) -> Self {
        Self {
            timeline: served.server.timeline.clone(),
            directory: served.directory.clone(),
            store: Arc::clone(&served.store),
            held: None,
        }
    }
}

/// No other process reads: what a merge replaced can go at once.
fn alone() -> TimelineOptions {
    TimelineOptions { retire_grace_us: 0, ..TimelineOptions::default() }
}

fn make(directory: &Path) -> Result<()> {
    if directory.exists() && !directory.is_dir() {
        return Err(usage(format!("{} is a file: --data takes a directory", directory.display())));
    }
    make_private(directory)
        .map_err(|problem| usage(format!("cannot make the data directory {}: {problem}", directory.display())))
}

/// Makes a directory that nobody else may read: it holds customers' data. One that is there keeps
/// its permissions.
fn make_private(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}
