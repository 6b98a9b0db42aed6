//! The contracts on PostgreSQL, and what is PostgreSQL's own.

use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::postgres_database;
use std::path::Path;

fn is_here(folder: &Path) -> bool {
    postgres_database(folder).is_some()
}

async fn open_store(folder: &Path) -> SqlStore {
    SqlStore::connect(&postgres_database(folder).unwrap()).await.unwrap()
}

async fn open_hot_log(folder: &Path) -> SqlHotLog {
    SqlHotLog::connect(&postgres_database(folder).unwrap()).await.unwrap()
}

mod store {
    perennial_testkit::store_contract!(super::open_store, super::is_here);
}

mod accounts {
    perennial_testkit::accounts_contract!(super::open_store, super::is_here);
}

mod hot_log {
    perennial_testkit::hot_log_contract!(super::open_hot_log, super::is_here);
}
