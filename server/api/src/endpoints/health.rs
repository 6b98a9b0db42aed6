//! `GET /healthz` and `GET /readyz`.

use crate::access::Access;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use std::sync::Arc;

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
    server.timeline.store().meta().await?;
    Ok("ready\n")
}
