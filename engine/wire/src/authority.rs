//! Who may ask, and who is told what was asked.

use async_trait::async_trait;
use perennial_query::Keys;
use std::net::IpAddr;
use std::time::Duration;

/// Somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analyst {
    /// The member's number.
    pub member_id: u64,
    /// The token's number, where one was the password.
    pub token_id: Option<u64>,
    /// For the audit and for `current_user`.
    pub name: String,
    /// How keys of customers are shown.
    pub keys: Keys,
    /// A hash of what was proved by: when it is not good any more, the sign-in is over.
    pub proof: [u8; 32],
}

/// A statement that was answered or refused. Its text is told to nobody: it may name a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The text.
    pub sql: &'a str,
    /// Whether it was answered.
    pub answered: bool,
    /// How long that took.
    pub took: Duration,
}

/// What the server knows of its members.
#[async_trait]
pub trait Authority: Send + Sync {
    /// Signs somebody in; `None` when they may not, for whatever reason. Bounds how often one may try.
    async fn sign_in(&self, user: &str, password: &str, from: IpAddr) -> Option<Analyst>;
    /// Whether they still may: asked before each statement.
    async fn still(&self, analyst: &Analyst) -> Option<Analyst>;
    /// Notes what was asked; not that of the catalogue alone, which tools ask all the time.
    async fn asked(&self, analyst: &Analyst, asked: Asked<'_>);
}
