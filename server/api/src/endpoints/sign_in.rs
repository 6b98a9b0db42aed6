//! `POST /api/sign-in` and `POST /api/sign-out`.

use super::session::{SessionAnswer, signed_in};
use crate::access::{Access, Caller};
use crate::body::{Answer, Body, parse};
use crate::{ApiError, Client, Route, Server, auth};
use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use perennial_ports::Member;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Who signs in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The member's e-mail.
    email: String,
    /// The member's password.
    password: String,
}

/// What ends.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignOut {
    /// All of the member's sessions, in other browsers too.
    #[serde(default)]
    everywhere: bool,
}

/// Nothing to say.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Done {
    /// Always true.
    pub(crate) done: bool,
}

pub(crate) fn sign_in() -> Route {
    Route::post("/api/sign-in", "sign_in", enter)
        .summary("Signs a member in: sets the session's cookie")
        .access(Access::Public)
        .takes::<SignIn>()
        .answers::<SessionAnswer>()
}

pub(crate) fn sign_out() -> Route {
    Route::post("/api/sign-out", "sign_out", leave)
        .summary("Signs out, here or everywhere")
        .access(Access::SignedIn)
        .takes::<SignOut>()
        .answers::<Done>()
}

async fn enter(
    State(server): State<Arc<Server>>,
    Extension(client): Extension<Client>,
    Body(body): Body<SignIn>,
) -> Result<Response, ApiError> {
    let email = super::members::normal_email(&body.email);
    let attempt = server.auth.attempts.begin(&email, client.address, &*server.clock).map_err(too_many)?;
    let (member, hash) = server.auth.accounts.member_by_email(&email).await?.unzip();
    let member = member.filter(|member: &Member| member.disabled_us.is_none());
    let fits = server.auth.passwords.verify(body.password, hash.flatten()).await?;
    let Some(member) = member.filter(|_| fits) else {
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "wrong_password", "the e-mail or the password is wrong"));
    };
    server.auth.attempts.succeeded(&attempt);
    signed_in(&server, &client, &member).await
}

pub(super) fn too_many(seconds: u32) -> ApiError {
    let message = format!("too many attempts to sign in: try again in {} minutes", seconds.div_ceil(60));
    let mut error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", message);
    error.retry_after_secs = Some(seconds);
    error
}

async fn leave(
    State(server): State<Arc<Server>>,
    Extension(client): Extension<Client>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let session = caller.session.ok_or_else(super::session::not_a_session)?;
    let accounts = &server.auth.accounts;
    if parse::<SignOut>(if body.is_empty() { b"{}" } else { &body })?.everywhere {
        accounts.close_sessions(caller.member_id, None).await?;
    } else {
        accounts.close_session(&session).await?;
    }
    Ok(([(header::SET_COOKIE, auth::clear_cookie(&client)?)], Answer(Done { done: true })).into_response())
}
