//! Tokens of programs.

use super::members::{COLUMNS, columns, member};
use crate::SqlStore;
use crate::connection::finish;
use crate::database::advance;
use crate::statement::{Answer, Statement};
use async_trait::async_trait;
use perennial_model::Permission;
use perennial_ports::{ApiToken, Member, NewToken, SecretHash, StoreError, Tokens};

/// The last token's number.
const TOKEN: &str = "api_token";

/// Columns of a token, in the order of [`token`].
macro_rules! token_columns {
    () => {
        "one.token_id, one.name, one.scopes, one.member_id, one.created_us, one.used_us, one.revoked_us"
    };
}

/// A token of a row's columns from `first`.
fn token(row: &Answer, first: usize) -> Result<ApiToken, StoreError> {
    let scopes: String = row.get(first + 2)?;
    Ok(ApiToken {
        token_id: row.unsigned(first)?,
        name: row.get(first + 1)?,
        // A permission that is no more allows nothing.
        scopes: scopes.split(' ').filter_map(Permission::parse).collect(),
        member_id: row.unsigned(first + 3)?,
        created_us: row.get(first + 4)?,
        used_us: row.get(first + 5)?,
        revoked_us: row.get(first + 6)?,
    })
}

#[async_trait]
impl Tokens for SqlStore {
    async fn add_token(&self, token: &NewToken) -> Result<u64, StoreError> {
        let mut transaction = self.database.write().await?;
        let number = advance(&mut transaction, TOKEN, 1).await?;
        let sql = "INSERT INTO api_token (token_id, hash, name, scopes, member_id, created_us)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let statement = Statement::new("add a token", sql).number(number).bind(token.hash.to_vec());
        let statement = statement.bind(token.name.clone()).bind(scopes.join(" ")).number(token.member_id);
        statement.bind(token.created_us).run(&mut transaction).await?;
        finish(transaction).await?;
        Ok(number)
    }

    async fn tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        let sql = concat!("SELECT ", token_columns!(), " FROM api_token AS one ORDER BY one.token_id");
        let rows = Statement::new("list tokens", sql).all(&mut *self.database.read().await?).await?;
        rows.iter().map(|row| token(row, 0)).collect()
    }

    async fn token(&self, hash: &SecretHash) -> Result<Option<(ApiToken, Member)>, StoreError> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            ", ",
            token_columns!(),
            " FROM api_token AS one JOIN member ON member.member_id = one.member_id
             WHERE one.hash = $1 AND one.revoked_us IS NULL AND member.disabled_us IS NULL"
        );
        let statement = Statement::new("find a token", sql).bind(hash.to_vec());
        let row = statement.optional(&mut *self.database.read().await?).await?;
        row.map(|row| Ok((token(&row, COLUMNS)?, member(&row)?))).transpose()
    }

    async fn note_token_used(&self, token_id: u64, at_us: i64) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("note a token's use", "UPDATE api_token SET used_us = $1 WHERE token_id = $2");
        statement.bind(at_us).number(token_id).run(&mut transaction).await?;
        finish(transaction).await
    }

    async fn revoke_token(&self, token_id: u64, at_us: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE api_token SET revoked_us = $1 WHERE token_id = $2 AND revoked_us IS NULL";
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("revoke a token", sql).bind(at_us).number(token_id);
        let revoked = statement.run(&mut transaction).await? == 1;
        finish(transaction).await?;
        Ok(revoked)
    }
}
