//! `/api/acquisition`: what is spent to win and to keep customers, and what those of each source come to.

use crate::access::Access;
use crate::answers::Terms;
use crate::answers::acquisition::{AcquisitionSources, Equilibrium};
use crate::body::Answer;
use crate::params::Params;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use axum::http::StatusCode;
use perennial_acquisition::{Acquisition, AcquisitionError, Ground, Months};
use perennial_definitions::Month;
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Which months.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MonthsQuery {
    /// The first month (`YYYY-MM`); otherwise the eleventh before the last, none before the first event.
    pub(crate) since: Option<String>,
    /// The last month (`YYYY-MM`); otherwise that of the latest event.
    pub(crate) until: Option<String>,
}

pub(crate) fn equilibrium() -> Route {
    Route::get("/api/acquisition/equilibrium", "acquisition_equilibrium", balance)
        .summary("What was spent, and whom one wrote to, to win customers and to keep them, month by month")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<MonthsQuery>()
        .answers::<Equilibrium>()
}

pub(crate) fn sources() -> Route {
    Route::get("/api/acquisition/sources", "acquisition_sources", by_source)
        .summary("What customers of explicit and implicit sources cost and do")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<MonthsQuery>()
        .answers::<AcquisitionSources>()
}

async fn balance(
    State(server): State<Arc<Server>>,
    Params(query): Params<MonthsQuery>,
) -> Result<Answer<Equilibrium>, ApiError> {
    let (found, terms) = computed(&server, &query).await?;
    Ok(Answer(Equilibrium::of(&found, terms)))
}

async fn by_source(
    State(server): State<Arc<Server>>,
    Params(query): Params<MonthsQuery>,
) -> Result<Answer<AcquisitionSources>, ApiError> {
    let (found, terms) = computed(&server, &query).await?;
    Ok(Answer(AcquisitionSources::of(&found, terms)))
}

async fn computed(server: &Arc<Server>, query: &MonthsQuery) -> Result<(Arc<Acquisition>, Terms), ApiError> {
    let months =
        Months { since: month(query.since.as_deref(), "since")?, until: month(query.until.as_deref(), "until")? };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let ground = Ground::load(&server.timeline, threads).await?;
    let terms = Terms::of(&ground.zone, ground.currency);
    Ok((server.figures.acquisition(server, ground, months).await?, terms))
}

pub(super) fn month(text: Option<&str>, at: &str) -> Result<Option<Month>, ApiError> {
    text.map(str::parse)
        .transpose()
        .map_err(|_| ApiError::bad_request("bad_month", format!("{at} is not a month: write it as YYYY-MM")).at(at))
}

impl From<AcquisitionError> for ApiError {
    fn from(problem: AcquisitionError) -> Self {
        match problem {
            AcquisitionError::Backwards { .. }
            | AcquisitionError::TooMany { .. }
            | AcquisitionError::TooLate { .. } => Self::bad_request("bad_months", problem.to_string()).at("since"),
            AcquisitionError::Sql { .. } => Self::new(StatusCode::CONFLICT, "definition_unusable", problem.to_string()),
            AcquisitionError::Store(problem) => Self::from(problem),
            AcquisitionError::Timeline(problem) => Self::from(problem),
            problem => Self::internal(&problem),
        }
    }
}
