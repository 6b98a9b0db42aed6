//! `/api/identity/…`: merges of customers, their undo, and suggestions of more.

use super::rights::note;
use crate::access::{Access, Caller};
use crate::answers::identity::{
    DecideRequest, Decided, DecisionWord, Journal, JournalItem, MergeRequest, Merged, Person, Suggestion, Suggestions,
    Undone,
};
use crate::body::{Answer, Body};
use crate::customer_page::Known;
use crate::params::{Named, Params, customer_id, number, page_size};
use crate::table::keys_of;
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use perennial_listen::identify;
use perennial_model::{CustomerId, Permission};
use perennial_ports::Decision;
use perennial_timeline::TimelineError;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// How many.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// How many; 50 unless given, at most 200.
    pub(crate) limit: Option<u32>,
    /// After so many.
    pub(crate) offset: Option<u64>,
}

pub(crate) fn journal() -> Route {
    Route::get("/api/identity/journal", "identity_journal", answer_journal)
        .summary("Merges of customers, newest first")
        .access(Access::Needs(Permission::ManageIdentities))
        .query::<ListQuery>()
        .answers::<Journal>()
}

pub(crate) fn merge() -> Route {
    Route::post("/api/identity/merges", "merge_customers", do_merge)
        .summary("Makes one customer part of another")
        .access(Access::Needs(Permission::ManageIdentities))
        .takes::<MergeRequest>()
        .answers::<Merged>()
}

pub(crate) fn undo() -> Route {
    Route::post("/api/identity/merges/{id}/undo", "undo_merge", do_undo)
        .summary("Parts what a merge joined")
        .access(Access::Needs(Permission::ManageIdentities))
        .answers::<Undone>()
}

pub(crate) fn suggestions() -> Route {
    Route::get("/api/identity/suggestions", "identity_suggestions", answer_suggestions)
        .summary("Pairs of customers that may be one person, oldest first")
        .access(Access::Needs(Permission::ManageIdentities))
        .query::<ListQuery>()
        .answers::<Suggestions>()
}

pub(crate) fn decide() -> Route {
    Route::post("/api/identity/suggestions/{id}", "decide_suggestion", do_decide)
        .summary("Decides whether two customers are one person")
        .access(Access::Needs(Permission::ManageIdentities))
        .takes::<DecideRequest>()
        .answers::<Decided>()
}

fn skipped(query: &ListQuery) -> usize {
    usize::try_from(query.offset.unwrap_or(0)).unwrap_or(usize::MAX)
}

async fn answer_journal(
    State(server): State<Arc<Server>>,
    Params(query): Params<ListQuery>,
) -> Result<Answer<Journal>, ApiError> {
    let limit = page_size(query.limit)?;
    let entries = server.timeline.store().journal().await?;
    let total = entries.len() as u64;
    let shown = entries.into_iter().rev().skip(skipped(&query)).take(limit);
    Ok(Answer(Journal { total, entries: shown.map(JournalItem::from).collect() }))
}

async fn do_merge(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Body(wanted): Body<MergeRequest>,
) -> Result<Answer<Merged>, ApiError> {
    let reason = wanted.reason.trim();
    if reason.is_empty() {
        let message = "say why: the journal keeps it for whoever wonders later";
        return Err(ApiError::bad_request("bad_value", message).at("reason"));
    }
    let (from, into) = (customer_id(&wanted.from_id, "from_id")?, customer_id(&wanted.into_id, "into_id")?);
    let _turn = server.writing.lock().await;
    let (from, into) = (Known::find(&server, from)?.customer, Known::find(&server, into)?.customer);
    let _still = server.timeline.hold_off_resolving().await;
    let entry_id = server.timeline.merge_profiles(from, into, reason).await.map_err(refused)?;
    note(&server, &caller, "customers_merged", into, Some(format!("entry {entry_id}, from {}", from.0))).await?;
    Ok(Answer(Merged { entry_id, customer_id: into.0.to_string() }))
}

async fn do_undo(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
) -> Result<Answer<Undone>, ApiError> {
    let entry_id = number(&id, "merge")?;
    let _turn = server.writing.lock().await;
    let _still = server.timeline.hold_off_resolving().await;
    server.timeline.undo(entry_id).await.map_err(refused)?;
    server.note(&caller, "merge_undone", Some(format!("merge:{entry_id}")), None).await?;
    Ok(Answer(Undone { entry_id }))
}

async fn answer_suggestions(
    State(server): State<Arc<Server>>,
    Params(query): Params<ListQuery>,
) -> Result<Answer<Suggestions>, ApiError> {
    let limit = page_size(query.limit)?;
    let open = identify::open_suggestions(&server.timeline).await?;
    let total = open.len() as u64;
    let shown: Vec<_> = open.into_iter().skip(skipped(&query)).take(limit).collect();
    let people: Vec<CustomerId> = shown.iter().flat_map(|(_, pair)| *pair).collect();
    let keys = keys_of(&server, &people, false).await?;
    let person = |customer: CustomerId| Person {
        customer_id: customer.0.to_string(),
        keys: keys.get(&customer.0).cloned().unwrap_or_default(),
    };
    let suggestions = shown.into_iter().map(|(told, [one, other])| Suggestion {
        suggestion_id: told.suggestion_id,
        one: person(one),
        other: person(other),
        by: told.reason.as_str().to_owned(),
        times_seen: told.times_seen,
        first_at_us: told.first_at_us,
        last_at_us: told.last_at_us,
    });
    Ok(Answer(Suggestions { total, suggestions: suggestions.collect() }))
}

async fn do_decide(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    Body(wanted): Body<DecideRequest>,
) -> Result<Answer<Decided>, ApiError> {
    let suggestion_id = number(&id, "suggestion")?;
    let decision = match wanted.decision {
        DecisionWord::Merge => Decision::Merged,
        DecisionWord::Reject => Decision::Rejected,
    };
    let _turn = server.writing.lock().await;
    let now_us = server.clock.now_us();
    let closed = identify::decide(&server.timeline, suggestion_id, decision, now_us).await.map_err(refused)?;
    let closed = closed.ok_or_else(|| {
        ApiError::not_found("this suggestion is not open: GET /api/identity/suggestions lists those that are")
    })?;
    let (action, [one, other]) = match decision {
        Decision::Merged => ("customers_merged", closed.customers),
        Decision::Rejected => ("suggestion_rejected", closed.customers),
    };
    let entry = closed.entry.map(|entry| format!(", entry {entry}")).unwrap_or_default();
    let detail = format!("suggestion {suggestion_id}{entry}, with {}", other.0);
    note(&server, &caller, action, one, Some(detail)).await?;
    Ok(Answer(Decided { suggestion_id, decision: wanted.decision, entry_id: closed.entry }))
}

/// What the caller can do something about.
fn refused(problem: TimelineError) -> ApiError {
    match problem {
        TimelineError::NoSuchMerge(_) => ApiError::not_found(problem.to_string()),
        TimelineError::SameCustomer { .. } => {
            ApiError::new(StatusCode::CONFLICT, "same_customer", "these two are one customer already")
        }
        other => ApiError::from(other),
    }
}
