//! Who was in a segment at an instant, from events before it.

use crate::{ExperimentError, Ground};
use perennial_definitions::Definitions;
use perennial_fold::{CustomerTable, Instant, Metric, Revenue};
use perennial_learn::{AnalyseOptions, analyse};
use perennial_model::CustomerId;
use perennial_query::{SqlExpressions, members_of_segment};
use perennial_timeline::Snapshot;

/// The customer table of an instant.
pub(crate) struct Audience {
    table: CustomerTable,
    instant: Instant,
}

/// The condition of a segment with those it names in their place.
pub(crate) fn condition(ground: &Ground, segment: &str) -> Result<String, ExperimentError> {
    let problem =
        |message: String, fix: String| ExperimentError::Sql { what: format!("segment {segment}"), message, fix };
    let found = ground.definitions.segments.iter().find(|known| known.name == segment);
    let found =
        found.ok_or_else(|| problem("nobody defines it".to_owned(), "define it, or take another".to_owned()))?;
    let spelled = ground.expressions()?.spelled_out(found, &ground.definitions);
    spelled.map_err(|wrong| problem(wrong.message, wrong.fix))
}

impl Audience {
    /// As of an instant (UTC µs, exclusive).
    pub(crate) async fn at(snapshot: &Snapshot, ground: &Ground, as_of_us: i64) -> Result<Self, ExperimentError> {
        let expressions = ground.expressions()?;
        let mut options = AnalyseOptions::new(as_of_us, ground.zone.clone(), ground.threads);
        options.currency = Some(ground.currency);
        options.flows = false;
        options.metrics = metrics(&ground.definitions, &expressions)?;
        let whole = snapshot.clone();
        let analysis = tokio::task::spawn_blocking(move || analyse(&whole, &options)).await;
        let table = analysis.map_err(|_| ExperimentError::Cut)??.table;
        let instant = Instant::new(as_of_us, ground.zone.clone(), Revenue::Net);
        Ok(Self { table, instant })
    }

    /// Customers who were in a segment, ascending.
    pub(crate) fn members(&self, ground: &Ground, segment: &str) -> Result<Vec<CustomerId>, ExperimentError> {
        let (segments, groups) = (&ground.definitions.segments, &ground.groups);
        let found = members_of_segment(&self.table, ground.currency, &self.instant, segment, segments, groups);
        found.map_err(|wrong| ExperimentError::Sql {
            what: format!("segment {segment}"),
            message: wrong.message,
            fix: wrong.fix,
        })
    }
}

fn metrics(definitions: &Definitions, expressions: &SqlExpressions) -> Result<Vec<Metric>, ExperimentError> {
    definitions.metrics.iter().map(|metric| compiled(metric, expressions)).collect()
}

/// A metric as a pass folds it.
pub(crate) fn compiled(
    metric: &perennial_definitions::Metric,
    expressions: &SqlExpressions,
) -> Result<Metric, ExperimentError> {
    expressions.metric(metric).map_err(|problem| ExperimentError::Sql {
        what: format!("metric {}", metric.name),
        message: problem.message,
        fix: problem.fix,
    })
}
