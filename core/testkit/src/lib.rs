//! What tests of several crates share: clocks, faults, contract suites, builders, an oracle.
//!
//! The contract suites are the definition of the ports. An adapter runs one by a macro in its own
//! tests: [`store_contract!`], [`accounts_contract!`], [`hot_log_contract!`], [`files_contract!`], [`disk_contract!`].

mod clock;
pub mod contracts;
mod faulty;
mod folder;
mod oracle;
mod postgres;
mod power;
mod rows;
mod simulated_disk;

pub use clock::ManualClock;
pub use faulty::{FaultyHotLog, FaultyStore};
pub use folder::TestFolder;
pub use oracle::NaiveOracle;
pub use postgres::{PostgresServer, postgres_database, postgres_server};
pub use power::Power;
pub use rows::{TestRow, customer, random_rows};
pub use simulated_disk::{SimulatedDisk, Survival};
