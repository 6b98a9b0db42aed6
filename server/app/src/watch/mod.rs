//! Watched folders: a file that somebody drops there, and that has stopped growing, is imported and put
//! away. Folders are polled: no file system tells all its changes, and those of other machines none.

mod file;
mod ripe;

use crate::clock::SystemClock;
use crate::error::usage;
use crate::host::Host;
use anyhow::{Context, Result};
use perennial_api::{WatchResult, WatchedFolder};
use perennial_model::Clock;
use ripe::{Listed, Ripening, is_wanted};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use tokio::sync::watch;

/// Results remembered of each folder.
const REMEMBERED: usize = 50;
/// Files looked at in one folder; more wait until those are put away.
const MOST_FILES: usize = 10_000;

/// What to watch.
#[derive(Debug, Clone)]
pub(crate) struct WatchOptions {
    /// Each with corrections of what is recognised, as `--map` of `perennial import`.
    pub(crate) folders: Vec<(PathBuf, Vec<String>)>,
    /// Between two polls.
    pub(crate) every: Duration,
}

struct Folder {
    path: PathBuf,
    map: Vec<String>,
    ripening: Ripening,
    results: VecDeque<WatchResult>,
    problem: Option<String>,
    needs_settings: bool,
    polled_us: Option<i64>,
}

/// All watched folders of a server.
pub(crate) struct Watcher {
    folders: Vec<Folder>,
    every: Duration,
    told: watch::Sender<Vec<WatchedFolder>>,
}

impl Watcher {
    /// Of folders that are there and apart from the data directory; with what they are told by.
    pub(crate) fn new(
        options: &WatchOptions,
        data_directory: &Path,
    ) -> Result<(Self, watch::Receiver<Vec<WatchedFolder>>)> {
        let data = data_directory.canonicalize().with_context(|| data_directory.display().to_string())?;
        let mut folders: Vec<Folder> = Vec::new();
        for (folder, map) in &options.folders {
            let shown = folder.display();
            let path = folder.canonicalize().ok().filter(|path| path.is_dir());
            let path = path.ok_or_else(|| usage(format!("--watch {shown}: there is no such folder: make it first")))?;
            if path.starts_with(&data) || data.starts_with(&path) {
                return Err(usage(format!(
                    "--watch {shown}: keep it apart from the data directory {}",
                    data.display()
                )));
            }
            if folders.iter().all(|other| other.path != path) {
                let (ripening, results) = (Ripening::default(), VecDeque::new());
                let (problem, needs_settings, polled_us, map) = (None, false, None, map.clone());
                folders.push(Folder { path, map, ripening, results, problem, needs_settings, polled_us });
            }
        }
        let (told, heard) = watch::channel(Vec::new());
        let watcher = Self { folders, every: options.every, told };
        watcher.tell();
        Ok((watcher, heard))
    }

    /// Watches until dropped; a file under way then is read again at the next start.
    pub(crate) async fn keep(mut self, host: &Host) {
        if self.folders.is_empty() {
            return std::future::pending().await;
        }
        loop {
            for place in 0..self.folders.len() {
                self.poll(place, host).await;
                self.tell();
            }
            tokio::time::sleep(self.every).await;
        }
    }

    async fn poll(&mut self, place: usize, host: &Host) {
        let Some(folder) = self.folders.get_mut(place) else { return };
        folder.polled_us = Some(SystemClock.now_us());
        let before = folder.problem.take();
        folder.needs_settings = false;
        match listed(&folder.path) {
            Ok(listed) => {
                for name in folder.ripening.poll(&listed) {
                    if let Err(problem) = folder.take(&name, &listed, host).await {
                        let said = format!("{problem:#}");
                        // Once, however often it is tried.
                        if before.as_ref() != Some(&said) {
                            let shown = folder.path.display();
                            tracing::warn!(folder = %shown, problem = %said, "a file waits, it is tried again");
                        }
                        folder.needs_settings = problem.is::<file::Unsettled>();
                        folder.problem = Some(said);
                        // Those behind it may be of the same kind: in the order of their names.
                        break;
                    }
                }
            }
            Err(problem) => folder.problem = Some(format!("{problem:#}")),
        }
    }

    fn tell(&self) {
        let one = |folder: &Folder| WatchedFolder {
            path: folder.path.display().to_string(),
            polled_us: folder.polled_us,
            problem: folder.problem.clone(),
            needs_settings: folder.needs_settings,
            waiting_files: folder.ripening.waiting() as u64,
            results: folder.results.iter().cloned().collect(),
        };
        self.told.send_replace(self.folders.iter().map(one).collect());
    }
}

impl Folder {
    /// Imports a file and puts it away.
    async fn take(&mut self, name: &OsString, listed: &[Listed], host: &Host) -> Result<()> {
        let path = self.path.join(name);
        let came = file::import(host, &path, &self.map).await?;
        let now = look(&path)?;
        if listed.iter().find(|file| file.name == *name) != now.as_ref() {
            // Written to while it was read: what came of it is in, the rest comes with the next reading.
            self.ripening.again(name);
            return Ok(());
        }
        let target = file::put_away(&path, &came)?;
        self.results.push_front(WatchResult {
            file: name.to_string_lossy().into_owned(),
            at_us: SystemClock.now_us(),
            imported: came.imported,
            rows: came.rows,
            rejected_rows: came.rejected_rows,
            moved_to: target.display().to_string(),
            lines: came.lines,
        });
        self.results.truncate(REMEMBERED);
        Ok(())
    }
}

/// Files of a folder that may be imported, by name.
fn listed(folder: &Path) -> Result<Vec<Listed>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut listed = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read the folder {}", folder.display()))?;
        if is_wanted(&entry.file_name().to_string_lossy()) {
            listed.extend(look(&entry.path())?);
        }
    }
    listed.sort_by(|one, other| one.name.cmp(&other.name));
    listed.truncate(MOST_FILES);
    Ok(listed)
}

/// A regular file as it is; none where there is another thing or nothing.
fn look(path: &Path) -> Result<Option<Listed>> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => found,
        Ok(_) => return Ok(None),
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(problem) => return Err(problem).with_context(|| format!("cannot look at {}", path.display())),
    };
    let changed = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_owned();
    Ok(Some(Listed { name, bytes: found.len(), changed_ns: changed.as_nanos() }))
}
