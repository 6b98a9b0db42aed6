//! How a customer is recognised.

use serde::{Deserialize, Serialize};

/// Kinds of key, strongest first: where a row carries several, the first found wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// The brand's own customer or member number.
    Member,
    /// Phone in E.164, for example +8613800138000.
    Phone,
    /// E-mail, lower case.
    Email,
    /// A platform's id of the buyer (旺旺, open id, Shopify customer …).
    Platform,
    /// A device or session not yet known.
    Anonymous,
}

impl IdentityKind {
    /// All kinds, strongest first.
    pub const ALL: [Self; 5] = [Self::Member, Self::Phone, Self::Email, Self::Platform, Self::Anonymous];

    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Platform => "platform",
            Self::Anonymous => "anonymous",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One key, its value normalised for its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IdentityKey {
    /// Its kind.
    pub kind: IdentityKind,
    /// Its normalised value.
    pub value: String,
}
