//! A customer's rights: the archive, corrections, erasure. Each is audited.

use crate::access::{Access, Caller};
use crate::archive::{ArchiveError, CustomerRow, archive};
use crate::body::{Answer, Body};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use perennial_listen::normalise_key;
use perennial_listen::rights::{Correction, CorrectionError, correct};
use perennial_model::{CustomerId, IdentityKey, IdentityKind, Permission};
use perennial_ports::BrandSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What an erasure is confirmed with.
const ERASE: &str = "erase";

/// A key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyRequest {
    /// `member`, `unionid`, `phone`, `email`, `openid`, `external_userid`, `platform`, `anonymous`.
    kind: String,
    /// The key in full.
    value: String,
}

/// What is to be corrected.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CorrectRequest {
    /// Keys that the customer has.
    #[serde(default)]
    add_keys: Vec<KeyRequest>,
    /// Keys that the customer has not.
    #[serde(default)]
    remove_keys: Vec<KeyRequest>,
    /// Traits as they are; null says that there is none.
    #[serde(default)]
    traits: serde_json::Map<String, serde_json::Value>,
    /// Why: the timeline keeps it for whoever wonders later.
    reason: String,
}

/// What was corrected.
#[derive(Debug, Serialize, JsonSchema)]
struct CorrectedAnswer {
    /// The customer.
    customer_id: String,
    /// Keys added; one that the customer had is none.
    added_keys: usize,
    /// Keys removed.
    removed_keys: usize,
    /// Traits said anew.
    traits: usize,
}

/// An erasure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EraseRequest {
    /// The word `erase`: it cannot be undone.
    confirm: String,
}

/// What was erased.
#[derive(Debug, Serialize, JsonSchema)]
struct ErasedAnswer {
    /// Events.
    events: u64,
    /// Keys; of each a keyed hash is left, which keeps the customer away from later imports.
    keys: usize,
    /// Damaged files that may still hold events: restore them from a backup and run `perennial verify`, or
    /// give them up with `perennial verify --forget`.
    unreadable_files: Vec<String>,
}

pub(crate) fn export() -> Route {
    Route::post("/api/customers/{id}/archive", "export_customer", exported)
        .summary("All that is kept about a customer as one ZIP file")
        .access(Access::Needs(Permission::PrivacyRequests))
}

pub(crate) fn correction() -> Route {
    Route::patch("/api/customers/{id}", "correct_customer", corrected)
        .summary("Corrects keys and traits of a customer")
        .access(Access::Needs(Permission::EditCustomers))
        .takes::<CorrectRequest>()
        .answers::<CorrectedAnswer>()
}

pub(crate) fn erase() -> Route {
    Route::post("/api/customers/{id}/erase", "erase_customer", erased)
        .summary("Erases a customer for good, and keeps them from coming back with the next import")
        .access(Access::Needs(Permission::PrivacyRequests))
        .takes::<EraseRequest>()
        .answers::<ErasedAnswer>()
}

/// The customer of a number in a path, who must have a key; a profile's number leads to its customer.
pub(super) async fn customer_id(server: &Server, text: &str) -> Result<CustomerId, ApiError> {
    let absent = || ApiError::not_found("there is no such customer: GET /api/customers lists them");
    let number: u64 = text.parse().map_err(|_| absent())?;
    let customer = server.timeline.customer_of(CustomerId(number));
    let keys = server.timeline.store().identities_of(&server.timeline.profiles_of(customer)).await?;
    if keys.is_empty() || !customer.is_identified() { Err(absent()) } else { Ok(customer) }
}

/// Who did what to a customer.
pub(super) async fn note(
    server: &Server,
    caller: &Caller,
    action: &str,
    customer: CustomerId,
    detail: Option<String>,
) -> Result<(), ApiError> {
    server.note(caller, action, Some(format!("customer:{}", customer.0)), detail).await
}

async fn exported(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let customer = customer_id(&server, &id).await?;
    let settings = BrandSettings::load(&**server.timeline.store()).await?;
    let settings = settings.unwrap_or_else(BrandSettings::first);
    // What was imported a moment ago belongs into it as well.
    server.live_caught_up().await?;
    let columns = Arc::clone(&server.live.borrow().columns);
    let row = columns.customer(customer).map(|values| CustomerRow { specs: columns.specs().to_vec(), values });
    // Before it is handed over: nobody gets one unseen.
    note(&server, &caller, "customer_exported", customer, None).await?;
    let bytes = archive(&server.timeline, customer, row, settings, server.clock.now_us()).await.map_err(failed)?;
    let name = format!("attachment; filename=\"customer-{}.zip\"", customer.0);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes))
}

fn failed(problem: ArchiveError) -> ApiError {
    match problem {
        ArchiveError::NoSuchCustomer(_) => ApiError::not_found("there is no such customer"),
        ArchiveError::Store(problem) => problem.into(),
        ArchiveError::Timeline(problem) => problem.into(),
        other => ApiError::internal(&other),
    }
}

fn keys(field: &str, keys: &[KeyRequest]) -> Result<Vec<IdentityKey>, ApiError> {
    let one = |(place, key): (usize, &KeyRequest)| {
        let kind = IdentityKind::parse(&key.kind).ok_or_else(|| {
            let known = IdentityKind::ALL.map(IdentityKind::as_str).join(", ");
            ApiError::bad_request("no_kind", format!("is no kind of key: send one of {known}"))
                .at(format!("{field}[{place}].kind"))
        })?;
        let value = normalise_key(kind, &key.value).ok_or_else(|| {
            ApiError::bad_request("no_key", "cannot be a key of a customer").at(format!("{field}[{place}].value"))
        })?;
        Ok(IdentityKey { kind, value })
    };
    keys.iter().enumerate().map(one).collect()
}

async fn corrected(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Body(body): Body<CorrectRequest>,
) -> Result<Answer<CorrectedAnswer>, ApiError> {
    let customer = customer_id(&server, &id).await?;
    let (add, remove) = (keys("add_keys", &body.add_keys)?, keys("remove_keys", &body.remove_keys)?);
    let correction = Correction { add, remove, traits: body.traits, reason: body.reason };
    let _turn = server.writing.lock().await;
    let done = correct(&server.timeline, customer, &correction, server.clock.now_us()).await.map_err(refusal)?;
    let detail = format!("{} keys added, {} removed, {} traits", done.added, done.removed, done.traits);
    note(&server, &caller, "customer_corrected", customer, Some(detail)).await?;
    Ok(Answer(CorrectedAnswer {
        customer_id: customer.0.to_string(),
        added_keys: done.added,
        removed_keys: done.removed,
        traits: done.traits,
    }))
}

fn refusal(problem: CorrectionError) -> ApiError {
    match problem {
        CorrectionError::NoSuchCustomer(_) => ApiError::not_found("there is no such customer"),
        CorrectionError::OfAnother { kind, customer } => {
            let message = format!(
                "the {} to add is that of customer {customer}: if both are one person, merge them with POST \
                 /api/identity/merges",
                kind.as_str()
            );
            ApiError::new(StatusCode::CONFLICT, "of_another", message).at("add_keys")
        }
        CorrectionError::Listen(problem) => ApiError::of_listen(&problem),
        other => ApiError::bad_request("refused", other.to_string()),
    }
}

async fn erased(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Body(body): Body<EraseRequest>,
) -> Result<Answer<ErasedAnswer>, ApiError> {
    if body.confirm != ERASE {
        let message = "this cannot be undone: send the word erase to confirm it";
        return Err(ApiError::bad_request("not_confirmed", message).at("confirm"));
    }
    let customer = customer_id(&server, &id).await?;
    let _turn = server.writing.lock().await;
    // Before, so that nothing is erased that nobody hears of; the number names nobody afterwards.
    note(&server, &caller, "customer_erased", customer, None).await?;
    // Files that wait to be imported may hold the customer too.
    server.uploads.forget_files().map_err(|problem| ApiError::internal(&problem))?;
    let erasure = server.timeline.erase(customer).await?;
    Ok(Answer(ErasedAnswer { events: erasure.rows, keys: erasure.identities, unreadable_files: erasure.unreadable }))
}
