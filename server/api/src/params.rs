//! What comes in the path and the query, said to be wrong in the words of the API.

use crate::ApiError;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use perennial_model::{CustomerId, civil_from_day, day_from_civil};
use serde::de::DeserializeOwned;

/// Parameters of the query.
pub(crate) struct Params<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(params)| Self(params))
            .map_err(|problem| ApiError::bad_request("bad_parameter", problem.body_text()))
    }
}

/// The one parameter of the path.
pub(crate) struct Named(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = Path::<String>::from_request_parts(parts, state).await;
        read.map(|Path(name)| Self(name)).map_err(|problem| ApiError::bad_request("bad_path", problem.body_text()))
    }
}

/// A customer's number.
pub(crate) fn customer_id(text: &str, at: &str) -> Result<CustomerId, ApiError> {
    let known = text.parse().ok().map(CustomerId).filter(|id| id.is_identified());
    known.ok_or_else(|| ApiError::bad_request("bad_customer", "this is not the number of a customer").at(at))
}

/// A number of something else.
pub(crate) fn number(text: &str, what: &str) -> Result<u64, ApiError> {
    text.parse().map_err(|_| ApiError::bad_request("bad_number", format!("this is not the number of a {what}")))
}

/// A day written as `YYYY-MM-DD`, as days since 1970-01-01.
pub(crate) fn day(text: &str, at: &str) -> Result<i32, ApiError> {
    let parts: Vec<&str> = text.split('-').collect();
    let found = match parts[..] {
        [year, month, day] if year.len() == 4 => year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok()),
        _ => None,
    };
    let found = found.and_then(|((year, month), day)| day_from_civil(year, month, day));
    found.ok_or_else(|| ApiError::bad_request("bad_day", format!("{at} is not a day: write it as YYYY-MM-DD")).at(at))
}

/// `YYYY-MM-DD`.
pub(crate) fn day_text(day: i32) -> String {
    let (year, month, date) = civil_from_day(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// Words separated by commas, without empty ones.
pub(crate) fn listed(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// Items of a page: as many as asked for, within bounds.
pub(crate) fn page_size(asked: Option<u32>) -> Result<usize, ApiError> {
    const USUAL: u32 = 50;
    const MOST: u32 = 200;
    let limit = asked.unwrap_or(USUAL);
    if limit > MOST {
        return Err(ApiError::bad_request("bad_parameter", format!("at most {MOST} at once")).at("limit"));
    }
    Ok(limit as usize)
}
