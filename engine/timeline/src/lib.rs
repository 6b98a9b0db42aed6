//! The customer timeline: every event of every customer, as immutable Parquet runs sorted by
//! (customer, time, mid), split into shards by customer and listed in a manifest.
//!
//! A row is *visible* where its customer is the alias of its profile; rows with the same mid under
//! one customer are one event. Readers see both rules applied: they get each customer's events
//! once, whole, in time order ([`ShardScan`]).

mod aliases;
mod append;
mod arrange;
mod batch;
mod columns;
mod consents;
mod declared;
mod dedup;
mod erase;
mod error;
mod feed;
mod hot;
mod identities;
mod ingest;
mod load;
mod maintain;
mod merge;
mod options;
mod profiles;
mod recover;
mod report;
mod rows;
mod run;
mod scan;
mod snapshot;
mod stored;
mod symbols;
mod timeline;
mod values;
mod view;
mod words;

pub use batch::{EventBatch, EventBatchBuilder, Row};
pub use columns::{Columns, CustomerEvents, Event, NONE};
pub use declared::{DeclaredColumns, DeclaredColumnsBuilder, PropertyValue};
pub use error::TimelineError;
pub use feed::{Appended, Change, Feed};
pub use identities::{IdentityMarks, NotResolving, Resolving};
pub use load::Load;
pub use options::TimelineOptions;
pub use report::{ChunkCommit, Erasure, Maintenance};
pub use run::{read_run, read_run_unchecked};
pub use scan::ShardScan;
pub use snapshot::{EventBatches, Snapshot};
pub use stored::StoredEvent;
pub use symbols::{Symbol, Symbols};
pub use timeline::Timeline;
pub use values::{NO_BOOLEAN, Properties, Reads};
