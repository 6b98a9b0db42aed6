//! `/api/keys`: write keys.

use crate::access::{Access, Caller};
use crate::body::{Answer, Body};
use crate::{ApiError, Route, Server, Source, SourceError};
use axum::Extension;
use axum::extract::{Path, State};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// All write keys.
#[derive(Serialize, JsonSchema)]
struct WriteKeys {
    /// Oldest first; revoked ones too.
    keys: Vec<WriteKeyAnswer>,
}

/// A write key, without the key.
#[derive(Serialize, JsonSchema)]
pub(super) struct WriteKeyAnswer {
    /// Number.
    pub(super) key_id: u64,
    /// Who sends with it.
    pub(super) name: String,
    /// When it was made (UTC µs).
    pub(super) created_us: i64,
    /// Since when it is good for nothing (UTC µs).
    pub(super) revoked_us: Option<i64>,
}

impl From<&Source> for WriteKeyAnswer {
    fn from(source: &Source) -> Self {
        let key = &source.key;
        let (created_us, revoked_us) = (key.created_at_us, key.revoked_at_us);
        Self { key_id: key.key_id, name: key.name.clone(), created_us, revoked_us }
    }
}

/// A write key to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateWriteKey {
    /// Who will send with it.
    name: String,
}

/// A new write key.
#[derive(Serialize, JsonSchema)]
struct NewWriteKey {
    /// Number.
    key_id: u64,
    /// Who will send with it.
    name: String,
    /// The key, shown only now.
    write_key: String,
}

pub(crate) fn list() -> Route {
    Route::get("/api/keys", "write_keys", listed)
        .summary("All write keys, without the keys themselves")
        .access(Access::Needs(Permission::ManageSources))
        .answers::<WriteKeys>()
}

pub(crate) fn create() -> Route {
    Route::post("/api/keys", "create_write_key", created)
        .summary("Makes a write key, which works at once and is shown only now")
        .access(Access::Needs(Permission::ManageSources))
        .takes::<CreateWriteKey>()
        .answers::<NewWriteKey>()
}

pub(crate) fn revoke() -> Route {
    Route::delete("/api/keys/{key_id}", "revoke_write_key", revoked)
        .summary("Revokes a write key at once")
        .access(Access::Needs(Permission::ManageSources))
        .answers::<WriteKeys>()
}

async fn listed(State(server): State<Arc<Server>>) -> Answer<WriteKeys> {
    Answer(WriteKeys { keys: server.sources.all().iter().map(|source| WriteKeyAnswer::from(&**source)).collect() })
}

async fn created(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Body(asked): Body<CreateWriteKey>,
) -> Result<Answer<NewWriteKey>, ApiError> {
    let made = server.sources.create(&asked.name, server.clock.now_us()).await;
    let (key_id, write_key) = made.map_err(|problem| match problem {
        SourceError::Name => ApiError::bad_request("wrong_name", problem.to_string()).at("name"),
        SourceError::Store(problem) => problem.into(),
        SourceError::Chance => ApiError::internal(&problem),
    })?;
    server.note(&caller, "write_key_created", Some(format!("write_key:{key_id}")), None).await?;
    Ok(Answer(NewWriteKey { key_id, name: asked.name.trim().to_owned(), write_key }))
}

async fn revoked(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(key_id): Path<String>,
) -> Result<Answer<WriteKeys>, ApiError> {
    let nothing = || ApiError::not_found(format!("there is no write key {key_id} that works"));
    let number: u64 = key_id.parse().map_err(|_| nothing())?;
    if !server.sources.revoke(number, server.clock.now_us()).await? {
        return Err(nothing());
    }
    server.note(&caller, "write_key_revoked", Some(format!("write_key:{number}")), None).await?;
    Ok(listed(State(server)).await)
}
