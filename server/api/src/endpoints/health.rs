//! `GET /healthz` and `GET /readyz`.

use crate::access::Access;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_ports::BrandSettings;
use std::sync::Arc;
use std::time::Duration;

/// A store that does not answer within this time is not ready: whoever asks will not wait for long.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the process answers.
pub(crate) fn healthz() -> Route {
    Route::get("/healthz", "healthz", || async { "ok\n" }).summary("Whether the process answers").access(Access::Public)
}

/// Whether the store can be read.
pub(crate) fn readyz() -> Route {
    Route::get("/readyz", "readyz", ready)
        .summary("Whether the store can be read and the customers are loaded")
        .access(Access::Public)
}

async fn ready(State(server): State<Arc<Server>>) -> Result<&'static str, ApiError> {
    // What is in memory would say nothing of the database.
    let read = BrandSettings::load(&**server.timeline.store());
    let read = tokio::time::timeout(PATIENCE, read).await;
    read.map_err(|_| ApiError::unavailable("the store does not answer: see that its database runs"))??;
    Ok("ready\n")
}
