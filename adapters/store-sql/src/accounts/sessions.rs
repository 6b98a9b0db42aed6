//! Members who are signed in.

use super::members::{COLUMNS, columns, member};
use crate::SqlStore;
use crate::connection::finish;
use crate::statement::Statement;
use async_trait::async_trait;
use perennial_ports::{Member, SecretHash, Session, Sessions, StoreError};

#[async_trait]
impl Sessions for SqlStore {
    async fn open_session(&self, session: &Session) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        let sql = "DELETE FROM member_session WHERE expires_us <= $1";
        Statement::new("forget old sessions", sql).bind(session.created_us).run(&mut transaction).await?;
        let sql = "INSERT INTO member_session (hash, member_id, created_us, seen_us, expires_us)
                   VALUES ($1, $2, $3, $4, $5)";
        let statement = Statement::new("open a session", sql).bind(session.hash.to_vec()).number(session.member_id);
        let statement = statement.bind(session.created_us).bind(session.seen_us).bind(session.expires_us);
        statement.run(&mut transaction).await?;
        finish(transaction).await
    }

    async fn session(&self, hash: &SecretHash, now_us: i64) -> Result<Option<(Session, Member)>, StoreError> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            ", one.created_us, one.seen_us, one.expires_us
             FROM member_session AS one JOIN member ON member.member_id = one.member_id
             WHERE one.hash = $1 AND one.expires_us > $2 AND member.disabled_us IS NULL"
        );
        let statement = Statement::new("find a session", sql).bind(hash.to_vec()).bind(now_us);
        let Some(row) = statement.optional(&mut *self.database.read().await?).await? else { return Ok(None) };
        let member = member(&row)?;
        let session = Session {
            hash: *hash,
            member_id: member.member_id,
            created_us: row.get(COLUMNS)?,
            seen_us: row.get(COLUMNS + 1)?,
            expires_us: row.get(COLUMNS + 2)?,
        };
        Ok(Some((session, member)))
    }

    async fn extend_session(&self, hash: &SecretHash, seen_us: i64, expires_us: i64) -> Result<(), StoreError> {
        let sql = "UPDATE member_session SET seen_us = $1, expires_us = $2 WHERE hash = $3";
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("put a session's end off", sql).bind(seen_us).bind(expires_us);
        statement.bind(hash.to_vec()).run(&mut transaction).await?;
        finish(transaction).await
    }

    async fn close_session(&self, hash: &SecretHash) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("end a session", "DELETE FROM member_session WHERE hash = $1");
        statement.bind(hash.to_vec()).run(&mut transaction).await?;
        finish(transaction).await
    }

    async fn close_sessions(&self, member_id: u64, except: Option<&SecretHash>) -> Result<u64, StoreError> {
        let sql = "DELETE FROM member_session WHERE member_id = $1 AND hash <> $2";
        // No hash is empty.
        let except = except.map_or_else(Vec::new, |hash| hash.to_vec());
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("end a member's sessions", sql).number(member_id).bind(except);
        let closed = statement.run(&mut transaction).await?;
        finish(transaction).await?;
        Ok(closed)
    }
}
