//! `/api/customers/{id}/consents`: what a customer agreed to, with its proof, and changes of it.

use super::rights::{customer_id, note};
use crate::access::{Access, Caller};
use crate::body::{Answer, Body};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::{Path, Query, State};
use perennial_listen::consent::{ConsentError, ConsentRequest, ConsentSettings, record};
use perennial_model::{
    ConsentChannel, ConsentRecord, ConsentState, CustomerId, Permission, Purpose, consents_named, deciding,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What to show.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ConsentsQuery {
    /// Addresses that changes came from. Needs the permission `reveal_keys`, and is audited.
    reveal: bool,
}

/// What a customer agrees to.
#[derive(Debug, Serialize, JsonSchema)]
struct Consents {
    /// The customer.
    customer_id: String,
    /// How things stand: each purpose and channel that something was said of, and `any` of each purpose
    /// that nothing was said of. What is said of `any` counts for each channel without a later word.
    standing: Vec<Standing>,
    /// Every change with its proof, newest first.
    history: Vec<Change>,
}

/// How things stand with one purpose and channel.
#[derive(Debug, Serialize, JsonSchema)]
struct Standing {
    /// For what: `marketing`, `personalisation`, `sharing`, `automated_decisions`, `analytics`, or one of
    /// the brand's own.
    purpose: String,
    /// By which way: `any`, `email`, `sms`, `wecom`, `push`, `phone`, `mail`.
    channel: String,
    /// `given`, `withdrawn` or `absent`; only `given` is a yes.
    state: String,
    /// Since when (UTC µs); null where nothing was said.
    since_us: Option<i64>,
}

/// A change of consent.
#[derive(Debug, Serialize, JsonSchema)]
struct Change {
    /// When the customer said so (UTC µs).
    at_us: i64,
    /// When it was recorded (UTC µs).
    recorded_us: i64,
    /// For what.
    purpose: String,
    /// By which way.
    channel: String,
    /// `given` or `withdrawn`.
    state: String,
    /// Where it was said.
    source: String,
    /// Version of the words agreed to.
    wording_version: Option<String>,
    /// Address that it came from; null unless revealed.
    ip: Option<String>,
    /// Whether there is an address.
    has_ip: bool,
    /// What else proves it.
    evidence: Option<String>,
}

/// A change to record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangeRequest {
    /// `given` or `withdrawn`.
    state: String,
    /// For what; an empty list withdraws from everything.
    #[serde(default)]
    purposes: Vec<String>,
    /// By which way; `any` unless given.
    #[serde(default)]
    channel: Option<String>,
    /// When the customer said so (UTC µs); now unless given.
    #[serde(default)]
    at_us: Option<i64>,
    /// Where it was said; `dashboard` unless given.
    #[serde(default)]
    source: Option<String>,
    /// Version of the words agreed to.
    #[serde(default)]
    wording_version: Option<String>,
    /// Address that it came from.
    #[serde(default)]
    ip: Option<String>,
    /// What else proves it.
    #[serde(default)]
    evidence: Option<String>,
}

pub(crate) fn show() -> Route {
    Route::get("/api/customers/{id}/consents", "consents", shown)
        .summary("What a customer agreed to, and every change with its proof")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<ConsentsQuery>()
        .answers::<Consents>()
}

pub(crate) fn change() -> Route {
    Route::post("/api/customers/{id}/consents", "change_consents", changed)
        .summary("Records that a customer agrees, or does not any more: to one purpose or to everything")
        .access(Access::Needs(Permission::EditCustomers))
        .takes::<ChangeRequest>()
        .answers::<Consents>()
}

async fn shown(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<ConsentsQuery>,
) -> Result<Answer<Consents>, ApiError> {
    let customer = customer_id(&server, &id).await?;
    if query.reveal {
        if !caller.may(Permission::RevealKeys) {
            return Err(ApiError::forbidden("to see addresses needs the permission reveal_keys: ask an owner"));
        }
        note(&server, &caller, "consents_revealed", customer, None).await?;
    }
    answer(&server, customer, query.reveal).await.map(Answer)
}

async fn changed(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Body(body): Body<ChangeRequest>,
) -> Result<Answer<Consents>, ApiError> {
    let customer = customer_id(&server, &id).await?;
    let settings = settings(&server).await?;
    let request = request(body, &settings)?;
    let word = if request.given { "consent_given" } else { "consent_withdrawn" };
    let records = record(&server.timeline, customer, request, server.clock.now_us()).await.map_err(refusal)?;
    let said = records.iter().map(|record| format!("{} {}", record.purpose.as_str(), record.channel.as_str()));
    note(&server, &caller, word, customer, Some(said.collect::<Vec<_>>().join(", "))).await?;
    answer(&server, customer, false).await.map(Answer)
}

async fn settings(server: &Server) -> Result<ConsentSettings, ApiError> {
    ConsentSettings::load(&**server.timeline.store()).await.map_err(|problem| ApiError::of_listen(&problem))
}

fn request(body: ChangeRequest, settings: &ConsentSettings) -> Result<ConsentRequest, ApiError> {
    let given = match body.state.as_str() {
        "given" => true,
        "withdrawn" => false,
        _ => return Err(ApiError::bad_request("no_state", "is no change: send given or withdrawn").at("state")),
    };
    let channel = body.channel.as_deref().unwrap_or("any");
    let channel = ConsentChannel::parse(channel).ok_or_else(|| {
        let known = ConsentChannel::ALL.map(ConsentChannel::as_str).join(", ");
        ApiError::bad_request("no_channel", format!("is no channel of consent: send one of {known}")).at("channel")
    })?;
    let purpose = |(place, word): (usize, &String)| {
        let at = format!("purposes[{place}]");
        settings.purpose(word).map_err(|problem| ApiError::bad_request("no_purpose", problem.to_string()).at(at))
    };
    Ok(ConsentRequest {
        purposes: body.purposes.iter().enumerate().map(purpose).collect::<Result<_, _>>()?,
        channel,
        given,
        at_us: body.at_us,
        source: body.source.unwrap_or_else(|| "dashboard".to_owned()),
        wording_version: body.wording_version,
        ip: body.ip,
        evidence: body.evidence,
    })
}

fn refusal(problem: ConsentError) -> ApiError {
    match problem {
        ConsentError::NoSuchCustomer(_) => ApiError::not_found("there is no such customer"),
        ConsentError::Refused { field, reason } => ApiError::bad_request("refused", reason).at(field),
        ConsentError::Listen(problem) => ApiError::of_listen(&problem),
    }
}

async fn answer(server: &Server, customer: CustomerId, reveal: bool) -> Result<Consents, ApiError> {
    let records = server.timeline.consents_of(customer).await?;
    let settings = settings(server).await?;
    let mut places = consents_named(&records);
    places.extend(settings.all().filter(|purpose| records.iter().all(|record| record.purpose != *purpose)).map(any));
    let standing = |(purpose, channel): (Purpose, ConsentChannel)| {
        let last = deciding(&records, &purpose, channel, i64::MAX);
        let state = last.map_or(ConsentState::Absent, ConsentRecord::state);
        Standing {
            purpose: purpose.into(),
            channel: channel.as_str().to_owned(),
            state: state.as_str().to_owned(),
            since_us: last.map(|last| last.at_us),
        }
    };
    let change = |record: &ConsentRecord| Change {
        at_us: record.at_us,
        recorded_us: record.recorded_us,
        purpose: record.purpose.as_str().to_owned(),
        channel: record.channel.as_str().to_owned(),
        state: record.state().as_str().to_owned(),
        source: record.source.clone(),
        wording_version: record.wording_version.clone(),
        ip: record.ip.clone().filter(|_| reveal),
        has_ip: record.ip.is_some(),
        evidence: record.evidence.clone(),
    };
    Ok(Consents {
        customer_id: customer.0.to_string(),
        standing: places.into_iter().map(standing).collect(),
        history: records.iter().rev().map(change).collect(),
    })
}

const fn any(purpose: Purpose) -> (Purpose, ConsentChannel) {
    (purpose, ConsentChannel::Any)
}
