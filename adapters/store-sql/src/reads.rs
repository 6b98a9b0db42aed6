//! Answers of the store that are not about identities or runs.

use crate::bulk::Bulk;
use crate::commit::{EPOCH, FLUSHED_THROUGH, type_word};
use crate::connection::Connection;
use crate::database::counter;
use crate::error::other;
use crate::runs::{self, Which};
use crate::statement::{Answer, Statement};
use perennial_model::{CustomerId, PropertySpec, PropertyType};
use perennial_ports::{ImportMark, JournalEntry, Manifest, StoreError};

/// Everything a reader needs; the connection must be in a transaction.
pub(crate) async fn manifest(connection: &mut Connection) -> Result<Manifest, StoreError> {
    let aliases = "SELECT profile, customer FROM alias ORDER BY profile";
    let properties = "SELECT name, property_type FROM property ORDER BY position";
    let aliases = Statement::new("list aliases", aliases).all(connection).await?;
    let properties = Statement::new("list properties", properties).all(connection).await?;
    Ok(Manifest {
        epoch: counter(connection, EPOCH).await?,
        runs: runs::list(connection, Which::Current).await?,
        flushed_through: counter(connection, FLUSHED_THROUGH).await?,
        aliases: aliases.iter().map(alias).collect::<Result<_, _>>()?,
        properties: properties.iter().map(property).collect::<Result<_, _>>()?,
    })
}

fn alias(row: &Answer) -> Result<(CustomerId, CustomerId), StoreError> {
    Ok((CustomerId(row.unsigned(0)?), CustomerId(row.unsigned(1)?)))
}

fn property(row: &Answer) -> Result<PropertySpec, StoreError> {
    const TYPES: [PropertyType; 4] =
        [PropertyType::Text, PropertyType::Integer, PropertyType::Number, PropertyType::Boolean];
    let word: String = row.get(1)?;
    let property_type = TYPES
        .into_iter()
        .find(|property_type| type_word(*property_type) == word)
        .ok_or_else(|| other("list properties", format!("{word:?} is not a type")))?;
    Ok(PropertySpec { name: row.get(0)?, property_type })
}

/// Whether any identity is known.
pub(crate) async fn has_identities(connection: &mut Connection) -> Result<bool, StoreError> {
    let statement = Statement::new("look for identities", "SELECT 1 FROM identity LIMIT 1");
    Ok(statement.optional(connection).await?.is_some())
}

/// Hashes of all that was erased.
pub(crate) async fn suppressed(connection: &mut Connection) -> Result<Vec<[u8; 16]>, StoreError> {
    const ACTION: &str = "list hashes of what was erased";
    let rows = Statement::new(ACTION, "SELECT hash FROM suppression ORDER BY hash").all(connection).await?;
    let hash = |row: &Answer| {
        let bytes: Vec<u8> = row.get(0)?;
        <[u8; 16]>::try_from(bytes).map_err(|bytes| other(ACTION, format!("a hash of {} bytes", bytes.len())))
    };
    rows.iter().map(hash).collect()
}

/// How far an import has come.
pub(crate) async fn import_mark(
    connection: &mut Connection,
    fingerprint: &str,
) -> Result<Option<ImportMark>, StoreError> {
    let sql = "SELECT fingerprint, name, rows_done, finished FROM import_mark WHERE fingerprint = $1";
    let row = Statement::new("read an import's progress", sql).bind(fingerprint).optional(connection).await?;
    let mark = |row: Answer| {
        Ok(ImportMark {
            fingerprint: row.get(0)?,
            name: row.get(1)?,
            rows_done: row.unsigned(2)?,
            finished: row.get::<i64>(3)? != 0,
        })
    };
    row.map(mark).transpose()
}

pub(crate) async fn imported_rows(connection: &mut Connection) -> Result<u64, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(rows_done), 0) AS BIGINT) FROM import_mark";
    Statement::new("count imported rows", sql).one(connection).await?.unsigned(0)
}

/// Merges, oldest first.
pub(crate) async fn journal(connection: &mut Connection) -> Result<Vec<JournalEntry>, StoreError> {
    let sql = "SELECT entry_id, at_us, from_customer, into_customer, reason, undone_at_us
               FROM journal ORDER BY entry_id";
    Statement::new("read the journal", sql).all(connection).await?.iter().map(entry).collect()
}

/// Merges from or into these profiles, oldest first.
pub(crate) async fn journal_of(
    connection: &mut Connection,
    profiles: &[CustomerId],
) -> Result<Vec<JournalEntry>, StoreError> {
    const OF: Bulk = Bulk {
        action: "read the journal of a customer",
        before: "WITH wanted (profile) AS (VALUES ",
        after: ") SELECT entry_id, at_us, from_customer, into_customer, reason, undone_at_us
                 FROM wanted CROSS JOIN journal WHERE from_customer = wanted.profile
                 UNION SELECT entry_id, at_us, from_customer, into_customer, reason, undone_at_us
                 FROM wanted CROSS JOIN journal WHERE into_customer = wanted.profile",
        word: "",
        columns: 1,
        numbered: false,
    };
    let rows = OF.all_of(connection, profiles.iter().map(|profile| profile.0)).await?;
    let mut entries = rows.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    // Both ends of one may be asked for in different statements.
    entries.sort_unstable_by_key(|entry| entry.entry_id);
    entries.dedup_by_key(|entry| entry.entry_id);
    Ok(entries)
}

/// The merge written last.
pub(crate) async fn newest_journal_entry(connection: &mut Connection) -> Result<Option<JournalEntry>, StoreError> {
    let sql = "SELECT entry_id, at_us, from_customer, into_customer, reason, undone_at_us
               FROM journal ORDER BY entry_id DESC LIMIT 1";
    let row = Statement::new("read the journal", sql).optional(connection).await?;
    row.map(|row| entry(&row)).transpose()
}

fn entry(row: &Answer) -> Result<JournalEntry, StoreError> {
    Ok(JournalEntry {
        entry_id: row.unsigned(0)?,
        at_us: row.get(1)?,
        from: CustomerId(row.unsigned(2)?),
        into: CustomerId(row.unsigned(3)?),
        reason: row.get(4)?,
        undone_at_us: row.get(5)?,
    })
}

/// Newest parameters of a fold.
pub(crate) async fn parameters(
    connection: &mut Connection,
    fold: &str,
) -> Result<Option<(u64, i64, String)>, StoreError> {
    let sql = "SELECT version, as_of_us, json FROM parameters WHERE fold = $1 ORDER BY version DESC LIMIT 1";
    let row = Statement::new("read parameters", sql).bind(fold).optional(connection).await?;
    row.map(|row| Ok((row.unsigned(0)?, row.get(1)?, row.get(2)?))).transpose()
}

/// A setting.
pub(crate) async fn setting(connection: &mut Connection, name: &str) -> Result<Option<String>, StoreError> {
    let statement = Statement::new("read a setting", "SELECT value FROM setting WHERE name = $1").bind(name);
    statement.optional(connection).await?.map(|row| row.get(0)).transpose()
}
