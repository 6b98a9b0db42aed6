//! What a loss of power and an erasure leave behind.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests, which clippy cannot see")]

mod erase;
mod erase_cut;
mod harness;
mod power;
mod search;
