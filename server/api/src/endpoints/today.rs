//! `GET /api/today`, `GET /api/today/flow`, `PATCH /api/today/target`.

use crate::access::{Access, Caller};
use crate::answers::today::{StageFlow, Today};
use crate::answers::today_of;
use crate::body::{Answer, Body};
use crate::figures::{AsOf, Brand};
use crate::params::{Params, day};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use perennial_fold::{Instant, Revenue};
use perennial_learn::{Thresholds, days_before};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The brand's setting.
const TARGET: &str = "active_rate_target";

/// As of when.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TodayQuery {
    /// As of the beginning of this day in the brand's zone (`YYYY-MM-DD`); now unless given.
    pub(crate) as_of: Option<String>,
}

/// Between which days.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FlowQuery {
    /// From the beginning of this day (`YYYY-MM-DD`); 30 days before the other unless given.
    pub(crate) from: Option<String>,
    /// To the beginning of this day (`YYYY-MM-DD`); now unless given.
    pub(crate) to: Option<String>,
}

/// The active rate that the brand wants.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    /// Between 0 and 1; null for none.
    pub(crate) active_rate: Option<f64>,
}

pub(crate) fn today() -> Route {
    Route::get("/api/today", "today", answer)
        .summary("The customer base as a whole: figures, findings, stages")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<TodayQuery>()
        .answers::<Today>()
}

pub(crate) fn flow() -> Route {
    Route::get("/api/today/flow", "stage_flow", answer_flow)
        .summary("How customers moved between stages from one day to another")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<FlowQuery>()
        .answers::<StageFlow>()
}

pub(crate) fn target() -> Route {
    Route::patch("/api/today/target", "set_active_rate_target", set_target)
        .summary("Sets the active rate that the brand wants")
        .access(Access::Needs(Permission::ManageSources))
        .takes::<Target>()
        .answers::<Target>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Params(query): Params<TodayQuery>,
) -> Result<Answer<Today>, ApiError> {
    let asked = match &query.as_of {
        Some(text) => AsOf::Day(day(text, "as_of")?),
        None => AsOf::Now,
    };
    let target = wanted_rate(&server).await?;
    let (computed, stale) = server.figures.report(&server, asked).await?;
    Ok(Answer(today_of::today(&computed, stale, target)))
}

/// The active rate that the brand wants, if it has said so.
pub(crate) async fn wanted_rate(server: &Server) -> Result<Option<f64>, ApiError> {
    Ok(server.timeline.store().setting(TARGET).await?.and_then(|text| text.parse().ok()))
}

async fn answer_flow(
    State(server): State<Arc<Server>>,
    Params(query): Params<FlowQuery>,
) -> Result<Answer<StageFlow>, ApiError> {
    if query.from.is_none() && query.to.is_none() {
        let (computed, _) = server.figures.report(&server, AsOf::Now).await?;
        let then = days_before(&computed.instant, computed.thresholds.lifecycle.flow_days);
        let days = [then.as_of_day, computed.instant.as_of_day];
        return Ok(Answer(today_of::flow(&computed.report.stage_flow, days)));
    }
    let zone = Brand::of(&server).await?.zone;
    let today = zone.day(server.clock.now_us());
    let at = |day: i32| Instant::new(zone.day_start(day), zone.clone(), Revenue::Net);
    let to = query.to.as_deref().map(|text| day(text, "to")).transpose()?.unwrap_or(today);
    let usual = days_before(&at(to), Thresholds::default().lifecycle.flow_days).as_of_day;
    let from = query.from.as_deref().map(|text| day(text, "from")).transpose()?.unwrap_or(usual);
    if from >= to || to > today {
        let message = "a flow goes from one day to a later one, today at the latest";
        return Err(ApiError::bad_request("bad_parameter", message).at("from"));
    }
    let flows = server.figures.flow(&server, [at(from), at(to)]).await?;
    Ok(Answer(today_of::flow(&flows, [from, to])))
}

async fn set_target(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Body(target): Body<Target>,
) -> Result<Answer<Target>, ApiError> {
    if target.active_rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
        return Err(ApiError::bad_request("bad_value", "a rate is between 0 and 1").at("active_rate"));
    }
    let text = target.active_rate.map(|rate| rate.to_string()).unwrap_or_default();
    server.timeline.store().set_setting(TARGET, &text).await?;
    server.note(&caller, "target_changed", None, Some(text)).await?;
    Ok(Answer(target))
}
