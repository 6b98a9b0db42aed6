//! `perennial migrate-store`: moves a brand's relational store into a PostgreSQL database, or back into
//! files. The data directory stays the brand's: its runs are there.

use crate::cli::MigrateStoreArgs;
use crate::error::usage;
use crate::place;
use anyhow::{Context, Result};
use perennial_files::DirectoryLock;
use perennial_store_sql::{Direction, MovedTable, SqlStore, move_brand, retire_database};
use std::path::Path;

/// Where files are made until all is in them.
const UNDER_WAY: &str = "store.moving";

pub(crate) async fn run(arguments: &MigrateStoreArgs) -> Result<u8> {
    let is_database = |text: &str| text.starts_with("postgres://") || text.starts_with("postgresql://");
    let moved = match (is_database(&arguments.from), is_database(&arguments.to)) {
        (false, true) => into_database(Path::new(&arguments.from), &arguments.to).await?,
        (true, false) => into_files(&arguments.from, Path::new(&arguments.to)).await?,
        _ => return Err(usage("one of --from and --to is a data directory, the other postgres://…")),
    };
    for table in moved.iter().filter(|table| table.rows > 0) {
        say!("{:<28} {:>10} rows  checksum {:016x}", table.name, table.rows, table.checksum);
    }
    say!(
        "{} rows in {} tables, the same in both places",
        moved.iter().map(|table| table.rows).sum::<u64>(),
        moved.len()
    );
    Ok(0)
}

async fn into_database(directory: &Path, address: &str) -> Result<Vec<MovedTable>> {
    let _lock = lock(directory)?;
    if let Some(place) = place::noted(directory)? {
        let (directory, place) = (directory.display(), place::shown(&place));
        return Err(usage(format!("the store of {directory} is in the database {place} already")));
    }
    if !directory.join("store.db").is_file() {
        return Err(usage(format!("{} holds no brand", directory.display())));
    }
    let moved = move_brand(directory, address, Direction::IntoPostgres).await.with_context(|| place::shown(address))?;
    let store = SqlStore::connect(address).await?;
    place::write_note(directory, address, &store).await?;
    store.close().await;
    place::remove_sqlite_files(directory)?;
    Ok(moved)
}

async fn into_files(address: &str, directory: &Path) -> Result<Vec<MovedTable>> {
    let _lock = lock(directory)?;
    if place::noted(directory)?.is_none() {
        let (directory, address) = (directory.display(), place::shown(address));
        return Err(usage(format!("{directory} is not the data directory of the brand in {address}: give that one")));
    }
    // Refuses a database of another brand.
    let (store, hot) = place::open(directory, Some(address)).await?;
    hot.close().await;
    store.close().await;
    let under_way = directory.join(UNDER_WAY);
    let context = || format!("cannot write {}", under_way.display());
    if under_way.exists() {
        std::fs::remove_dir_all(&under_way).with_context(context)?;
    }
    std::fs::create_dir(&under_way).with_context(context)?;
    let moved = move_brand(&under_way, address, Direction::IntoFiles).await.with_context(|| place::shown(address))?;
    for entry in std::fs::read_dir(&under_way).with_context(context)? {
        let entry = entry.with_context(context)?;
        std::fs::rename(entry.path(), directory.join(entry.file_name())).with_context(context)?;
    }
    std::fs::remove_dir(&under_way).with_context(context)?;
    place::remove_note(directory)?;
    retire_database(address).await?;
    aside!("the database still holds a copy that nothing opens: drop its schemas perennial and perennial_hot");
    Ok(moved)
}

/// No server and no other command works on the directory meanwhile.
fn lock(directory: &Path) -> Result<DirectoryLock> {
    if !directory.is_dir() {
        return Err(usage(format!("there is no data directory {}", directory.display())));
    }
    Ok(DirectoryLock::acquire(directory)?)
}
