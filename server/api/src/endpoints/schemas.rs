//! `/api/schemas`: what events must look like.

use crate::access::{Access, Caller};
use crate::body::{Answer, Body};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use perennial_listen::message::EventSchema;
use perennial_model::Permission;
use perennial_ports::StoredSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is declared of one property.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PropertyWord {
    /// `text`, `integer`, `number`, `boolean` or `time`.
    #[serde(rename = "type")]
    value_type: String,
    /// Whether every event must have it.
    #[serde(default)]
    required: bool,
}

/// What events of one name must look like; properties that it does not name are free.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeclareSchema {
    /// Name of the event; of an `identify` message `Identify`, and so on.
    event: String,
    /// Properties by name; traits of an `identify` and a `group`.
    properties: BTreeMap<String, PropertyWord>,
}

/// The newest schema of an event.
#[derive(Serialize, JsonSchema)]
struct SchemaAnswer {
    /// Counted from 1 for each event.
    version: u64,
    /// When it was declared (UTC µs).
    declared_us: i64,
    #[serde(flatten)]
    schema: DeclareSchema,
}

/// The newest schema of each event.
#[derive(Serialize, JsonSchema)]
struct Schemas {
    /// By name of the event.
    schemas: Vec<SchemaAnswer>,
}

pub(crate) fn list() -> Route {
    Route::get("/api/schemas", "schemas", listed)
        .summary("The newest schema of each event")
        .access(Access::Needs(Permission::ManageSources))
        .answers::<Schemas>()
}

pub(crate) fn declare() -> Route {
    Route::post("/api/schemas", "declare_schema", declared)
        .summary("Declares what events of one name must look like, as a new version to which all that comes is held")
        .access(Access::Needs(Permission::ManageSources))
        .takes::<DeclareSchema>()
        .answers::<Schemas>()
}

async fn listed(State(server): State<Arc<Server>>) -> Result<Answer<Schemas>, ApiError> {
    let told = |StoredSchema { version, at_us, json, .. }| {
        let schema = serde_json::from_str(&json).map_err(|problem| ApiError::internal(&problem))?;
        Ok(SchemaAnswer { version, declared_us: at_us, schema })
    };
    let stored = server.timeline.store().schemas().await?;
    let schemas: Result<_, ApiError> = stored.into_iter().map(told).collect();
    Ok(Answer(Schemas { schemas: schemas? }))
}

async fn declared(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Body(asked): Body<DeclareSchema>,
) -> Result<Answer<Schemas>, ApiError> {
    let text = serde_json::to_string(&asked).map_err(|problem| ApiError::internal(&problem))?;
    let parsed = EventSchema::parse(&text);
    let parsed = parsed.map_err(|problem| ApiError::bad_request("bad_schema", problem.to_string()))?;
    for schema in parsed {
        let json = serde_json::to_string(&schema).map_err(|problem| ApiError::internal(&problem))?;
        let store = server.timeline.store();
        let version = store.save_schema(&schema.event, server.clock.now_us(), &json).await?;
        let subject = Some(format!("event:{}", schema.event));
        server.note(&caller, "schema_declared", subject, Some(format!("version {version}"))).await?;
    }
    listed(State(server)).await
}
