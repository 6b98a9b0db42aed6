//! `/api/identity/…`: merges of customers, their undo, and suggestions of more.

use crate::access::Access;
use crate::answers::identity::{DecideRequest, Decided, Journal, MergeRequest, Merged, Suggestions, Undone};
use crate::{ApiError, Route};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;

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
    Route::get("/api/identity/journal", "identity_journal", soon)
        .summary("Merges of customers, newest first")
        .access(Access::Needs(Permission::ManageIdentities))
        .query::<ListQuery>()
        .answers::<Journal>()
}

pub(crate) fn merge() -> Route {
    Route::post("/api/identity/merges", "merge_customers", soon)
        .summary("Makes one customer part of another")
        .access(Access::Needs(Permission::ManageIdentities))
        .takes::<MergeRequest>()
        .answers::<Merged>()
}

pub(crate) fn undo() -> Route {
    Route::post("/api/identity/merges/{id}/undo", "undo_merge", soon)
        .summary("Parts what a merge joined")
        .access(Access::Needs(Permission::ManageIdentities))
        .answers::<Undone>()
}

pub(crate) fn suggestions() -> Route {
    Route::get("/api/identity/suggestions", "identity_suggestions", soon)
        .summary("Pairs of customers that may be one person, oldest first")
        .access(Access::Needs(Permission::ManageIdentities))
        .query::<ListQuery>()
        .answers::<Suggestions>()
}

pub(crate) fn decide() -> Route {
    Route::post("/api/identity/suggestions/{id}", "decide_suggestion", soon)
        .summary("Decides whether two customers are one person")
        .access(Access::Needs(Permission::ManageIdentities))
        .takes::<DecideRequest>()
        .answers::<Decided>()
}

async fn soon() -> ApiError {
    ApiError::unavailable("this is not there yet")
}
