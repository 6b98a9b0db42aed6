//! A directory that goes with the test.

use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A new empty directory, removed when dropped.
#[derive(Debug)]
pub struct TestFolder(TempDir);

impl TestFolder {
    /// Makes one.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without a directory cannot run")]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// All files in it and below.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found.sort();
        found
    }
}

impl Default for TestFolder {
    fn default() -> Self {
        Self::new()
    }
}
