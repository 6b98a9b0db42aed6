//! `GET /api/explain/{figure}`: how a figure is computed, from whom, and the SQL for it.

use crate::access::Access;
use crate::answers::explain::Explanation;
use crate::{ApiError, Route};

pub(crate) fn route() -> Route {
    Route::get("/api/explain/{figure}", "explain", soon)
        .summary("What a figure means, from how many, as of when, and the SQL for it")
        .access(Access::SignedIn)
        .answers::<Explanation>()
}

async fn soon() -> ApiError {
    ApiError::unavailable("this is not there yet")
}
