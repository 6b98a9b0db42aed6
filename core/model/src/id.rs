//! Durable numbers.

use serde::{Deserialize, Serialize};

/// How many shards a brand may have at most: the shard is the low byte of a customer id.
pub const MAX_SHARDS: u16 = 256;

/// Number of shards, fixed when the data directory is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardCount(u16);

impl ShardCount {
    /// Shards of an embedded brand.
    pub const EMBEDDED: Self = Self(16);

    /// Shards of a brand whose store is a server.
    pub const SERVED: Self = Self(64);

    /// Between 1 and [`MAX_SHARDS`].
    #[must_use]
    pub const fn new(count: u16) -> Option<Self> {
        if count >= 1 && count <= MAX_SHARDS { Some(Self(count)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The shard a placement hash falls into.
    #[must_use]
    pub const fn of_hash(self, hash: u64) -> u16 {
        (hash % self.0 as u64) as u16
    }
}

/// A customer, or the profile that later became part of one: the shard in the low byte, a number
/// above it. Number 0 of each shard holds what nobody could be found for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerId(pub u64);

impl CustomerId {
    /// The `number`th customer of a shard; numbers of identified customers start at 1.
    #[must_use]
    pub const fn new(shard: u16, number: u64) -> Self {
        Self((number << 8) | shard as u64)
    }

    /// Where rows without a customer are kept.
    #[must_use]
    pub const fn unidentified(shard: u16) -> Self {
        Self::new(shard, 0)
    }

    /// The shard it lives in.
    #[must_use]
    pub const fn shard(self) -> u16 {
        (self.0 & 0xff) as u16
    }

    /// Its number within the shard.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0 >> 8
    }

    /// Whether somebody stands behind it.
    #[must_use]
    pub const fn is_identified(self) -> bool {
        self.number() != 0
    }
}

/// Identity of a message: keyed hash of source and message id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mid(pub u64);

/// Keyed hash of source and order id; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderKey(pub u64);

impl OrderKey {
    /// No order.
    pub const NONE: Self = Self(0);
}
