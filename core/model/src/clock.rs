//! Time comes in as an argument, never from the air.

/// Tells the time. The binary has the only real one; tests move theirs by hand.
pub trait Clock: Send + Sync {
    /// Now, in microseconds since 1970-01-01 UTC.
    fn now_us(&self) -> i64;
}

/// A clock that stands still: for reports as of an instant and for tests.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(
    /// Microseconds since 1970-01-01 UTC.
    pub i64,
);

impl Clock for FixedClock {
    fn now_us(&self) -> i64 {
        self.0
    }
}
