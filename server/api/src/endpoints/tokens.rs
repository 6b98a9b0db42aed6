//! `/api/tokens`: what programs send as `Authorization: Bearer`.

use super::members::{check_name, number};
use super::sign_in::Done;
use crate::access::{Access, Caller};
use crate::body::{Answer, Body};
use crate::{ApiError, Route, Server, auth};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use perennial_model::Permission;
use perennial_ports::{ApiToken, NewToken};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Tokens that are not revoked, at most.
const MOST_TOKENS: usize = 1000;

/// All tokens.
#[derive(Serialize, JsonSchema)]
struct Tokens {
    /// Oldest first.
    tokens: Vec<TokenAnswer>,
}

/// A token, without its secret.
#[derive(Serialize, JsonSchema)]
struct TokenAnswer {
    /// Number.
    token_id: u64,
    /// What it is for.
    name: String,
    /// What it may, as far as who made it may.
    scopes: Vec<&'static str>,
    /// Who made it.
    member_id: u64,
    /// When (UTC µs).
    created_us: i64,
    /// When it was last used, to the minute (UTC µs).
    used_us: Option<i64>,
    /// Since when it is good for nothing (UTC µs).
    revoked_us: Option<i64>,
}

impl From<ApiToken> for TokenAnswer {
    fn from(token: ApiToken) -> Self {
        let scopes = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let ApiToken { token_id, name, member_id, created_us, used_us, revoked_us, .. } = token;
        Self { token_id, name, scopes, member_id, created_us, used_us, revoked_us }
    }
}

/// A token to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// What it is for.
    name: String,
    /// What it may: permissions of GET /api/roles.
    scopes: Vec<String>,
}

/// A token and its secret.
#[derive(Serialize, JsonSchema)]
struct Created {
    /// Number.
    token_id: u64,
    /// To be sent as `Authorization: Bearer TOKEN`; shown only now.
    token: String,
}

pub(crate) fn list() -> Route {
    Route::get("/api/tokens", "tokens", listed)
        .summary("All tokens, without their secrets")
        .access(Access::Needs(Permission::ManageMembers))
        .answers::<Tokens>()
}

pub(crate) fn create() -> Route {
    Route::post("/api/tokens", "create_token", created)
        .summary("Makes a token for a program")
        .access(Access::Needs(Permission::ManageMembers))
        .takes::<Create>()
        .answers::<Created>()
}

pub(crate) fn revoke() -> Route {
    Route::delete("/api/tokens/{token_id}", "revoke_token", revoked)
        .summary("Revokes a token")
        .access(Access::Needs(Permission::ManageMembers))
        .answers::<Done>()
}

async fn listed(State(server): State<Arc<Server>>) -> Result<Answer<Tokens>, ApiError> {
    let tokens = server.auth.accounts.tokens().await?;
    Ok(Answer(Tokens { tokens: tokens.into_iter().map(TokenAnswer::from).collect() }))
}

/// The permissions of these words, which the caller must have.
fn scopes(words: &[String], caller: &Caller) -> Result<Vec<Permission>, ApiError> {
    let scope = |(index, word): (usize, &String)| {
        let at = format!("scopes[{index}]");
        let permission = Permission::parse(word).ok_or_else(|| {
            ApiError::bad_request("no_scope", format!("there is no scope {word}: GET /api/roles lists them")).at(&at)
        })?;
        if caller.may(permission) {
            return Ok(permission);
        }
        Err(ApiError::forbidden(format!("nobody gives a token what they may not: {word}")).at(&at))
    };
    let mut scopes = words.iter().enumerate().map(scope).collect::<Result<Vec<_>, _>>()?;
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

async fn created(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Body(body): Body<Create>,
) -> Result<Answer<Created>, ApiError> {
    let (name, scopes) = (check_name(&body.name)?, scopes(&body.scopes, &caller)?);
    let accounts = &server.auth.accounts;
    if accounts.tokens().await?.iter().filter(|token| token.revoked_us.is_none()).count() >= MOST_TOKENS {
        let message = format!("there are {MOST_TOKENS} tokens, which is the most: revoke some");
        return Err(ApiError::new(StatusCode::CONFLICT, "too_many_tokens", message));
    }
    let token = auth::fresh("pt_")?;
    let words = scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
    let created_us = server.clock.now_us();
    let new = NewToken { hash: auth::hash(&token), name, scopes, member_id: caller.member_id, created_us };
    let token_id = accounts.add_token(&new).await?;
    server.note(&caller, "token_created", Some(format!("token:{token_id}")), Some(words)).await?;
    Ok(Answer(Created { token_id, token }))
}

async fn revoked(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(token_id): Path<String>,
) -> Result<Answer<Done>, ApiError> {
    let token_id = number(&token_id, "token")?;
    if !server.auth.accounts.revoke_token(token_id, server.clock.now_us()).await? {
        return Err(ApiError::not_found(format!("there is no token {token_id} that is good")));
    }
    server.note(&caller, "token_revoked", Some(format!("token:{token_id}")), None).await?;
    Ok(Answer(Done { done: true }))
}
