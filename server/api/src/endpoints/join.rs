//! `GET /api/join` and `POST /api/join`: a member sets a password by a link.

use super::members::{Language, check_name};
use super::session::{SessionAnswer, signed_in};
use crate::access::Access;
use crate::body::{Answer, Body};
use crate::params::Params;
use crate::{ApiError, Client, Route, Server, auth};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use perennial_ports::{Member, MemberChange, NewAuditEntry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which link.
#[derive(Deserialize, JsonSchema)]
struct Asked {
    /// What stands in the link after `token=`.
    token: String,
}

/// Whose link it is.
#[derive(Serialize, JsonSchema)]
struct Invitation {
    /// With which they sign in.
    email: String,
    /// As they are called so far.
    name: String,
    /// Of the pages.
    language: String,
    /// Whether they had a password before: then the link sets another one.
    joined: bool,
}

/// A member's password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Join {
    /// What stands in the link after `token=`.
    token: String,
    /// Ten characters or more.
    password: String,
    /// As they want to be called.
    name: Option<String>,
    /// Of the pages.
    language: Option<Language>,
}

pub(crate) fn state() -> Route {
    Route::get("/api/join", "invitation", told)
        .summary("Whose password a link sets")
        .access(Access::Public)
        .query::<Asked>()
        .answers::<Invitation>()
}

pub(crate) fn join() -> Route {
    Route::post("/api/join", "join", joined)
        .summary("Sets a member's password by a link, ends their other sessions and signs them in")
        .access(Access::Public)
        .takes::<Join>()
        .answers::<SessionAnswer>()
}

async fn invited(server: &Server, token: &str) -> Result<Member, ApiError> {
    let found = server.auth.accounts.link(&auth::hash(token), server.clock.now_us()).await?;
    found.flatten().filter(|member| member.disabled_us.is_none()).ok_or_else(spent)
}

async fn told(State(server): State<Arc<Server>>, Params(asked): Params<Asked>) -> Result<Answer<Invitation>, ApiError> {
    let member = invited(&server, &asked.token).await?;
    let Member { email, name, language, joined, .. } = member;
    Ok(Answer(Invitation { email, name, language, joined }))
}

async fn joined(
    State(server): State<Arc<Server>>,
    Extension(client): Extension<Client>,
    Body(body): Body<Join>,
) -> Result<Response, ApiError> {
    let invited = invited(&server, &body.token).await?;
    let name = body.name.map(|name| check_name(&name)).transpose()?;
    auth::check_password(&body.password, &invited.email, name.as_deref().unwrap_or(&invited.name))?;
    let password = Some(server.auth.passwords.hash(body.password).await?);
    let change =
        MemberChange { name, password, language: body.language.map(Language::word), ..MemberChange::default() };
    let now_us = server.clock.now_us();
    let joined = server.auth.accounts.join(&auth::hash(&body.token), &change, now_us).await?;
    let member = joined.ok_or_else(spent)?;
    let entry = NewAuditEntry {
        at_us: now_us,
        member_id: Some(member.member_id),
        action: if invited.joined { "password_reset" } else { "member_joined" }.to_owned(),
        subject: Some(format!("member:{}", member.member_id)),
        ..NewAuditEntry::default()
    };
    server.auth.accounts.note(&entry).await?;
    signed_in(&server, &client, &member).await
}

fn spent() -> ApiError {
    ApiError::bad_request("link_spent", "this link is not good any more: ask an owner for another one").at("token")
}
