//! `GET /api/columns`: what the customer table has.

use crate::access::Access;
use crate::answers::customers::Columns;
use crate::{ApiError, Route};

pub(crate) fn route() -> Route {
    Route::get("/api/columns", "columns", soon)
        .summary("The columns of the customer table, with what they mean")
        .access(Access::SignedIn)
        .answers::<Columns>()
}

async fn soon() -> ApiError {
    ApiError::unavailable("this is not there yet")
}
