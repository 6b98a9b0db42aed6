//! `GET /api/openapi.json`.

use crate::Route;
use crate::access::Access;
use crate::body::Answer;

pub(crate) fn route() -> Route {
    Route::get("/api/openapi.json", "openapi", || async { Answer(crate::openapi()) })
        .summary("This description of the API")
        .access(Access::Public)
}
