//! What changes of definitions cost, and whom they move.

use super::known::Known;
use crate::analysis::{Figures, Wanted, figures, threads};
use crate::brand::Brand;
use crate::cli::RevenueBasis;
use crate::metrics;
use anyhow::{Result, anyhow};
use perennial_definitions::{Change, ChangeKind, Definitions, Reading, Subject};
use perennial_fold::Revenue;
use perennial_learn::Thresholds;
use perennial_model::Zone;
use perennial_query::{QueryEngine, QueryOptions, SqlExpressions, customer_ids};
use perennial_timeline::Snapshot;
use serde::Serialize;
use std::sync::Arc;
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
    if snapshot.rows() == 0 || !touched(Subject::Metric) && !touched(Subject::Segment) {
        return Ok(vec![Effect::default(); changes.len()]);
    }
    let began = Instant::now();
    let expressions = known.judge(after)?;
    let then = Audience::fold(&snapshot, known, &after.definitions, expressions).await?;
    let secs = began.elapsed().as_secs_f64();
    let expressions = metrics::judge(known.currency(), &known.properties)?;
    let now = Audience::fold(&snapshot, known, &known.definitions, expressions).await?;
    let mut effects = Vec::with_capacity(changes.len());
    for change in changes {
        effects.push(match (change.subject, &change.kind) {
            (Subject::Metric, ChangeKind::Added | ChangeKind::Changed { .. }) => {
                Effect { backfill_events: Some(snapshot.rows()), backfill_secs: Some(secs), ..Effect::default() }
            }
            (Subject::Segment, _) => moved(&now.of(&change.name).await?, &then.of(&change.name).await?),
            _ => Effect::default(),
        });
    }
    Ok(effects)
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
    engine: QueryEngine,
    expressions: SqlExpressions,
    definitions: &'a Definitions,
}

impl<'a> Audience<'a> {
    async fn fold(
        snapshot: &Snapshot,
        known: &Known,
        definitions: &'a Definitions,
        expressions: SqlExpressions,
    ) -> Result<Self> {
        let currency = known.currency();
        let zone = known.settings.as_ref().map_or(Zone::utc(), |settings| settings.zone.clone());
        let wanted = Wanted {
            as_of: None,
            revenue: RevenueBasis::Net,
            zone: zone.clone(),
            currency,
            flows: false,
            thresholds: Thresholds::default(),
            metrics: metrics::compiled(definitions, &expressions)?,
        };
        let Figures { analysis, as_of_us } = figures(snapshot.clone(), wanted).await?;
        let instant = perennial_fold::Instant::new(as_of_us, zone, Revenue::Net);
        let options = QueryOptions { threads: threads(), ..QueryOptions::default() };
        let engine = QueryEngine::new(snapshot.clone(), Arc::new(analysis.table), &instant, currency, options)?;
        Ok(Self { engine, expressions, definitions })
    }

    /// Customers in a segment, ascending; nobody in one that is not defined.
    async fn of(&self, name: &str) -> Result<Vec<u64>> {
        let Some(segment) = self.definitions.segments.iter().find(|segment| segment.name == name) else {
            return Ok(Vec::new());
        };
        let condition = self.expressions.spelled_out(segment, self.definitions);
        let condition = condition.map_err(|problem| anyhow!("segment {name}: {}: {}", problem.message, problem.fix))?;
        // Behind a line of its own: a condition may end with a remark.
        let sql = format!("select customer_id from customers where ({condition}\n) order by customer_id");
        let (mut rows, mut customers) = (self.engine.stream(&sql).await?, Vec::new());
        while let Some(batch) = rows.next().await? {
            customers.extend(customer_ids(&batch));
        }
        Ok(customers)
    }
}
