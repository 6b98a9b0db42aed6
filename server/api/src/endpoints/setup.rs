//! `GET /api/setup` and `POST /api/setup`: the first owner.

use super::members::{Language, check_email, check_name};
use super::session::{SessionAnswer, signed_in};
use crate::access::Access;
use crate::body::{Answer, Body};
use crate::params::Params;
use crate::{ApiError, Client, Route, Server, auth};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use perennial_model::Role;
use perennial_ports::{NewAuditEntry, NewMember};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which link.
#[derive(Deserialize, JsonSchema)]
struct Asked {
    /// What stands in the link after `token=`.
    token: Option<String>,
}

/// Whether somebody owns the brand.
#[derive(Serialize, JsonSchema)]
struct Setup {
    /// Whether somebody owns the brand, so that nothing is left to set up.
    has_owner: bool,
    /// Whether the link is good.
    link_good: bool,
}

/// The first owner.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Owner {
    /// What stands in the link after `token=`.
    token: String,
    /// With which they will sign in.
    email: String,
    /// As they are called.
    name: String,
    /// Ten characters or more.
    password: String,
    /// Of the pages.
    #[serde(default)]
    language: Language,
}

pub(crate) fn state() -> Route {
    Route::get("/api/setup", "setup", told)
        .summary("Whether the first owner is still to be made, and whether a link is good for that")
        .access(Access::Public)
        .query::<Asked>()
        .answers::<Setup>()
}

pub(crate) fn set_up() -> Route {
    Route::post("/api/setup", "set_up", made)
        .summary("Makes the first owner by the link that the server printed, and signs them in")
        .access(Access::Public)
        .takes::<Owner>()
        .answers::<SessionAnswer>()
}

async fn told(State(server): State<Arc<Server>>, Params(asked): Params<Asked>) -> Result<Answer<Setup>, ApiError> {
    let accounts = &server.auth.accounts;
    let members = accounts.members().await?;
    let owns =
        |member: &perennial_ports::Member| member.role == Role::Owner && member.joined && member.disabled_us.is_none();
    let found = accounts.link(&auth::hash(asked.token.as_deref().unwrap_or_default()), server.clock.now_us()).await?;
    Ok(Answer(Setup { has_owner: members.iter().any(owns), link_good: matches!(found, Some(None)) }))
}

async fn made(
    State(server): State<Arc<Server>>,
    Extension(client): Extension<Client>,
    Body(body): Body<Owner>,
) -> Result<Response, ApiError> {
    let (hash, now_us) = (auth::hash(&body.token), server.clock.now_us());
    let accounts = &server.auth.accounts;
    // Nobody without a good link makes the server hash passwords.
    if accounts.link(&hash, now_us).await? != Some(None) {
        return Err(spent());
    }
    let (email, name) = (check_email(&body.email)?, check_name(&body.name)?);
    auth::check_password(&body.password, &email, &name)?;
    let password = Some(server.auth.passwords.hash(body.password).await?);
    let owner =
        NewMember { email, name, role: Role::Owner, language: body.language.word(), password, created_us: now_us };
    let Some(member) = accounts.set_up(&hash, &owner, now_us).await? else { return Err(spent()) };
    let entry = NewAuditEntry {
        at_us: now_us,
        member_id: Some(member.member_id),
        action: "owner_made".to_owned(),
        subject: Some(format!("member:{}", member.member_id)),
        ..NewAuditEntry::default()
    };
    accounts.note(&entry).await?;
    signed_in(&server, &client, &member).await
}

fn spent() -> ApiError {
    let message = "this link is not good any more: `perennial owner-link --data DIR` prints another one";
    ApiError::bad_request("link_spent", message).at("token")
}
