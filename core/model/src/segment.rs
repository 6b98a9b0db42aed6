//! The eleven RFM segments (mechanism 1.10).

use serde::{Deserialize, Serialize};

/// Segments of the default RFM map, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RfmSegment {
    /// R≥4, FM≥4, R+FM≥9.
    Champions = 0,
    /// R≥3, FM≥4.
    Loyal,
    /// R≥4, FM 2 or 3.
    PotentialLoyalist,
    /// R=5, FM=1.
    New,
    /// R=4, FM=1.
    Promising,
    /// R=3, FM=3.
    NeedAttention,
    /// R=3, FM≤2.
    AboutToSleep,
    /// R≤2, FM=5.
    CantLose,
    /// R≤2, FM 3 or 4.
    AtRisk,
    /// R=2, FM≤2.
    Hibernating,
    /// Everyone else.
    Lost,
}

impl RfmSegment {
    /// All segments, in the order above.
    pub const ALL: [Self; 11] = [
        Self::Champions,
        Self::Loyal,
        Self::PotentialLoyalist,
        Self::New,
        Self::Promising,
        Self::NeedAttention,
        Self::AboutToSleep,
        Self::CantLose,
        Self::AtRisk,
        Self::Hibernating,
        Self::Lost,
    ];

    /// English name in lower snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Champions => "champions",
            Self::Loyal => "loyal",
            Self::PotentialLoyalist => "potential_loyalist",
            Self::New => "new",
            Self::Promising => "promising",
            Self::NeedAttention => "need_attention",
            Self::AboutToSleep => "about_to_sleep",
            Self::CantLose => "cant_lose",
            Self::AtRisk => "at_risk",
            Self::Hibernating => "hibernating",
            Self::Lost => "lost",
        }
    }
}
