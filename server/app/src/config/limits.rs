//! How much is taken at once: messages and files.

use perennial_api::UploadLimits;
use perennial_listen::message::{IntakeBounds, Limits};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Messages that are sent to `/v1`. Libraries that send to Segment's API keep to the usual limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ingest {
    /// Kilobytes (1024 bytes) of a request's body, before and after it is inflated; a larger one is
    /// answered 413. A body is held in memory until its messages are kept.
    #[schemars(range(min = 1, max = 65_536))]
    pub(crate) body_kb: u32,
    /// Kilobytes of one message; a larger one is refused, alone.
    #[schemars(range(min = 1, max = 4096))]
    pub(crate) message_kb: u32,
    /// Messages of one batch; a larger one is refused whole.
    #[schemars(range(min = 1, max = 100_000))]
    pub(crate) batch_messages: u32,
    /// Events that may wait to be kept, of all requests together, each line of an order being one;
    /// further requests are answered 503 and come again. A single request with more of them is taken
    /// when nothing else waits.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub(crate) waiting_events: u32,
}

impl Default for Ingest {
    fn default() -> Self {
        Self { body_kb: 500, message_kb: 32, batch_messages: 2500, waiting_events: 262_144 }
    }
}

impl Ingest {
    /// As the part that takes messages wants them.
    pub(crate) const fn bounds(&self) -> IntakeBounds {
        let limits = Limits {
            body_bytes: (self.body_kb as usize) << 10,
            message_bytes: (self.message_kb as usize) << 10,
            batch_messages: self.batch_messages as usize,
            ..Limits::API
        };
        IntakeBounds { limits, waiting_events: self.waiting_events as usize }
    }
}

/// Files that are uploaded to be imported. They wait in the data directory until a person starts or
/// forgets their import; `perennial import` and watched folders know no such limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Uploads {
    /// Megabytes (1,048,576 bytes) of one file; a larger one is answered 413. A proxy in front needs the
    /// same limit.
    #[schemars(range(min = 1, max = 1_048_576))]
    pub(crate) file_mb: u32,
    /// Files that may wait at once; one more is answered 409.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) waiting_files: u32,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { file_mb: 2048, waiting_files: 16 }
    }
}

impl Uploads {
    /// As the part that takes files wants them.
    pub(crate) const fn limits(&self) -> UploadLimits {
        UploadLimits { file_bytes: (self.file_mb as u64) << 20, waiting_files: self.waiting_files as usize }
    }
}
