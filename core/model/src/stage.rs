//! The lifecycle stage of a buyer (mechanism 5.1).

use serde::{Deserialize, Serialize};

/// Exactly one a customer; which one is the first that matches, in the order of mechanism 5.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Stage {
    /// First order less than 60 days ago, fewer than 5 orders.
    New = 0,
    /// Buys in their rhythm.
    Active,
    /// 5 kept orders on distinct days.
    Loyal,
    /// Silent for more than 1.5 personal intervals.
    AtRisk,
    /// Silent for more than 3.
    Lapsed,
    /// Silent for more than 6.
    Lost,
    /// Came back within the last 60 days after having been lapsed or lost.
    WonBack,
}

impl Stage {
    /// All stages, in the order the interface shows them.
    pub const ALL: [Self; 7] =
        [Self::New, Self::Active, Self::Loyal, Self::AtRisk, Self::Lapsed, Self::Lost, Self::WonBack];

    /// English name in lower snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Active => "active",
            Self::Loyal => "loyal",
            Self::AtRisk => "at_risk",
            Self::Lapsed => "lapsed",
            Self::Lost => "lost",
            Self::WonBack => "won_back",
        }
    }
}
