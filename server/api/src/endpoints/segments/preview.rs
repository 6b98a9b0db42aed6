//! `POST /api/segments/preview`: what a condition comes to, while somebody writes it.

use crate::access::Access;
use crate::answers::segments::{ConditionProblem, Preview};
use crate::body::{Answer, Body};
use crate::segments::{Now, blocking, counted_in};
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_definitions::{Condition, ExpressionProblem, Metric};
use perennial_fold::Counted;
use perennial_model::Permission;
use perennial_query::{Compiled, Wanted, condition_of};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;

/// Bytes of a condition.
pub(super) const MOST_BYTES: usize = 64 << 10;

/// A condition in one of its forms.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PreviewRequest {
    /// In SQL over the customer table; or `condition`.
    #[serde(default)]
    r#where: Option<String>,
    /// As the builder has it; or `where`.
    #[serde(default)]
    #[schemars(with = "Option<Condition>")]
    condition: Option<Value>,
    /// Metrics that it names and that are not defined yet. They are computed from all events, which takes a
    /// moment.
    #[serde(default)]
    metrics: Vec<Metric>,
    /// Whether to count; otherwise one form is only turned into the other.
    #[serde(default = "yes")]
    count: bool,
}

const fn yes() -> bool {
    true
}

pub(crate) fn route() -> Route {
    Route::post("/api/segments/preview", "preview_segment", answer)
        .summary("How many customers a condition finds, and the condition in SQL and as the builder has it")
        .access(Access::Needs(Permission::ReadCustomers))
        .takes::<PreviewRequest>()
        .answers::<Preview>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Body(request): Body<PreviewRequest>,
) -> Result<Answer<Preview>, ApiError> {
    let began = Instant::now();
    let now = Now::of(&server).await?;
    let (sql, metrics) = written(&request, &now)?;
    let known: Vec<Metric> = now.definitions().metrics.iter().chain(&metrics).cloned().collect();
    let mut preview = Preview {
        condition: condition_of(&sql, &known).ok(),
        count: None,
        unknown: None,
        customers: now.live.columns.len() as u64,
        computed: if metrics.is_empty() { "live" } else { "pass" },
        took_us: 0,
        problem: None,
        metrics: metrics.clone(),
        r#where: sql.clone(),
    };
    if request.count {
        match counted(&server, now, &sql, metrics).await? {
            Ok(counted) => (preview.count, preview.unknown) = (Some(counted.yes), Some(counted.unknown)),
            Err(problem) => preview.problem = Some(ConditionProblem::of(problem, &sql)),
        }
    }
    preview.took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    Ok(Answer(preview))
}

/// The condition in SQL, and the metrics that it needs and nobody has defined.
fn written(request: &PreviewRequest, now: &Now) -> Result<(String, Vec<Metric>), ApiError> {
    let defined = &now.definitions().metrics;
    let mut metrics: Vec<Metric> = request.metrics.clone();
    metrics.retain(|metric| defined.iter().all(|known| known.name != metric.name));
    let sql = match (&request.r#where, &request.condition) {
        (Some(sql), None) => sql.clone(),
        (None, Some(json)) => {
            let refused = |problem: perennial_definitions::ConditionProblem| {
                let at = match problem.path.as_str() {
                    "" => "condition".to_owned(),
                    path => format!("condition.{path}"),
                };
                ApiError::bad_request("bad_condition", format!("{}: {}", problem.message, problem.fix)).at(at)
            };
            let known: Vec<Metric> = defined.iter().chain(&metrics).cloned().collect();
            let written = Condition::from_json(json).and_then(|condition| condition.to_sql(&known)).map_err(refused)?;
            metrics.extend(written.metrics);
            written.sql
        }
        _ => return Err(ApiError::bad_request("bad_request", "send where or condition, and not both").at("where")),
    };
    if sql.len() > MOST_BYTES {
        let message = format!("a condition has at most {MOST_BYTES} bytes: make a segment or a list of a part");
        return Err(ApiError::bad_request("too_large", message).at("where"));
    }
    Ok((sql, metrics))
}

async fn counted(
    server: &Server,
    now: Now,
    sql: &str,
    metrics: Vec<Metric>,
) -> Result<Result<Counted, ExpressionProblem>, ApiError> {
    if metrics.is_empty() {
        let Compiled { audience, places } = now.compile(&[Wanted::Condition(sql)])?;
        let place = match places.into_iter().next().unwrap_or(Ok(0)) {
            Ok(place) => place,
            Err(problem) => return Ok(Err(problem)),
        };
        return Ok(Ok(now.count(audience).await?.get(place).copied().unwrap_or_default()));
    }
    let folded = server.definer.table(None, metrics).await;
    let folded = folded.map_err(|problem| ApiError::bad_request("bad_metric", problem.to_string()).at("metrics"))?;
    let sql = sql.to_owned();
    blocking(move || {
        let (segments, groups) = (&now.definitions().segments, &now.live.groups);
        counted_in(&folded.table, &folded.instant, now.currency, Wanted::Condition(&sql), segments, groups)
    })
    .await
}
