//! SQL over a real timeline and a real customer table.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop the test")]

mod answers;
mod audiences;
mod conditions;
mod errors;
mod formats;
mod support;
