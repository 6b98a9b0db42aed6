//! The contracts on SQLite and on PostgreSQL, and what is their own.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests, which clippy cannot see")]

use perennial_store_sql::{SqlHotLog, SqlStore};
use std::path::Path;

mod bulk;
mod erasure;
mod moving;
mod opening;
mod postgres;

async fn open_store(folder: &Path) -> SqlStore {
    SqlStore::open(folder).await.unwrap()
}

async fn open_hot_log(folder: &Path) -> SqlHotLog {
    SqlHotLog::open(folder).await.unwrap()
}

mod store {
    perennial_testkit::store_contract!(super::open_store);
}

mod accounts {
    perennial_testkit::accounts_contract!(super::open_store);
}

mod hot_log {
    perennial_testkit::hot_log_contract!(super::open_hot_log);
}
