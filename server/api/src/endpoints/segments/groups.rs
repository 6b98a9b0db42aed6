//! Lists and tags: made, filled and removed by hand.

use crate::access::{Access, Caller};
use crate::answers::segments::{GroupChanged, GroupRow, Groups};
use crate::body::{Answer, Body};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::{Path, State};
use perennial_listen::normalise_key;
use perennial_model::{CustomerId, IdentityKey, IdentityKind, Permission};
use perennial_ports::{GroupChange, GroupKind, NewAuditEntry};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Letters of a name.
const NAME_LETTERS: usize = 63;
/// Letters of a description.
const DESCRIPTION_LETTERS: usize = 500;
/// Members of one request.
const MOST_MEMBERS: usize = 10_000;

/// A list or a tag as it is to be.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GroupRequest {
    /// What it is for.
    description: Option<String>,
}

/// Who comes and who goes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MembersRequest {
    /// Customers who are in it then.
    add: Vec<String>,
    /// The same, by their keys.
    add_keys: Vec<MemberKey>,
    /// Customers who are not in it then.
    remove: Vec<String>,
}

/// A key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MemberKey {
    /// `member`, `unionid`, `phone`, `email`, `openid`, `external_userid`, `platform`, `anonymous`.
    kind: String,
    /// The key in full.
    value: String,
}

pub(crate) fn list() -> Route {
    Route::get("/api/groups", "groups", answer_list)
        .summary("All lists and tags of customers")
        .access(Access::Needs(Permission::ReadFigures))
        .answers::<Groups>()
}

pub(crate) fn put() -> Route {
    Route::put("/api/groups/{kind}/{name}", "put_group", answer_put)
        .summary("Makes a list or a tag, or describes it anew")
        .access(Access::Needs(Permission::EditCustomers))
        .takes::<GroupRequest>()
        .answers::<GroupRow>()
}

pub(crate) fn remove() -> Route {
    Route::delete("/api/groups/{kind}/{name}", "remove_group", answer_remove)
        .summary("Removes a list or a tag; its customers stay")
        .access(Access::Needs(Permission::EditCustomers))
        .answers::<GroupChanged>()
}

pub(crate) fn members() -> Route {
    Route::post("/api/groups/{kind}/{name}/members", "change_group", answer_members)
        .summary("Puts customers into a list or tags them, and takes others out")
        .access(Access::Needs(Permission::EditCustomers))
        .takes::<MembersRequest>()
        .answers::<GroupChanged>()
}

async fn answer_list(State(server): State<Arc<Server>>) -> Result<Answer<Groups>, ApiError> {
    let groups = server.live.borrow().groups.clone();
    let mut rows = Vec::new();
    for group in server.timeline.store().groups().await? {
        let known = match group.kind {
            GroupKind::List => groups.lists.get(&group.name),
            GroupKind::Tag => groups.tags.get(&group.name),
        };
        rows.push(GroupRow {
            kind: group.kind.as_str(),
            name: group.name,
            description: group.description,
            at_us: group.at_us,
            customers: known.map_or(group.profiles, |members| members.len()),
        });
    }
    Ok(Answer(Groups { groups: rows }))
}

async fn answer_put(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path((kind, name)): Path<(String, String)>,
    Body(request): Body<GroupRequest>,
) -> Result<Answer<GroupRow>, ApiError> {
    let (kind, name) = (group_kind(&kind)?, group_name(&name)?);
    if request.description.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION_LETTERS) {
        let message = format!("a description has at most {DESCRIPTION_LETTERS} letters");
        return Err(ApiError::bad_request("too_large", message).at("description"));
    }
    let at_us = server.clock.now_us();
    let audit = entry(&server, &caller, "group_made", kind, name, None);
    server.timeline.store().save_group(kind, name, request.description.as_deref(), at_us, &audit).await?;
    server.live_caught_up().await?;
    let groups = server.timeline.store().groups().await?;
    let group = groups.into_iter().find(|group| group.kind == kind && group.name == name);
    let group = group.ok_or_else(|| ApiError::not_found("it was removed meanwhile"))?;
    Ok(Answer(GroupRow {
        kind: kind.as_str(),
        name: group.name,
        description: group.description,
        at_us: group.at_us,
        customers: group.profiles,
    }))
}

async fn answer_remove(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path((kind, name)): Path<(String, String)>,
) -> Result<Answer<GroupChanged>, ApiError> {
    let (kind, name) = (group_kind(&kind)?, group_name(&name)?);
    let function = match kind {
        GroupKind::List => "in_list",
        GroupKind::Tag => "has_tag",
    };
    let named = format!("{function}('{}')", name.replace('\'', "''"));
    let definitions = server.live.borrow().definitions.clone();
    if let Some(segment) = definitions.segments.iter().find(|segment| segment.r#where.contains(&named)) {
        let message = format!("the segment {} names it: take {named} out of its condition first", segment.name);
        return Err(ApiError::bad_request("in_use", message));
    }
    let members = server.timeline.store().group_members(kind, name).await?.len() as u64;
    let audit = entry(&server, &caller, "group_removed", kind, name, None);
    if !server.timeline.store().remove_group(kind, name, &audit).await? {
        return Err(ApiError::not_found("there is no such list or tag: GET /api/groups lists those that there are"));
    }
    server.live_caught_up().await?;
    Ok(Answer(GroupChanged { added: 0, removed: members, not_found: Vec::new() }))
}

async fn answer_members(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path((kind, name)): Path<(String, String)>,
    Body(request): Body<MembersRequest>,
) -> Result<Answer<GroupChanged>, ApiError> {
    let (kind, name) = (group_kind(&kind)?, group_name(&name)?);
    let asked = request.add.len() + request.add_keys.len() + request.remove.len();
    if asked > MOST_MEMBERS {
        let message = format!("at most {MOST_MEMBERS} customers at once: send the rest in a second request");
        return Err(ApiError::bad_request("too_large", message).at("add"));
    }
    let mut add = customers(&server, &request.add, "add")?;
    let (found, not_found) = by_keys(&server, &request.add_keys).await?;
    add.extend(found);
    let remove: BTreeSet<CustomerId> = customers(&server, &request.remove, "remove")?;
    // All profiles that are this customer: each may have been put in.
    let remove: Vec<CustomerId> =
        remove.into_iter().flat_map(|customer| server.timeline.profiles_of(customer)).collect();
    let audit = entry(
        &server,
        &caller,
        "group_changed",
        kind,
        name,
        Some(format!("{} in, {} out", add.len(), request.remove.len())),
    );
    let at_us = server.clock.now_us();
    let change = GroupChange { kind, name: name.to_owned(), add: add.into_iter().collect(), remove, at_us, audit };
    let (added, removed) = server.timeline.store().change_group(&change).await?;
    server.live_caught_up().await?;
    Ok(Answer(GroupChanged { added, removed, not_found }))
}

fn group_kind(word: &str) -> Result<GroupKind, ApiError> {
    let known = GroupKind::ALL.into_iter().find(|kind| kind.as_str() == word);
    known.ok_or_else(|| ApiError::not_found("there are lists and tags: write list or tag"))
}

/// Names are for people: any letters, also Chinese ones.
fn group_name(name: &str) -> Result<&str, ApiError> {
    let fits = !name.trim().is_empty() && name.chars().count() <= NAME_LETTERS && !name.chars().any(char::is_control);
    let message = format!("a name has 1 to {NAME_LETTERS} letters");
    if fits && name.trim() == name { Ok(name) } else { Err(ApiError::bad_request("bad_name", message).at("name")) }
}

fn customers(server: &Server, ids: &[String], at: &str) -> Result<BTreeSet<CustomerId>, ApiError> {
    let columns = server.live.borrow().columns.clone();
    let customer = |(place, text): (usize, &String)| {
        let at = format!("{at}[{place}]");
        let customer = server.timeline.customer_of(crate::params::customer_id(text, &at)?);
        let known = columns.customer(customer).is_some();
        known.then_some(customer).ok_or_else(|| ApiError::not_found("there is no customer with this number").at(at))
    };
    ids.iter().enumerate().map(customer).collect()
}

/// Whom keys lead to, and the places of those that lead to nobody.
async fn by_keys(server: &Server, keys: &[MemberKey]) -> Result<(Vec<CustomerId>, Vec<u64>), ApiError> {
    if keys.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut wanted = Vec::with_capacity(keys.len());
    for (place, key) in keys.iter().enumerate() {
        let at = format!("add_keys[{place}]");
        let kind = IdentityKind::parse(&key.kind)
            .ok_or_else(|| ApiError::bad_request("bad_key", "this is no kind of key").at(format!("{at}.kind")))?;
        let value = normalise_key(kind, &key.value);
        let value =
            value.ok_or_else(|| ApiError::bad_request("bad_key", "this is no such key").at(format!("{at}.value")))?;
        wanted.push(IdentityKey { kind, value });
    }
    let found = server.timeline.store().find_identities(&wanted).await?;
    let missing =
        found.iter().enumerate().filter(|(_, found)| found.is_none()).map(|(place, _)| place as u64).collect();
    Ok((found.into_iter().flatten().map(|profile| server.timeline.customer_of(profile)).collect(), missing))
}

fn entry(
    server: &Server,
    caller: &Caller,
    action: &str,
    kind: GroupKind,
    name: &str,
    detail: Option<String>,
) -> NewAuditEntry {
    NewAuditEntry {
        at_us: server.clock.now_us(),
        member_id: Some(caller.member_id),
        token_id: caller.token_id,
        action: action.to_owned(),
        subject: Some(format!("{}:{name}", kind.as_str())),
        detail,
    }
}
