//! Immutable files by name: where runs live.

use bytes::Bytes;
use std::ops::Range;

/// Why a file could not be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// There is no such file.
    #[error("file {name} is missing")]
    NotFound {
        /// Its name.
        name: String,
    },
    /// No room left; nothing was kept under the name.
    #[error("no space left to write {name}: free some, then try again")]
    Full {
        /// Its name.
        name: String,
    },
    /// Anything else.
    #[error("cannot {action} {name}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Its name.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Immutable files by name (letters, digits, `-`, `_`, `.` and `/` for folders).
pub trait Files: Send + Sync {
    /// Keeps bytes under a name. When it returns the file is durable and whole; when it fails or the
    /// power goes, either nothing or the whole file is under the name.
    ///
    /// # Errors
    /// [`FilesError::Full`] or [`FilesError::Io`].
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), FilesError>;
    /// A range of a file's bytes.
    ///
    /// # Errors
    /// [`FilesError::NotFound`], or [`FilesError::Io`] when the range goes past the end.
    fn read(&self, name: &str, range: Range<u64>) -> Result<Bytes, FilesError>;
    /// Length in bytes.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] or [`FilesError::Io`].
    fn length(&self, name: &str) -> Result<u64, FilesError>;
    /// Names in a folder, sorted; temporary leftovers of an interrupted `put` are not listed but removed.
    ///
    /// # Errors
    /// [`FilesError::Io`].
    fn list(&self, folder: &str) -> Result<Vec<String>, FilesError>;
    /// Removes a file for good; a missing one is fine. Durable when it returns.
    ///
    /// # Errors
    /// [`FilesError::Io`].
    fn delete(&self, name: &str) -> Result<(), FilesError>;
}
