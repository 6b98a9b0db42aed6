//! What is answered where something is wrong.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use perennial_listen::ListenError;
use perennial_ports::StoreError;
use perennial_timeline::TimelineError;
use schemars::JsonSchema;
use serde::Serialize;

/// An error, as `{"error": {"code", "message", "at"}}`. The message names the thing and says what to
/// do; it holds no personal data.
#[derive(Debug)]
pub struct ApiError {
    /// Of the answer.
    pub status: StatusCode,
    /// A word for programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// Where in the request: a path such as `batch[3].timestamp`.
    pub at: Option<String>,
    /// Seconds after which to try again.
    pub retry_after_secs: Option<u32>,
}

/// The body of an error.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ErrorBody<'a> {
    error: ErrorText<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ErrorText<'a> {
    /// A word for programs.
    code: &'a str,
    /// For people.
    message: &'a str,
    /// Where in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
}

impl ApiError {
    /// An error of this status.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), at: None, retry_after_secs: None }
    }

    /// The request is wrong.
    #[must_use]
    pub fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// Nobody, or not known.
    #[must_use]
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// Known, but may not.
    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// Something failed in the server; what is logged, the caller is told that it is.
    #[must_use]
    pub fn internal(problem: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %problem, "request failed");
        let message = "the server could not do this; its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    /// The server cannot now.
    #[must_use]
    pub fn unavailable(message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message);
        error.retry_after_secs = Some(1);
        error
    }

    /// Where in the request.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.at = Some(path.into());
        self
    }
}

impl ApiError {
    /// What the store could not do: the caller is told when it may go better a little later.
    fn of_store(problem: &StoreError) -> Self {
        if problem.is_temporary() {
            tracing::error!(error = %problem, "request failed");
            return Self::unavailable(problem.to_string());
        }
        Self::internal(problem)
    }

    /// What the timeline could not do.
    #[must_use]
    pub fn of_timeline(problem: &TimelineError) -> Self {
        problem.store().map_or_else(|| Self::internal(problem), Self::of_store)
    }

    /// What taking something in could not do.
    pub(crate) fn of_listen(problem: &ListenError) -> Self {
        problem.store().map_or_else(|| Self::internal(problem), Self::of_store)
    }
}

impl From<StoreError> for ApiError {
    fn from(problem: StoreError) -> Self {
        Self::of_store(&problem)
    }
}

impl From<TimelineError> for ApiError {
    fn from(problem: TimelineError) -> Self {
        Self::of_timeline(&problem)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = ErrorText { code: self.code, message: &self.message, at: self.at.as_deref() };
        let mut response = (self.status, crate::body::Answer(ErrorBody { error })).into_response();
        if let Some(secs) = self.retry_after_secs {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}
