//! `/api/members`: who may sign in.

use crate::access::{Access, Caller};
use crate::body::{Answer, Body};
use crate::{ApiError, Route, Server, auth};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use perennial_model::Role;
use perennial_ports::{Member, MemberChange, MemberChanged, NewMember};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Characters of a name at most.
const LONGEST_NAME: usize = 100;
/// Bytes of an e-mail at most (RFC 5321, 4.5.3.1.3).
const LONGEST_EMAIL: usize = 254;

/// Of the pages.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Language {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

impl Language {
    pub(super) fn word(self) -> String {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
        .to_owned()
    }
}

/// A role, as a word of GET /api/roles.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RoleWord {
    Owner,
    Marketer,
    Analyst,
    AccountManager,
    Staff,
    Viewer,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Owner => Self::Owner,
            RoleWord::Marketer => Self::Marketer,
            RoleWord::Analyst => Self::Analyst,
            RoleWord::AccountManager => Self::AccountManager,
            RoleWord::Staff => Self::Staff,
            RoleWord::Viewer => Self::Viewer,
        }
    }
}

/// All members.
#[derive(Serialize, JsonSchema)]
struct Members {
    /// Oldest first.
    members: Vec<MemberAnswer>,
}

/// Who may sign in.
#[derive(Serialize, JsonSchema)]
struct MemberAnswer {
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
    /// Since when (UTC µs).
    created_us: i64,
    /// Since when they may not sign in (UTC µs).
    disabled_us: Option<i64>,
    /// Whether they have set a password.
    joined: bool,
}

impl From<Member> for MemberAnswer {
    fn from(member: Member) -> Self {
        let role = member.role.as_str();
        let Member { member_id, email, name, language, created_us, disabled_us, joined, .. } = member;
        Self { member_id, email, name, role, language, created_us, disabled_us, joined }
    }
}

/// Who is invited.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Invite {
    /// With which they will sign in.
    email: String,
    /// As they are called.
    name: String,
    /// What they may.
    role: RoleWord,
    /// Of the pages.
    #[serde(default)]
    language: Language,
}

/// A member, and the link to send them.
#[derive(Serialize, JsonSchema)]
struct Invited {
    /// The member.
    member_id: u64,
    /// Path of the page where they set their password; shown only now, good once and until expires_us.
    link: String,
    /// Until when (UTC µs).
    expires_us: i64,
}

/// What changes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangeMember {
    /// As they are called.
    name: Option<String>,
    /// What they may.
    role: Option<RoleWord>,
    /// Whether they may not sign in.
    disabled: Option<bool>,
}

pub(crate) fn list() -> Route {
    Route::get("/api/members", "members", listed)
        .summary("All members")
        .access(Access::Needs(perennial_model::Permission::ManageMembers))
        .answers::<Members>()
}

pub(crate) fn invite() -> Route {
    Route::post("/api/members", "invite_member", invited)
        .summary("Invites a member: answers with a link to send them")
        .access(Access::Needs(perennial_model::Permission::ManageMembers))
        .takes::<Invite>()
        .answers::<Invited>()
}

pub(crate) fn change() -> Route {
    Route::patch("/api/members/{member_id}", "change_member", changed)
        .summary("Changes a member's name or role, or whether they may sign in")
        .access(Access::Needs(perennial_model::Permission::ManageMembers))
        .takes::<ChangeMember>()
        .answers::<MemberAnswer>()
}

pub(crate) fn link() -> Route {
    Route::post("/api/members/{member_id}/link", "member_link", linked)
        .summary("Makes another link by which a member sets a password; the one before is void")
        .access(Access::Needs(perennial_model::Permission::ManageMembers))
        .answers::<Invited>()
}

async fn listed(State(server): State<Arc<Server>>) -> Result<Answer<Members>, ApiError> {
    let members = server.auth.accounts.members().await?;
    Ok(Answer(Members { members: members.into_iter().map(MemberAnswer::from).collect() }))
}

async fn invited(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Body(body): Body<Invite>,
) -> Result<Answer<Invited>, ApiError> {
    let (email, name, role) = (check_email(&body.email)?, check_name(&body.name)?, Role::from(body.role));
    let created_us = server.clock.now_us();
    let new = NewMember { email, name, role, language: body.language.word(), password: None, created_us };
    let Some(member_id) = server.auth.accounts.add_member(&new).await? else {
        let message = "a member has this e-mail already: change that member instead";
        return Err(ApiError::new(StatusCode::CONFLICT, "email_taken", message).at("email"));
    };
    let detail = Some(format!("role {}", role.as_str()));
    server.note(&caller, "member_invited", Some(format!("member:{member_id}")), detail).await?;
    new_invitation(&server, member_id).await
}

async fn new_invitation(server: &Server, member_id: u64) -> Result<Answer<Invited>, ApiError> {
    let expires_us = server.clock.now_us() + auth::INVITATION_US;
    let secret = auth::new_link(&*server.auth.accounts, Some(member_id), expires_us).await?;
    Ok(Answer(Invited { member_id, link: format!("/join?token={secret}"), expires_us }))
}

async fn changed(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(member_id): Path<String>,
    Body(body): Body<ChangeMember>,
) -> Result<Answer<MemberAnswer>, ApiError> {
    let member_id = number(&member_id, "member")?;
    let role = body.role.map(Role::from);
    let now_us = server.clock.now_us();
    let change = MemberChange {
        name: body.name.map(|name| check_name(&name)).transpose()?,
        role,
        disabled_us: body.disabled.map(|disabled| disabled.then_some(now_us)),
        ..MemberChange::default()
    };
    let member = match server.auth.accounts.change_member(member_id, &change).await? {
        MemberChanged::Done(member) => member,
        MemberChanged::Missing => return Err(ApiError::not_found(format!("there is no member {member_id}"))),
        MemberChanged::LastOwner => {
            let message = "this is the last owner: make another member owner first";
            return Err(ApiError::new(StatusCode::CONFLICT, "last_owner", message));
        }
    };
    let words = [
        change.name.map(|_| "name".to_owned()),
        role.map(|role| format!("role {}", role.as_str())),
        body.disabled.map(|disabled| if disabled { "disabled" } else { "enabled" }.to_owned()),
    ];
    let detail = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
    server.note(&caller, "member_changed", Some(format!("member:{member_id}")), Some(detail)).await?;
    Ok(Answer(member.into()))
}

async fn linked(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(member_id): Path<String>,
) -> Result<Answer<Invited>, ApiError> {
    let member_id = number(&member_id, "member")?;
    let members = server.auth.accounts.members().await?;
    let may = members.iter().any(|member| member.member_id == member_id && member.disabled_us.is_none());
    if !may {
        return Err(ApiError::not_found(format!("there is no member {member_id} who may sign in")));
    }
    server.note(&caller, "member_link_made", Some(format!("member:{member_id}")), None).await?;
    new_invitation(&server, member_id).await
}

/// A number in a path.
pub(super) fn number(text: &str, what: &str) -> Result<u64, ApiError> {
    let number = text.parse().ok().filter(|number| i64::try_from(*number).is_ok());
    number.ok_or_else(|| ApiError::not_found(format!("there is no such {what}: its name is a number")))
}

/// As it is compared.
pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An e-mail that could be one.
pub(super) fn check_email(email: &str) -> Result<String, ApiError> {
    let email = normal_email(email);
    let whole = email
        .split_once('@')
        .is_some_and(|(mailbox, host)| !mailbox.is_empty() && !host.is_empty() && !host.contains('@'));
    let plain = !email.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if whole && plain && email.len() <= LONGEST_EMAIL {
        return Ok(email);
    }
    Err(ApiError::bad_request("no_email", "this is no e-mail: write it as name@host").at("email"))
}

/// A name that can be shown.
pub(super) fn check_name(name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    let count = name.chars().count();
    if (1..=LONGEST_NAME).contains(&count) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let message = format!("a name has 1 to {LONGEST_NAME} characters on one line");
    Err(ApiError::bad_request("no_name", message).at("name"))
}
