//! Where the relational store of a data directory is: in files of its own there, or in a PostgreSQL
//! database that the directory names in `store.toml`. Decided when the directory is made.

use crate::error::usage;
use anyhow::{Context, Result};
use perennial_ports::{HotLog, Store};
use perennial_store_sql::{SqlHotLog, SqlStore};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The directory's note of its database.
const NOTE: &str = "store.toml";
/// Where a directory that is made now keeps its store: `postgres://…`, or `sqlite`.
const VARIABLE: &str = "PERENNIAL_STORE";
/// The word for files in the directory.
const SQLITE: &str = "sqlite";
const HEADING: &str = "# Where this data directory's relational store is. It may hold a password.\n";

/// Store and hot log of one directory.
pub(crate) type Opened = (Arc<SqlStore>, Arc<SqlHotLog>);

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// `postgres://…`
    store: String,
    /// The brand that is there, so that no other is taken for it.
    brand: String,
}

/// What is asked for by the environment.
pub(crate) fn wanted() -> Option<String> {
    std::env::var(VARIABLE).ok()
}

/// Opens a directory's store where it is; where it has none yet, makes one as `wanted`.
pub(crate) async fn open(directory: &Path, wanted: Option<&str>) -> Result<Opened> {
    match (read_note(directory)?, wanted.filter(|store| !store.is_empty())) {
        (None, None | Some(SQLITE)) => open_files(directory).await,
        (None, Some(_)) if sqlite_files(directory).next().is_some() => Err(usage(format!(
            "{} keeps its store in files of its own, and {VARIABLE} or the configuration names a database: leave it \
             out, or move the brand with `perennial migrate-store`",
            directory.display()
        ))),
        (None, Some(address)) => {
            let opened = open_database(address).await?;
            refuse_used(&opened).await?;
            write_note(directory, address, &opened.0).await?;
            Ok(opened)
        }
        (Some(_), Some(SQLITE)) => Err(usage(format!(
            "{} keeps its store in a database, and {VARIABLE} is {SQLITE}: leave it out, or move the brand with \
             `perennial migrate-store`",
            directory.display()
        ))),
        (Some(note), wanted) => {
            let address = wanted.unwrap_or(&note.store);
            let opened = open_database(address).await?;
            if brand(&opened.0).await? != note.brand {
                let (shown, directory) = (shown(address), directory.display());
                return Err(usage(format!("the database {shown} holds another brand than {directory} belongs to")));
            }
            // The server moved, or its password changed.
            if address != note.store {
                write_note(directory, address, &opened.0).await?;
            }
            remove_sqlite_files(directory)?;
            Ok(opened)
        }
    }
}

async fn open_files(directory: &Path) -> Result<Opened> {
    let store = SqlStore::open(directory).await?;
    Ok((Arc::new(store), Arc::new(SqlHotLog::open(directory).await?)))
}

async fn open_database(address: &str) -> Result<Opened> {
    let context = || format!("database {}", shown(address));
    let store = SqlStore::connect(address).await.with_context(context)?;
    let hot = SqlHotLog::connect(address).await.with_context(context)?;
    Ok((Arc::new(store), Arc::new(hot)))
}

/// A brand's runs are in its own directory: a new one cannot stand in for it.
async fn refuse_used((store, hot): &Opened) -> Result<()> {
    if store.manifest().await?.epoch == 0 && hot.read_after(0, 1).await?.is_empty() {
        return Ok(());
    }
    Err(usage("the database holds a brand whose data directory is another: use that one, or an empty database"))
}

async fn brand(store: &SqlStore) -> Result<String> {
    Ok(format!("{:016x}", store.meta().await?.hash_key.fingerprint()))
}

/// The address of a directory's database, when that is where its store is.
pub(crate) fn noted(directory: &Path) -> Result<Option<String>> {
    Ok(read_note(directory)?.map(|note| note.store))
}

fn read_note(directory: &Path) -> Result<Option<Note>> {
    let path = directory.join(NOTE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(problem) => return Err(problem).with_context(|| format!("cannot read {}", path.display())),
    };
    let note = toml::from_str(&text).map_err(|problem| usage(format!("{}: {problem}", path.display())))?;
    Ok(Some(note))
}

/// From now on the directory's store is there.
pub(crate) async fn write_note(directory: &Path, address: &str, store: &SqlStore) -> Result<()> {
    let note = Note { store: address.to_owned(), brand: brand(store).await? };
    let text = format!("{HEADING}{}", toml::to_string(&note)?);
    let (path, temporary) = (directory.join(NOTE), directory.join("store.toml.tmp"));
    write_private(&temporary, &text)
        .and_then(|()| std::fs::rename(&temporary, &path))
        .and_then(|()| File::open(directory)?.sync_all())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// From now on the directory's store is in its own files.
pub(crate) fn remove_note(directory: &Path) -> Result<()> {
    let path = directory.join(NOTE);
    std::fs::remove_file(&path)
        .and_then(|()| File::open(directory)?.sync_all())
        .with_context(|| format!("cannot remove {}", path.display()))
}

/// Nobody else may read it.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Files of a SQLite store and hot log that are there, with what SQLite keeps beside them.
fn sqlite_files(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let files = ["store.db", "store.db-wal", "store.db-shm", "hot.db", "hot.db-wal", "hot.db-shm"];
    files.map(|file| directory.join(file)).into_iter().filter(|path| path.exists())
}

/// What a move into a database leaves: it is all there, and an erasure would not reach it here.
pub(crate) fn remove_sqlite_files(directory: &Path) -> Result<()> {
    for path in sqlite_files(directory) {
        std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// An address without its password.
pub(crate) fn shown(address: &str) -> String {
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = address.split_at(after_scheme);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}{}", rest.split('?').next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(shown("postgres://ann:s3c@ret@db.example:5432/shop?password=x"), "postgres://db.example:5432/shop");
        assert_eq!(shown("postgres://db.example/shop"), "postgres://db.example/shop");
    }
}
