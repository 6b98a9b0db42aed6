//! SQL over the timeline and the customer table, by DataFusion.
//!
//! Four tables, read only: `events`, `customers`, `identities` (keys of customers, masked for a caller
//! who may not see them), and `columns`, which describes the others. [`QueryEngine`] answers over one
//! snapshot; [`SqlService`] is what a server has: the current tables for each statement, with bounds.
//! Everything is as of one instant: later events are not seen, `now()` is that instant and
//! `current_date` its day in the brand's zone. Times are UTC, days are the brand's.
//!
//! An [`ExportFile`] is customers as CSV, XLSX or Parquet.
//!
//! To add a column to `events`, add it to `event_columns.rs`; own and relative columns of
//! customers come with the folds that compute them.

mod answer;
mod audience;
mod cells;
mod condition;
mod customers;
mod described;
mod engine;
mod error;
mod event_columns;
mod event_test;
mod events;
mod export;
mod expressions;
mod guard;
mod identities;
mod local_day;
mod one;
mod output;
mod parameter;
mod parser;
mod partitions;
mod problem;
mod rows;
mod service;
mod size;
mod source_events;
mod statement;

pub use answer::Answer;
pub use audience::{Compiled, CustomerConditions, Groups, Wanted, members_of_segment};
pub use cells::{customer_ids, json_rows, type_name};
pub use condition::{ConditionTree, condition_of, leaves};
pub use customers::Customers;
pub use engine::{DATABASE, QueryEngine, QueryOptions};
pub use error::QueryError;
pub use event_test::EventConditions;
pub use export::{
    CustomerKeys, ExportError, ExportFile, ExportPlan, FileFormat, TextEncoding, USUAL_COLUMNS, keys_of_customers,
};
pub use expressions::SqlExpressions;
pub use identities::Keys;
pub use one::{CustomerEvents, EventColumnText};
pub use output::OutputFormat;
pub use parameter::Parameter;
pub use rows::{RowStream, Rows};
pub use service::{CurrentTables, SqlLimits, SqlService};
pub use size::{MAX_OPERATORS, MAX_STATEMENT_BYTES, check_size};
pub use source_events::SourceEvents;
pub use statement::{only_reads, refused};
