//! Segments are kept and removed by hand: each change is a version of the definitions.

use super::preview::MOST_BYTES;
use crate::access::{Access, Caller};
use crate::answers::segments::Edited;
use crate::body::{Answer, Body};
use crate::definer::{DefinitionEdit, EditRefused};
use crate::params::{Named, Params};
use crate::segments::Now;
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use perennial_definitions::{Definitions, Metric, Segment, Text, is_name};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Letters of a comment.
const COMMENT_LETTERS: usize = 500;

/// A segment as it is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SegmentRequest {
    /// The version of the definitions that it was made from: what `GET /api/segments` said.
    expected_version: u64,
    /// What people call it.
    #[serde(default)]
    title: Option<Text>,
    /// Who is in it and what for.
    #[serde(default)]
    description: Option<Text>,
    /// Its condition in SQL.
    r#where: String,
    /// Whether who enters and leaves is recorded.
    #[serde(default)]
    acts: bool,
    /// Metrics that it names and that are not defined yet.
    #[serde(default)]
    metrics: Vec<Metric>,
    /// Why, for the audit.
    #[serde(default)]
    comment: Option<String>,
}

/// What a removal was made from.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RemoveQuery {
    /// The version of the definitions that it was made from.
    expected_version: u64,
}

pub(crate) fn put() -> Route {
    Route::put("/api/segments/{name}", "put_segment", answer_put)
        .summary("Keeps a segment under a name, a new one or another one in its place")
        .access(Access::Needs(Permission::Define))
        .takes::<SegmentRequest>()
        .answers::<Edited>()
}

pub(crate) fn remove() -> Route {
    Route::delete("/api/segments/{name}", "remove_segment", answer_remove)
        .summary("Removes a segment that no other one names")
        .access(Access::Needs(Permission::Define))
        .query::<RemoveQuery>()
        .answers::<Edited>()
}

async fn answer_put(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(name): Named,
    Body(request): Body<SegmentRequest>,
) -> Result<Answer<Edited>, ApiError> {
    if !is_name(&name) {
        let message = "a name has lower-case letters, digits and _, a letter first, 63 at most";
        return Err(ApiError::bad_request("bad_name", message).at("name"));
    }
    if request.r#where.len() > MOST_BYTES {
        let message = format!("a condition has at most {MOST_BYTES} bytes: make a segment or a list of a part");
        return Err(ApiError::bad_request("too_large", message).at("where"));
    }
    let mut definitions = Definitions::clone(Now::of(&server).await?.definitions());
    let known: Vec<&str> = definitions.metrics.iter().map(|metric| metric.name.as_str()).collect();
    let fresh: Vec<Metric> =
        request.metrics.into_iter().filter(|metric| !known.contains(&metric.name.as_str())).collect();
    definitions.metrics.extend(fresh);
    let segment = Segment {
        name: name.clone(),
        title: request.title,
        description: request.description,
        r#where: request.r#where,
        acts: request.acts,
    };
    match definitions.segments.iter_mut().find(|known| known.name == name) {
        Some(known) => *known = segment,
        None => definitions.segments.push(segment),
    }
    edited(&server, &caller, request.expected_version, definitions, request.comment).await
}

async fn answer_remove(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(name): Named,
    Params(query): Params<RemoveQuery>,
) -> Result<Answer<Edited>, ApiError> {
    let now = Now::of(&server).await?;
    now.segment(&name)?;
    let mut definitions = Definitions::clone(now.definitions());
    definitions.segments.retain(|segment| segment.name != name);
    edited(&server, &caller, query.expected_version, definitions, None).await
}

async fn edited(
    server: &Server,
    caller: &Caller,
    expected_version: u64,
    definitions: Definitions,
    comment: Option<String>,
) -> Result<Answer<Edited>, ApiError> {
    if comment.as_ref().is_some_and(|comment| comment.chars().count() > COMMENT_LETTERS) {
        let message = format!("a comment has at most {COMMENT_LETTERS} letters");
        return Err(ApiError::bad_request("too_large", message).at("comment"));
    }
    let edit = DefinitionEdit {
        expected_version,
        definitions,
        comment,
        member_id: Some(caller.member_id),
        token_id: caller.token_id,
    };
    let version = server.definer.edit(edit).await.map_err(refused)?;
    // Whoever asks next sees it.
    server.live_caught_up().await?;
    Ok(Answer(Edited { version }))
}

fn refused(refused: EditRefused) -> ApiError {
    match refused {
        EditRefused::Moved(newest) => {
            let message = format!(
                "the definitions were changed meanwhile: version {newest} is the newest, read it and try again"
            );
            ApiError::new(StatusCode::CONFLICT, "moved", message).at("expected_version")
        }
        EditRefused::Problems(problems) => {
            let told = problems.iter().map(|problem| format!("{}: {}", problem.message, problem.fix));
            ApiError::bad_request("bad_definitions", told.collect::<Vec<_>>().join("; ")).at("where")
        }
        EditRefused::Failed(problem) => ApiError::internal(&*problem),
    }
}
