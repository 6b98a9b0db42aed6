//! Acquisition: what is spent to win and to keep customers, and what those of each source come to.

use super::{Figure, Terms, Text};
use perennial_acquisition::{Acquisition, Figures, HORIZON_DAYS, MonthFigures, OfMode, OfSource};
use perennial_definitions::{SourceKind, SourceMode, Text as Title, UNKNOWN_SOURCE};
use schemars::JsonSchema;
use serde::Serialize;

/// Acquisition beside retention, month by month.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Equilibrium {
    /// Of events before this instant (UTC µs).
    pub(crate) as_of_us: i64,
    pub(crate) terms: Terms,
    /// Acquisition's share of spend, a part of one, beyond which a month is marked.
    pub(crate) alert_above: f64,
    /// The earliest first.
    pub(crate) months: Vec<EquilibriumMonth>,
}

/// A month.
#[derive(Serialize, JsonSchema)]
pub(crate) struct EquilibriumMonth {
    /// `YYYY-MM` in the brand's zone.
    pub(crate) month: String,
    /// Whether it is over and known to its end.
    pub(crate) over: bool,
    /// Spent to win customers; null where no figure is given.
    pub(crate) acquisition_minor: Option<i64>,
    /// Spent to keep customers; null where no figure is given.
    pub(crate) retention_minor: Option<i64>,
    /// Acquisition's share of both, a part of one; null where one of them is unknown, or both are nothing.
    pub(crate) share: Option<f64>,
    /// Whether the share is beyond the limit.
    pub(crate) alert: bool,
    /// Touches of people before their first order; null where the brand does not say what a touch is.
    pub(crate) acquisition_touches: Option<u64>,
    /// Touches of customers from their first order on.
    pub(crate) retention_touches: Option<u64>,
    /// Acquisition's share of touches, a part of one.
    pub(crate) touch_share: Option<f64>,
}

/// What customers of explicit and implicit sources cost and do.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AcquisitionSources {
    /// Of events before this instant (UTC µs).
    pub(crate) as_of_us: i64,
    pub(crate) terms: Terms,
    /// The first month, `YYYY-MM`; null where nothing has happened yet.
    pub(crate) since: Option<String>,
    /// The last month.
    pub(crate) until: Option<String>,
    /// Days after the day of the first order over which customers are compared.
    pub(crate) horizon_days: u32,
    /// All customers acquired in these months.
    pub(crate) all: SourceFigures,
    /// Of explicit sources, of implicit ones, then of those of whom no source is known.
    pub(crate) modes: Vec<AcquiredByMode>,
    /// In the order of `sources.yaml`, then those of whom no source is known.
    pub(crate) sources: Vec<AcquiredBySource>,
}

/// Explicit, implicit, or not known.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AcquiredByMode {
    /// `explicit`, `implicit` or `unknown`.
    pub(crate) mode: &'static str,
    pub(crate) figures: SourceFigures,
}

/// A source.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AcquiredBySource {
    /// Its name; `unknown` for those of whom no source is known.
    pub(crate) source: String,
    /// What people call it.
    pub(crate) title: Text,
    /// Of which kind it is; null for those of whom no source is known.
    pub(crate) kind: Option<&'static str>,
    /// `explicit`, `implicit` or `unknown`.
    pub(crate) mode: &'static str,
    pub(crate) figures: SourceFigures,
}

/// What some customers come to.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SourceFigures {
    /// Acquired: their first kept order fell into these months.
    pub(crate) customers: u64,
    /// What they cost; null where no spend is given.
    pub(crate) cost: Option<CostAnswer>,
    /// Share with another order in time, of those whose days are over.
    pub(crate) second_order: Figure,
    /// What they complained of in time; null where the brand does not say what a complaint is.
    pub(crate) complaints: Option<ComplaintsAnswer>,
    /// Money left of orders in time, mean of those whose days are over; null of nobody.
    pub(crate) value_minor: Option<i64>,
}

/// What customers cost.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CostAnswer {
    /// Spent in the months that are over and of which spend is given.
    pub(crate) spend_minor: i64,
    /// Customers acquired in those months.
    pub(crate) customers: u64,
    /// Spend for a customer; null where nobody came.
    pub(crate) per_customer_minor: Option<i64>,
}

/// Complaints in time.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ComplaintsAnswer {
    /// How many.
    pub(crate) count: u64,
    /// By a hundred customers whose days are over; null of nobody.
    pub(crate) per_100: Option<f64>,
}

impl Equilibrium {
    pub(crate) fn of(found: &Acquisition, terms: Terms) -> Self {
        Self {
            as_of_us: found.as_of_us,
            terms,
            alert_above: found.alert_above,
            months: found.months.iter().map(EquilibriumMonth::of).collect(),
        }
    }
}

impl EquilibriumMonth {
    fn of(month: &MonthFigures) -> Self {
        Self {
            month: month.month.to_string(),
            over: month.over,
            acquisition_minor: month.spend.acquisition,
            retention_minor: month.spend.retention,
            share: month.spend.share,
            alert: month.alert,
            acquisition_touches: month.touches.map(|touches| touches.acquisition),
            retention_touches: month.touches.map(|touches| touches.retention),
            touch_share: month.touches.and_then(|touches| touches.share),
        }
    }
}

impl AcquisitionSources {
    pub(crate) fn of(found: &Acquisition, terms: Terms) -> Self {
        Self {
            as_of_us: found.as_of_us,
            terms,
            since: found.months.first().map(|month| month.month.to_string()),
            until: found.months.last().map(|month| month.month.to_string()),
            horizon_days: HORIZON_DAYS.unsigned_abs(),
            all: SourceFigures::of(&found.all),
            modes: found.modes.iter().map(AcquiredByMode::of).collect(),
            sources: found.sources.iter().map(AcquiredBySource::of).collect(),
        }
    }
}

pub(super) fn mode_word(mode: Option<SourceMode>) -> &'static str {
    mode.map_or(UNKNOWN_SOURCE, SourceMode::as_str)
}

/// What people call a source; one that is of no kind is none.
pub(super) fn title_of(name: &str, title: Option<&Title>, kind: Option<SourceKind>) -> Text {
    match (title, kind) {
        (Some(title), _) => Text::new(title.en(), title.zh()),
        (None, Some(_)) => Text::new(name, name),
        (None, None) => Text::new("No source known", "来源未知"),
    }
}

impl AcquiredByMode {
    fn of(row: &OfMode) -> Self {
        Self { mode: mode_word(row.mode), figures: SourceFigures::of(&row.figures) }
    }
}

impl AcquiredBySource {
    fn of(row: &OfSource) -> Self {
        Self {
            source: row.source.clone(),
            title: title_of(&row.source, row.title.as_ref(), row.kind),
            kind: row.kind.map(SourceKind::as_str),
            mode: mode_word(row.mode),
            figures: SourceFigures::of(&row.figures),
        }
    }
}

impl SourceFigures {
    fn of(figures: &Figures) -> Self {
        let again = figures.second_orders;
        let whole = |minor: f64| minor.round() as i64;
        Self {
            customers: figures.customers,
            cost: figures.cost.map(|cost| CostAnswer {
                spend_minor: cost.spend_minor,
                customers: cost.customers,
                per_customer_minor: cost.per_customer_minor.map(whole),
            }),
            second_order: Figure { value: again.share, n: again.n, low: again.low, high: again.high },
            complaints: figures
                .complaints
                .map(|complaints| ComplaintsAnswer { count: complaints.count, per_100: complaints.per_100 }),
            value_minor: figures.value_minor.map(whole),
        }
    }
}
