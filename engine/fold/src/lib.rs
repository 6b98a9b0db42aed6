//! The fold: every question about a customer's history, answered in one pass.
//!
//! A [`Fold`] is a small state advanced by one event at a time in time order and finished as of an
//! instant into *own* columns of the customer table and a mergeable summary. A [`Relative`] derives
//! further columns from own columns and parameters fitted to the whole population. The engine
//! itself keeps each customer's [`Order`]s, because refunds, cancellations and newer versions of a
//! header must mean the same to every fold.

mod audience;
mod batch;
mod book;
mod cell;
mod error;
mod fold;
mod live;
mod metric;
mod order;
mod registry;
mod relative;
mod state;
mod table;

pub use audience::{Audience, Bits, Counted, CustomerTest, Members, RowsJudge, RowsTest};
pub use batch::{BatchResult, BatchStats, run_batch, run_batches};
pub use book::OrderBook;
pub use error::FoldError;
pub use fold::{CustomerView, Fold, FoldClass, Instant, OwnRow, Relative, Summary};
pub use live::{
    Applied, LiveColumns, LiveMemory, LiveOptions, LiveTable, Page, PageFilter, PageQuery, PageSort, Shown, SweepPlace,
};
pub use metric::{
    Cell, Comparison, EventColumn, Function, Judge, Metric, NumberColumn, Property, RowJudge, RowTest, StreakUnit,
    Test, WordColumn, WordSet, WordTest, lasting, of_ordinal, ordinal,
};
pub use order::{Order, Revenue};
pub use registry::{BUDGETED_ORDERS, DEFAULT_BUDGET_BYTES, FoldHandle, Registry};
pub use relative::{FittedParameters, RelativeSet};
pub use state::{LiveState, Scratch};
pub use table::{Column, ColumnSpec, ColumnType, CustomerTable, NONE_INT, TableShard};
