//! What is decided once, when a data directory is made.

use crate::connection::Connection;
use crate::error::other;
use crate::statement::Statement;
use perennial_model::{HashKey, ShardCount};
use perennial_ports::StoreError;

/// Here while a brand is being moved in, and once it was moved away.
pub(crate) const MOVING: &str = "moving";
const HASH_KEY: &str = "hash_key";
const SHARDS: &str = "shards";

/// The key and the shards of this brand; drawn and kept if this is a new store.
pub(crate) async fn load_or_create(
    connection: &mut Connection,
    shards: ShardCount,
) -> Result<(HashKey, ShardCount), StoreError> {
    if fixed(connection, MOVING).await?.is_some() {
        return Err(StoreError::Unfinished);
    }
    if fixed(connection, HASH_KEY).await?.is_none() {
        create(connection, shards).await?;
    }
    let missing = |what: &str| other("read what was fixed at creation", format!("{what} is missing or damaged"));
    let key = fixed(connection, HASH_KEY).await?;
    let key = key.as_deref().and_then(from_hex).ok_or_else(|| missing(HASH_KEY))?;
    let count = fixed(connection, SHARDS).await?;
    let count = count.and_then(|count| count.parse().ok()).and_then(ShardCount::new);
    Ok((HashKey::new(key), count.ok_or_else(|| missing(SHARDS))?))
}

async fn create(connection: &mut Connection, shards: ShardCount) -> Result<(), StoreError> {
    let mut key = [0_u8; 16];
    getrandom::fill(&mut key).map_err(|error| other("draw the brand's secret", error))?;
    fix(connection, HASH_KEY, &to_hex(&key)).await?;
    fix(connection, SHARDS, &shards.get().to_string()).await?;
    let sql = "INSERT INTO customer_counter (shard, next_number) VALUES ($1, 1)";
    for shard in 0..shards.get() {
        Statement::new("create a shard", sql).bind(i64::from(shard)).run(connection).await?;
    }
    Ok(())
}

async fn fixed(connection: &mut Connection, name: &'static str) -> Result<Option<String>, StoreError> {
    let statement = Statement::new("read what was fixed at creation", "SELECT value FROM meta WHERE name = $1");
    statement.bind(name).optional(connection).await?.map(|row| row.get(0)).transpose()
}

async fn fix(connection: &mut Connection, name: &'static str, value: &str) -> Result<(), StoreError> {
    let statement = Statement::new("create its file", "INSERT INTO meta (name, value) VALUES ($1, $2)");
    statement.bind(name).bind(value).run(connection).await.map(drop)
}

fn to_hex(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}

fn from_hex(text: &str) -> Option<[u8; 16]> {
    (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok())?.map(u128::to_be_bytes)
}
