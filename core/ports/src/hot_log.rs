//! Where new events are durable first.

use crate::StoreError;
use async_trait::async_trait;
use bytes::Bytes;

/// One group commit: a compressed Arrow batch.
#[derive(Debug, Clone)]
pub struct HotRow {
    /// Position; grows with each append.
    pub sequence: u64,
    /// The batch's bytes, opaque here.
    pub batch: Bytes,
}

/// An append-only log of batches, small because it is flushed to runs. A file of its own, so that
/// erasure can rewrite it.
#[async_trait]
pub trait HotLog: Send + Sync {
    /// Appends batches in one transaction; returns the sequence of the last. Durable when it returns.
    async fn append(&self, batches: &[Bytes]) -> Result<u64, StoreError>;
    /// Rows after a sequence, oldest first, at most `limit`.
    async fn read_after(&self, sequence: u64, limit: u32) -> Result<Vec<HotRow>, StoreError>;
    /// Removes rows up to and including a sequence. Sequences are never used again.
    async fn remove_through(&self, sequence: u64) -> Result<(), StoreError>;
    /// Replaces the batches of some rows (erasure) and rewrites the file, so that no byte of what
    /// was replaced or removed is left in it.
    async fn rewrite(&self, replacements: &[HotRow]) -> Result<(), StoreError>;
}
