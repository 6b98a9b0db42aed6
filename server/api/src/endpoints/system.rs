//! `GET /api/system` and `GET /metrics`: the state of the server.

use crate::access::Access;
use crate::body::Answer;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The state of the server.
#[derive(Serialize, JsonSchema)]
struct System {
    /// Of the program.
    version: &'static str,
    /// sqlite or postgres.
    store: &'static str,
    /// Since it started.
    uptime_secs: u64,
    /// Customers in the customer table.
    customers: u64,
    /// Rows of the hot log that are in no run yet.
    hot_rows: u64,
    /// Runs of the timeline.
    runs: u64,
    /// Rows on their way into the customer table.
    live_backlog_rows: u64,
    /// Memory of the process; none where the system does not tell.
    memory_bytes: Option<u64>,
}

pub(crate) fn route() -> Route {
    Route::get("/api/system", "system", told)
        .summary("Version, uptime, and how much is under way")
        .access(Access::Needs(Permission::ReadSystem))
        .answers::<System>()
}

pub(crate) fn metrics() -> Route {
    Route::get("/metrics", "metrics", counted)
        .summary("Counters and gauges for Prometheus")
        .access(Access::Near(Permission::ReadSystem))
}

async fn told(State(server): State<Arc<Server>>) -> Answer<System> {
    Answer(system(&server))
}

fn system(server: &Server) -> System {
    let load = server.timeline.load();
    System {
        version: env!("CARGO_PKG_VERSION"),
        store: server.about.store,
        uptime_secs: server.about.started.elapsed().as_secs(),
        customers: server.live.borrow().columns.len() as u64,
        hot_rows: load.hot_rows as u64,
        runs: load.runs as u64,
        live_backlog_rows: load.backlog_rows as u64,
        memory_bytes: memory_bytes(),
    }
}

async fn counted(State(server): State<Arc<Server>>) -> Result<Response, ApiError> {
    let (system, metrics) = (system(&server), &server.metrics);
    for (gauge, value) in [
        (&metrics.customers, system.customers),
        (&metrics.hot_rows, system.hot_rows),
        (&metrics.runs, system.runs),
        (&metrics.live_backlog_rows, system.live_backlog_rows),
        (&metrics.password_queue, server.auth.passwords.queue() as u64),
        (&metrics.memory_bytes, system.memory_bytes.unwrap_or(0)),
    ] {
        gauge.set(value.cast_signed());
    }
    let swept_us = server.live.borrow().segments_swept_us.load(Ordering::Relaxed);
    metrics.segments_sweep.set(swept_us as f64 / 1e6);
    let text = metrics.text().map_err(|problem| ApiError::internal(&problem))?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// What the process holds in memory, as Linux tells it.
fn memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
