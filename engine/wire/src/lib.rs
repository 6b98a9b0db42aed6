//! The PostgreSQL protocol, for analysts: psql, drivers and reporting tools speak it.
//!
//! [`listen`] answers connections. Who signs in is asked of an [`Authority`]; what is asked goes to the
//! [`SqlService`](perennial_query::SqlService), a new snapshot for each statement, and nothing can be
//! written. The protocol and the system catalogue are those of `datafusion-postgres`; its query
//! handlers are not used, because they have no bounds (docs/adr/0015).

mod authority;
mod cancel;
mod catalog;
mod connection;
mod cursor;
mod errors;
mod execute;
mod extended;
mod functions;
mod listener;
mod prepared;
mod rows;
mod said;
mod session;
mod settings;
mod simple;
mod startup;
mod tls;

pub use authority::{Analyst, Asked, Authority};
pub use listener::{Wire, WireError, WireOptions, check_address, listen};
pub use tls::{TlsFiles, TlsSettings};
