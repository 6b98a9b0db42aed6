//! The manifest transaction.

use crate::bulk::Bulk;
use crate::connection::Connection;
use crate::database::{advance, counter, require_wipe};
use crate::error::other;
use crate::statement::Statement;
use crate::{aside, consents, experiments, groups, identities, order_owners, runs, suggestions};
use perennial_model::{CustomerId, PropertySpec, PropertyType};
use perennial_ports::{ImportMark, JournalEntry, ManifestChange, StoreError};
use std::collections::BTreeMap;

/// Grows by one with each change.
pub(crate) const EPOCH: &str = "epoch";
/// Hot rows at or below it are in runs.
pub(crate) const FLUSHED_THROUGH: &str = "flushed_through";
/// The last journal entry.
const JOURNAL: &str = "journal";

const SET_ALIASES: Bulk = Bulk {
    action: "set aliases",
    before: "INSERT INTO alias (profile, customer) SELECT added.column1, added.column2 FROM (VALUES ",
    after: ") AS added WHERE true ON CONFLICT (profile) DO UPDATE SET customer = excluded.customer",
    word: "",
    columns: 2,
    numbered: false,
};

const ADD_SUPPRESSIONS: Bulk = Bulk {
    action: "keep hashes of what is erased",
    before: "INSERT INTO suppression (hash) VALUES ",
    after: " ON CONFLICT (hash) DO NOTHING",
    word: "",
    columns: 1,
    numbered: false,
};

/// Everything that a change asks for; returns the new epoch.
pub(crate) async fn apply(connection: &mut Connection, change: &ManifestChange) -> Result<u64, StoreError> {
    let epoch = next_epoch(connection, change.expected_epoch).await?;
    runs::add(connection, &change.add_runs).await?;
    runs::retire(connection, &change.retire_runs, change.at_us).await?;
    runs::quarantine(connection, &change.quarantine_runs).await?;
    if let Some(sequence) = change.flushed_through {
        set_flushed_through(connection, sequence).await?;
    }
    identities::remove(connection, &change.unbind).await?;
    identities::add(connection, &change.new_identities).await?;
    order_owners::set(connection, &change.order_owners).await?;
    consents::add(connection, &change.consents).await?;
    set_aliases(connection, &change.set_aliases).await?;
    if let Some(entry) = &change.add_journal {
        add_journal(connection, entry).await?;
    }
    if let Some(entry_id) = change.undo_journal {
        undo_journal(connection, entry_id, change.at_us).await?;
    }
    if let Some(mark) = &change.import_mark {
        set_import_mark(connection, mark).await?;
    }
    if let Some(property) = &change.declare_property {
        declare_property(connection, property).await?;
    }
    experiments::erase(connection, &change.erase_profiles).await?;
    erase(connection, &change.erase_profiles).await?;
    suggestions::forget_names(connection, &change.suppress).await?;
    suppress(connection, &change.suppress).await?;
    aside::erase(connection, &change.suppress).await?;
    Ok(epoch)
}

async fn next_epoch(connection: &mut Connection, expected: u64) -> Result<u64, StoreError> {
    let found = counter(connection, EPOCH).await?;
    if found != expected {
        return Err(StoreError::Conflict { expected, found });
    }
    advance(connection, EPOCH, 1).await
}

async fn set_flushed_through(connection: &mut Connection, sequence: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO counter (name, value) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    let statement = Statement::new("note what is flushed", sql).bind(FLUSHED_THROUGH).number(sequence);
    statement.run(connection).await.map(drop)
}

/// The last word on a profile counts; itself means no alias.
async fn set_aliases(connection: &mut Connection, aliases: &[(CustomerId, CustomerId)]) -> Result<(), StoreError> {
    let last: BTreeMap<CustomerId, CustomerId> = aliases.iter().copied().collect();
    let (own, moved): (Vec<_>, Vec<_>) = last.into_iter().partition(|(profile, customer)| profile == customer);
    delete_aliases(connection, own.into_iter().map(|(profile, _)| profile.0)).await?;
    for (range, mut statement) in SET_ALIASES.statements(moved.len()) {
        for (profile, customer) in &moved[range] {
            statement.add(profile.0.cast_signed());
            statement.add(customer.0.cast_signed());
        }
        statement.run(connection).await?;
    }
    Ok(())
}

async fn delete_aliases(
    connection: &mut Connection,
    profiles: impl ExactSizeIterator<Item = u64> + Send,
) -> Result<(), StoreError> {
    const DELETE: Bulk = Bulk {
        action: "remove aliases",
        before: "DELETE FROM alias WHERE profile IN (VALUES ",
        after: ")",
        word: "",
        columns: 1,
        numbered: false,
    };
    DELETE.run_over(connection, profiles).await.map(drop)
}

async fn add_journal(connection: &mut Connection, entry: &JournalEntry) -> Result<(), StoreError> {
    let entry_id = advance(connection, JOURNAL, 1).await?;
    let sql = "INSERT INTO journal (entry_id, at_us, from_customer, into_customer, reason, undone_at_us)
               VALUES ($1, $2, $3, $4, $5, $6)";
    Statement::new("write the journal", sql)
        .number(entry_id)
        .bind(entry.at_us)
        .number(entry.from.0)
        .number(entry.into.0)
        .bind(entry.reason.as_str())
        .bind(entry.undone_at_us)
        .run(connection)
        .await
        .map(drop)
}

async fn undo_journal(connection: &mut Connection, entry_id: u64, at_us: i64) -> Result<(), StoreError> {
    let sql = "UPDATE journal SET undone_at_us = $1 WHERE entry_id = $2 AND undone_at_us IS NULL";
    let changed = Statement::new("undo a merge", sql).bind(at_us).number(entry_id).run(connection).await?;
    if changed == 1 {
        return Ok(());
    }
    Err(other("undo a merge", format!("journal entry {entry_id} is not there or undone already")))
}

async fn set_import_mark(connection: &mut Connection, mark: &ImportMark) -> Result<(), StoreError> {
    let sql = "INSERT INTO import_mark (fingerprint, name, rows_done, finished) VALUES ($1, $2, $3, $4)
               ON CONFLICT (fingerprint) DO UPDATE SET
                   name = excluded.name, rows_done = excluded.rows_done, finished = excluded.finished";
    Statement::new("note an import's progress", sql)
        .bind(mark.fingerprint.as_str())
        .bind(mark.name.as_str())
        .number(mark.rows_done)
        .bind(i64::from(mark.finished))
        .run(connection)
        .await
        .map(drop)
}

/// A property declared before keeps its type and place.
async fn declare_property(connection: &mut Connection, property: &PropertySpec) -> Result<(), StoreError> {
    let sql = "INSERT INTO property (name, position, property_type)
               SELECT $1, COALESCE(MAX(position), 0) + 1, $2 FROM property WHERE true
               ON CONFLICT (name) DO NOTHING";
    Statement::new("declare a property", sql)
        .bind(property.name.as_str())
        .bind(type_word(property.property_type))
        .run(connection)
        .await
        .map(drop)
}

/// The word stored for a property's type.
pub(crate) const fn type_word(property_type: PropertyType) -> &'static str {
    match property_type {
        PropertyType::Text => "text",
        PropertyType::Integer => "integer",
        PropertyType::Number => "number",
        PropertyType::Boolean => "boolean",
    }
}

async fn erase(connection: &mut Connection, profiles: &[CustomerId]) -> Result<(), StoreError> {
    const STATEMENTS: [(&str, &str); 10] = [
        (
            "DELETE FROM identity WHERE (kind, value) IN
             (SELECT kind, value FROM profile_identity WHERE profile IN (VALUES ",
            "))",
        ),
        ("DELETE FROM profile_identity WHERE profile IN (VALUES ", ")"),
        ("DELETE FROM order_owner WHERE profile IN (VALUES ", ")"),
        ("DELETE FROM consent WHERE profile IN (VALUES ", ")"),
        ("DELETE FROM alias WHERE customer IN (VALUES ", ")"),
        ("DELETE FROM journal WHERE from_customer IN (VALUES ", ")"),
        ("DELETE FROM journal WHERE into_customer IN (VALUES ", ")"),
        ("DELETE FROM merge_suggestion WHERE one IN (VALUES ", ")"),
        ("DELETE FROM merge_suggestion WHERE other IN (VALUES ", ")"),
        ("DELETE FROM membership_change WHERE customer IN (VALUES ", ")"),
    ];
    if profiles.is_empty() {
        return Ok(());
    }
    let numbers = || profiles.iter().map(|profile| profile.0);
    delete_aliases(connection, numbers()).await?;
    for (before, after) in STATEMENTS {
        let bulk = Bulk { action: "erase profiles", before, after, word: "", columns: 1, numbered: false };
        bulk.run_over(connection, numbers()).await?;
    }
    groups::erase(connection, numbers()).await?;
    require_wipe(connection).await
}

async fn suppress(connection: &mut Connection, hashes: &[[u8; 16]]) -> Result<(), StoreError> {
    for (range, mut statement) in ADD_SUPPRESSIONS.statements(hashes.len()) {
        for hash in &hashes[range] {
            statement.add(hash.to_vec());
        }
        statement.run(connection).await?;
    }
    Ok(())
}
