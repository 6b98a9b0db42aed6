//! Bounds of what is accepted.

/// Bounds of one body and of each message in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message.
    pub message_bytes: usize,
    /// Bytes of one body.
    pub body_bytes: usize,
    /// Messages of one batch.
    pub batch_messages: usize,
    /// Objects and lists within one another, of one message.
    pub depth: usize,
}

/// Bytes of a message of the public API (Segment's "HTTP API source": 32 KB an event).
pub const MESSAGE_BYTES: usize = 32 << 10;
/// Bytes of a batch of the public API (same page: 500 KB a request).
pub const BODY_BYTES: usize = 500 << 10;
/// Messages of a batch of the public API (same page: 2,500 a request).
pub const BATCH_MESSAGES: usize = 2_500;
/// Objects and lists within one another. Trackers send a handful; each level costs stack.
pub const DEPTH: usize = 64;
/// Bytes of an id, a name or another word: it becomes a word of a column's dictionary.
pub const WORD_BYTES: usize = 512;
/// Digits and signs of a number. More are no measure of anything.
pub const NUMBER_BYTES: usize = 64;

/// Bounds of what is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntakeBounds {
    /// Of each body and each message in it.
    pub limits: Limits,
    /// Events of messages that may wait for their turn; senders try again beyond that. A single request
    /// with more of them waits alone.
    pub waiting_events: usize,
}

impl Default for IntakeBounds {
    fn default() -> Self {
        Self { limits: Limits::API, waiting_events: WAITING_EVENTS }
    }
}

/// Events that may wait for their turn unless told otherwise. A body of [`BODY_BYTES`] makes up to
/// 170,000 of them: a product of an order takes three bytes.
pub const WAITING_EVENTS: usize = 262_144;

impl Limits {
    /// Those of the public tracking API.
    pub const API: Self =
        Self { message_bytes: MESSAGE_BYTES, body_bytes: BODY_BYTES, batch_messages: BATCH_MESSAGES, depth: DEPTH };
    /// Those of an archive's line, to which the collector has added fields of its own.
    pub const ARCHIVE: Self = Self {
        message_bytes: crate::read::MAX_RECORD_BYTES,
        body_bytes: crate::read::MAX_RECORD_BYTES,
        batch_messages: BATCH_MESSAGES,
        depth: DEPTH,
    };
}
