//! The fold against a naive oracle, over a real timeline.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop the test")]

mod batch;
mod book;
mod live;
mod live_folds;
mod live_table;
mod metrics;
mod oracle;
mod registry;
mod relative;
mod samples;
mod support;
