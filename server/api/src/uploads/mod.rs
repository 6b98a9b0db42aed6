//! Uploaded files on their way into the timeline.
//!
//! Each lies in a folder of its own in the data directory, private, beside a note of how far it is. It
//! goes away when it is imported or forgotten; an erasure takes all that wait, for they may hold the
//! customer.

mod kept;
mod looked;
mod run;

pub(crate) use kept::failed;
pub(crate) use looked::{look, settled};
pub(crate) use run::start;

use crate::ApiError;
use crate::answers::imports::{Import, ImportProgress, ImportState, StartRequest};
use perennial_listen::Progress;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Folder in the data directory.
const FOLDER: &str = "uploads";
/// Imports remembered.
const MOST_REMEMBERED: usize = 100;

/// How much may be uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Files that may wait at once.
    pub waiting_files: usize,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self { file_bytes: 2 << 30, waiting_files: 16 }
    }
}

/// See the module.
pub struct Uploads {
    folder: PathBuf,
    limits: UploadLimits,
    known: Mutex<BTreeMap<u64, Upload>>,
    arriving: AtomicUsize,
}

/// A file that arrives; what there is of it goes when this is dropped before it has arrived, as when the
/// client goes away.
pub(crate) struct Arrival<'a> {
    uploads: &'a Uploads,
    pub(crate) id: u64,
    arrived: bool,
}

impl Arrival<'_> {
    /// Notes a file that has arrived.
    pub(crate) fn put(mut self, note: Note) -> Result<Upload, ApiError> {
        let upload = self.uploads.put(self.id, note)?;
        self.arrived = true;
        Ok(upload)
    }
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        self.uploads.arriving.fetch_sub(1, Ordering::SeqCst);
        if !self.arrived
            && let Err(problem) = kept::remove(&self.uploads.folder, self.id)
        {
            tracing::warn!(error = %problem, upload = self.id, "an upload could not be removed");
        }
    }
}

/// One upload as it is known.
#[derive(Clone)]
pub(crate) struct Upload {
    pub(crate) note: Note,
    /// Of a running import.
    counters: Arc<Counters>,
}

/// What is kept beside the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) import: Import,
    pub(crate) request: StartRequest,
}

/// How far an import has read.
#[derive(Debug, Default)]
struct Counters {
    bytes_read: AtomicU64,
    bytes_total: AtomicU64,
    rows: AtomicU64,
}

impl Progress for Counters {
    fn update(&self, bytes_read: u64, bytes_total: u64, rows: u64) {
        self.bytes_read.store(bytes_read, Ordering::Relaxed);
        self.bytes_total.store(bytes_total, Ordering::Relaxed);
        self.rows.store(rows, Ordering::Relaxed);
    }
}

impl Upload {
    /// As it is told.
    pub(crate) fn told(&self) -> Import {
        let mut import = self.note.import.clone();
        if import.state == ImportState::Running {
            import.progress = Some(ImportProgress {
                bytes_read: self.counters.bytes_read.load(Ordering::Relaxed),
                bytes_total: self.counters.bytes_total.load(Ordering::Relaxed),
                rows: self.counters.rows.load(Ordering::Relaxed),
            });
        }
        import
    }

    /// Whether its file is there still.
    const fn has_file(&self) -> bool {
        !matches!(self.note.import.state, ImportState::Finished)
    }
}

impl Uploads {
    /// Those of a data directory; what was being imported when its server ended is interrupted.
    ///
    /// # Errors
    /// When the folder cannot be read or made.
    pub fn open(directory: &Path, limits: UploadLimits) -> std::io::Result<Self> {
        let folder = directory.join(FOLDER);
        kept::make_private(&folder)?;
        let known = kept::read_all(&folder)?;
        Ok(Self { folder, limits, known: Mutex::new(known), arriving: AtomicUsize::new(0) })
    }

    /// Removes all uploaded files of a data directory that no server holds, as an erasure must.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn remove_all(directory: &Path) -> std::io::Result<()> {
        match std::fs::remove_dir_all(directory.join(FOLDER)) {
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => Ok(()),
            outcome => outcome,
        }
    }

    /// Removes all files that wait, as an erasure must: they may hold the customer. Hold the turn of those
    /// that write, so that none is being imported.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn forget_files(&self) -> std::io::Result<()> {
        let mut known = self.known();
        let gone: Vec<u64> = known.iter().filter(|(_, upload)| upload.has_file()).map(|(id, _)| *id).collect();
        for id in gone {
            kept::remove(&self.folder, id)?;
            known.remove(&id);
        }
        // One that is arriving just now is not known yet; its folder is.
        kept::remove_unknown(&self.folder, &known)
    }

    pub(crate) const fn max_bytes(&self) -> u64 {
        self.limits.file_bytes
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<u64, Upload>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path of an upload's file.
    pub(crate) fn file(&self, id: u64) -> PathBuf {
        kept::file(&self.folder, id)
    }

    /// A number and a folder for a file that arrives.
    pub(crate) fn begin(&self, now_us: i64) -> Result<Arrival<'_>, ApiError> {
        let known = self.known();
        let waiting = known.values().filter(|upload| upload.has_file()).count();
        let most = self.limits.waiting_files;
        if waiting + self.arriving.load(Ordering::SeqCst) >= most {
            let message = format!("{most} uploads wait already: start or delete some first");
            return Err(ApiError::new(axum::http::StatusCode::CONFLICT, "too_many_uploads", message));
        }
        let mut id = u64::try_from(now_us).unwrap_or(0);
        while known.contains_key(&id) || kept::taken(&self.folder, id) {
            id += 1;
        }
        kept::make_private(&self.folder.join(id.to_string())).map_err(kept::failed)?;
        self.arriving.fetch_add(1, Ordering::SeqCst);
        Ok(Arrival { uploads: self, id, arrived: false })
    }

    fn put(&self, id: u64, note: Note) -> Result<Upload, ApiError> {
        let mut known = self.known();
        kept::write(&self.folder, id, &note).map_err(kept::failed)?;
        let counters = known.get(&id).map(|upload| Arc::clone(&upload.counters)).unwrap_or_default();
        let upload = Upload { note, counters };
        known.insert(id, upload.clone());
        while known.len() > MOST_REMEMBERED {
            let Some(oldest) = known.iter().find(|(_, upload)| !upload.has_file()).map(|(id, _)| *id) else { break };
            known.remove(&oldest);
            kept::remove(&self.folder, oldest).map_err(kept::failed)?;
        }
        Ok(upload)
    }

    /// Changes what is noted, unless `change` refuses.
    pub(crate) fn change<T>(
        &self,
        id: u64,
        change: impl FnOnce(&mut Note) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut known = self.known();
        let upload = known.get_mut(&id).ok_or_else(unknown)?;
        let mut note = upload.note.clone();
        let value = change(&mut note)?;
        kept::write(&self.folder, id, &note).map_err(kept::failed)?;
        upload.note = note;
        Ok(value)
    }

    pub(crate) fn get(&self, id: u64) -> Result<Upload, ApiError> {
        self.known().get(&id).cloned().ok_or_else(unknown)
    }

    /// Newest first.
    pub(crate) fn all(&self) -> Vec<Import> {
        self.known().values().rev().map(Upload::told).collect()
    }

    /// Forgets one that is not being imported.
    pub(crate) fn forget(&self, id: u64) -> Result<(), ApiError> {
        let mut known = self.known();
        let state = known.get(&id).map(|upload| upload.note.import.state).ok_or_else(unknown)?;
        if matches!(state, ImportState::Queued | ImportState::Running) {
            return Err(running());
        }
        kept::remove(&self.folder, id).map_err(kept::failed)?;
        known.remove(&id);
        Ok(())
    }

    /// Removes the file of an import that is done; its note stays.
    pub(crate) fn drop_file(&self, id: u64) {
        if let Err(problem) = std::fs::remove_file(self.file(id)) {
            tracing::warn!(error = %problem, upload = id, "an imported file could not be removed");
        }
    }
}

fn unknown() -> ApiError {
    ApiError::not_found("there is no such import: GET /api/imports lists those that there are")
}

fn running() -> ApiError {
    ApiError::new(axum::http::StatusCode::CONFLICT, "running", "this import is under way: wait until it has ended")
}
