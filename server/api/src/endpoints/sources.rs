//! `/api/sources`: what comes with each write key, and the messages that came last.

use super::keys::WriteKeyAnswer;
use crate::access::Access;
use crate::body::Answer;
use crate::sources::LiveMessage;
use crate::{Route, Server};
use axum::extract::{Query, State};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How long a request waits for a message.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// All write keys and what came with them.
#[derive(Serialize, JsonSchema)]
struct SourcesAnswer {
    /// Oldest first; revoked ones too.
    sources: Vec<SourceAnswer>,
}

/// What came with a write key since the server started.
#[derive(Serialize, JsonSchema)]
struct SourceAnswer {
    #[serde(flatten)]
    key: WriteKeyAnswer,
    /// When something came last (UTC µs).
    last_received_us: Option<i64>,
    /// Messages that count.
    accepted: u64,
    /// Messages that do not fit their schema and wait.
    aside: u64,
    /// Messages that were refused.
    refused: u64,
}

/// Where to go on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct After {
    /// The `sequence` of the last message seen; 0 or none for all that are remembered.
    after: Option<u64>,
}

/// The messages that came last.
#[derive(Serialize, JsonSchema)]
struct LiveMessages {
    /// Oldest first, at most 200; nothing they say.
    messages: Vec<LiveMessage>,
}

pub(crate) fn list() -> Route {
    Route::get("/api/sources", "sources", listed)
        .summary("What came with each write key since the server started")
        .access(Access::Needs(Permission::ManageSources))
        .answers::<SourcesAnswer>()
}

pub(crate) fn live() -> Route {
    Route::get("/api/sources/live", "live_messages", last)
        .summary("Messages that came after one, without what they say; waits up to 20 seconds for the next")
        .access(Access::Needs(Permission::ManageSources))
        .query::<After>()
        .answers::<LiveMessages>()
}

async fn listed(State(server): State<Arc<Server>>) -> Answer<SourcesAnswer> {
    let source = |source: &Arc<crate::Source>| {
        let [accepted, aside, refused] = source.counts.messages();
        let (key, last_received_us) = (WriteKeyAnswer::from(&**source), source.counts.last_received_us());
        SourceAnswer { key, last_received_us, accepted, aside, refused }
    };
    Answer(SourcesAnswer { sources: server.sources.all().iter().map(source).collect() })
}

async fn last(State(server): State<Arc<Server>>, Query(After { after }): Query<After>) -> Answer<LiveMessages> {
    let customer_of = |profile| server.timeline.customer_of(profile);
    let messages = server.sources.last.after(after.unwrap_or_default(), LONGEST_WAIT, customer_of).await;
    Answer(LiveMessages { messages })
}
