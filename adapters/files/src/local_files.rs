//! Immutable files under one directory, whole or not there at all.

use crate::OsDisk;
use crate::names::{TEMPORARY, is_valid, parent};
use bytes::Bytes;
use perennial_ports::{Disk, Files, FilesError};
use std::collections::HashSet;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files under one directory of a disk. Only one process may use it ([`crate::DirectoryLock`]).
///
/// `put` writes a temporary file, syncs it, renames it and syncs the directory, in this order: the
/// name never stands for less than the whole content.
pub struct LocalFiles<D: Disk = OsDisk> {
    root: PathBuf,
    disk: D,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Folders whose names this process has made durable.
    durable_folders: HashSet<PathBuf>,
    /// Temporary files that a `put` is writing just now.
    in_flight: HashSet<PathBuf>,
    /// Distinguishes temporary files of one name.
    next_temporary: u64,
}

impl LocalFiles<OsDisk> {
    /// Files under this directory, which is made if it is missing.
    ///
    /// # Errors
    /// [`FilesError::Full`] or [`FilesError::Io`].
    pub fn open(root: &Path) -> Result<Self, FilesError> {
        Self::on_disk(root, OsDisk)
    }
}

impl<D: Disk> LocalFiles<D> {
    /// Files under this directory of another disk.
    ///
    /// # Errors
    /// [`FilesError::Full`] or [`FilesError::Io`].
    pub fn on_disk(root: &Path, disk: D) -> Result<Self, FilesError> {
        let files = Self { root: root.to_owned(), disk, state: Mutex::default() };
        files.make_root().map_err(|error| failed("create folder", &root.display().to_string(), error))?;
        Ok(files)
    }

    fn make_root(&self) -> io::Result<()> {
        let missing = |path: &&Path| self.disk.list(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        let made: Vec<&Path> = self.root.ancestors().take_while(missing).collect();
        self.disk.create_dir_all(&self.root)?;
        for folder in made {
            self.disk.sync_dir(&parent(folder))?;
        }
        // Once more for a root that a process made just before it was killed.
        self.disk.sync_dir(&parent(&self.root))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, action: &'static str, name: &str) -> Result<PathBuf, FilesError> {
        if is_valid(name) {
            return Ok(self.root.join(name));
        }
        let source = io::Error::new(io::ErrorKind::InvalidInput, "a name has letters, digits, - _ . and / only");
        Err(FilesError::Io { action, name: name.to_owned(), source })
    }

    /// Makes a folder and the names of it and of all folders above it durable.
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder == self.root || self.state().durable_folders.contains(folder) {
            return Ok(());
        }
        self.disk.create_dir_all(folder)?;
        for made in folder.ancestors().take_while(|made| *made != self.root) {
            self.disk.sync_dir(&parent(made))?;
        }
        self.state().durable_folders.insert(folder.to_owned());
        Ok(())
    }

    fn begin_temporary(&self, path: &Path) -> PathBuf {
        let mut state = self.state();
        state.next_temporary += 1;
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(format!(".{}{TEMPORARY}", state.next_temporary));
        let temporary = PathBuf::from(temporary);
        state.in_flight.insert(temporary.clone());
        temporary
    }

    fn write_whole(&self, temporary: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.disk.write(temporary, bytes)?;
        self.disk.sync(temporary)?;
        self.disk.rename(temporary, path)?;
        let synced = self.disk.sync_dir(&parent(path));
        if synced.is_err() {
            // Not durable, so not there: a caller that hears of a failure must not find the file.
            let _ = self.disk.remove(path);
        }
        synced
    }

    /// Files in a folder without the leftovers of an interrupted `put`, which are removed.
    fn swept(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let (temporary, whole): (Vec<_>, Vec<_>) = self
            .disk
            .list(folder)?
            .into_iter()
            .partition(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(TEMPORARY)));
        let state = self.state();
        for leftover in temporary.iter().filter(|path| !state.in_flight.contains(*path)) {
            match self.disk.remove(leftover) {
                // Finished between the listing and now.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
        Ok(whole)
    }
}

impl<D: Disk> Files for LocalFiles<D> {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), FilesError> {
        let path = self.path("write", name)?;
        self.make_folder(&parent(&path)).map_err(|error| failed("create folder of", name, error))?;
        let temporary = self.begin_temporary(&path);
        let written = self.write_whole(&temporary, &path, bytes);
        if written.is_err() {
            let _ = self.disk.remove(&temporary);
        }
        self.state().in_flight.remove(&temporary);
        written.map_err(|error| failed("write", name, error))
    }

    fn read(&self, name: &str, range: Range<u64>) -> Result<Bytes, FilesError> {
        let path = self.path("read", name)?;
        self.disk.read(&path, range).map_err(|error| failed("read", name, error))
    }

    fn length(&self, name: &str) -> Result<u64, FilesError> {
        let path = self.path("measure", name)?;
        self.disk.length(&path).map_err(|error| failed("measure", name, error))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FilesError> {
        let path = if folder.is_empty() { self.root.clone() } else { self.path("list", folder)? };
        let files = match self.swept(&path) {
            // A folder comes into being with its first file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            files => files.map_err(|error| failed("list", folder, error))?,
        };
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let name = |path: &PathBuf| Some(format!("{prefix}{}", path.file_name()?.to_str()?));
        let mut names: Vec<String> = files.iter().filter_map(name).filter(|name| is_valid(name)).collect();
        names.sort_unstable();
        Ok(names)
    }

    fn delete(&self, name: &str) -> Result<(), FilesError> {
        let path = self.path("delete", name)?;
        let removed = match self.disk.remove(&path) {
            // Synced even so: an earlier removal may have been cut short before it was.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        };
        let synced = match removed.and_then(|()| self.disk.sync_dir(&parent(&path))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            synced => synced,
        };
        synced.map_err(|error| failed("delete", name, error))
    }
}

fn failed(action: &'static str, name: &str, source: io::Error) -> FilesError {
    let name = name.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => FilesError::NotFound { name },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FilesError::Full { name },
        _ => FilesError::Io { action, name, source },
    }
}
