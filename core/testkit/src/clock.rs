//! A clock moved by hand.

use perennial_model::Clock;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that moves only when told: a wait of thirty days takes no time.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows this instant (UTC µs).
    #[must_use]
    pub const fn at(now_us: i64) -> Self {
        Self(AtomicI64::new(now_us))
    }

    /// Moves it on.
    pub fn advance(&self, by_us: i64) {
        self.0.fetch_add(by_us, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}
