//! The timeline end to end: real SQLite, real files, and the naive oracle beside it.

mod damage;
mod erasure;
mod ingest;
mod profiles;
mod properties;
mod random;
mod world;
