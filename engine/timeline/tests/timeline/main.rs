//! The timeline end to end: real SQLite, real files, and the naive oracle beside it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where")]

mod consents;
mod damage;
mod erasure;
mod ingest;
mod profiles;
mod properties;
mod random;
mod read_run;
mod recover;
mod world;
