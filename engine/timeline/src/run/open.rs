//! Opens a run once per process: checks its footer against the manifest. The column chunks are
//! checked against the footer when they are read (see `read.rs`).

use super::format::{FORMAT_VERSION, Footer, KEY_SUMS};
use super::read::{RunBytes, check_all};
use super::sums::{Sums, TAIL_BYTES, footer_bytes};
use crate::TimelineError;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use perennial_ports::{Files, FilesError, RunRecord};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes at the end of a file that hold most footers whole.
const FOOTER_BYTES: u64 = 32 << 10;

/// Why a run does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Damage {
    Broken(String),
    Format(u32),
}

impl Damage {
    pub(crate) fn error(&self, file: &str) -> TimelineError {
        match self {
            Self::Broken(reason) => TimelineError::DamagedRun { file: file.to_owned(), reason: reason.clone() },
            Self::Format(found) => {
                TimelineError::RunFormat { file: file.to_owned(), found: *found, supported: FORMAT_VERSION }
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

    /// Those to quarantine; not those of another format, because another version reads them.
    pub(crate) fn broken(&self) -> Vec<u64> {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter().filter(|(_, (damage, _))| matches!(damage, Damage::Broken(_))).map(|(run_id, _)| *run_id).collect()
    }
}

/// A run whose footer was checked.
#[derive(Debug)]
pub(crate) struct OpenRun {
    pub(crate) metadata: ArrowReaderMetadata,
    pub(crate) footer: Footer,
    pub(crate) sums: Sums,
}

/// A run of the manifest; opened at the first touch.
pub(crate) struct RunHandle {
    pub(crate) record: RunRecord,
    pub(crate) files: Arc<dyn Files>,
    damage: Arc<DamageList>,
    /// Checksums are not compared.
    pub(super) trusted: bool,
    opened: Mutex<Option<Result<Arc<OpenRun>, Damage>>>,
    /// Numbers of runs that a scan proved apart from each other, this one among them.
    apart: Mutex<Arc<[u64]>>,
}

impl RunHandle {
    pub(crate) fn new(record: RunRecord, files: Arc<dyn Files>, damage: Arc<DamageList>) -> Arc<Self> {
        Arc::new(Self { record, files, damage, trusted: false, opened: Mutex::new(None), apart: Mutex::default() })
    }

    /// A run whose checksums are taken to fit.
    pub(super) fn trusted(record: RunRecord, files: Arc<dyn Files>) -> Arc<Self> {
        let (damage, opened, apart) = (Arc::default(), Mutex::new(None), Mutex::default());
        Arc::new(Self { record, files, damage, trusted: true, opened, apart })
    }

    /// The run's footer, checked the first time.
    ///
    /// # Errors
    /// What is damaged, missing or of another format stays so until the process ends and goes onto the list
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
            Err(error) if error.leaves_out_a_run() => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Remembers that the run does not answer, as a reader found.
    pub(crate) fn broken(&self, reason: String) -> TimelineError {
        let damage = Damage::Broken(reason);
        let error = damage.error(&self.record.file);
        self.damage.add(self.record.run_id, &damage, &self.record.file);
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(Err(damage));
        error
    }

    /// Checks all bytes again, unless they were found damaged before.
    pub(crate) fn recheck(self: &Arc<Self>) -> Result<(), TimelineError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.take_if(|outcome| outcome.is_ok());
        drop(opened);
        check_all(self)
    }

    fn check(&self) -> Result<Result<OpenRun, Damage>, TimelineError> {
        if self.record.format_version != FORMAT_VERSION {
            return Ok(Err(Damage::Format(self.record.format_version)));
        }
        match self.footer_bytes() {
            Ok(Ok(footer)) => Ok(self.read_footer(footer)),
            Ok(Err(reason)) => Ok(Err(Damage::Broken(reason))),
            Err(FilesError::NotFound { .. }) => Ok(Err(Damage::Broken("the file is missing".to_owned()))),
            Err(other) => Err(other.into()),
        }
    }

    /// The footer with its tail, as the manifest knows it.
    fn footer_bytes(&self) -> Result<Result<Bytes, String>, FilesError> {
        let (name, expected) = (&self.record.file, self.record.bytes);
        let length = self.files.length(name)?;
        if length != expected {
            return Ok(Err(format!("{length} bytes instead of {expected}")));
        }
        let end = self.files.read(name, length.saturating_sub(FOOTER_BYTES)..length)?;
        let tail = end.get(end.len().saturating_sub(TAIL_BYTES as usize)..).unwrap_or_default();
        let Some(size) = footer_bytes(tail, length) else { return Ok(Err("it has no footer".to_owned())) };
        let footer = match end.len().checked_sub(size as usize) {
            Some(start) => end.slice(start..),
            None => self.files.read(name, length - size..length)?,
        };
        let found = crc32fast::hash(&footer);
        let fits = self.trusted || found == self.record.checksum;
        let reason = || format!("footer checksum {found:08x} instead of {:08x}", self.record.checksum);
        Ok(if fits { Ok(footer) } else { Err(reason()) })
    }

    fn read_footer(&self, bytes: Bytes) -> Result<OpenRun, Damage> {
        let start = self.record.bytes - bytes.len() as u64;
        let bytes = RunBytes::of(Arc::clone(&self.files), &self.record, vec![(start, bytes)]);
        let metadata = ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new())
            .map_err(|error| Damage::Broken(error.to_string()))?;
        let not_ours = || Damage::Broken("its footer is not one of ours".to_owned());
        let pairs = metadata.metadata().file_metadata().key_value_metadata().ok_or_else(not_ours)?;
        let footer = Footer::from_pairs(pairs).ok_or_else(not_ours)?;
        if footer.format != FORMAT_VERSION {
            return Err(Damage::Format(footer.format));
        }
        if footer.shard != self.record.shard {
            return Err(Damage::Broken(format!("it belongs to shard {}", footer.shard)));
        }
        let sums = pairs.iter().find(|pair| pair.key == KEY_SUMS).and_then(|pair| pair.value.as_deref());
        let sums = sums.and_then(|text| Sums::new(text, metadata.metadata().row_groups(), start));
        Ok(OpenRun { sums: sums.ok_or_else(not_ours)?, metadata, footer })
    }
}
