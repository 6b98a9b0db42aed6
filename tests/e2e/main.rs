//! End to end: the real binary, real files, real directories.
#![cfg(test)]

mod bad_input;
mod beside_server;
mod browser;
mod consent;
mod customers;
mod cuts;
mod data_directory;
mod identity;
mod ingest;
mod kills;
mod messages;
mod network;
mod orders;
mod properties;
mod public_data;
mod rights;
mod run;
mod serving;
mod signing_in;
mod simulated_brand;
mod sources;
mod stores;
mod watch;
