//! How much a timeline has under way.

use crate::Timeline;

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Rows of the hot log that are in no run yet.
    pub hot_rows: usize,
    /// Runs that answer.
    pub runs: usize,
    /// Rows that the slowest follower has not taken yet.
    pub backlog_rows: usize,
}

impl Timeline {
    /// How much is under way now. Cheap.
    #[must_use]
    pub fn load(&self) -> Load {
        let state = self.inner.state();
        let runs = state.view.shards.iter().map(Vec::len).sum();
        Load { hot_rows: state.hot_rows(), runs, backlog_rows: state.followers.backlog_rows() }
    }
}
