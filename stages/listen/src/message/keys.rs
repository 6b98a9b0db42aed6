//! Whose a message is: its ids as keys of a customer.

use super::fields::Fields;
use super::problem::Problem;
use super::read::{Call, Feed};
use crate::identify::{HashedKey, KeyHash, normalise_key, stands_for_somebody};
use perennial_model::{IdentityKey, IdentityKind};
use std::borrow::Cow;

/// Kinds of `context.externalIds` (the `type` in lower case) that are keys. One line adds another;
/// every other type is kept with the platform's name before it, as `type:id`.
const EXTERNAL: [(&str, IdentityKind); 12] = [
    ("user_id", IdentityKind::Member),
    ("member", IdentityKind::Member),
    ("member_number", IdentityKind::Member),
    ("phone", IdentityKind::Phone),
    ("mobile", IdentityKind::Phone),
    ("email", IdentityKind::Email),
    ("unionid", IdentityKind::Unionid),
    ("openid", IdentityKind::Openid),
    ("external_userid", IdentityKind::ExternalUserid),
    ("external_user_id", IdentityKind::ExternalUserid),
    ("anonymous_id", IdentityKind::Anonymous),
    ("cross_domain_id", IdentityKind::Anonymous),
];

/// Traits that are keys.
const TRAITS: [(&str, IdentityKind); 8] = [
    ("phone", IdentityKind::Phone),
    ("email", IdentityKind::Email),
    ("unionid", IdentityKind::Unionid),
    ("unionId", IdentityKind::Unionid),
    ("openid", IdentityKind::Openid),
    ("openId", IdentityKind::Openid),
    ("external_userid", IdentityKind::ExternalUserid),
    ("externalUserId", IdentityKind::ExternalUserid),
];

/// Whose a message says that it is.
pub(super) struct Keys {
    /// Strongest first, each once.
    pub(super) keys: Vec<HashedKey>,
    /// Values that are no keys: what clients send where they have none.
    pub(super) blocked: u32,
}

/// The keys of a message. What stands for nobody (`0`, `anonymous`) and what is masked is none; traits
/// of a group are the group's.
pub(super) fn keys(feed: &Feed, call: Call, message: &Fields<'_, '_>) -> Result<Keys, Problem> {
    let mut keys: Vec<IdentityKey> = Vec::with_capacity(2);
    let mut add = |kind: IdentityKind, text: &str| {
        keys.extend(normalise_key(kind, text).map(|value| IdentityKey { kind, value }));
    };
    for (name, kind) in [
        ("userId", IdentityKind::Member),
        ("anonymousId", IdentityKind::Anonymous),
        ("previousId", IdentityKind::Anonymous),
    ] {
        if (name != "previousId" || call == Call::Alias)
            && let Some(id) = message.word(name)?
        {
            add(kind, &id);
        }
    }
    let context = message.lenient("context");
    let (own, carried) = (message.lenient("traits"), context.lenient("traits"));
    for traits in [Some(carried), (call == Call::Identify).then_some(own)].into_iter().flatten() {
        for (name, kind) in TRAITS {
            // Traits are free: one that is no key of its kind is only a trait.
            if let Ok(Some(text)) = traits.word(name) {
                add(kind, &text);
            }
        }
    }
    external(&context, &mut add)?;
    keys.sort();
    keys.dedup();
    let all = keys.len();
    keys.retain(|key| stands_for_somebody(&key.value));
    let blocked = u32::try_from(all - keys.len()).unwrap_or(u32::MAX);
    let keys = keys.into_iter().map(|key| (KeyHash::of(&feed.hash_key, &key), key)).collect();
    Ok(Keys { keys, blocked })
}

/// What the person is called, where that matters: beside a phone, which a family may share.
pub(super) fn person(call: Call, message: &Fields<'_, '_>, keys: &[HashedKey]) -> Option<String> {
    if !keys.iter().any(|(_, key)| key.kind == IdentityKind::Phone) {
        return None;
    }
    let context = message.lenient("context");
    let (own, carried) = (message.lenient("traits"), context.lenient("traits"));
    let called = |traits: &Fields<'_, '_>| {
        let word = |name: &str| traits.word(name).ok().flatten();
        let parts = || [word("firstName"), word("lastName")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        word("name").map_or_else(parts, Cow::into_owned)
    };
    let names = [(call == Call::Identify).then(|| called(&own)), Some(called(&carried))];
    names.into_iter().flatten().find(|name| !name.is_empty())
}

fn external(context: &Fields<'_, '_>, add: &mut impl FnMut(IdentityKind, &str)) -> Result<(), Problem> {
    use super::json::Json;
    use super::problem::{At, ProblemCode};
    let at = At::Member(&context.at, "externalIds");
    for (index, item) in context.list("externalIds")?.iter().enumerate() {
        let at = At::Item(&at, index);
        let Json::Object(members) = item else {
            let message = format!("is {}: send an object with id and type", item.kind());
            return Err(Problem::new(ProblemCode::WrongType, at, message));
        };
        let entry = Fields { at, members };
        let (Some(id), Some(kind)) = (entry.word("id")?, entry.word("type")?) else { continue };
        let word = kind.to_lowercase();
        match EXTERNAL.iter().find(|(known, _)| *known == word) {
            // An openid means somebody only within its app.
            Some((_, IdentityKind::Openid)) if !id.contains('@') => {
                if let Some(app) = entry.word("app")? {
                    add(IdentityKind::Openid, &format!("{id}@{app}"));
                }
            }
            Some((_, kind)) => add(*kind, &id),
            None => {
                if normalise_key(IdentityKind::Platform, &id).is_some() {
                    add(IdentityKind::Platform, &format!("{word}:{id}"));
                }
            }
        }
    }
    Ok(())
}
