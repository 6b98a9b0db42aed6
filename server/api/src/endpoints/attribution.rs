//! `/api/acquisition/attribution`: how rules divide the credit of first orders among the sources that were there.

use super::acquisition::{MonthsQuery, month};
use crate::access::Access;
use crate::answers::Terms;
use crate::answers::attribution::AttributionAnswer;
use crate::body::Answer;
use crate::params::Params;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_acquisition::{AcquisitionError, Ground, Months, attribution};
use perennial_model::Permission;
use std::sync::Arc;

pub(crate) fn route() -> Route {
    Route::get("/api/acquisition/attribution", "acquisition_attribution", credited)
        .summary("Credit of first orders by source, divided by five rules; it proves no cause")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<MonthsQuery>()
        .answers::<AttributionAnswer>()
}

async fn credited(
    State(server): State<Arc<Server>>,
    Params(query): Params<MonthsQuery>,
) -> Result<Answer<AttributionAnswer>, ApiError> {
    let months =
        Months { since: month(query.since.as_deref(), "since")?, until: month(query.until.as_deref(), "until")? };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let ground = Ground::load(&server.timeline, threads).await?;
    let turn = server.figures.turn().await?;
    let (snapshot, now_us) = (server.timeline.snapshot().await?, server.clock.now_us());
    let terms = Terms::of(&ground.zone, ground.currency);
    let pass = tokio::task::spawn_blocking(move || {
        // The turn ends with the pass, not with whoever asked and went away.
        let _turn = turn;
        attribution(&snapshot, &ground, months, now_us)
    });
    let found = pass.await.map_err(|_| AcquisitionError::Cut)??;
    Ok(Answer(AttributionAnswer::of(&found, terms)))
}
