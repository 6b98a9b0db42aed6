//! Attribution: the credit of first orders, divided among the sources that were there.

use super::acquisition::{mode_word, title_of};
use super::{Terms, Text};
use perennial_acquisition::{Attributed, AttributedSource, Credit, ModelCredit};
use perennial_definitions::SourceKind;
use perennial_measure::Words;
use schemars::JsonSchema;
use serde::Serialize;

/// Credit of first orders by source, under five rules.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AttributionAnswer {
    /// Of events before this instant (UTC µs).
    pub(crate) as_of_us: i64,
    pub(crate) terms: Terms,
    /// The first month, `YYYY-MM`; null where nothing has happened yet.
    pub(crate) since: Option<String>,
    /// The last month.
    pub(crate) until: Option<String>,
    /// What has to stand beside every figure: that a rule gave it, and that it proves no cause.
    pub(crate) note: Text,
    /// Days after which a touch counts half under `time_decay`.
    pub(crate) half_life_days: f64,
    /// Customers acquired in these months.
    pub(crate) customers: u64,
    /// What remains of their first orders after refunds.
    pub(crate) revenue_minor: i64,
    /// The rules, with what all sources have under each.
    pub(crate) models: Vec<AttributionModel>,
    /// In the order of `sources.yaml`, then customers who met none before their first order.
    pub(crate) sources: Vec<AttributionSource>,
}

/// A rule.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AttributionModel {
    /// `first`, `last`, `linear`, `position` or `time_decay`.
    pub(crate) model: &'static str,
    /// What people call it.
    pub(crate) title: Text,
    /// Credited customers of all sources: as many as were acquired.
    pub(crate) customers: f64,
    /// Credited revenue of all sources: that of all first orders.
    pub(crate) revenue_minor: i64,
}

/// A source.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AttributionSource {
    /// Its name; `unknown` for customers who met none.
    pub(crate) source: String,
    /// What people call it.
    pub(crate) title: Text,
    /// Of which kind it is; null for customers who met none.
    pub(crate) kind: Option<&'static str>,
    /// `explicit`, `implicit` or `unknown`.
    pub(crate) mode: &'static str,
    /// Under each rule, in the order of `models`.
    pub(crate) credits: Vec<AttributionCredit>,
}

/// A source's credit under a rule.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AttributionCredit {
    /// The rule.
    pub(crate) model: &'static str,
    /// Customers, in parts of one where several sources share one.
    pub(crate) customers: f64,
    /// Of the revenue of first orders.
    pub(crate) revenue_minor: i64,
}

fn text(words: &Words) -> Text {
    Text::new(&words.en, &words.zh)
}

impl AttributionAnswer {
    pub(crate) fn of(found: &Attributed, terms: Terms) -> Self {
        Self {
            as_of_us: found.as_of_us,
            terms,
            since: found.months.first().map(ToString::to_string),
            until: found.months.last().map(ToString::to_string),
            note: text(&found.note),
            half_life_days: found.half_life_days,
            customers: found.customers,
            revenue_minor: found.revenue_minor,
            models: found.models.iter().map(AttributionModel::of).collect(),
            sources: found.sources.iter().map(AttributionSource::of).collect(),
        }
    }
}

impl AttributionModel {
    fn of(row: &ModelCredit) -> Self {
        let Credit { model, customers, revenue_minor } = row.credit;
        Self { model, title: text(&row.title), customers, revenue_minor }
    }
}

impl AttributionSource {
    fn of(row: &AttributedSource) -> Self {
        let credit = |Credit { model, customers, revenue_minor }| AttributionCredit { model, customers, revenue_minor };
        Self {
            source: row.source.clone(),
            title: title_of(&row.source, row.title.as_ref(), row.kind),
            kind: row.kind.map(SourceKind::as_str),
            mode: mode_word(row.mode),
            credits: row.credits.iter().copied().map(credit).collect(),
        }
    }
}
