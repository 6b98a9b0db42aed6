//! A window of decoded text that slides over the stream. Text is checked and decoded a chunk at a time, so
//! that cells can be cut out of it without looking at their bytes again.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, DecoderResult};
use memchr::{memchr_iter, memchr2};

use super::encoding::Encoding;
use super::error::ReadError;
use super::input::{CHUNK_BYTES, Input, Stream};

/// The sliding window. Offsets are into [`TextBuffer::text`] and change at each [`TextBuffer::fill`].
pub(super) struct TextBuffer {
    name: String,
    stream: Stream,
    pub(super) encoding: Encoding,
    decoder: Decoder,
    chunk: Vec<u8>,
    /// Decoded text; what lies before `at` is done with.
    pub(super) text: String,
    /// Where the next row starts.
    pub(super) at: usize,
    /// The 1-based line at `at`.
    pub(super) line: u64,
    /// Characters that slid out of the window.
    base: u64,
    /// Offsets of bytes 0 and of characters put in place of undecodable bytes, ascending.
    flaws: Vec<usize>,
    /// Whether the stream has no more.
    pub(super) ended: bool,
}

impl TextBuffer {
    pub(super) fn new(input: &Input, encoding: Encoding) -> Result<Self, ReadError> {
        Ok(TextBuffer {
            name: input.name.clone(),
            stream: input.open()?,
            encoding,
            decoder: encoding.decoder(),
            chunk: vec![0; CHUNK_BYTES],
            text: String::new(),
            at: 0,
            line: 1,
            base: 0,
            flaws: Vec::new(),
            ended: false,
        })
    }

    /// How many bytes were taken from the disk, shared so that it outlives the borrow of a row.
    pub(super) fn taken(&self) -> &Arc<AtomicU64> {
        &self.stream.taken
    }

    /// Bytes taken from the disk.
    pub(super) fn bytes_read(&self) -> u64 {
        self.taken().load(Ordering::Relaxed)
    }

    /// Text not yet done with.
    pub(super) fn waiting(&self) -> usize {
        self.text.len() - self.at
    }

    /// An offset that stays true when the window slides.
    pub(super) fn position(&self, offset: usize) -> u64 {
        self.base + offset as u64
    }

    /// The offset of such a position, 0 when it slid out.
    pub(super) fn offset(&self, position: u64) -> usize {
        position.saturating_sub(self.base) as usize
    }

    /// Drops what is done with and appends the next chunk.
    pub(super) fn fill(&mut self) -> Result<(), ReadError> {
        if self.ended {
            return Ok(());
        }
        self.slide();
        let n = self.read_chunk()?;
        self.ended = n == 0;
        if self.encoding == Encoding::Ascii && !self.chunk[..n].is_ascii() {
            // The head was plain ASCII and said nothing; this is the first chunk that does.
            self.encoding = match Encoding::detect(&self.chunk[..n], false) {
                Encoding::Gb18030 => Encoding::Gb18030,
                _ => Encoding::Utf8,
            };
            self.decoder = self.encoding.decoder();
        }
        self.decode(n);
        Ok(())
    }

    fn slide(&mut self) {
        let done = self.at;
        self.text.drain(..done);
        self.base += done as u64;
        self.at = 0;
        self.flaws.retain_mut(|offset| {
            let kept = *offset >= done;
            *offset = offset.saturating_sub(done);
            kept
        });
    }

    fn read_chunk(&mut self) -> Result<usize, ReadError> {
        loop {
            match self.stream.bytes.read(&mut self.chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let last_line =
                        self.line.saturating_sub(1) + memchr_iter(b'\n', self.text.as_bytes()).count() as u64;
                    return Err(ReadError::while_reading(&self.name, last_line, error));
                }
                Ok(n) => return Ok(n),
            }
        }
    }

    fn decode(&mut self, n: usize) {
        let mut from = 0;
        loop {
            let left = n - from;
            let room = self.decoder.max_utf8_buffer_length_without_replacement(left).unwrap_or(left * 3);
            self.text.reserve(room + 4);
            let before = self.text.len();
            let (result, read) =
                self.decoder.decode_to_string_without_replacement(&self.chunk[from..n], &mut self.text, self.ended);
            from += read;
            let decoded = &self.text.as_bytes()[before..];
            self.flaws.extend(memchr_iter(0, decoded).map(|nul| before + nul));
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.flaws.push(self.text.len());
                    self.text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }

    /// The first byte 0 or undecodable place in a range.
    pub(super) fn flaw(&self, from: usize, to: usize) -> Option<usize> {
        if self.flaws.is_empty() {
            return None;
        }
        let next = self.flaws.partition_point(|offset| *offset < from);
        self.flaws.get(next).copied().filter(|offset| *offset < to)
    }

    /// Where the line at `from` ends and the next one starts; `None` when its end has not been read yet.
    pub(super) fn line_end(&self, from: usize) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let Some(end) = memchr2(b'\n', b'\r', &bytes[from..]).map(|n| from + n) else {
            return self.ended.then_some((bytes.len(), bytes.len()));
        };
        match (bytes[end], bytes.get(end + 1)) {
            (b'\r', Some(b'\n')) => Some((end, end + 2)),
            (b'\r', None) if !self.ended => None,
            _ => Some((end, end + 1)),
        }
    }

    /// Passes over the rest of a line of any length.
    pub(super) fn skip_line(&mut self) -> Result<(), ReadError> {
        loop {
            if let Some((_, next)) = self.line_end(self.at) {
                self.at = next;
                self.line += 1;
                return Ok(());
            }
            // A trailing \r stays: its \n may be the next byte.
            self.at = self.text.len() - usize::from(self.text.ends_with('\r'));
            self.fill()?;
        }
    }
}

/// Line ends within a row: `\n`, `\r\n` and lone `\r`.
pub(super) fn count_line_ends(bytes: &[u8]) -> usize {
    let feeds = memchr_iter(b'\n', bytes).count();
    let lone = memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    feeds + lone
}
