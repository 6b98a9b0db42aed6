//! Who calls: by a token, or by a session's cookie and the word that goes with it.

use super::secret;
use crate::access::Caller;
use crate::client::Client;
use crate::{ApiError, Server};
use axum::http::{HeaderMap, HeaderName, Method, header};
use perennial_ports::{Session, StoreError};
use std::sync::Arc;

/// Name of the session's cookie.
pub(crate) const COOKIE: &str = "perennial_session";
/// Carries the word of [`secret::csrf_token`].
const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");
/// A session's end is put off, and a token's use noted, no more often.
const NOTED_EVERY_US: i64 = 60 * 1_000_000;

/// Who calls, if anybody we know.
pub(crate) async fn caller(
    server: &Server,
    client: &Client,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Caller, ApiError> {
    if let Some(token) = bearer(headers) {
        return by_token(server, token).await;
    }
    let Some(cookie) = session_cookie(headers) else {
        return Err(ApiError::unauthorized("sign in first, or send a token as `Authorization: Bearer TOKEN`"));
    };
    let caller = by_session(server, cookie).await?;
    if !method.is_safe() {
        same_site(client, headers)?;
        let sent = headers.get(CSRF).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !secret::same(sent, &secret::csrf_token(cookie)) {
            let message = "this changes something: send the csrf_token of GET /api/session as X-CSRF-Token";
            return Err(ApiError::new(axum::http::StatusCode::FORBIDDEN, "csrf", message));
        }
    }
    Ok(caller)
}

/// Refuses what a page of another site makes a browser send. Programs send neither header.
pub(crate) fn same_site(client: &Client, headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let fine = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some_and(|host| client.host.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(host)))
        }
        (None, None) => true,
    };
    if fine {
        return Ok(());
    }
    let message = "another site's page sent this: open the dashboard itself; behind a proxy, see trusted_proxies";
    Err(ApiError::new(axum::http::StatusCode::FORBIDDEN, "cross_site", message))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The session's secret.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

async fn by_token(server: &Server, token: &str) -> Result<Caller, ApiError> {
    let found = server.auth.accounts.token(&secret::hash(token)).await?;
    let Some((token, member)) = found else {
        return Err(ApiError::unauthorized("this token is not known or was revoked: an owner can make another one"));
    };
    let now_us = server.clock.now_us();
    if token.used_us.is_none_or(|used_us| now_us.saturating_sub(used_us).abs() >= NOTED_EVERY_US) {
        let (accounts, token_id) = (Arc::clone(&server.auth.accounts), token.token_id);
        later(server, async move { accounts.note_token_used(token_id, now_us).await });
    }
    Ok(Caller {
        member_id: member.member_id,
        name: token.name,
        role: member.role,
        scopes: Some(token.scopes),
        token_id: Some(token.token_id),
        session: None,
    })
}

async fn by_session(server: &Server, cookie: &str) -> Result<Caller, ApiError> {
    let (hash, now_us) = (secret::hash(cookie), server.clock.now_us());
    let Some((session, member)) = server.auth.accounts.session(&hash, now_us).await? else {
        return Err(ApiError::unauthorized("the session has ended: sign in again"));
    };
    if now_us.saturating_sub(session.seen_us).abs() >= NOTED_EVERY_US {
        put_off(server, &session, now_us);
    }
    Ok(Caller {
        member_id: member.member_id,
        name: member.email,
        role: member.role,
        scopes: None,
        token_id: None,
        session: Some(hash),
    })
}

fn put_off(server: &Server, session: &Session, now_us: i64) {
    let lifetimes = &server.auth.options;
    let expires_us = (now_us + lifetimes.session_idle_us).min(session.created_us + lifetimes.session_longest_us);
    let hash = session.hash;
    let accounts = Arc::clone(&server.auth.accounts);
    later(server, async move { accounts.extend_session(&hash, now_us, expires_us).await });
}

/// Writes beside the answer: a write may have to wait for a large import's turn. No more than one of
/// them at once: what is not noted now is noted with the next request.
fn later(server: &Server, write: impl Future<Output = Result<(), StoreError>> + Send + 'static) {
    let Ok(turn) = Arc::clone(&server.auth.noting).try_acquire_owned() else { return };
    tokio::spawn(async move {
        if let Err(problem) = write.await {
            tracing::warn!(error = %problem, "the use of a session or token could not be noted");
        }
        drop(turn);
    });
}
