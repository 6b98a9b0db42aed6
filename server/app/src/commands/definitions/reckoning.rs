//! What changes of definitions cost, and whom they move.

use super::super::listing::instant;
use super::known::Known;
use crate::analysis::{Figures, Wanted, figures, threads};
use crate::brand::Brand;
use crate::cli::RevenueBasis;
use crate::clock::SystemClock;
use crate::metrics;
use anyhow::{Result, anyhow};
use perennial_definitions::{Change, ChangeKind, Definitions, Reading, Subject};
use perennial_experiments::{Forecast, Ground, forecast};
use perennial_fold::{CustomerTable, Revenue};
use perennial_learn::Thresholds;
use perennial_model::{Clock, Zone};
use perennial_query::{SqlExpressions, members_of_segment};
use perennial_timeline::Snapshot;
use serde::Serialize;
use std::time::Instant;

/// Customers that are named of those who enter or leave.
const EXAMPLES: usize = 5;

/// What comes of one change, as far as it was reckoned.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Effect {
    /// Events that are read again to fill the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backfill_events: Option<u64>,
    /// How long that takes, about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backfill_secs: Option<f64>,
    /// Customers in the segment now, and then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<(u64, u64)>,
    /// Some customers who enter it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) enter: Vec<u64>,
    /// Some customers who leave it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) leave: Vec<u64>,
    /// What an experiment that has not begun could show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) forecast: Option<Forecast>,
}

impl Effect {
    /// In lines for people; what was not reckoned has none.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match (self.backfill_events, self.backfill_secs) {
            (Some(events), Some(secs)) => {
                lines.push(format!("fills its column from {events} events, about {secs:.1} s"))
            }
            (Some(events), None) => lines.push(format!("fills its column from {events} events")),
            _ => {}
        }
        if let Some((before, after)) = self.size {
            lines.push(format!("{before} customers now, {after} then"));
        }
        lines.extend(self.forecast.iter().flat_map(forecast_lines));
        for (word, customers) in [("enter", &self.enter), ("leave", &self.leave)] {
            if !customers.is_empty() {
                let numbers = customers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                lines.push(format!("{word}, for example: {numbers}"));
            }
        }
        lines
    }
}

/// What comes of each change, in their order, as of the midnight after the last event.
pub(super) async fn reckon(brand: &Brand, known: &Known, after: &Reading, changes: &[Change]) -> Result<Vec<Effect>> {
    let snapshot = brand.timeline.snapshot().await?;
    let touched = |subject: Subject| changes.iter().any(|change| change.subject == subject);
    if snapshot.rows() == 0 {
        return Ok(vec![Effect::default(); changes.len()]);
    }
    if !touched(Subject::Metric) && !touched(Subject::Segment) {
        let mut effects = Vec::with_capacity(changes.len());
        for change in changes {
            effects.push(foreseen(&snapshot, known, after, change).await?);
        }
        return Ok(effects);
    }
    let began = Instant::now();
    let expressions = known.judge(after)?;
    let then = Audience::fold(&snapshot, known, &after.definitions, &expressions).await?;
    let secs = began.elapsed().as_secs_f64();
    let expressions = metrics::judge(known.currency(), &known.properties)?;
    let now = Audience::fold(&snapshot, known, &known.definitions, &expressions).await?;
    let mut effects = Vec::with_capacity(changes.len());
    for change in changes {
        effects.push(match (change.subject, &change.kind) {
            (Subject::Metric, ChangeKind::Added | ChangeKind::Changed { .. }) => {
                Effect { backfill_events: Some(snapshot.rows()), backfill_secs: Some(secs), ..Effect::default() }
            }
            (Subject::Segment, _) => moved(&now.of(&change.name)?, &then.of(&change.name)?),
            _ => foreseen(&snapshot, known, after, change).await?,
        });
    }
    Ok(effects)
}

/// What a change means for an experiment that has not begun.
async fn foreseen(snapshot: &Snapshot, known: &Known, after: &Reading, change: &Change) -> Result<Effect> {
    let begun = known.begun.iter().any(|begun| begun.name == change.name);
    let experiment = after.definitions.experiments.iter().find(|experiment| experiment.name == change.name);
    let (Subject::Experiment, false, Some(experiment)) = (change.subject, begun, experiment) else {
        return Ok(Effect::default());
    };
    let zone = known.settings.as_ref().map_or(Zone::utc(), |settings| settings.zone.clone());
    let ground = Ground {
        zone,
        currency: known.currency(),
        definitions: after.definitions.clone(),
        properties: known.properties.iter().chain(&after.undeclared).cloned().collect(),
        groups: known.groups.clone(),
        threads: threads(),
    };
    let forecast = forecast(snapshot, &ground, experiment, SystemClock.now_us()).await?;
    Ok(Effect { forecast: Some(forecast), ..Effect::default() })
}

fn forecast_lines(found: &Forecast) -> Vec<String> {
    let Forecast { customers, holdout, arm, days, before, .. } = found;
    let mut lines = vec![format!(
        "{customers} customers take part as of {}: about {holdout} are left alone, {arm} are in the smallest arm",
        instant(found.as_of_us)
    )];
    let Some(base) = found.base_conversion else {
        lines.push(format!("nobody would have taken part {days} days earlier: what it can show is not known"));
        return lines;
    };
    let share = |share: f64| format!("{:.2}%", share * 100.0);
    lines.push(format!("of the {before} customers {days} days earlier {} ordered since", share(base)));
    lines.push(match found.detectable {
        Some(least) => {
            let to = share(base + least);
            format!("an increase to {to} or more is seen four times out of five")
        }
        None => "so few customers show no increase, however great".to_owned(),
    });
    if let (Some(customers), Some(days)) = (found.customers_wanted, found.days_wanted) {
        lines.push(format!("to see a tenth more of them takes {customers} customers, or about {days} days"));
    }
    lines
}

/// Both ascending.
fn moved(now: &[u64], then: &[u64]) -> Effect {
    let missing = |of: &[u64], from: &[u64]| {
        let gone = of.iter().filter(|customer| from.binary_search(customer).is_err());
        gone.take(EXAMPLES).copied().collect::<Vec<_>>()
    };
    let size = Some((now.len() as u64, then.len() as u64));
    Effect { size, enter: missing(then, now), leave: missing(now, then), ..Effect::default() }
}

/// The customer table under some definitions.
struct Audience<'a> {
    table: CustomerTable,
    instant: perennial_fold::Instant,
    known: &'a Known,
    definitions: &'a Definitions,
}

impl<'a> Audience<'a> {
    async fn fold(
        snapshot: &Snapshot,
        known: &'a Known,
        definitions: &'a Definitions,
        expressions: &SqlExpressions,
    ) -> Result<Self> {
        let zone = known.settings.as_ref().map_or(Zone::utc(), |settings| settings.zone.clone());
        let wanted = Wanted {
            as_of: None,
            revenue: RevenueBasis::Net,
            zone: zone.clone(),
            currency: known.currency(),
            flows: false,
            thresholds: Thresholds::default(),
            metrics: metrics::compiled(definitions, expressions)?,
        };
        let Figures { analysis, as_of_us } = figures(snapshot.clone(), wanted).await?;
        let instant = perennial_fold::Instant::new(as_of_us, zone, Revenue::Net);
        Ok(Self { table: analysis.table, instant, known, definitions })
    }

    /// Customers in a segment, ascending; nobody in one that is not defined.
    fn of(&self, name: &str) -> Result<Vec<u64>> {
        let segments = &self.definitions.segments;
        if segments.iter().all(|segment| segment.name != name) {
            return Ok(Vec::new());
        }
        let (currency, groups) = (self.known.currency(), &self.known.groups);
        let members = members_of_segment(&self.table, currency, &self.instant, name, segments, groups);
        let members = members.map_err(|problem| anyhow!("segment {name}: {}: {}", problem.message, problem.fix))?;
        Ok(members.into_iter().map(|customer| customer.0).collect())
    }
}
