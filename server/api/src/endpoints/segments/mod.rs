//! Segments: who is in them now, since when, why, and how to say so.

pub(crate) mod edit;
pub(crate) mod explain;
pub(crate) mod flow;
pub(crate) mod groups;
pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod overlap;
pub(crate) mod preview;
