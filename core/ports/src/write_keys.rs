//! Keys with which others send messages.

use crate::StoreError;
use async_trait::async_trait;

/// A write key, as it is kept: its hash, not itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteKey {
    /// Number, growing.
    pub key_id: u64,
    /// What it is called: the shop, the app, the till that sends with it.
    pub name: String,
    /// One-way hash of the key.
    pub hash: [u8; 32],
    /// When it was made (UTC µs).
    pub created_at_us: i64,
    /// When it stopped working (UTC µs); `None` while it works.
    pub revoked_at_us: Option<i64>,
}

/// Write keys of one brand. Revoked ones stay, so that it can be told whose messages were whose.
#[async_trait]
pub trait WriteKeys: Send + Sync {
    /// Keeps a new key; returns its number. Durable when it returns. Two keys may have one name.
    async fn add_write_key(&self, name: &str, hash: &[u8; 32], at_us: i64) -> Result<u64, StoreError>;
    /// All keys, oldest first.
    async fn write_keys(&self) -> Result<Vec<WriteKey>, StoreError>;
    /// Ends a key; whether it worked until now.
    async fn revoke_write_key(&self, key_id: u64, at_us: i64) -> Result<bool, StoreError>;
}
