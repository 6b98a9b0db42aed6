//! Opens a brand's data directory.

use crate::clock::SystemClock;
use crate::error::usage;
use anyhow::{Context, Result};
use perennial_files::{DirectoryLock, LocalFiles};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_timeline::{Timeline, TimelineOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// An open data directory, held by this process alone.
pub(crate) struct Brand {
    pub(crate) timeline: Timeline,
    pub(crate) directory: PathBuf,
    store: Arc<SqlStore>,
    hot: Arc<SqlHotLog>,
    _lock: DirectoryLock,
}

impl Brand {
    /// Opens a directory, making it when it is not there.
    pub(crate) async fn create(directory: &Path) -> Result<Self> {
        if directory.exists() && !directory.is_dir() {
            return Err(usage(format!("{} is a file: --data takes a directory", directory.display())));
        }
        make_private(directory)
            .map_err(|problem| usage(format!("cannot make the data directory {}: {problem}", directory.display())))?;
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

    async fn open_locked(directory: &Path) -> Result<Self> {
        let lock = DirectoryLock::acquire(directory)?;
        let context = || format!("data directory {}", directory.display());
        let store = Arc::new(SqlStore::open(directory).await.with_context(context)?);
        let hot = Arc::new(SqlHotLog::open(directory).await.with_context(context)?);
        let files = Arc::new(LocalFiles::open(directory).with_context(context)?);
        let timeline = Timeline::open(
            Arc::<SqlStore>::clone(&store),
            Arc::<SqlHotLog>::clone(&hot),
            files,
            Arc::new(SystemClock),
            // No other process reads: what a merge replaced can go at once. An import ends with a
            // merge of all it wrote, so that few rows need be merged before.
            TimelineOptions { retire_grace_us: 0, max_runs_per_shard: 32, ..TimelineOptions::default() },
        )
        .await
        .with_context(context)?;
        Ok(Self { timeline, directory: directory.to_owned(), store, hot, _lock: lock })
    }

    /// Folds the databases' logs into their files.
    pub(crate) async fn close(self) {
        self.hot.close().await;
        self.store.close().await;
    }
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

/// Name of the temporary data directories, before the random part.
const SCRATCH_PREFIX: &str = "perennial-report-";
/// The temporary data directory of this process.
static SCRATCH: OnceLock<PathBuf> = OnceLock::new();

/// A data directory for the time of one report. Also removes what killed reports left behind.
pub(crate) fn scratch() -> std::io::Result<TempDir> {
    sweep_scratch();
    let mut builder = tempfile::Builder::new();
    builder.prefix(SCRATCH_PREFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let scratch = builder.tempdir()?;
    // Set once: a process makes one report.
    let _ = SCRATCH.set(scratch.path().to_owned());
    Ok(scratch)
}

/// Removes what is left of this process's temporary data directory.
pub(crate) fn remove_scratch() {
    if let Some(path) = SCRATCH.get().filter(|path| path.exists())
        && let Err(problem) = std::fs::remove_dir_all(path)
    {
        eprintln!("warning: cannot remove {}, which holds customers' data: {problem}", path.display());
    }
}

fn sweep_scratch() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let ours =
            entry.file_name().to_string_lossy().starts_with(SCRATCH_PREFIX) && entry.path().join("lock").is_file();
        if ours && DirectoryLock::acquire(&entry.path()).is_ok() {
            // Somebody else's leftovers may not be ours to remove.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
