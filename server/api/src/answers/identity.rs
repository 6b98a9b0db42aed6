//! `/api/identity/…`: merges and suggestions.

use super::customers::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Merges of profiles, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Journal {
    /// How many there are in all.
    pub(crate) total: u64,
    /// Those asked for.
    pub(crate) entries: Vec<JournalItem>,
}

/// A merge.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct JournalItem {
    /// For `POST /api/identity/merges/{id}/undo`.
    pub(crate) entry_id: u64,
    /// When (UTC µs).
    pub(crate) at_us: i64,
    /// Who became part …
    pub(crate) from_id: String,
    /// … of whom.
    pub(crate) into_id: String,
    /// Why.
    pub(crate) reason: String,
    /// When it was undone (UTC µs), if it was.
    pub(crate) undone_at_us: Option<i64>,
}

impl From<perennial_ports::JournalEntry> for JournalItem {
    fn from(entry: perennial_ports::JournalEntry) -> Self {
        Self {
            entry_id: entry.entry_id,
            at_us: entry.at_us,
            from_id: entry.from.0.to_string(),
            into_id: entry.into.0.to_string(),
            reason: entry.reason,
            undone_at_us: entry.undone_at_us,
        }
    }
}

/// Makes one customer part of another.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeRequest {
    /// Who becomes part …
    pub(crate) from_id: String,
    /// … of whom.
    pub(crate) into_id: String,
    /// Why: the journal keeps it for whoever wonders later.
    pub(crate) reason: String,
}

/// A merge that was done.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Merged {
    /// The journal's entry, by which it can be undone.
    pub(crate) entry_id: u64,
    /// The customer that both are now.
    pub(crate) customer_id: String,
}

/// An undo that was done.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Undone {
    /// The journal's entry.
    pub(crate) entry_id: u64,
}

/// Pairs of customers that may be one person, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Suggestions {
    /// How many are open.
    pub(crate) total: u64,
    /// Those asked for.
    pub(crate) suggestions: Vec<Suggestion>,
}

/// A pair.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Suggestion {
    /// Its number.
    pub(crate) suggestion_id: u64,
    /// One of them.
    pub(crate) one: Person,
    /// The other.
    pub(crate) other: Person,
    /// The kind of the key, seen with keys of the one, that leads to the other.
    pub(crate) by: String,
    /// In how many messages.
    pub(crate) times_seen: u64,
    /// First seen (UTC µs).
    pub(crate) first_at_us: i64,
    /// Last seen (UTC µs).
    pub(crate) last_at_us: i64,
}

/// A customer by number and keys.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Person {
    /// The customer.
    pub(crate) customer_id: String,
    /// Keys, strongest first, masked.
    pub(crate) keys: Vec<Key>,
}

/// What a person makes of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecisionWord {
    /// They are one: the other becomes part of the one.
    Merge,
    /// They are two.
    Reject,
}

/// Closes a suggestion.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideRequest {
    /// What it is.
    pub(crate) decision: DecisionWord,
}

/// A suggestion that was closed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Decided {
    /// Its number.
    pub(crate) suggestion_id: u64,
    /// What was decided.
    pub(crate) decision: DecisionWord,
    /// The journal's entry of the merge; null where none was needed.
    pub(crate) entry_id: Option<u64>,
}
