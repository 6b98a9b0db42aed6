//! Who was in a segment at an instant, from events before it.

use crate::{ExperimentError, Ground};
use perennial_definitions::Definitions;
use perennial_fold::{Instant, Metric, Revenue};
use perennial_learn::{AnalyseOptions, analyse};
use perennial_model::CustomerId;
use perennial_query::{QueryEngine, QueryOptions, SqlExpressions, customer_ids};
use perennial_timeline::Snapshot;
use std::sync::Arc;

/// The customer table of an instant.
pub(crate) struct Audience {
    engine: QueryEngine,
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
        let options = QueryOptions { threads: ground.threads, ..QueryOptions::default() };
        let engine = QueryEngine::new(snapshot.clone(), Arc::new(table), &instant, ground.currency, options)?;
        Ok(Self { engine })
    }

    /// Customers who meet a condition, ascending.
    pub(crate) async fn meeting(&self, condition: &str) -> Result<Vec<CustomerId>, ExperimentError> {
        // Behind a line of its own: a condition may end with a remark.
        let sql = format!("select customer_id from customers where ({condition}\n) order by customer_id");
        let (mut rows, mut customers) = (self.engine.stream(&sql).await?, Vec::new());
        while let Some(batch) = rows.next().await? {
            customers.extend(customer_ids(&batch).into_iter().map(CustomerId));
        }
        customers.dedup();
        Ok(customers)
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
