//! Uploads on disk: a private folder each, with the file and a note.

use super::{Note, Upload};
use crate::ApiError;
use crate::answers::imports::ImportState;
use axum::http::StatusCode;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Name of the uploaded file, whatever it is called.
const FILE: &str = "file";
const NOTE: &str = "note.json";

pub(super) fn file(folder: &Path, id: u64) -> PathBuf {
    folder.join(id.to_string()).join(FILE)
}

/// A folder that nobody else may read: what is in it names customers.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(super) fn taken(folder: &Path, id: u64) -> bool {
    folder.join(id.to_string()).exists()
}

pub(super) fn remove(folder: &Path, id: u64) -> io::Result<()> {
    match std::fs::remove_dir_all(folder.join(id.to_string())) {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Replaces a note in one step: a server that ends in between finds the old one.
pub(super) fn write(folder: &Path, id: u64, note: &Note) -> io::Result<()> {
    let folder = folder.join(id.to_string());
    let (new, old) = (folder.join("note.new"), folder.join(NOTE));
    std::fs::write(&new, serde_json::to_vec(note)?)?;
    std::fs::rename(new, old)
}

/// All that are there; what has no note never arrived and is removed.
pub(super) fn read_all(folder: &Path) -> io::Result<BTreeMap<u64, Upload>> {
    let mut known = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u64>().ok());
        let note = std::fs::read(path.join(NOTE)).ok();
        let note: Option<Note> = note.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let Some((id, mut note)) = id.zip(note) else {
            remove_any(&path)?;
            continue;
        };
        if matches!(note.import.state, ImportState::Queued | ImportState::Running) {
            note.import.state = ImportState::Interrupted;
            write(folder, id, &note)?;
        }
        known.insert(id, Upload { note, counters: Arc::default() });
    }
    Ok(known)
}

/// Removes folders that are not among these.
pub(super) fn remove_unknown(folder: &Path, known: &BTreeMap<u64, Upload>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u64>().ok());
        if id.is_none_or(|id| !known.contains_key(&id)) {
            remove_any(&path)?;
        }
    }
    Ok(())
}

fn remove_any(path: &Path) -> io::Result<()> {
    if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
}

/// A disk that is full is told from others.
pub(crate) fn failed(problem: io::Error) -> ApiError {
    if problem.kind() == io::ErrorKind::StorageFull {
        let message = "no space left for uploads: free some, then try again";
        return ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", message);
    }
    ApiError::internal(&problem)
}
