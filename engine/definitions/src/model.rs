//! Brand, metrics and segments; the rest is in modules of its own. The documentation of each key is its comment here: the schemas in
//! `schemas/` are made of them.

use crate::window::Window;
use crate::{AcquisitionSource, Experiment, Share, Spend, USUAL_ALERT_PERCENT};
use perennial_model::Currency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All that a brand defines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Definitions {
    /// The brand.
    pub brand: Brand,
    /// Metrics, in the order of their file.
    pub metrics: Vec<Metric>,
    /// Segments, in the order of their file.
    pub segments: Vec<Segment>,
    /// Experiments, in the order of their file.
    pub experiments: Vec<Experiment>,
    /// Where customers come from, in the order of the file.
    pub sources: Vec<AcquisitionSource>,
    /// What was spent, in the order of the file.
    pub spend: Vec<Spend>,
}

/// The brand itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Name of the brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Time zone whose midnight ends a day, for example Asia/Shanghai. Fixed once the data directory knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Currency of all amounts, three letters such as CNY. Fixed once the data directory knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<Currency>,
    /// Share of all customers whom no programme and no experiment contacts, for example 5%: the global control group.
    /// Nobody without it. Experiments that have begun keep the share they began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[0-9]{1,2}([.][0-9]{1,2})?%$"))]
    pub global_control: Option<Share>,
    /// Acquisition's share of a month's spend beyond which the month is marked; 70% without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[0-9]{1,2}([.][0-9]{1,2})?%$"))]
    pub acquisition_share_alert: Option<Share>,
    /// Which events are a message or a contact from the brand, each once: a condition in SQL over one event, for
    /// example "name = 'Email Sent'". Touches are unknown without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touch: Option<String>,
    /// Which events are complaints: a condition in SQL over one event, for example
    /// "name = 'Product Reviewed' and p_rating <= 2". Complaints are unknown without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<String>,
}

impl Brand {
    /// Acquisition's share of a month's spend beyond which the month is marked, a part of one.
    #[must_use]
    pub fn alert_above(&self) -> f64 {
        self.acquisition_share_alert.map_or(f64::from(USUAL_ALERT_PERCENT) / 100.0, Share::fraction)
    }
}

/// A figure of each customer, computed from their events: a column of the customer table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Name of its column: lower-case letters, digits and _, a letter first.
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{0,62}$"))]
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What it means and how to read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// What is computed of the events.
    pub function: Function,
    /// Which events count: a name or a list of names. All events without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    #[schemars(with = "Option<OneOrMany>")]
    pub events: Vec<String>,
    /// The column whose values are taken, for example value or quantity. For sum, average,
    /// min, max, first, last and distinct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// A condition in SQL over one event, for example "channel = 'app'". Only events that meet it count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#where: Option<String>,
    /// Only events of the last so many days or weeks count, for example 90d or 12w. All history without it. Not for
    /// days_since and streak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[1-9][0-9]{0,3}[dw]$"))]
    pub window: Option<Window>,
    /// What a streak counts; day without it. Only for streak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// What must follow. Only for sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
    /// In which time it must follow, for example 7d. Only for sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = "^[1-9][0-9]{0,3}[dw]$"))]
    pub within: Option<Window>,
}

/// What a metric computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// How many events.
    Count,
    /// The sum of their values.
    Sum,
    /// The mean of their values.
    Average,
    /// The least of their values.
    Min,
    /// The greatest of their values.
    Max,
    /// The value of the earliest.
    First,
    /// The value of the latest.
    Last,
    /// How many different values.
    Distinct,
    /// Days since the latest.
    DaysSince,
    /// How many days, weeks or months in a row have one, up to now.
    Streak,
    /// How often one is followed by what `then` says, in the time of `within`.
    Sequence,
}

/// What a streak counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days of the brand's zone.
    #[default]
    Day,
    /// Weeks from Monday.
    Week,
    /// Months of the calendar.
    Month,
}

/// The second half of a sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// Which events: a name or a list of names. All events without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    #[schemars(with = "Option<OneOrMany>")]
    pub events: Vec<String>,
    /// A condition in SQL over one event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#where: Option<String>,
}

/// Customers who meet a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its name: lower-case letters, digits and _, a letter first.
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{0,62}$"))]
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Who is in it and what for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// A condition in SQL over the customer table, for example "stage = 'at_risk' and revenue > 1000".
    /// Another segment is in_segment('name'), a list in_list('name'), a tag has_tag('name').
    pub r#where: String,
    /// Whether who enters and leaves is recorded within a moment, each change once, for whatever acts on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub acts: bool,
}

/// Words for people: in one language, or in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Words")]
pub enum Text {
    /// The same everywhere.
    One(String),
    /// For each language of the pages.
    Both(Languages),
}

/// Words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Languages {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// In Chinese.
    #[must_use]
    pub fn zh(&self) -> &str {
        match self {
            Self::One(text) | Self::Both(Languages { zh: text, .. }) => text,
        }
    }

    /// In English.
    #[must_use]
    pub fn en(&self) -> &str {
        match self {
            Self::One(text) | Self::Both(Languages { en: text, .. }) => text,
        }
    }
}

/// Whether a function takes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// It must not.
    Refused,
}

impl Function {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Count,
        Self::Sum,
        Self::Average,
        Self::Min,
        Self::Max,
        Self::First,
        Self::Last,
        Self::Distinct,
        Self::DaysSince,
        Self::Streak,
        Self::Sequence,
    ];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Average => "average",
            Self::Min => "min",
            Self::Max => "max",
            Self::First => "first",
            Self::Last => "last",
            Self::Distinct => "distinct",
            Self::DaysSince => "days_since",
            Self::Streak => "streak",
            Self::Sequence => "sequence",
        }
    }

    /// Whether this function takes a key of a metric.
    #[must_use]
    pub fn need(self, key: &str) -> Need {
        let of_values = matches!(
            self,
            Self::Sum | Self::Average | Self::Min | Self::Max | Self::First | Self::Last | Self::Distinct
        );
        let required_if = |required| if required { Need::Required } else { Need::Refused };
        match key {
            "name" | "function" => Need::Required,
            "of" => required_if(of_values),
            "then" | "within" => required_if(self == Self::Sequence),
            "unit" if self != Self::Streak => Need::Refused,
            // These look back as far as they must.
            "window" if matches!(self, Self::DaysSince | Self::Streak) => Need::Refused,
            _ => Need::Optional,
        }
    }
}

impl Unit {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// A name, or a list of names.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(#[schemars(length(min = 1))] Vec<String>),
}

pub(crate) fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(name) => vec![name],
        OneOrMany::Many(names) => names,
    })
}
