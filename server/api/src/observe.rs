//! Each request is counted and logged: by its route, not its address, so that nothing of whom it is
//! about is kept.

use crate::Server;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::time::Instant;

/// Tells which line of the log belongs to an answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What stands for the route of pages and of what is not there.
const NO_ROUTE: &str = "(page)";

/// Around every request.
pub(crate) async fn observe(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let number = server.metrics.number();
    let method = word(request.method());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let (took, status) = (began.elapsed(), response.status().as_u16());
    let route = route.as_deref().unwrap_or(NO_ROUTE);
    server.metrics.request(method, route, status, took);
    let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if status < 400 && is_frequent(route) {
        tracing::debug!(request_id = number, method, route, status, duration_us, "request");
    } else {
        tracing::info!(request_id = number, method, route, status, duration_us, "request");
    }
    response.headers_mut().insert(REQUEST_ID, HeaderValue::from(number));
    response
}

/// Routes that machines call all the time.
fn is_frequent(route: &str) -> bool {
    route.starts_with("/v1/") || matches!(route, "/healthz" | "/readyz" | "/metrics")
}

/// The methods there are; a client may invent others.
fn word(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
