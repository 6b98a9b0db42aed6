//! Tokens of programs.

use super::{Member, SecretHash};
use crate::StoreError;
use async_trait::async_trait;
use perennial_model::Permission;

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Number.
    pub token_id: u64,
    /// What it is for.
    pub name: String,
    /// What it may, as far as who made it may.
    pub scopes: Vec<Permission>,
    /// Who made it.
    pub member_id: u64,
    /// When (UTC µs).
    pub created_us: i64,
    /// When it was last used, to the minute (UTC µs).
    pub used_us: Option<i64>,
    /// Since when it is good for nothing (UTC µs).
    pub revoked_us: Option<i64>,
}

/// A token to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Of its secret.
    pub hash: SecretHash,
    /// What it is for.
    pub name: String,
    /// What it may.
    pub scopes: Vec<Permission>,
    /// Who makes it.
    pub member_id: u64,
    /// When (UTC µs).
    pub created_us: i64,
}

/// See the module.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Keeps a token; its number.
    async fn add_token(&self, token: &NewToken) -> Result<u64, StoreError>;
    /// All tokens, oldest first.
    async fn tokens(&self) -> Result<Vec<ApiToken>, StoreError>;
    /// A token that is not revoked, and its maker, who is not disabled.
    async fn token(&self, hash: &SecretHash) -> Result<Option<(ApiToken, Member)>, StoreError>;
    /// Notes that it was used.
    async fn note_token_used(&self, token_id: u64, at_us: i64) -> Result<(), StoreError>;
    /// Revokes it; whether it was good.
    async fn revoke_token(&self, token_id: u64, at_us: i64) -> Result<bool, StoreError>;
}
