//! SQL over the timeline and the customer table, by DataFusion.
//!
//! Four tables, read only: `events`, `customers`, `identities` (filled only where the caller may see
//! keys of customers), and `columns`, which describes the others.
//! Everything is as of one instant: later events are not seen, `now()` is that instant and
//! `current_date` its day in the brand's zone. Times are UTC, days are the brand's.
//!
//! To add a column to `events`, add it to `event_columns.rs`; own and relative columns of
//! customers come with the folds that compute them.

mod customers;
mod described;
mod engine;
mod error;
mod event_columns;
mod events;
mod identities;
mod local_day;
mod one;
mod output;
mod partitions;
mod rows;
mod statement;

pub use customers::Customers;
pub use engine::{QueryEngine, QueryOptions};
pub use error::QueryError;
pub use one::{CustomerEvents, EventColumnText};
pub use output::OutputFormat;
pub use rows::{RowStream, Rows};
