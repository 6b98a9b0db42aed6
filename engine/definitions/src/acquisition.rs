//! Where customers come from (mechanism 2.14), and what was spent on them (1.1).

use crate::{Amount, Month, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name of the source of whom no source is known.
pub const UNKNOWN_SOURCE: &str = "unknown";
/// Sources of a brand, at most: a pass asks each event about all of them.
pub const MAX_SOURCES: usize = 100;
/// Acquisition's share of a month's spend beyond which the month is alarming, unless told otherwise; percent.
pub const USUAL_ALERT_PERCENT: u16 = 70;

/// Where customers come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcquisitionSource {
    /// Its name: lower-case letters, digits and _, a letter first; not unknown, as those are called of whom no
    /// source is known.
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{0,62}$"))]
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Of which kind it is; the kind tells whether it is explicit or implicit.
    pub kind: SourceKind,
    /// A condition in SQL over one event, for example "p_utm_source = 'douyin'". A customer comes from the source
    /// whose condition the earliest event meets, none later than their first order; of several sources that are
    /// met at one instant the first of this file counts.
    pub r#where: String,
}

/// Of which kind a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Explicit: paid advertising.
    Advertising,
    /// Explicit: livestream sales.
    Livestream,
    /// Explicit: promotion on the ground, such as leaflets and stands.
    GroundPromotion,
    /// Explicit: staff who recruit.
    Staff,
    /// Implicit: content that customers made.
    CustomerContent,
    /// Implicit: a platform that sends traffic of its own accord, such as search.
    TrafficPlatform,
    /// Implicit: whoever gathers many offers.
    Aggregator,
    /// Implicit: an occasion, such as a holiday or a gift.
    Moment,
    /// Implicit: other customers who bring them along.
    Referral,
}

/// Whether one went out to win customers, or they came by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceMode {
    /// One went out.
    Explicit,
    /// They came.
    Implicit,
}

impl SourceKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Advertising,
        Self::Livestream,
        Self::GroundPromotion,
        Self::Staff,
        Self::CustomerContent,
        Self::TrafficPlatform,
        Self::Aggregator,
        Self::Moment,
        Self::Referral,
    ];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advertising => "advertising",
            Self::Livestream => "livestream",
            Self::GroundPromotion => "ground_promotion",
            Self::Staff => "staff",
            Self::CustomerContent => "customer_content",
            Self::TrafficPlatform => "traffic_platform",
            Self::Aggregator => "aggregator",
            Self::Moment => "moment",
            Self::Referral => "referral",
        }
    }

    /// Whether one goes out for it.
    #[must_use]
    pub const fn mode(self) -> SourceMode {
        match self {
            Self::Advertising | Self::Livestream | Self::GroundPromotion | Self::Staff => SourceMode::Explicit,
            Self::CustomerContent | Self::TrafficPlatform | Self::Aggregator | Self::Moment | Self::Referral => {
                SourceMode::Implicit
            }
        }
    }
}

impl SourceMode {
    /// As programs know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Implicit => "implicit",
        }
    }
}

/// What was spent in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spend {
    /// The month, for example 2026-03, from midnight to midnight in the brand's zone.
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"))]
    pub month: Month,
    /// What for: to win customers, or to keep them.
    pub purpose: SpendPurpose,
    /// On which source, by its name in sources.yaml; only for acquisition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How much, in units of the brand's currency, for example 12000.50; 0 says that nothing was spent.
    #[schemars(with = "f64", range(min = 0))]
    pub amount: Amount,
    /// What is to be known about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What money was spent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpendPurpose {
    /// To win customers.
    Acquisition,
    /// To keep them.
    Retention,
}

impl SpendPurpose {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Acquisition, Self::Retention];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acquisition => "acquisition",
            Self::Retention => "retention",
        }
    }
}

impl Spend {
    /// By which it is the same entry in two versions: the month, the purpose, and the source if there is one.
    #[must_use]
    pub fn id(&self) -> String {
        let source = self.source.iter().flat_map(|source| [" ", source]).collect::<String>();
        format!("{} {}{source}", self.month, self.purpose.as_str())
    }
}
