//! `/api/imports`: files dropped into the browser.

use crate::access::Access;
use crate::answers::imports::{Import, Imports, StartRequest};
use crate::{ApiError, Route};
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is uploaded.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadQuery {
    /// Name of the file, for people; tells nothing about its format.
    pub(crate) name: String,
}

pub(crate) fn upload() -> Route {
    Route::post("/api/imports", "upload_import", soon)
        .summary("Takes a file as the body, and says what was recognised in it; nothing is imported yet")
        .access(Access::Needs(Permission::Import))
        .query::<UploadQuery>()
        .answers::<Import>()
}

pub(crate) fn start() -> Route {
    Route::post("/api/imports/{id}/start", "start_import", soon)
        .summary("Begins to import an uploaded file, or goes on with it")
        .access(Access::Needs(Permission::Import))
        .takes::<StartRequest>()
        .answers::<Import>()
}

pub(crate) fn one() -> Route {
    Route::get("/api/imports/{id}", "get_import", soon)
        .summary("How far an import is, and what came of it")
        .access(Access::Needs(Permission::Import))
        .answers::<Import>()
}

pub(crate) fn list() -> Route {
    Route::get("/api/imports", "imports", soon)
        .summary("All imports by upload, newest first")
        .access(Access::Needs(Permission::Import))
        .answers::<Imports>()
}

pub(crate) fn remove() -> Route {
    Route::delete("/api/imports/{id}", "delete_import", soon)
        .summary("Forgets an import and its uploaded file; what was imported stays")
        .access(Access::Needs(Permission::Import))
        .answers::<Imports>()
}

async fn soon() -> ApiError {
    ApiError::unavailable("this is not there yet")
}
