//! The store and the hot log on SQLite and on PostgreSQL: the same SQL for both, see `dialect.rs` for
//! the few words that differ and `bulk.rs` for lists of rows.
//!
//! A method of [`perennial_ports::Store`] lives where its tables do: `runs.rs`, `identities.rs`,
//! `commit.rs` for the manifest transaction, `reads.rs` for the rest.

mod accounts;
mod aside;
mod bulk;
mod commit;
mod connection;
mod consents;
mod creation;
mod database;
mod definitions;
mod dialect;
mod error;
mod experiments;
mod groups;
mod hot_log;
mod identities;
mod memberships;
mod moving;
mod order_owners;
mod postgres;
mod reads;
mod runs;
mod sqlite;
mod statement;
mod store;
mod suggestions;
mod value;
mod write_keys;

pub use hot_log::SqlHotLog;
pub use moving::{Direction, MovedTable, move_brand, retire_database};
pub use store::{SqlStore, StoreOptions};
