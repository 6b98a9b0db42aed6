//! Where the bytes come from: a file, a gzip file, an entry of a ZIP; opened again for each reading.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Crc;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};

use super::error::ReadError;

/// Bytes asked of the disk at once.
pub(super) const CHUNK_BYTES: usize = 256 << 10;
/// Up to here any compression ratio is believed.
const FREE_EXPANSION_BYTES: u64 = 1 << 30;
/// Beyond it an archive may unpack to this many times its size. Order files shrink to a tenth, logs of one
/// repeated line to a hundredth; deflate's bound, which bombs reach, is a thousandth.
const MAX_EXPANSION: u64 = 250;
/// Largest packed workbook or Parquet file, which need random access and so are unpacked into memory.
pub(super) const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// An entry of a ZIP: where its bytes lie in the archive and what they must add up to.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its name in the archive.
    pub(super) name: String,
    pub(super) start: u64,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) crc: u32,
    pub(super) deflated: bool,
}

/// A file or a part of one that can be read from its start as often as needed.
#[derive(Debug, Clone)]
pub(super) struct Input {
    path: PathBuf,
    /// The name in messages.
    pub(super) name: String,
    /// Bytes on disk.
    pub(super) bytes: u64,
    entry: Option<Entry>,
    /// Whether what lies there is gzip once more.
    pub(super) gzip: bool,
}

/// Bytes plus how many of them were taken from the disk.
pub(super) struct Stream {
    pub(super) bytes: Box<dyn Read + Send>,
    pub(super) taken: Arc<AtomicU64>,
}

impl Input {
    /// Checks that `path` can be opened and is a regular file.
    pub(super) fn file(path: &Path) -> Result<Self, ReadError> {
        let name = path.display().to_string();
        let facts = std::fs::metadata(path).map_err(|error| ReadError::from_io(&name, error))?;
        if facts.is_dir() {
            return Err(ReadError::NotAFile { file: name, what: "a folder" });
        }
        if !facts.is_file() {
            return Err(ReadError::NotAFile { file: name, what: "a device or a pipe" });
        }
        let input = Input { path: path.to_owned(), name, bytes: facts.len(), entry: None, gzip: false };
        input.open_file()?;
        Ok(input)
    }

    /// The entry of this archive.
    pub(super) fn entry(&self, entry: Entry) -> Self {
        let name = format!("{}/{}", self.name, entry.name);
        Input { path: self.path.clone(), name, bytes: entry.packed, entry: Some(entry), gzip: false }
    }

    /// For people: `gzip`, `ZIP`; `None` when nothing is packed.
    pub(super) fn packing(&self) -> Option<&'static str> {
        match (&self.entry, self.gzip) {
            (None, false) => None,
            (None, true) => Some("gzip"),
            (Some(_), false) => Some("ZIP"),
            (Some(_), true) => Some("gzip in ZIP"),
        }
    }

    /// The file on disk, when it is not packed.
    pub(super) fn open_file(&self) -> Result<File, ReadError> {
        File::open(&self.path).map_err(|error| ReadError::from_io(&self.name, error))
    }

    /// The unpacked bytes from their start.
    pub(super) fn open(&self) -> Result<Stream, ReadError> {
        let mut file = self.open_file()?;
        let taken = Arc::new(AtomicU64::new(0));
        let mut packed = self.gzip;
        let mut bytes: Box<dyn Read + Send> = match &self.entry {
            None => Box::new(Count { inner: file, taken: Arc::clone(&taken) }),
            Some(entry) => {
                packed |= entry.deflated;
                file.seek(SeekFrom::Start(entry.start)).map_err(|error| ReadError::from_io(&self.name, error))?;
                unpack_entry(Count { inner: file.take(entry.packed), taken: Arc::clone(&taken) }, entry)
            }
        };
        if self.gzip {
            bytes = Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK_BYTES, bytes)));
        }
        if packed {
            bytes = Box::new(Expansion { inner: bytes, taken: Arc::clone(&taken), unpacked: 0 });
        }
        Ok(Stream { bytes, taken })
    }

    /// The first `bytes` unpacked bytes, fewer when there are no more. What follows a damage is left out:
    /// reading the rows will meet it and name its line.
    pub(super) fn head(&self, bytes: usize) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::with_capacity(bytes.min(CHUNK_BYTES));
        match self.open()?.bytes.take(bytes as u64).read_to_end(&mut head) {
            Err(error) if head.is_empty() => Err(ReadError::while_reading(&self.name, 0, error)),
            _ => Ok(head),
        }
    }

    /// All unpacked bytes in memory, at most [`MAX_UNPACKED_BYTES`].
    pub(super) fn unpack(&self) -> Result<Vec<u8>, ReadError> {
        let mut all = Vec::new();
        self.open()?
            .bytes
            .take(MAX_UNPACKED_BYTES + 1)
            .read_to_end(&mut all)
            .map_err(|error| ReadError::while_reading(&self.name, 0, error))?;
        if all.len() as u64 > MAX_UNPACKED_BYTES {
            return Err(ReadError::TooLarge {
                file: self.name.clone(),
                what: "the packed workbook or Parquet file",
                limit: format!("{} MiB", MAX_UNPACKED_BYTES >> 20),
                advice: "unpack it first",
            });
        }
        Ok(all)
    }

    /// Whether it must be unpacked before it can be read at random.
    pub(super) fn is_packed(&self) -> bool {
        self.gzip || self.entry.is_some()
    }

    /// Length and CRC-32 of the bytes on disk: enough to tell whether this is the file whose import was
    /// interrupted. A ZIP states both for each entry; a file is read once.
    pub(super) fn fingerprint(&self) -> Result<String, ReadError> {
        if let Some(entry) = &self.entry {
            return Ok(format!("{:x}-{:08x}", entry.size, entry.crc));
        }
        let mut file = self.open_file()?;
        let mut crc = Crc::new();
        let mut length = 0;
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            match file.read(&mut chunk) {
                Ok(0) => return Ok(format!("{length:x}-{:08x}", crc.sum())),
                Ok(n) => {
                    length += n as u64;
                    crc.update(&chunk[..n]);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ReadError::from_io(&self.name, error)),
            }
        }
    }
}

fn unpack_entry(packed: Count<io::Take<File>>, entry: &Entry) -> Box<dyn Read + Send> {
    let (crc, size) = (entry.crc, entry.size);
    if entry.deflated {
        let inner = DeflateDecoder::new(BufReader::with_capacity(CHUNK_BYTES, packed));
        Box::new(Checked { inner, sum: Crc::new(), length: 0, crc, size })
    } else {
        Box::new(Checked { inner: packed, sum: Crc::new(), length: 0, crc, size })
    }
}

/// Counts what passes.
struct Count<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Count<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Compares the checksum of a ZIP entry once its end is reached.
struct Checked<R> {
    inner: R,
    sum: Crc,
    length: u64,
    crc: u32,
    size: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.sum.update(&into[..n]);
        self.length += n as u64;
        if n == 0 && !into.is_empty() && (self.sum.sum() != self.crc || self.length != self.size) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum in the ZIP is wrong"));
        }
        Ok(n)
    }
}

/// Stops archives that unpack to absurd sizes.
struct Expansion<R> {
    inner: R,
    taken: Arc<AtomicU64>,
    unpacked: u64,
}

impl<R: Read> Read for Expansion<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.unpacked += n as u64;
        let believable = self.taken.load(Ordering::Relaxed).saturating_mul(MAX_EXPANSION);
        if self.unpacked > FREE_EXPANSION_BYTES.max(believable) {
            let limit = format!("{MAX_EXPANSION} times the size of the file");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, limit));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absurd_ratio_stops_the_reading() {
        let taken = Arc::new(AtomicU64::new(1 << 20));
        let mut stream = Expansion { inner: io::repeat(b'a'), taken, unpacked: FREE_EXPANSION_BYTES };
        let error = stream.read(&mut [0; 64]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        let error = ReadError::while_reading("orders.gz", 7, error).to_string();
        assert!(error.contains("orders.gz: the unpacked content exceeds 250 times"), "{error}");
    }
}
