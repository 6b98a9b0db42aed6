//! What a loss of power and an erasure leave behind.

mod erase;
mod erase_cut;
mod harness;
mod power;
mod search;
