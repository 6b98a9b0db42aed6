//! A session begins and ends: its cookie.

use super::gate::COOKIE;
use super::secret;
use crate::client::Client;
use crate::{ApiError, Server};
use axum::http::HeaderValue;
use perennial_ports::{Member, Session};

/// Signs a member in; the session's secret and its cookie.
pub(crate) async fn open(server: &Server, client: &Client, member: &Member) -> Result<(String, HeaderValue), ApiError> {
    let (secret, now_us) = (secret::fresh("")?, server.clock.now_us());
    let options = &server.auth.options;
    let session = Session {
        hash: secret::hash(&secret),
        member_id: member.member_id,
        created_us: now_us,
        seen_us: now_us,
        expires_us: now_us + options.session_idle_us.min(options.session_longest_us),
    };
    server.auth.accounts.open_session(&session).await?;
    let cookie = cookie(&secret, options.session_longest_us / 1_000_000, client.https)?;
    Ok((secret, cookie))
}

/// Takes the cookie away.
pub(crate) fn clear_cookie(client: &Client) -> Result<HeaderValue, ApiError> {
    cookie("", 0, client.https)
}

fn cookie(secret: &str, seconds: i64, secure: bool) -> Result<HeaderValue, ApiError> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut value = HeaderValue::try_from(text).map_err(|problem| ApiError::internal(&problem))?;
    value.set_sensitive(true);
    Ok(value)
}
