//! Write keys: few rows, read whole.

use crate::connection::finish;
use crate::database::advance;
use crate::error::other;
use crate::statement::{Answer, Statement};
use crate::store::SqlStore;
use async_trait::async_trait;
use perennial_ports::{StoreError, WriteKey, WriteKeys};

/// The last key's number.
const WRITE_KEY: &str = "write_key";
const LIST: &str = "list write keys";

#[async_trait]
impl WriteKeys for SqlStore {
    async fn add_write_key(&self, name: &str, hash: &[u8; 32], at_us: i64) -> Result<u64, StoreError> {
        let sql = "INSERT INTO write_key (key_id, name, hash, created_at_us) VALUES ($1, $2, $3, $4)";
        let mut transaction = self.database.write().await?;
        let key_id = advance(&mut transaction, WRITE_KEY, 1).await?;
        let statement = Statement::new("keep a write key", sql).number(key_id).bind(name).bind(hash.to_vec());
        statement.bind(at_us).run(&mut transaction).await?;
        finish(transaction).await?;
        Ok(key_id)
    }

    async fn write_keys(&self) -> Result<Vec<WriteKey>, StoreError> {
        let sql = "SELECT key_id, name, hash, created_at_us, revoked_at_us FROM write_key ORDER BY key_id";
        let rows = Statement::new(LIST, sql).all(&mut *self.database.read().await?).await?;
        rows.iter().map(key).collect()
    }

    async fn revoke_write_key(&self, key_id: u64, at_us: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE write_key SET revoked_at_us = $1 WHERE key_id = $2 AND revoked_at_us IS NULL";
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("revoke a write key", sql).bind(at_us).number(key_id);
        let revoked = statement.run(&mut transaction).await? > 0;
        finish(transaction).await?;
        Ok(revoked)
    }
}

fn key(row: &Answer) -> Result<WriteKey, StoreError> {
    let hash: Vec<u8> = row.get(2)?;
    let hash = hash.try_into().map_err(|_| other(LIST, "a hash has another length than 32 bytes"))?;
    Ok(WriteKey {
        key_id: row.unsigned(0)?,
        name: row.get(1)?,
        hash,
        created_at_us: row.get(3)?,
        revoked_at_us: row.get(4)?,
    })
}
