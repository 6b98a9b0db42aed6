//! `/api/imports`: files dropped into the browser.

use crate::access::{Access, Caller};
use crate::answers::imports::{Import, ImportState, Imports, StartRequest};
use crate::body::{Answer, Body, broken};
use crate::params::{Named, Params, number};
use crate::uploads::{self, Note, look, settled};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use http_body_util::BodyExt;
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// Letters of a file's name that are kept.
const MOST_NAME_LETTERS: usize = 120;

/// What is uploaded.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadQuery {
    /// Name of the file, for people; tells nothing about its format.
    pub(crate) name: String,
}

pub(crate) fn upload() -> Route {
    Route::post("/api/imports", "upload_import", take)
        .summary("Takes a file as the body, and says what was recognised in it; nothing is imported yet")
        .access(Access::Needs(Permission::Import))
        .query::<UploadQuery>()
        .answers::<Import>()
}

pub(crate) fn start() -> Route {
    Route::post("/api/imports/{id}/start", "start_import", begin)
        .summary("Begins to import an uploaded file, or goes on with it")
        .access(Access::Needs(Permission::Import))
        .takes::<StartRequest>()
        .answers::<Import>()
}

pub(crate) fn one() -> Route {
    Route::get("/api/imports/{id}", "get_import", tell)
        .summary("How far an import is, and what came of it")
        .access(Access::Needs(Permission::Import))
        .answers::<Import>()
}

pub(crate) fn list() -> Route {
    Route::get("/api/imports", "imports", tell_all)
        .summary("All imports by upload, newest first")
        .access(Access::Needs(Permission::Import))
        .answers::<Imports>()
}

pub(crate) fn remove() -> Route {
    Route::delete("/api/imports/{id}", "delete_import", forget)
        .summary("Forgets an import and its uploaded file; what was imported stays")
        .access(Access::Needs(Permission::Import))
        .answers::<Imports>()
}

async fn take(
    State(server): State<Arc<Server>>,
    Params(query): Params<UploadQuery>,
    request: Request,
) -> Result<Answer<Import>, ApiError> {
    let name = shown_name(&query.name)?;
    let now_us = server.clock.now_us();
    let arrival = server.uploads.begin(now_us)?;
    let bytes = arrive(&server, arrival.id, request).await?;
    let (file, called, known) = (server.uploads.file(arrival.id), name.clone(), settled(&server).await?);
    let looked = tokio::task::spawn_blocking(move || look(&file, &called, &StartRequest::default(), &known)).await;
    let looked = looked.map_err(|problem| ApiError::internal(&problem))?;
    let import = Import {
        upload_id: arrival.id.to_string(),
        name,
        bytes,
        received_us: now_us,
        state: ImportState::Waiting,
        plan: looked.described,
        problem: looked.plan.err(),
        progress: None,
        outcome: None,
        started_us: None,
        ended_us: None,
    };
    Ok(Answer(arrival.put(Note { import, request: StartRequest::default() })?.told()))
}

/// Writes the body to the upload's file; how many bytes it has.
async fn arrive(server: &Server, id: u64, request: Request) -> Result<u64, ApiError> {
    let most = server.uploads.max_bytes();
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(server.uploads.file(id)).await.map_err(uploads::failed)?;
    let (mut body, mut bytes) = (request.into_body(), 0_u64);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|problem| broken(&problem))?;
        let Ok(data) = frame.into_data() else { continue };
        bytes += data.len() as u64;
        if bytes > most {
            let message =
                format!("the file has more than {most} bytes: split it, or import it with `perennial import`");
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message));
        }
        file.write_all(&data).await.map_err(uploads::failed)?;
    }
    file.flush().await.map_err(uploads::failed)?;
    Ok(bytes)
}

/// The last part of what the file is called, without what no name has.
fn shown_name(name: &str) -> Result<String, ApiError> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|letter| !letter.is_control()).take(MOST_NAME_LETTERS).collect();
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(ApiError::bad_request("bad_parameter", "say what the file is called").at("name"));
    }
    Ok(name)
}

async fn begin(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    Body(request): Body<StartRequest>,
) -> Result<Answer<Import>, ApiError> {
    let number = number(&id, "import")?;
    let begun = uploads::start(&server, number, request).await?;
    server.note(&caller, "import_started", Some(format!("import:{number}")), None).await?;
    Ok(Answer(begun))
}

async fn tell(State(server): State<Arc<Server>>, Named(id): Named) -> Result<Answer<Import>, ApiError> {
    Ok(Answer(server.uploads.get(number(&id, "import")?)?.told()))
}

async fn tell_all(State(server): State<Arc<Server>>) -> Answer<Imports> {
    Answer(Imports { imports: server.uploads.all() })
}

async fn forget(State(server): State<Arc<Server>>, Named(id): Named) -> Result<Answer<Imports>, ApiError> {
    server.uploads.forget(number(&id, "import")?)?;
    Ok(Answer(Imports { imports: server.uploads.all() }))
}
