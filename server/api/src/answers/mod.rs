//! The shapes of answers. The name of a figure is the way to its field, without places in lists:
//! `today.active_rate.rate`; `GET /api/explain/{figure}` says how it is computed.

pub(crate) mod acquisition;
pub(crate) mod attribution;
pub(crate) mod customer;
pub(crate) mod customers;
pub(crate) mod experiments;
pub(crate) mod explain;
pub(crate) mod identity;
pub(crate) mod imports;
pub(crate) mod rfm;
pub(crate) mod segments;
pub(crate) mod timeline;
pub(crate) mod today;
pub(crate) mod today_of;

use perennial_model::Currency;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One text in both languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Text {
    /// English.
    pub(crate) en: String,
    /// 简体中文.
    pub(crate) zh: String,
}

impl Text {
    pub(crate) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// A figure that is estimated, or a share of some customers.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, JsonSchema)]
pub(crate) struct Figure {
    /// The figure; null is unknown.
    pub(crate) value: Option<f64>,
    /// From how many customers.
    pub(crate) n: u64,
    /// Lower bound of the 95 % interval; null where it was counted rather than estimated.
    pub(crate) low: Option<f64>,
    /// Upper bound.
    pub(crate) high: Option<f64>,
}

/// What money and days of an answer are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Terms {
    /// The brand's time zone (IANA).
    pub(crate) timezone: String,
    /// Of all `…_minor`: counts of this currency's smallest unit (ISO 4217).
    pub(crate) currency: String,
    /// Digits after the point.
    pub(crate) currency_decimals: u32,
}

impl Terms {
    pub(crate) fn of(zone: &perennial_model::Zone, currency: Currency) -> Self {
        Self {
            timezone: zone.name().to_owned(),
            currency: currency.as_str().to_owned(),
            currency_decimals: currency.decimals(),
        }
    }
}
