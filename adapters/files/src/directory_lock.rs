//! One process a data directory.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Name of the lock file within a data directory.
const FILE: &str = "lock";
/// A process number has at most this many digits; more of the file is not read.
const MAX_DIGITS: u64 = 20;

/// Why a data directory could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("data directory {} is in use by process {pid}: stop it, or send the command through it", .directory.display())]
    Held {
        /// The directory.
        directory: PathBuf,
        /// The process that holds it, or "?" while it is just starting.
        pid: String,
    },
    /// The system refused.
    #[error("cannot lock data directory {}: {source}", .directory.display())]
    Io {
        /// The directory.
        directory: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
}

/// An exclusive lock of a data directory. The system releases it when the value is dropped or the
/// process ends in whatever way, so a leftover lock file locks nobody out.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Locks the directory (made if missing) and leaves this process's number in its `lock` file.
    ///
    /// # Errors
    /// [`LockError::Held`] when another process has it; [`LockError::Io`].
    pub fn acquire(directory: &Path) -> Result<Self, LockError> {
        let refused = |source| LockError::Io { directory: directory.to_owned(), source };
        fs::create_dir_all(directory).map_err(refused)?;
        let options = File::options().read(true).write(true).create(true).truncate(false).to_owned();
        let mut file = options.open(directory.join(FILE)).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(directory, &mut file)),
            Err(TryLockError::Error(source)) => return Err(refused(source)),
        }
        sign(&mut file).map_err(refused)?;
        Ok(Self { _file: file })
    }
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    write!(file, "{}", std::process::id())
}

fn held(directory: &Path, file: &mut File) -> LockError {
    let mut pid = String::new();
    let read = file.take(MAX_DIGITS).read_to_string(&mut pid);
    if read.is_err() || pid.is_empty() {
        pid = "?".to_owned();
    }
    LockError::Held { directory: directory.to_owned(), pid }
}
