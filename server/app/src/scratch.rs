//! The temporary data directory of a report on files.

use perennial_files::DirectoryLock;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Name of the temporary data directories, before the random part.
const PREFIX: &str = "perennial-report-";
/// Their name until they are locked: no other report takes one of these for a dead one. A report
/// killed as early as this leaves an empty directory behind.
const STARTING: &str = "perennial-starting-";
/// The temporary data directory of this process.
static SCRATCH: OnceLock<PathBuf> = OnceLock::new();

/// A directory that goes when it is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// A data directory for the time of one report, locked. Also removes what killed reports left behind.
pub(crate) fn scratch() -> anyhow::Result<(Scratch, DirectoryLock)> {
    let root = std::env::temp_dir();
    sweep(&root);
    let made = make(&root)?;
    // Set once: a process makes one report.
    let _ = SCRATCH.set(made.0.path().to_owned());
    Ok(made)
}

/// Removes what is left of this process's temporary data directory.
pub(crate) fn remove_scratch() {
    if let Some(path) = SCRATCH.get() {
        remove(path);
    }
}

fn remove(path: &Path) {
    match std::fs::remove_dir_all(path) {
        Err(problem) if problem.kind() != io::ErrorKind::NotFound => {
            eprintln!("warning: cannot remove {}, which holds customers' data: {problem}", path.display());
        }
        _ => {}
    }
}

fn make(root: &Path) -> anyhow::Result<(Scratch, DirectoryLock)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(STARTING);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let starting = builder.tempdir_in(root)?;
    let lock = DirectoryLock::acquire(starting.path())?;
    let name = starting.path().file_name().unwrap_or_default().to_string_lossy().replacen(STARTING, PREFIX, 1);
    let path = root.join(name);
    std::fs::rename(starting.path(), &path)?;
    // What it named is elsewhere now.
    let _ = starting.keep();
    Ok((Scratch(path), lock))
}

fn sweep(root: &Path) {
    let Ok(entries) = std::fs::read_dir(root) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX) && entry.path().join("lock").is_file();
        if ours && DirectoryLock::acquire(&entry.path()).is_ok() {
            // Somebody else's leftovers may not be ours to remove.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn what_a_killed_report_left_behind_goes_and_a_living_one_stays() {
        let root = tempfile::tempdir().unwrap();
        let (living, _lock) = make(root.path()).unwrap();
        let (dead, lock) = make(root.path()).unwrap();
        let left = dead.path().to_owned();
        drop(lock);
        std::mem::forget(dead);
        sweep(root.path());
        assert!(living.path().is_dir() && !left.exists());
        drop(living);
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_report_that_is_just_starting_is_not_taken_for_a_dead_one() {
        let root = tempfile::tempdir().unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    sweep(root.path());
                }
            });
            let lost = (0..1_000).find(|_| {
                let made = make(root.path());
                !made.is_ok_and(|(scratch, _lock)| scratch.path().join("lock").is_file())
            });
            done.store(true, Ordering::Relaxed);
            assert_eq!(lost, None, "a directory was swept while its report was starting");
        });
    }
}
