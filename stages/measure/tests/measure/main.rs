//! Intervals against simulated truth, files with known answers, and public data against an independent
//! calculation.
#![cfg(test)]

mod coverage;
mod files;
mod hillstrom;
mod peeking;
