//! End to end: the real binary, real files, real directories.
#![cfg(test)]

mod bad_input;
mod customers;
mod data_directory;
mod properties;
mod public_data;
mod run;
