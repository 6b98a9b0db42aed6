//! The mains switch that disk, store and hot log of a test hang on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts primitive steps and fails from a chosen one on. Clones share the switch.
#[derive(Debug, Clone, Default)]
pub struct Power(Arc<Switch>);

#[derive(Debug)]
struct Switch {
    taken: AtomicU64,
    last: AtomicU64,
}

impl Default for Switch {
    fn default() -> Self {
        Self { taken: AtomicU64::new(0), last: AtomicU64::new(u64::MAX) }
    }
}

impl Power {
    /// Goes off after so many more steps: the next one and all later ones fail.
    pub fn off_after(&self, steps: u64) {
        let last = self.steps().saturating_add(steps);
        self.0.last.store(last, Ordering::SeqCst);
    }

    /// Comes back for good.
    pub fn on(&self) {
        self.0.last.store(u64::MAX, Ordering::SeqCst);
    }

    /// Steps taken so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.0.taken.load(Ordering::SeqCst)
    }

    /// Whether it has gone off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.0.taken.load(Ordering::SeqCst) > self.0.last.load(Ordering::SeqCst)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// When the power is off.
    pub fn step(&self) -> io::Result<()> {
        self.0.taken.fetch_add(1, Ordering::SeqCst);
        self.check()
    }

    /// Does nothing, as long as there is power.
    ///
    /// # Errors
    /// When the power is off.
    pub fn check(&self) -> io::Result<()> {
        if self.is_off() { Err(io::Error::other("the power is off")) } else { Ok(()) }
    }
}
