//! Bounds and defaults of a timeline.

/// Bounds of a timeline; the defaults suit one machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineOptions {
    /// Most live runs a shard may have; ingest waits for a merge rather than exceed it.
    pub max_runs_per_shard: usize,
    /// How long a replaced file stays for readers that still scan it (µs).
    pub retire_grace_us: i64,
    /// An append that brings the hot log to this many rows flushes it.
    pub hot_flush_rows: usize,
    /// An append that brings the hot log to this many batches flushes it.
    pub hot_flush_batches: usize,
    /// Most bytes one group commit of the hot log takes together.
    pub group_commit_bytes: usize,
    /// Rows of a row group, after which it ends with the customer.
    pub row_group_rows: usize,
    /// Rows decoded at once by a reader.
    pub batch_rows: usize,
}

impl Default for TimelineOptions {
    fn default() -> Self {
        Self {
            max_runs_per_shard: 8,
            retire_grace_us: 15 * 60 * 1_000_000,
            hot_flush_rows: 50_000,
            hot_flush_batches: 10_000,
            group_commit_bytes: 8 << 20,
            row_group_rows: 256 << 10,
            batch_rows: 8 << 10,
        }
    }
}
