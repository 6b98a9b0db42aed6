//! Versions of definitions: few, each read whole.

use crate::accounts::audit;
use crate::connection::{Connection, finish};
use crate::database::{advance, counter};
use crate::statement::{Answer, Statement};
use crate::store::SqlStore;
use async_trait::async_trait;
use perennial_ports::{
    DefinitionFile, DefinitionVersion, DefinitionVersions, DefinitionsSaved, NewAuditEntry, NewDefinitions, StoreError,
    StoredDefinitions,
};
use std::sync::atomic::Ordering;

/// The newest version's number.
const VERSION: &str = "definition_version";
const READ: &str = "read definitions";
const SAVE: &str = "save definitions";

#[async_trait]
impl DefinitionVersions for SqlStore {
    async fn definitions(&self) -> Result<Option<StoredDefinitions>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        let newest = counter(&mut snapshot, VERSION).await?;
        read(&mut snapshot, newest).await
    }

    async fn definitions_of(&self, version: u64) -> Result<Option<StoredDefinitions>, StoreError> {
        read(&mut *self.database.snapshot().await?, version).await
    }

    async fn definition_versions(&self, before: Option<u64>, limit: u32) -> Result<Vec<DefinitionVersion>, StoreError> {
        let sql = "SELECT version, at_us, member_id, token_id, remark, changes FROM definition_version
                   WHERE version < $1 ORDER BY version DESC LIMIT $2";
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        let statement = Statement::new("list versions of definitions", sql).bind(before).bind(i64::from(limit));
        statement.all(&mut *self.database.read().await?).await?.iter().map(version_of).collect()
    }

    async fn save_definitions(&self, new: &NewDefinitions) -> Result<DefinitionsSaved, StoreError> {
        let mut transaction = self.database.write().await?;
        // Whoever raises the number first is the one of several whose version is kept.
        let version = advance(&mut transaction, VERSION, 1).await?;
        if version - 1 != new.expected_version {
            return Ok(DefinitionsSaved::Moved(version - 1));
        }
        add(&mut transaction, version, new).await?;
        audit::add(&mut transaction, &entry(version, new)).await?;
        let done = finish(transaction).await;
        // A failure may hide a commit.
        self.declared.fetch_add(1, Ordering::AcqRel);
        done.map(|()| DefinitionsSaved::Done(version))
    }
}

async fn add(connection: &mut Connection, version: u64, new: &NewDefinitions) -> Result<(), StoreError> {
    let sql = "INSERT INTO definition_version (version, at_us, member_id, token_id, remark, changes, json)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let statement = Statement::new(SAVE, sql).number(version).bind(new.at_us);
    let statement = statement.bind(new.member_id.map(u64::cast_signed)).bind(new.token_id.map(u64::cast_signed));
    let statement = statement.bind(new.comment.as_deref()).bind(new.changes.as_str());
    statement.bind(new.json.as_str()).run(connection).await?;
    let sql = "INSERT INTO definition_file (version, name, source) VALUES ($1, $2, $3)";
    for file in &new.files {
        let statement = Statement::new(SAVE, sql).number(version).bind(file.name.as_str());
        statement.bind(file.text.as_str()).run(connection).await?;
    }
    Ok(())
}

fn entry(version: u64, new: &NewDefinitions) -> NewAuditEntry {
    NewAuditEntry {
        at_us: new.at_us,
        member_id: new.member_id,
        token_id: new.token_id,
        action: "definitions_changed".to_owned(),
        subject: Some(format!("definitions:{version}")),
        detail: new.summary.clone(),
    }
}

async fn read(connection: &mut Connection, version: u64) -> Result<Option<StoredDefinitions>, StoreError> {
    let sql = "SELECT version, at_us, member_id, token_id, remark, changes, json FROM definition_version
               WHERE version = $1";
    let Some(row) = Statement::new(READ, sql).number(version).optional(connection).await? else { return Ok(None) };
    let sql = "SELECT name, source FROM definition_file WHERE version = $1 ORDER BY name";
    let files = Statement::new(READ, sql).number(version).all(connection).await?;
    let file = |row: &Answer| Ok(DefinitionFile { name: row.get(0)?, text: row.get(1)? });
    let files = files.iter().map(file).collect::<Result<_, StoreError>>()?;
    Ok(Some(StoredDefinitions { version: version_of(&row)?, json: row.get(6)?, files }))
}

fn version_of(row: &Answer) -> Result<DefinitionVersion, StoreError> {
    Ok(DefinitionVersion {
        version: row.unsigned(0)?,
        at_us: row.get(1)?,
        member_id: row.get::<Option<i64>>(2)?.map(i64::cast_unsigned),
        token_id: row.get::<Option<i64>>(3)?.map(i64::cast_unsigned),
        comment: row.get(4)?,
        changes: row.get(5)?,
    })
}
