//! `/api/aside`: messages that do not fit their schema, and another try after it was mended.

use crate::access::{Access, Caller};
use crate::body::Answer;
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use perennial_listen::message::{MAX_ASIDE_MESSAGES, replay};
use perennial_model::Permission;
use perennial_ports::BrandSettings;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Reasons that are told, those of most messages first.
const MOST_REASONS: u32 = 100;

/// Messages kept aside; nothing they say.
#[derive(Serialize, JsonSchema)]
struct Aside {
    /// How many.
    total: u64,
    /// As many may be kept; what comes then is to be sent again.
    most: u64,
    /// Why, at most 100, those of most messages first.
    reasons: Vec<AsideReason>,
}

/// Messages that are kept aside for one reason.
#[derive(Serialize, JsonSchema)]
struct AsideReason {
    /// What happened.
    event: String,
    /// Where and what, no value.
    reason: String,
    /// How many.
    messages: u64,
    /// When the first was received (UTC µs).
    first_us: i64,
    /// When the last was received (UTC µs).
    last_us: i64,
}

/// What came of another try.
#[derive(Serialize, JsonSchema)]
struct Replayed {
    /// Messages that count now.
    landed: u64,
    /// Messages of customers erased meanwhile, dropped.
    suppressed: u64,
    /// Messages that still do not fit.
    left: u64,
}

pub(crate) fn list() -> Route {
    Route::get("/api/aside", "messages_aside", listed)
        .summary("How many messages do not fit their schema, and why; nothing they say")
        .access(Access::Needs(Permission::ManageSources))
        .answers::<Aside>()
}

pub(crate) fn again() -> Route {
    Route::post("/api/aside/replay", "replay_messages", replayed)
        .summary("Tries messages kept aside again: what fits its schema now counts as if it always had")
        .access(Access::Needs(Permission::ManageSources))
        .answers::<Replayed>()
}

async fn listed(State(server): State<Arc<Server>>) -> Result<Answer<Aside>, ApiError> {
    let store = server.timeline.store();
    let total = store.aside_count().await?;
    let told = store.aside_reasons(MOST_REASONS).await?;
    let reasons = told.into_iter().map(|told| AsideReason {
        event: told.event,
        reason: told.reason,
        messages: told.messages,
        first_us: told.first_us,
        last_us: told.last_us,
    });
    let reasons = reasons.collect();
    Ok(Answer(Aside { total, most: MAX_ASIDE_MESSAGES, reasons }))
}

async fn replayed(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
) -> Result<Answer<Replayed>, ApiError> {
    let _turn = server.writing.lock().await;
    let settings = BrandSettings::load(&**server.timeline.store()).await?;
    let currency = settings.unwrap_or_else(BrandSettings::first).currency;
    let came = replay(&server.timeline, currency).await.map_err(|problem| ApiError::of_listen(&problem))?;
    server.timeline.maintain().await?;
    let detail = format!("{} landed, {} left", came.landed, came.left);
    server.note(&caller, "messages_replayed", None, Some(detail)).await?;
    Ok(Answer(Replayed { landed: came.landed, suppressed: came.suppressed, left: came.left }))
}
