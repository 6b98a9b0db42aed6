//! End to end: the real binary, real files, real directories.
#![cfg(test)]

mod acquisition;
mod bad_input;
mod beside_server;
mod browser;
mod clock;
mod consent;
mod customers;
mod cuts;
mod data_directory;
mod database_faults;
mod definitions;
mod experiments;
mod export;
mod identity;
mod ingest;
mod kills;
mod lift;
mod logs;
mod messages;
mod metrics_of_properties;
mod network;
mod orders;
mod properties;
mod public_data;
mod rights;
mod run;
mod segments;
mod serving;
mod signing_in;
mod simulated_brand;
mod sources;
mod stores;
mod tutorial;
mod watch;
