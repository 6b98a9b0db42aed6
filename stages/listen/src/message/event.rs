//! One message into events.

use super::fields::Fields;
use super::json::Json;
use super::keys::{self, Keys};
use super::problem::Problem;
use super::read::{Call, Feed, Message, Verdict};
use super::time::{Clocks, Times};
use super::{commerce, consent};
use crate::interpret::quoted;
use perennial_model::{EventKind, Mid, OrderKey};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// Members of an object up to which two of one name are looked for one by one.
const FEW_MEMBERS: usize = 32;
/// Letters of an object's text, for each of its members.
const MEMBER_BYTES: usize = 24;

/// One event of a message: what its row is made of, but for whose it is and what the message says of
/// all its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What makes two rows one event; the header of an order has the same in every version of it.
    pub mid: Mid,
    /// The order that it is about; [`OrderKey::NONE`] for none.
    pub order: OrderKey,
    /// What it means to the engine.
    pub kind: EventKind,
    /// What happened, in the sender's words or one of [`perennial_model::names`].
    pub name: Cow<'static, str>,
    /// Where: web, app, store …
    pub channel: Option<Arc<str>>,
    /// The campaign it is attributed to by the sender.
    pub campaign: Option<Arc<str>>,
    /// The sender's id of the order. An order's lines share its texts: an order may have thousands.
    pub order_id: Option<Arc<str>>,
    /// Stock keeping unit or another id of the item.
    pub item: Option<Box<str>>,
    /// In thousandths.
    pub quantity_milli: Option<i64>,
    /// Money of this row, minor units of the brand's currency.
    pub value_minor: Option<i64>,
    /// Everything else: the text of a JSON object.
    pub properties: Option<String>,
}

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
    let Keys { keys, blocked } = keys::keys(feed, call, fields)?;
    check_sender(call, fields)?;
    let said = fields.object(call.body())?;
    let mut message = Message {
        index: envelope.index,
        mid: mid(feed, call, fields)?,
        source: Arc::clone(&feed.source),
        name: name.clone(),
        person: keys::person(call, fields, &keys),
        keys,
        blocked,
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

fn name(call: Call, fields: &Fields<'_, '_>) -> Result<Cow<'static, str>, Problem> {
    if call != Call::Track {
        return Ok(Cow::Borrowed(call.event_name()));
    }
    let name = fields.word("event")?.ok_or_else(|| fields.missing("event", "send the name of what happened"))?;
    let known = commerce::canonical(&name).or_else(|| consent::canonical(&name));
    Ok(known.map_or_else(|| Cow::Owned(name.into_owned()), Cow::Borrowed))
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

/// What makes two messages one: the sender's id, or all that is said.
fn mid(feed: &Feed, call: Call, fields: &Fields<'_, '_>) -> Result<Mid, Problem> {
    if let Some(id) = fields.word("messageId")? {
        return Ok(feed.hash_key.mid(&feed.source, &id));
    }
    let own = fields.members.iter().filter(|(name, _)| *name != "type" && !OF_THE_WAY.contains(name));
    let own: Vec<(&str, Json<'_>)> = own.copied().collect();
    let mut text = call.type_word().to_owned();
    Json::Object(&own).write_sorted(&mut text);
    let said = feed.hash_key.row_mid(&feed.source, text.as_bytes(), 0);
    Ok(feed.hash_key.mid(&feed.source, &format!("{:016x}", said.0)))
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
) -> Result<Vec<Event>, Problem> {
    let context = fields.lenient("context");
    let event = Event {
        mid: message.mid,
        order: OrderKey::NONE,
        kind: EventKind::Event,
        name: message.name.clone(),
        channel: channel(call, fields, &context, said),
        campaign: context.lenient("campaign").word("name").ok().flatten().map(Into::into),
        order_id: None,
        item: None,
        quantity_milli: None,
        value_minor: None,
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
    Ok(vec![Event { properties: object(said, &[], &added), ..event }])
}

/// Where it happened: as the sender says, else by what was sent along.
fn channel(call: Call, fields: &Fields<'_, '_>, context: &Fields<'_, '_>, said: &Fields<'_, '_>) -> Option<Arc<str>> {
    if let Ok(Some(word)) = said.word("channel") {
        return Some(word.into());
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
    Some(channel.into())
}

/// The text of an object: its members but for some, and texts that stand in their place.
pub(super) fn object(fields: &Fields<'_, '_>, without: &[&str], added: &[(&str, Cow<'_, str>)]) -> Option<String> {
    let members = fields.members;
    if members.is_empty() && added.is_empty() {
        return None;
    }
    let mut out = String::with_capacity((members.len() + added.len()) * MEMBER_BYTES);
    let mut name_it = |name: &str, write: &mut dyn FnMut(&mut String)| {
        out.push(if out.is_empty() { '{' } else { ',' });
        quoted(&mut out, name);
        out.push(':');
        write(&mut out);
    };
    let many = if members.len() > FEW_MEMBERS { members } else { &[] };
    let last: FxHashMap<&str, usize> = { many.iter().zip(0..) }.map(|((name, _), at)| (*name, at)).collect();
    // Of two members with one name the last counts.
    let is_last = |index: usize, name: &str| match last.get(name) {
        Some(last) => *last == index,
        None => members.iter().skip(index + 1).all(|(other, _)| *other != name),
    };
    for (index, (name, value)) in members.iter().enumerate() {
        let is_replaced = added.iter().any(|(other, _)| other == name) || without.contains(name);
        if !is_replaced && is_last(index, name) && !matches!(value, Json::Null) {
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
