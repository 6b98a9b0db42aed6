//! `GET /api/today`, `GET /api/today/flow`, `PATCH /api/today/target`.

use crate::access::Access;
use crate::answers::today::{StageFlow, Today};
use crate::{ApiError, Route};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    Route::get("/api/today", "today", soon)
        .summary("The customer base as a whole: figures, findings, stages")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<TodayQuery>()
        .answers::<Today>()
}

pub(crate) fn flow() -> Route {
    Route::get("/api/today/flow", "stage_flow", soon)
        .summary("How customers moved between stages from one day to another")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<FlowQuery>()
        .answers::<StageFlow>()
}

pub(crate) fn target() -> Route {
    Route::patch("/api/today/target", "set_active_rate_target", soon)
        .summary("Sets the active rate that the brand wants")
        .access(Access::Needs(Permission::ManageSources))
        .takes::<Target>()
        .answers::<Target>()
}

async fn soon() -> ApiError {
    ApiError::unavailable("this is not there yet")
}
