//! `GET /api/audit`: who did what.

use crate::access::Access;
use crate::body::Answer;
use crate::params::Params;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// Entries of one answer, unless told otherwise.
const ENTRIES: u32 = 100;
/// Entries of one answer at most.
const MOST_ENTRIES: u32 = 1000;

/// Which entries.
#[derive(Deserialize, JsonSchema)]
struct Asked {
    /// Those before this audit_id; otherwise the newest.
    before: Option<u64>,
    /// So many at most: 100 unless told otherwise, up to 1000.
    limit: Option<u32>,
}

/// Who did what.
#[derive(Serialize, JsonSchema)]
struct AuditAnswer {
    /// Newest first.
    entries: Vec<Entry>,
}

/// Something somebody did.
#[derive(Serialize, JsonSchema)]
struct Entry {
    /// Number.
    audit_id: u64,
    /// When (UTC µs).
    at_us: i64,
    /// The member; none for the command line.
    member_id: Option<u64>,
    /// Their name now.
    member_name: Option<String>,
    /// By which token.
    token_id: Option<u64>,
    /// Its name.
    token_name: Option<String>,
    /// What, as a word.
    action: String,
    /// To what or whom, as kind and number.
    subject: Option<String>,
    /// More.
    detail: Option<String>,
}

pub(crate) fn route() -> Route {
    Route::get("/api/audit", "audit", listed)
        .summary("Who did what, newest first")
        .access(Access::Needs(Permission::ReadAudit))
        .query::<Asked>()
        .answers::<AuditAnswer>()
}

async fn listed(
    State(server): State<Arc<Server>>,
    Params(asked): Params<Asked>,
) -> Result<Answer<AuditAnswer>, ApiError> {
    let accounts = &server.auth.accounts;
    let found = accounts.audit(asked.before, asked.limit.unwrap_or(ENTRIES).min(MOST_ENTRIES)).await?;
    let members: HashMap<u64, String> =
        accounts.members().await?.into_iter().map(|member| (member.member_id, member.name)).collect();
    let tokens: HashMap<u64, String> =
        accounts.tokens().await?.into_iter().map(|token| (token.token_id, token.name)).collect();
    let entries = found.into_iter().map(|found| Entry {
        audit_id: found.audit_id,
        at_us: found.entry.at_us,
        member_id: found.entry.member_id,
        member_name: found.entry.member_id.and_then(|member_id| members.get(&member_id).cloned()),
        token_id: found.entry.token_id,
        token_name: found.entry.token_id.and_then(|token_id| tokens.get(&token_id).cloned()),
        action: found.entry.action,
        subject: found.entry.subject,
        detail: found.entry.detail,
    });
    Ok(Answer(AuditAnswer { entries: entries.collect() }))
}
