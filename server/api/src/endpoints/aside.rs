//! `/api/aside`: messages that do not fit their schema, and another try after it was mended.

use crate::access::{Access, Caller};
use crate::body::Answer;
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use perennial_listen::ListenError;
use perennial_listen::message::{MAX_ASIDE_MESSAGES, replay};
use perennial_model::Permission;
use perennial_ports::BrandSettings;
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// Messages read at once.
const PAGE: u32 = 1_000;
/// Reasons that are told, those of most messages first.
const MOST_REASONS: usize = 100;

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
    let mut reasons: HashMap<(String, String), AsideReason> = HashMap::new();
    let mut after = None;
    loop {
        let page = store.aside_after(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.mid);
        for kept in page {
            let known = reasons.entry((kept.event, kept.reason)).or_insert_with_key(|(event, reason)| AsideReason {
                event: event.clone(),
                reason: reason.clone(),
                messages: 0,
                first_us: i64::MAX,
                last_us: i64::MIN,
            });
            known.messages += 1;
            known.first_us = known.first_us.min(kept.received_us);
            known.last_us = known.last_us.max(kept.received_us);
        }
    }
    let total = reasons.values().map(|reason| reason.messages).sum();
    let mut reasons: Vec<AsideReason> = reasons.into_values().collect();
    reasons.sort_by(|a, b| (Reverse(a.messages), &a.event, &a.reason).cmp(&(Reverse(b.messages), &b.event, &b.reason)));
    reasons.truncate(MOST_REASONS);
    Ok(Answer(Aside { total, most: MAX_ASIDE_MESSAGES, reasons }))
}

async fn replayed(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
) -> Result<Answer<Replayed>, ApiError> {
    let _turn = server.writing.lock().await;
    let settings = BrandSettings::load(&**server.timeline.store()).await?;
    let currency = settings.unwrap_or_else(BrandSettings::first).currency;
    let came = replay(&server.timeline, currency).await.map_err(|problem| failed(&problem))?;
    server.timeline.maintain().await?;
    let detail = format!("{} landed, {} left", came.landed, came.left);
    server.note(&caller, "messages_replayed", None, Some(detail)).await?;
    Ok(Answer(Replayed { landed: came.landed, suppressed: came.suppressed, left: came.left }))
}

fn failed(problem: &ListenError) -> ApiError {
    match problem {
        ListenError::Timeline(problem) => ApiError::of_timeline(problem),
        other => ApiError::internal(other),
    }
}
