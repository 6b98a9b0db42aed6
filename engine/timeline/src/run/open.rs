//! Opens a run once per process: checks every byte against the manifest, then reads the footer.

use super::format::{FORMAT_VERSION, Footer};
use super::read::RunBytes;
use crate::TimelineError;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use perennial_ports::{Files, FilesError, RunRecord};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes read at once while a run is checked.
const CHECK_BYTES: u64 = 1 << 20;

/// Why a run does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Damage {
    Broken(String),
    TooNew(u32),
}

impl Damage {
    pub(crate) fn error(&self, file: &str) -> TimelineError {
        match self {
            Self::Broken(reason) => TimelineError::DamagedRun { file: file.to_owned(), reason: reason.clone() },
            Self::TooNew(found) => {
                TimelineError::TooNewRun { file: file.to_owned(), found: *found, supported: FORMAT_VERSION }
            }
        }
    }
}

/// Runs that this process found not to answer, by number, with the message. Shared by all readers.
#[derive(Debug, Default)]
pub(crate) struct DamageList(Mutex<BTreeMap<u64, (Damage, String)>>);

impl DamageList {
    fn add(&self, run_id: u64, damage: &Damage, file: &str) {
        let found = (damage.clone(), damage.error(file).to_string());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(run_id, found);
    }

    pub(crate) fn of(&self, run_id: u64) -> Option<String> {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.get(&run_id).map(|(_, message)| message.clone())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Those to quarantine; not those too new, because a newer version reads them.
    pub(crate) fn broken(&self) -> Vec<u64> {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter().filter(|(_, (damage, _))| matches!(damage, Damage::Broken(_))).map(|(run_id, _)| *run_id).collect()
    }
}

/// A run that was checked.
#[derive(Debug)]
pub(crate) struct OpenRun {
    pub(crate) metadata: ArrowReaderMetadata,
    pub(crate) footer: Footer,
}

/// A run of the manifest; opened at the first touch.
pub(crate) struct RunHandle {
    pub(crate) record: RunRecord,
    pub(crate) files: Arc<dyn Files>,
    damage: Arc<DamageList>,
    opened: Mutex<Option<Result<Arc<OpenRun>, Damage>>>,
    /// Numbers of runs that a scan proved apart from each other, this one among them.
    apart: Mutex<Arc<[u64]>>,
}

impl RunHandle {
    pub(crate) fn new(record: RunRecord, files: Arc<dyn Files>, damage: Arc<DamageList>) -> Arc<Self> {
        Arc::new(Self { record, files, damage, opened: Mutex::new(None), apart: Mutex::default() })
    }

    /// The run's footer, after a check of all its bytes the first time.
    ///
    /// # Errors
    /// What is damaged, missing or too new stays so until the process ends and goes onto the list
    /// of damage; a disk that fails to read does not.
    pub(crate) fn open(&self) -> Result<Arc<OpenRun>, TimelineError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.is_none() {
            let outcome = self.check()?;
            if let Err(damage) = &outcome {
                self.damage.add(self.record.run_id, damage, &self.record.file);
            }
            *opened = Some(outcome.map(Arc::new));
        }
        match opened.as_ref() {
            Some(Ok(run)) => Ok(Arc::clone(run)),
            Some(Err(damage)) => Err(damage.error(&self.record.file)),
            None => Err(Damage::Broken("it could not be opened".to_owned()).error(&self.record.file)),
        }
    }

    /// Numbers of runs, this one among them, among which no message comes twice under a customer
    /// and equal times stand in the order of the runs. A run never changes, so that it stays true.
    pub(crate) fn apart(&self) -> Arc<[u64]> {
        Arc::clone(&self.apart.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_apart(&self, runs: Arc<[u64]>) {
        *self.apart.lock().unwrap_or_else(PoisonError::into_inner) = runs;
    }

    /// The same as [`Self::open`], but `None` for a run that does not answer.
    pub(crate) fn open_if_sound(&self) -> Result<Option<Arc<OpenRun>>, TimelineError> {
        match self.open() {
            Ok(run) => Ok(Some(run)),
            Err(TimelineError::DamagedRun { .. } | TimelineError::TooNewRun { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Remembers that decoding failed although the bytes were checked before.
    pub(crate) fn broken(&self, reason: String) -> TimelineError {
        let damage = Damage::Broken(reason);
        let error = damage.error(&self.record.file);
        self.damage.add(self.record.run_id, &damage, &self.record.file);
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(Err(damage));
        error
    }

    /// Checks all bytes again, unless they were found damaged before.
    pub(crate) fn recheck(&self) -> Result<(), TimelineError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.take_if(|outcome| outcome.is_ok());
        drop(opened);
        self.open().map(|_| ())
    }

    fn check(&self) -> Result<Result<OpenRun, Damage>, TimelineError> {
        if self.record.format_version > FORMAT_VERSION {
            return Ok(Err(Damage::TooNew(self.record.format_version)));
        }
        match self.checksum() {
            Ok(Ok(())) => Ok(self.read_footer()),
            Ok(Err(reason)) => Ok(Err(Damage::Broken(reason))),
            Err(FilesError::NotFound { .. }) => Ok(Err(Damage::Broken("the file is missing".to_owned()))),
            Err(other) => Err(other.into()),
        }
    }

    fn checksum(&self) -> Result<Result<(), String>, FilesError> {
        let (name, expected) = (&self.record.file, self.record.bytes);
        let length = self.files.length(name)?;
        if length != expected {
            return Ok(Err(format!("{length} bytes instead of {expected}")));
        }
        let mut hasher = crc32fast::Hasher::new();
        let mut start = 0;
        while start < length {
            let end = length.min(start + CHECK_BYTES);
            hasher.update(&self.files.read(name, start..end)?);
            start = end;
        }
        let found = hasher.finalize();
        let fits = found == self.record.checksum;
        Ok(if fits { Ok(()) } else { Err(format!("checksum {found:08x} instead of {:08x}", self.record.checksum)) })
    }

    fn read_footer(&self) -> Result<OpenRun, Damage> {
        let bytes = RunBytes::whole(Arc::clone(&self.files), &self.record);
        let metadata = ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new())
            .map_err(|error| Damage::Broken(error.to_string()))?;
        let pairs = metadata.metadata().file_metadata().key_value_metadata();
        let footer = pairs.and_then(|pairs| Footer::from_pairs(pairs));
        let footer = footer.ok_or_else(|| Damage::Broken("its footer is not one of ours".to_owned()))?;
        if footer.format > FORMAT_VERSION {
            return Err(Damage::TooNew(footer.format));
        }
        if footer.shard != self.record.shard {
            return Err(Damage::Broken(format!("it belongs to shard {}", footer.shard)));
        }
        Ok(OpenRun { metadata, footer })
    }
}
