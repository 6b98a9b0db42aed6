//! JSON in and out.

use crate::{ApiError, TooSlow};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes of a body of JSON, except where a route says otherwise.
const MAX_BODY_BYTES: usize = 1 << 20;

/// A body of JSON of a shape.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let bytes = read_body(request, MAX_BODY_BYTES).await?;
        parse(&bytes).map(Self)
    }
}

/// JSON of a shape.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|problem| {
        ApiError::bad_request("malformed_json", format!("the body is not what this route takes: {problem}"))
    })
}

/// The whole body, if it has no more bytes than this.
pub(crate) async fn read_body(request: Request, most: usize) -> Result<Bytes, ApiError> {
    let limited = Limited::new(request.into_body(), most).collect().await;
    limited.map(http_body_util::Collected::to_bytes).map_err(|problem| {
        if problem.is::<http_body_util::LengthLimitError>() {
            let message = format!("the body has more than {most} bytes: send less at once");
            return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message);
        }
        broken(&*problem)
    })
}

/// What is answered where a body broke off.
pub(crate) fn broken(problem: &(dyn std::error::Error + 'static)) -> ApiError {
    let slow = std::iter::successors(Some(problem), |problem| problem.source()).any(|problem| problem.is::<TooSlow>());
    if slow {
        return ApiError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", TooSlow.to_string());
    }
    ApiError::bad_request("cut_short", "the body ended before its end: send it again")
}

/// An answer in JSON.
pub(crate) struct Answer<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(problem) => {
                tracing::error!(error = %problem, "an answer could not be written");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
