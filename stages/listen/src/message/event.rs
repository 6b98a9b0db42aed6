//! One message into events.

use super::fields::Fields;
use super::json::Json;
use super::keys;
use super::problem::Problem;
use super::read::{Call, Feed, Message, Verdict};
use super::time::{Clocks, Times};
use super::{commerce, consent};
use crate::interpret::quoted;
use perennial_model::{EventKind, NewEvent};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What is known of a message beside its members.
#[derive(Clone, Copy)]
pub(super) struct Envelope<'a> {
    pub(super) index: usize,
    /// As it came.
    pub(super) text: &'a str,
    pub(super) clocks: Clocks,
}

/// Members that a message's own identity does not depend on: a retry is sent and received again.
const OF_THE_WAY: [&str; 5] = ["sentAt", "receivedAt", "_metadata", "writeKey", "messageId"];

impl Call {
    /// The member that says what there is to say.
    const fn body(self) -> &'static str {
        match self {
            Self::Identify | Self::Group => "traits",
            _ => "properties",
        }
    }

    const fn type_word(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
            Self::Track | Self::Batch => "track",
        }
    }

    /// What its events are called, but for those that have a name of their own.
    const fn event_name(self) -> &'static str {
        match self {
            Self::Identify => "Identify",
            Self::Page => "Page",
            Self::Screen => "Screen",
            Self::Group => "Group",
            Self::Alias => "Alias",
            Self::Track | Self::Batch => "Track",
        }
    }
}

pub(super) fn message(
    feed: &Feed,
    call: Call,
    fields: &Fields<'_, '_>,
    envelope: Envelope<'_>,
    times: Times,
) -> Result<Message, Problem> {
    let name = name(call, fields)?;
    let keys = keys::keys(call, fields)?;
    check_sender(call, fields)?;
    let said = fields.object(call.body())?;
    let mut message = Message {
        index: envelope.index,
        message_id: message_id(feed, call, fields)?,
        name: name.clone().into_owned(),
        person: keys::person(call, fields, &keys),
        keys,
        time_us: times.time_us,
        received_us: times.received_us,
        verdict: Verdict::Events(Vec::new()),
        consents: Vec::new(),
    };
    let context = fields.lenient("context");
    let misfit = feed.schemas.misfit(&name, &said);
    let change = (call == Call::Track && consent::is_change(&name) && misfit.is_none())
        .then(|| consent::change(feed, &message, &said, &context));
    match (misfit, change) {
        (Some(problem), _) | (_, Some(Err(problem))) => {
            message.verdict = Verdict::Aside { problem, text: with_type(envelope.text, call) };
        }
        (_, Some(Ok(change))) => message.consents = vec![change],
        (None, None) => {
            message.verdict = Verdict::Events(events(feed, call, fields, &said, &message)?);
            message.consents = consent::standing(feed, &message, &context);
        }
    }
    Ok(message)
}

fn name<'m>(call: Call, fields: &Fields<'m, '_>) -> Result<Cow<'m, str>, Problem> {
    if call != Call::Track {
        return Ok(Cow::Borrowed(call.event_name()));
    }
    let name = fields.word("event")?.ok_or_else(|| fields.missing("event", "send the name of what happened"))?;
    let known = commerce::canonical(&name).or_else(|| consent::canonical(&name));
    Ok(known.map_or(name, Cow::Borrowed))
}

fn check_sender(call: Call, fields: &Fields<'_, '_>) -> Result<(), Problem> {
    if fields.word("userId")?.is_none() && fields.word("anonymousId")?.is_none() {
        return Err(fields.missing("userId", "send userId, anonymousId or both"));
    }
    if call == Call::Alias && fields.word("previousId")?.is_none() {
        return Err(fields.missing("previousId", "send the id that the customer had before"));
    }
    if call == Call::Group && fields.word("groupId")?.is_none() {
        return Err(fields.missing("groupId", "send the id of the group"));
    }
    Ok(())
}

fn message_id(feed: &Feed, call: Call, fields: &Fields<'_, '_>) -> Result<String, Problem> {
    if let Some(id) = fields.word("messageId")? {
        return Ok(id.into_owned());
    }
    let own = fields.members.iter().filter(|(name, _)| *name != "type" && !OF_THE_WAY.contains(&name.as_ref()));
    let mut canonical = Json::Object(own.cloned().collect());
    canonical.sort();
    let mut text = call.type_word().to_owned();
    canonical.write(&mut text);
    Ok(format!("{:016x}", feed.hash_key.row_mid(&feed.source, text.as_bytes(), 0).0))
}

/// The text of a message that says itself what it is.
fn with_type(text: &str, call: Call) -> String {
    let open = text.trim_end().strip_suffix('}').unwrap_or(text).trim_end();
    let comma = if open.ends_with('{') { "" } else { "," };
    format!("{open}{comma}\"type\":\"{}\"}}", call.type_word())
}

fn events(
    feed: &Feed,
    call: Call,
    fields: &Fields<'_, '_>,
    said: &Fields<'_, '_>,
    message: &Message,
) -> Result<Vec<NewEvent>, Problem> {
    let context = fields.lenient("context");
    let event = NewEvent {
        message_id: message.message_id.clone(),
        source: feed.source.clone(),
        keys: message.keys.clone(),
        kind: EventKind::Event,
        name: message.name.clone(),
        time_us: message.time_us,
        received_us: message.received_us,
        channel: channel(call, fields, &context, said),
        campaign: context.lenient("campaign").word("name").ok().flatten().map(Cow::into_owned),
        order_id: None,
        item: None,
        quantity_milli: None,
        value: None,
        properties: None,
    };
    if call == Call::Track {
        return commerce::events(feed, event, said);
    }
    let mut added = Vec::new();
    for (name, into) in [("name", "name"), ("category", "category"), ("groupId", "group_id")] {
        let is_own = if name == "groupId" { call == Call::Group } else { matches!(call, Call::Page | Call::Screen) };
        added.extend(fields.word(name)?.filter(|_| is_own).map(|word| (into, word)));
    }
    Ok(vec![NewEvent { properties: object(said, &[], &added), ..event }])
}

/// Where it happened: as the sender says, else by what was sent along.
fn channel(call: Call, fields: &Fields<'_, '_>, context: &Fields<'_, '_>, said: &Fields<'_, '_>) -> Option<String> {
    if let Ok(Some(word)) = said.word("channel") {
        return Some(word.into_owned());
    }
    let word =
        |fields: &Fields<'_, '_>, name: &str| fields.word(name).ok().flatten().unwrap_or_default().to_lowercase();
    let system = word(&context.lenient("os"), "name");
    let is_mobile = ["ios", "ipados", "android", "harmonyos"].iter().any(|name| system.starts_with(name));
    let channel = match (call, word(fields, "channel").as_str()) {
        (Call::Page, _) | (_, "browser") => "web",
        (Call::Screen, _) | (_, "mobile") => "app",
        _ if context.get("page").is_some() => "web",
        _ if context.get("app").is_some() || context.get("device").is_some() || is_mobile => "app",
        _ => return None,
    };
    Some(channel.to_owned())
}

/// The text of an object: its members but for some, and texts that stand in their place.
pub(super) fn object(fields: &Fields<'_, '_>, without: &[&str], added: &[(&str, Cow<'_, str>)]) -> Option<String> {
    let mut out = String::new();
    let mut name_it = |name: &str, write: &mut dyn FnMut(&mut String)| {
        out.push(if out.is_empty() { '{' } else { ',' });
        quoted(&mut out, name);
        out.push(':');
        write(&mut out);
    };
    let last: FxHashMap<&str, usize> =
        { fields.members.iter().zip(0..) }.map(|((name, _), at)| (name.as_ref(), at)).collect();
    for (index, (name, value)) in fields.members.iter().enumerate() {
        let is_replaced = added.iter().any(|(other, _)| other == name) || without.contains(&name.as_ref());
        // Of two members with one name the last counts.
        let is_last = last.get(name.as_ref()) == Some(&index);
        if !is_replaced && is_last && *value != Json::Null {
            name_it(name, &mut |out| value.write(out));
        }
    }
    for (name, text) in added {
        name_it(name, &mut |out| quoted(out, text));
    }
    if out.is_empty() {
        return None;
    }
    out.push('}');
    Some(out)
}
