//! The primitive steps of a local disk, apart so that a test can cut the power between any two.

use bytes::Bytes;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What an operating system promises about files, and no more: written bytes survive a loss of
/// power only after [`Disk::sync`], a new name only after [`Disk::sync_dir`] of its directory.
pub trait Disk: Send + Sync {
    /// Creates (or truncates) a file and writes all bytes. Not durable.
    ///
    /// # Errors
    /// Whatever the system says, a full disk among it.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Makes a file's content durable (fsync).
    ///
    /// # Errors
    /// Whatever the system says.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Gives a file another name in one step, replacing what was there. Not durable.
    ///
    /// # Errors
    /// Whatever the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Makes the names in a directory durable.
    ///
    /// # Errors
    /// Whatever the system says.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Removes a name. Not durable before [`Disk::sync_dir`].
    ///
    /// # Errors
    /// Whatever the system says; a missing file is an error.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a directory and its parents.
    ///
    /// # Errors
    /// Whatever the system says.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;
    /// Bytes of a file; a range past the end is an error.
    ///
    /// # Errors
    /// Whatever the system says.
    fn read(&self, path: &Path, range: Range<u64>) -> io::Result<Bytes>;
    /// Length of a file in bytes.
    ///
    /// # Errors
    /// Whatever the system says.
    fn length(&self, path: &Path) -> io::Result<u64>;
    /// Paths of the files directly in a directory, in no order.
    ///
    /// # Errors
    /// Whatever the system says.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;
}
