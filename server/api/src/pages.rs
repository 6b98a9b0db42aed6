//! The dashboard: its files, and its page for every address that the page itself draws.

use crate::ApiError;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use perennial_ui::{Asset, asset, dashboard_page};

/// Files with a hash in their names never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// All else is asked for anew: another version of the server has another page.
const ASK_ANEW: &str = "no-cache";
/// Scripts and data of the server itself only; charts draw with styles and with images made in the page.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What no route answers.
pub(crate) async fn page(request: Request) -> Result<Response, ApiError> {
    let path = request.uri().path();
    let is_api = ["/api", "/v1"]
        .iter()
        .any(|api| path.strip_prefix(api).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    if is_api || !matches!(*request.method(), Method::GET | Method::HEAD) {
        let message = format!("there is no {path}: GET /api/openapi.json lists what there is");
        return Err(ApiError::not_found(message));
    }
    if let Some(file) = asset(path) {
        return Ok(send(file, request.headers()));
    }
    // A file that is not there is no address of a page: the browser would take HTML for a script.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return Err(ApiError::not_found(format!("there is no {path}")));
    }
    Ok(send(dashboard_page(), request.headers()))
}

/// What a route answers to a method that it does not have.
pub(crate) async fn other_method(request: Request) -> ApiError {
    let (method, path) = (request.method(), request.uri().path());
    let message = format!("{path} does not take {method}: GET /api/openapi.json says what it takes");
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
}

fn send(file: Asset, asked: &HeaderMap) -> Response {
    let packed = file.gzip.filter(|_| takes_gzip(asked));
    let mut response = Body::from(Bytes::from_static(packed.unwrap_or(file.bytes))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    let kept = if file.immutable { FOR_EVER } else { ASK_ANEW };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    let told = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut parts = told.flat_map(|list| list.split(','));
    parts.any(|part| {
        let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.trim().parse() == Ok(0.0));
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// What every answer says to browsers.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Answers of the API are somebody's: no cache on the way keeps them.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
