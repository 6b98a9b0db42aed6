//! The brand's own columns: from its definitions to what a pass folds.

use anyhow::{Context, Result, anyhow};
use perennial_definitions::Definitions;
use perennial_fold::{ColumnSpec, FoldError, Instant, Metric, Registry, Revenue};
use perennial_learn::{Thresholds, register, relatives};
use perennial_model::{Currency, PropertySpec, Zone};
use perennial_query::SqlExpressions;
use perennial_timeline::{Columns, Timeline};
use std::sync::Arc;

/// Metrics of a version of the definitions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Defined {
    /// 0 where nothing was defined yet.
    pub(crate) version: u64,
    pub(crate) metrics: Vec<Metric>,
    /// All that is defined.
    pub(crate) definitions: Arc<Definitions>,
}

/// Those of the newest version.
pub(crate) async fn defined(timeline: &Timeline, currency: Currency) -> Result<Defined> {
    let Some(stored) = timeline.store().definitions().await? else { return Ok(Defined::default()) };
    let version = stored.version.version;
    let definitions: Definitions =
        serde_json::from_str(&stored.json).with_context(|| format!("definitions of version {version}"))?;
    let metrics = compiled(&definitions, &judge(currency, &timeline.properties())?)?;
    Ok(Defined { version, metrics, definitions: Arc::new(definitions) })
}

/// What a pass folds for these definitions.
pub(crate) fn compiled(definitions: &Definitions, expressions: &SqlExpressions) -> Result<Vec<Metric>> {
    let compile = |metric| {
        expressions
            .metric(metric)
            .map_err(|problem| anyhow!("metric {}: {}: {}", metric.name, problem.message, problem.fix))
    };
    definitions.metrics.iter().map(compile).collect()
}

/// Whoever judges the SQL of a brand with this currency and these properties.
pub(crate) fn judge(currency: Currency, properties: &[PropertySpec]) -> Result<SqlExpressions> {
    let expressions = SqlExpressions::new(currency, properties, columns()?);
    expressions.map_err(|problem| anyhow!("{}: {}", problem.message, problem.fix))
}

/// Columns of the customer table that no definition makes.
pub(crate) fn columns() -> Result<Vec<ColumnSpec>> {
    Ok(relatives(&Thresholds::default())?.specs_after(folds(&[])?.specs())?)
}

/// Whether a server can keep these beside its own columns; the first that it cannot is named.
pub(crate) fn check_room(metrics: &[Metric]) -> Result<(), FoldError> {
    folds(metrics).map(drop)
}

fn folds(metrics: &[Metric]) -> Result<Registry, FoldError> {
    let mut registry = Registry::new();
    let instant = Instant::new(0, Zone::utc(), Revenue::Net);
    register(
        &mut registry,
        &Thresholds::default(),
        &instant,
        Columns::STORE.and(Columns::STAFF).and(Columns::CATEGORY),
    )?;
    metrics.iter().try_for_each(|metric| metric.clone().register(&mut registry))?;
    Ok(registry)
}
