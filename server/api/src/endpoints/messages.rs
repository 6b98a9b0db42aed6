//! `POST /v1/…`: Segment's tracking API.

use crate::access::Access;
use crate::body::Answer;
use crate::message_body::{inflated, read_bounded};
use crate::{ApiError, Route, Server, Source};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use perennial_listen::message::{Call, IntakeError, Outcome, Problem, ProblemCode, Receipt, Refused, write_key_in};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

const PATH: &str = "/v1/{call}";
/// How long a browser remembers that it may send.
const PREFLIGHT_SECS: u32 = 86_400;

/// What becomes of a request that is taken whole.
#[derive(Debug, Serialize, JsonSchema)]
struct Taken {
    /// Whether every message is kept; durable by now.
    success: bool,
}

/// What becomes of a request of which some messages are refused.
#[derive(Debug, Serialize, JsonSchema)]
struct PartlyTaken {
    success: bool,
    /// Messages that are kept; they need not be sent again, but may be.
    accepted: usize,
    /// Messages that are refused: mend them before they are sent again.
    refused: Vec<RefusedMessage>,
    error: PartlyTakenError,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PartlyTakenError {
    code: &'static str,
    message: String,
    at: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RefusedMessage {
    /// Its place in the batch, from 0.
    index: usize,
    /// A word for programs.
    code: &'static str,
    /// Where in the message.
    path: String,
    /// What is wrong and what to do.
    message: String,
}

/// Takes messages.
pub(crate) fn take() -> Route {
    Route::post(PATH, "take_messages", taken)
        .summary(
            "Takes messages as Segment's clients send them; call is track, identify, page, screen, group, alias, \
             batch or import. Answered when they are durable; of a batch the good ones are kept beside bad ones",
        )
        .access(Access::WriteKey)
        .takes::<serde_json::Map<String, serde_json::Value>>()
        .answers::<Taken>()
}

/// Lets pages of any site send.
pub(crate) fn preflight() -> Route {
    Route::options(PATH, "may_send_messages", allowed)
        .summary("Tells browsers that pages of any site may send messages")
        .access(Access::Public)
}

async fn allowed() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let methods = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST")),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, content-encoding, x-retry-count"),
        ),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from(PREFLIGHT_SECS)),
        ANY_ORIGIN,
    ];
    response.headers_mut().extend(methods);
    response
}

/// A write key is no cookie: whoever has it may send, from anywhere.
const ANY_ORIGIN: (HeaderName, HeaderValue) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));

async fn taken(State(server): State<Arc<Server>>, Path(word): Path<String>, request: Request) -> Response {
    let mut response = answered(&server, &word, request).await.unwrap_or_else(IntoResponse::into_response);
    response.headers_mut().extend([ANY_ORIGIN]);
    response
}

async fn answered(server: &Server, word: &str, request: Request) -> Result<Response, ApiError> {
    let call = call_of(word).ok_or_else(|| {
        ApiError::not_found(format!("there is no /v1/{word}: send to /v1/track, /v1/identify, /v1/batch and the like"))
    })?;
    let named = key_of(request.headers())?.map(|key| source_of(server, &key)).transpose()?;
    let headers = request.headers().clone();
    let (source, body) = match named {
        Some(source) => {
            let body = body_of(server, request, &headers).await;
            let body = body.inspect_err(|problem| note_refused(server, &source, problem))?;
            (source, body)
        }
        None => {
            let body = body_of(server, request, &headers).await?;
            let key = write_key_in(&body).ok_or_else(|| ApiError::unauthorized(NO_KEY))?;
            (source_of(server, &key)?, body)
        }
    };
    let now_us = server.clock.now_us();
    let receipt = match server.intake.take(call, &body, now_us).await {
        Ok(receipt) => receipt,
        Err(problem) => {
            let problem = failed(problem);
            note_refused(server, &source, &problem);
            return Err(problem);
        }
    };
    source.counts.note(&receipt, now_us);
    server.metrics.messages(&receipt);
    let answer = answer(call, &receipt);
    server.sources.last.note(&source.key.name, receipt, now_us);
    answer
}

/// Segment's browser library sends to the first letter of a call.
fn call_of(word: &str) -> Option<Call> {
    let word = match word {
        "t" => "track",
        "i" => "identify",
        "p" => "page",
        "s" => "screen",
        "g" => "group",
        "a" => "alias",
        "b" => "batch",
        word => word,
    };
    Call::of_endpoint(word)
}

const NO_KEY: &str = "no write key: send it as the user name of HTTP Basic authentication, or as `writeKey` in the \
                      body; `perennial key create` makes one";

/// The write key that the headers name.
fn key_of(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let user = value.to_str().ok().and_then(|text| {
        let (scheme, rest) = text.trim().split_once(' ')?;
        let decoded = STANDARD.decode(rest.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let text = String::from_utf8(decoded).ok()?;
        Some(text.split(':').next().unwrap_or_default().to_owned())
    });
    user.map(Some).ok_or_else(|| ApiError::unauthorized(NO_KEY))
}

fn source_of(server: &Server, key: &str) -> Result<Arc<Source>, ApiError> {
    let unknown = "this write key is not known or was revoked: `perennial key create` makes one";
    server.sources.find(key).ok_or_else(|| ApiError::unauthorized(unknown))
}

async fn body_of(server: &Server, request: Request, headers: &HeaderMap) -> Result<Bytes, ApiError> {
    let most = server.intake.bounds().limits.body_bytes;
    let bytes = read_bounded(request.into_body(), most).await?;
    inflated(bytes, headers, most)
}

fn note_refused(server: &Server, source: &Source, problem: &ApiError) {
    let now_us = server.clock.now_us();
    if problem.status.is_client_error() {
        source.counts.note_refused(1, now_us);
        server.metrics.refused_request();
        server.sources.last.note_refused(&source.key.name, problem.message.clone(), now_us);
    }
}

/// Whether to try again is said by the status: Segment's clients do after a 5xx, and drop what was
/// answered with a 4xx.
fn failed(problem: IntakeError) -> ApiError {
    match problem {
        IntakeError::Body(problem) => refused(&problem),
        IntakeError::Busy => ApiError::unavailable(IntakeError::Busy.to_string()),
        IntakeError::Failed(problem) => ApiError::of_listen(&problem),
    }
}

fn refused(problem: &Problem) -> ApiError {
    let status = match problem.code {
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    let error = ApiError::new(status, problem.code.as_str(), problem.message.clone());
    if problem.path.is_empty() { error } else { error.at(problem.path.clone()) }
}

fn answer(call: Call, receipt: &Receipt) -> Result<Response, ApiError> {
    let full = receipt.received.iter().filter(|one| matches!(one.outcome, Outcome::AsideFull(_))).count();
    if full > 0 {
        // To be sent again: what was kept is not kept twice.
        let message = format!(
            "{full} messages do not fit their schema and no more can be kept aside: mend the schemas, then run \
             `perennial schema replay`"
        );
        let mut error = ApiError::unavailable(message);
        error.code = "aside_full";
        return Err(error);
    }
    let Some(first) = receipt.refused.first() else {
        return Ok(Answer(Taken { success: true }).into_response());
    };
    if call != Call::Batch {
        return Err(refused(&first.problem));
    }
    let (bad, good) = (receipt.refused.len(), receipt.received.len());
    let message = format!("{bad} of {} messages are refused, the others are kept", bad + good);
    let path = if first.problem.path.is_empty() { String::new() } else { format!(".{}", first.problem.path) };
    let error = PartlyTakenError { code: "refused", message, at: format!("batch[{}]{path}", first.index) };
    let refused = receipt.refused.iter().map(refused_message).collect();
    let body = PartlyTaken { success: false, accepted: good, refused, error };
    Ok((StatusCode::BAD_REQUEST, Answer(body)).into_response())
}

fn refused_message(one: &Refused) -> RefusedMessage {
    let Problem { code, path, message } = &one.problem;
    RefusedMessage { index: one.index, code: code.as_str(), path: path.clone(), message: message.clone() }
}
