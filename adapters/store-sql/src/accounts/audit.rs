//! Who did what.

use crate::SqlStore;
use crate::connection::{Connection, finish};
use crate::database::advance;
use crate::statement::{Answer, Statement};
use async_trait::async_trait;
use perennial_ports::{Audit, AuditEntry, NewAuditEntry, StoreError};

/// The last entry's number.
const AUDIT: &str = "audit";

fn entry(row: &Answer) -> Result<AuditEntry, StoreError> {
    let entry = NewAuditEntry {
        at_us: row.get(1)?,
        member_id: row.get::<Option<i64>>(2)?.map(i64::cast_unsigned),
        token_id: row.get::<Option<i64>>(3)?.map(i64::cast_unsigned),
        action: row.get(4)?,
        subject: row.get(5)?,
        detail: row.get(6)?,
    };
    Ok(AuditEntry { audit_id: row.unsigned(0)?, entry })
}

/// Adds an entry, within whatever it tells of.
pub(crate) async fn add(connection: &mut Connection, entry: &NewAuditEntry) -> Result<(), StoreError> {
    let number = advance(connection, AUDIT, 1).await?;
    let sql = "INSERT INTO audit (audit_id, at_us, member_id, token_id, action, subject, detail)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let statement = Statement::new("note who did what", sql).number(number).bind(entry.at_us);
    let statement = statement.bind(entry.member_id.map(u64::cast_signed));
    let statement = statement.bind(entry.token_id.map(u64::cast_signed)).bind(entry.action.clone());
    statement.bind(entry.subject.clone()).bind(entry.detail.clone()).run(connection).await.map(drop)
}

#[async_trait]
impl Audit for SqlStore {
    async fn note(&self, entry: &NewAuditEntry) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        add(&mut transaction, entry).await?;
        finish(transaction).await
    }

    async fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = "SELECT audit_id, at_us, member_id, token_id, action, subject, detail FROM audit
                   WHERE audit_id < $1 ORDER BY audit_id DESC LIMIT $2";
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        let statement = Statement::new("list who did what", sql).bind(before).bind(i64::from(limit));
        statement.all(&mut *self.database.read().await?).await?.iter().map(entry).collect()
    }
}
