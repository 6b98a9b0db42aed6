//! Checksums of a run's column chunks. They stand in the footer, whose own checksum stands in the
//! manifest, so that a reader checks what it reads and nothing else.

use parquet::file::metadata::RowGroupMetaData;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes before the first chunk, and those at the end that give the footer's length.
const MAGIC: &[u8; 4] = b"PAR1";
/// Length of the footer, then the magic number again.
pub(crate) const TAIL_BYTES: u64 = 8;

/// Where a column chunk lies.
pub(crate) fn chunk_range(group: &RowGroupMetaData, column: usize) -> Option<Range<u64>> {
    let (start, length) = group.columns().get(column)?.byte_range();
    Some(start..start.checked_add(length)?)
}

/// Bytes of the footer with its tail, from the last eight bytes of a file of this length.
pub(crate) fn footer_bytes(tail: &[u8], length: u64) -> Option<u64> {
    let (size, magic) = tail.split_first_chunk::<4>()?;
    let whole = u64::from(u32::from_le_bytes(*size)) + TAIL_BYTES;
    (magic == MAGIC && whole + MAGIC.len() as u64 <= length).then_some(whole)
}

/// Checksums of all chunks of a file that has no footer yet, as text for the footer.
pub(crate) fn text_of(bytes: &[u8], groups: &[RowGroupMetaData]) -> Option<String> {
    let mut text = String::new();
    for group in groups {
        for column in 0..group.num_columns() {
            let range = chunk_range(group, column)?;
            let chunk = bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)?;
            text.push_str(&format!("{:08x}", crc32fast::hash(chunk)));
        }
    }
    Some(text)
}

/// The checksum of each chunk, row group by row group, and whether this process compared it.
#[derive(Debug)]
pub(crate) struct Sums {
    columns: usize,
    sums: Vec<u32>,
    checked: Vec<AtomicBool>,
}

impl Sums {
    /// From the footer's text. `None` unless each chunk has one and the chunks fill the file up to
    /// the footer: then every byte of it is under some checksum.
    pub(crate) fn new(text: &str, groups: &[RowGroupMetaData], footer_start: u64) -> Option<Self> {
        let columns = groups.first().map_or(0, RowGroupMetaData::num_columns);
        let mut end = MAGIC.len() as u64;
        for group in groups {
            for column in 0..columns {
                let range = chunk_range(group, column)?;
                if range.start != end {
                    return None;
                }
                end = range.end;
            }
        }
        let digits = text.as_bytes().chunks_exact(8);
        let sums = digits.map(|sum| u32::from_str_radix(str::from_utf8(sum).ok()?, 16).ok());
        let sums: Vec<u32> = sums.collect::<Option<_>>()?;
        let checked = sums.iter().map(|_| AtomicBool::new(false)).collect();
        (end == footer_start && sums.len() == groups.len() * columns).then_some(Self { columns, sums, checked })
    }

    /// Whether a chunk was compared before.
    pub(crate) fn checked(&self, group: usize, column: usize) -> bool {
        self.checked.get(group * self.columns + column).is_some_and(|checked| checked.load(Ordering::Relaxed))
    }

    /// Compares a chunk's bytes.
    pub(crate) fn fits(&self, group: usize, column: usize, chunk: &[u8]) -> bool {
        let at = group * self.columns + column;
        let fits = self.sums.get(at) == Some(&crc32fast::hash(chunk));
        if let Some(checked) = self.checked.get(at).filter(|_| fits) {
            checked.store(true, Ordering::Relaxed);
        }
        fits
    }
}

/// Whether a file begins as it must: the only bytes under no checksum.
pub(crate) fn begins_well(start: &[u8]) -> bool {
    start == MAGIC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_longer_than_the_file_is_none() {
        let tail = |length: u32| [&length.to_le_bytes()[..], b"PAR1"].concat();
        assert_eq!(footer_bytes(&tail(100), 112), Some(108));
        assert_eq!(footer_bytes(&tail(100), 111), None);
        assert_eq!(footer_bytes(&tail(u32::MAX), 200), None);
        assert_eq!(footer_bytes(b"\x01\0\0\0RAP1", 200), None);
    }
}
