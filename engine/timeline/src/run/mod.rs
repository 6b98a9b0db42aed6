//! One run: an immutable Parquet file of one shard, sorted by (customer, time, mid).

mod check;
mod convert;
mod format;
mod open;
mod properties;
mod read;
mod sums;
mod writer;

pub use check::{read_run, read_run_unchecked};
pub(crate) use convert::{LogicalColumns, column, logical_schema, to_logical, to_physical};
pub(crate) use format::{FOLDER, FORMAT_VERSION, Footer, file_name};
pub(crate) use format::{property_column_name, property_field};
pub(crate) use open::{DamageList, RunHandle};
pub(crate) use properties::{property_column, with_properties};
pub(crate) use read::{GroupChoice, RunBatches, check_all};
pub(crate) use writer::{EncodedRun, RunShape, RunWriter};
