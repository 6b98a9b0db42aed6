//! What came with a key.

use perennial_listen::message::{Outcome, Receipt};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Counts since the server started; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Counts(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    /// UTC µs; the smallest number before anything came.
    last_received_us: AtomicI64,
    accepted: AtomicU64,
    aside: AtomicU64,
    refused: AtomicU64,
}

impl Default for Counted {
    fn default() -> Self {
        let (accepted, aside, refused) = Default::default();
        Self { last_received_us: AtomicI64::new(i64::MIN), accepted, aside, refused }
    }
}

impl Counts {
    /// Notes what became of a request.
    pub fn note(&self, receipt: &Receipt, now_us: i64) {
        let count = |wanted: fn(&Outcome) -> bool| {
            receipt.received.iter().filter(|message| wanted(&message.outcome)).count() as u64
        };
        let aside = count(|outcome| matches!(outcome, Outcome::Aside(_)));
        let full = count(|outcome| matches!(outcome, Outcome::AsideFull(_)));
        self.0.aside.fetch_add(aside, Ordering::Relaxed);
        self.0.accepted.fetch_add(receipt.received.len() as u64 - aside - full, Ordering::Relaxed);
        self.note_refused(receipt.refused.len() as u64 + full, now_us);
    }

    /// Notes messages that were refused.
    pub fn note_refused(&self, messages: u64, now_us: i64) {
        self.0.refused.fetch_add(messages, Ordering::Relaxed);
        self.0.last_received_us.fetch_max(now_us, Ordering::Relaxed);
    }

    /// When something came last (UTC µs).
    #[must_use]
    pub fn last_received_us(&self) -> Option<i64> {
        Some(self.0.last_received_us.load(Ordering::Relaxed)).filter(|us| *us != i64::MIN)
    }

    /// Messages accepted, kept aside, refused.
    #[must_use]
    pub fn messages(&self) -> [u64; 3] {
        [&self.0.accepted, &self.0.aside, &self.0.refused].map(|count| count.load(Ordering::Relaxed))
    }
}
