//! A disk in memory that can lose its power.

use crate::Power;
use bytes::Bytes;
use perennial_ports::Disk;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a loss of power leaves of that which was not made durable. Both happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survival {
    /// The least a disk may keep: names not synced are as before, content not synced is torn.
    Least,
    /// The most: all names are as last seen, but content not synced is torn all the same.
    Names,
}

/// A disk in memory that keeps what is durable apart from what is only written. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct SimulatedDisk {
    power: Power,
    capacity: Option<u64>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Clone, Default)]
struct State {
    contents: Vec<Content>,
    now: Names,
    durable: Names,
}

#[derive(Debug, Clone, Default)]
struct Content {
    written: Vec<u8>,
    synced: Vec<u8>,
}

#[derive(Debug, Clone, Default)]
struct Names {
    files: BTreeMap<PathBuf, usize>,
    folders: BTreeSet<PathBuf>,
}

impl SimulatedDisk {
    /// An empty disk on this switch.
    #[must_use]
    pub fn on(power: &Power) -> Self {
        Self { power: power.clone(), ..Self::default() }
    }

    /// A disk with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: u64) -> Self {
        Self { capacity: Some(bytes), ..Self::default() }
    }

    /// Makes the step after so many more, and all later ones, fail.
    pub fn power_off_after(&self, steps: u64) {
        self.power.off_after(steps);
    }

    /// The disk after a loss of power, with only what was durable, on a switch of its own.
    #[must_use]
    pub fn power_on(&self) -> Self {
        self.power_on_with(Survival::Least, &Power::default())
    }

    /// The disk after a loss of power that left this much, on this switch.
    #[must_use]
    pub fn power_on_with(&self, survival: Survival, power: &Power) -> Self {
        let mut state = self.state().clone();
        if survival == Survival::Least {
            state.now = state.durable.reachable();
        }
        for content in &mut state.contents {
            content.lose_power();
        }
        state.durable = state.now.clone();
        Self { power: power.clone(), capacity: self.capacity, state: Arc::new(Mutex::new(state)) }
    }

    /// Paths of all files there are.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.state().now.files.keys().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    /// What was never synced is cut in the middle.
    fn lose_power(&mut self) {
        if self.written != self.synced {
            self.written.truncate(self.written.len() / 2);
            self.synced = self.written.clone();
        }
    }
}

impl Names {
    fn has_folder(&self, path: &Path) -> bool {
        path.parent().is_none() || path.as_os_str().is_empty() || self.folders.contains(path)
    }

    /// Names all of whose folders are there as well.
    fn reachable(&self) -> Self {
        let held = |path: &Path| path.ancestors().skip(1).all(|folder| self.has_folder(folder));
        Self {
            files: self.files.iter().filter(|(path, _)| held(path)).map(|(path, at)| (path.clone(), *at)).collect(),
            folders: self.folders.iter().filter(|path| held(path)).cloned().collect(),
        }
    }
}

impl State {
    fn content(&mut self, path: &Path) -> io::Result<&mut Content> {
        let at = *self.now.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        self.contents.get_mut(at).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The content to overwrite, a new one for a new name.
    fn create(&mut self, path: &Path) -> io::Result<&mut Content> {
        if !path.parent().is_some_and(|folder| self.now.has_folder(folder)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let next = self.contents.len();
        let at = *self.now.files.entry(path.to_owned()).or_insert(next);
        if at == next {
            self.contents.push(Content::default());
        }
        self.content(path)
    }

    fn used(&self) -> u64 {
        self.now.files.values().filter_map(|at| self.contents.get(*at)).map(|file| file.written.len() as u64).sum()
    }
}

impl Disk for SimulatedDisk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let powered = self.power.step();
        let mut state = self.state();
        state.create(path)?.written.clear();
        let free = self.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(state.used()));
        let fits = usize::try_from(free).unwrap_or(usize::MAX).min(bytes.len());
        // A write that is cut short leaves its beginning behind.
        let kept = if powered.is_ok() { fits } else { fits / 2 };
        state.create(path)?.written.extend_from_slice(&bytes[..kept]);
        powered?;
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.power.step()?;
        let mut state = self.state();
        let content = state.content(path)?;
        content.synced = content.written.clone();
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.power.step()?;
        let mut state = self.state();
        let at = state.now.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.now.files.insert(to.to_owned(), at);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.power.step()?;
        let mut guard = self.state();
        let State { now, durable, .. } = &mut *guard;
        if !now.has_folder(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = |child: &Path| child.parent() == Some(path);
        durable.files.retain(|file, _| !inside(file));
        durable.files.extend(now.files.iter().filter(|(file, _)| inside(file)).map(|(file, at)| (file.clone(), *at)));
        durable.folders.retain(|folder| !inside(folder));
        durable.folders.extend(now.folders.iter().filter(|folder| inside(folder)).cloned());
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.power.step()?;
        self.state().now.files.remove(path).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.power.step()?;
        let mut state = self.state();
        for folder in path.ancestors() {
            if !state.now.has_folder(folder) {
                state.now.folders.insert(folder.to_owned());
            }
        }
        Ok(())
    }

    fn read(&self, path: &Path, range: Range<u64>) -> io::Result<Bytes> {
        self.power.check()?;
        let mut state = self.state();
        let bytes = &state.content(path)?.written;
        let place = |at: u64| usize::try_from(at).map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof));
        let slice = bytes.get(place(range.start)?..place(range.end)?);
        slice.map(Bytes::copy_from_slice).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn length(&self, path: &Path) -> io::Result<u64> {
        self.power.check()?;
        Ok(self.state().content(path)?.written.len() as u64)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        self.power.check()?;
        let state = self.state();
        if !state.now.has_folder(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(state.now.files.keys().filter(|file| file.parent() == Some(path)).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::disk_contract!(|_folder: &Path| SimulatedDisk::default());

    fn disk() -> SimulatedDisk {
        let disk = SimulatedDisk::default();
        disk.create_dir_all(Path::new("/data")).unwrap();
        disk.sync_dir(Path::new("/")).unwrap();
        disk
    }

    #[test]
    fn content_that_was_not_synced_is_torn() {
        let (disk, path) = (disk(), Path::new("/data/a"));
        disk.write(path, b"1234").unwrap();
        disk.sync_dir(Path::new("/data")).unwrap();
        assert_eq!(disk.power_on().length(path).unwrap(), 2);
        disk.sync(path).unwrap();
        assert_eq!(disk.power_on().length(path).unwrap(), 4);
    }

    #[test]
    fn names_that_were_not_synced_are_as_before() {
        let (disk, old, new) = (disk(), Path::new("/data/a"), Path::new("/data/b"));
        disk.write(old, b"1234").unwrap();
        disk.sync(old).unwrap();
        assert!(disk.power_on().files().is_empty());
        disk.sync_dir(Path::new("/data")).unwrap();
        disk.rename(old, new).unwrap();
        assert_eq!(disk.power_on().files(), [old]);
        assert_eq!(disk.power_on_with(Survival::Names, &Power::default()).files(), [new]);
        disk.sync_dir(Path::new("/data")).unwrap();
        assert_eq!(disk.power_on().files(), [new]);
        disk.remove(new).unwrap();
        assert_eq!(disk.power_on().files(), [new]);
    }

    #[test]
    fn a_folder_that_was_not_synced_takes_its_files_along() {
        let (disk, folder) = (disk(), Path::new("/data/shard"));
        disk.create_dir_all(folder).unwrap();
        disk.write(&folder.join("a"), b"1").unwrap();
        disk.sync(&folder.join("a")).unwrap();
        disk.sync_dir(folder).unwrap();
        assert!(disk.power_on().files().is_empty());
        disk.sync_dir(Path::new("/data")).unwrap();
        assert_eq!(disk.power_on().files(), [folder.join("a")]);
    }

    #[test]
    fn without_power_nothing_works_and_a_cut_write_leaves_its_beginning() {
        let (disk, path) = (disk(), Path::new("/data/a"));
        disk.power_off_after(1);
        disk.write(path, b"1234").unwrap();
        assert!(disk.write(path, b"123456").is_err());
        assert!(disk.length(path).is_err() && disk.sync(path).is_err());
        let survivor = disk.power_on_with(Survival::Names, &Power::default());
        assert!(survivor.length(path).unwrap() < 4);
    }
}
