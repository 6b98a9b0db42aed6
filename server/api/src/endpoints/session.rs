//! `GET /api/session` and `PATCH /api/session`: who is signed in.

use super::members::{Language, check_name};
use crate::access::{Access, Caller};
use crate::body::{Answer, Body};
use crate::{ApiError, Client, Route, Server, auth};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use perennial_model::{Permission, Role};
use perennial_ports::{Member, MemberChange, MemberChanged};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Who is signed in, and what they may.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SessionAnswer {
    /// The member; of a token, who made it.
    member: SessionMember,
    /// What they may, as words of GET /api/roles.
    permissions: Vec<&'static str>,
    /// To be sent as X-CSRF-Token with everything that changes something; none for a token.
    csrf_token: Option<String>,
}

/// A member, as they see themselves.
#[derive(Serialize, JsonSchema)]
struct SessionMember {
    /// Number.
    member_id: u64,
    /// With which they sign in.
    email: String,
    /// As they are called.
    name: String,
    /// owner, marketer, analyst, account_manager, staff or viewer.
    role: &'static str,
    /// Of the pages: zh or en.
    language: String,
}

/// What a member changes about themselves.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Changes {
    /// As they are called.
    name: Option<String>,
    /// Of the pages.
    language: Option<Language>,
    /// Another password; all other sessions end.
    password: Option<NewPassword>,
}

/// Another password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// The one so far.
    old: String,
    /// The one from now on: ten characters or more.
    new: String,
}

pub(crate) fn show() -> Route {
    Route::get("/api/session", "session", session)
        .summary("Who is signed in, and what they may")
        .access(Access::SignedIn)
        .answers::<SessionAnswer>()
}

pub(crate) fn change() -> Route {
    Route::patch("/api/session", "change_session", changed)
        .summary("Changes the own name, language or password")
        .access(Access::SignedIn)
        .takes::<Changes>()
        .answers::<SessionAnswer>()
}

/// Opens a session and answers with it.
pub(super) async fn signed_in(server: &Server, client: &Client, member: &Member) -> Result<Response, ApiError> {
    let (secret, cookie) = auth::open(server, client, member).await?;
    let answer = answer(member, Role::permits, Some(auth::csrf_token(&secret)));
    Ok(([(header::SET_COOKIE, cookie)], Answer(answer)).into_response())
}

/// A token cannot do what is a member's own.
pub(super) fn not_a_session() -> ApiError {
    ApiError::bad_request("no_session", "a token has no session: sign in to do this")
}

fn answer(member: &Member, may: impl Fn(Role, Permission) -> bool, csrf_token: Option<String>) -> SessionAnswer {
    let permissions = Permission::ALL.into_iter().filter(|permission| may(member.role, *permission));
    let permissions = permissions.map(Permission::as_str).collect();
    let member = SessionMember {
        member_id: member.member_id,
        email: member.email.clone(),
        name: member.name.clone(),
        role: member.role.as_str(),
        language: member.language.clone(),
    };
    SessionAnswer { member, permissions, csrf_token }
}

async fn own(server: &Server, caller: &Caller) -> Result<Member, ApiError> {
    let members = server.auth.accounts.members().await?;
    let own = members.into_iter().find(|member| member.member_id == caller.member_id);
    own.ok_or_else(|| ApiError::not_found("this member is no more"))
}

fn csrf(caller: &Caller, headers: &HeaderMap) -> Option<String> {
    caller.session.and_then(|_| auth::session_cookie(headers)).map(auth::csrf_token)
}

async fn session(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let member = own(&server, &caller).await?;
    let answer = answer(&member, |_, permission| caller.may(permission), csrf(&caller, &headers));
    Ok(([(header::CACHE_CONTROL, "no-store")], Answer(answer)).into_response())
}

async fn changed(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Body(body): Body<Changes>,
) -> Result<Answer<SessionAnswer>, ApiError> {
    let session = caller.session.ok_or_else(not_a_session)?;
    let member = own(&server, &caller).await?;
    let name = body.name.map(|name| check_name(&name)).transpose()?;
    let mut change = MemberChange { name, language: body.language.map(Language::word), ..MemberChange::default() };
    if let Some(password) = body.password {
        change.password = Some(new_password(&server, &client, &member, password).await?);
    }
    let MemberChanged::Done(member) = server.auth.accounts.change_member(caller.member_id, &change).await? else {
        return Err(ApiError::not_found("this member is no more"));
    };
    if change.password.is_some() {
        server.auth.accounts.close_sessions(caller.member_id, Some(&session)).await?;
        server.note(&caller, "password_changed", Some(format!("member:{}", caller.member_id)), None).await?;
    }
    Ok(Answer(answer(&member, Role::permits, csrf(&caller, &headers))))
}

/// The hash of the new password, where the old one is right.
async fn new_password(
    server: &Server,
    client: &Client,
    member: &Member,
    password: NewPassword,
) -> Result<String, ApiError> {
    auth::check_password(&password.new, &member.email, &member.name)?;
    let attempt = server.auth.attempts.begin(&member.email, client.address, &*server.clock);
    let attempt = attempt.map_err(super::sign_in::too_many)?;
    let hash = server.auth.accounts.member_by_email(&member.email).await?.and_then(|(_, hash)| hash);
    if !server.auth.passwords.verify(password.old, hash).await? {
        let error = ApiError::new(StatusCode::FORBIDDEN, "wrong_password", "the password so far is another one");
        return Err(error.at("password.old"));
    }
    server.auth.attempts.succeeded(&attempt);
    server.auth.passwords.hash(password.new).await
}
