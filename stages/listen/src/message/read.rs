//! Bodies of the tracking API, and lines of its archives, into messages that are each judged alone.

use super::event::{self, Envelope, Event};
use super::fields::Fields;
use super::json::{Json, Parser, Stop};
use super::limits::Limits;
use super::problem::{At, Problem, ProblemCode};
use super::schema::Schemas;
use super::time::{self, Clocks, Times};
use crate::consent::Said;
use crate::identify::HashedKey;
use bumpalo::Bump;
use perennial_model::{Currency, HashKey, Mid};
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// What a body is, by the endpoint that it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// `/v1/identify`.
    Identify,
    /// `/v1/track`.
    Track,
    /// `/v1/page`.
    Page,
    /// `/v1/screen`.
    Screen,
    /// `/v1/group`.
    Group,
    /// `/v1/alias`.
    Alias,
    /// `/v1/batch` and `/v1/import`, and a line of an archive, which may be a message too.
    Batch,
}

impl Call {
    const WORDS: [(&'static str, Self); 6] = [
        ("track", Self::Track),
        ("identify", Self::Identify),
        ("page", Self::Page),
        ("screen", Self::Screen),
        ("group", Self::Group),
        ("alias", Self::Alias),
    ];

    /// The call of an endpoint's last word: `track`, `batch` …
    #[must_use]
    pub fn of_endpoint(word: &str) -> Option<Self> {
        if matches!(word, "batch" | "import") { Some(Self::Batch) } else { Self::of_type(word) }
    }

    /// The call of a message's `type`.
    #[must_use]
    pub fn of_type(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, call)| *call)
    }
}

/// What is the same for all messages of a feed.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The brand's secret: messages without an id get a keyed hash.
    pub hash_key: HashKey,
    /// What the feed is called: part of the identity of its messages and orders.
    pub source: Arc<str>,
    /// The brand's currency.
    pub currency: Currency,
    /// Bounds.
    pub limits: Limits,
    /// What events must look like.
    pub schemas: Schemas,
}

/// When and how a body came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Just now (UTC µs), from whoever sent it.
    Live(i64),
    /// In a file that is read now (UTC µs): when a message was received it says itself.
    Archive(i64),
}

/// A message that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// What makes two messages one: a keyed hash of its id, or of all that it says.
    pub mid: Mid,
    /// Which feed it came from.
    pub source: Arc<str>,
    /// What happened, as its events are called.
    pub name: Cow<'static, str>,
    /// Keys of the customer with their hashes, strongest first.
    pub keys: Vec<HashedKey>,
    /// Values sent for keys that are none.
    pub blocked: u32,
    /// What the person is called, beside a phone.
    pub person: Option<String>,
    /// When it happened (UTC µs).
    pub time_us: i64,
    /// When it was heard of (UTC µs).
    pub received_us: i64,
    /// What to do with it.
    pub verdict: Verdict,
    /// What it says about consent; a message that does nothing else has no other event.
    pub consents: Vec<Said>,
}

impl Message {
    /// Its events; none where it is kept aside.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        match &self.verdict {
            Verdict::Events(events) => events,
            Verdict::Aside { .. } => &[],
        }
    }

    /// What counts against the bound of what may wait: its events, an order's lines among them.
    pub(super) fn weight(&self) -> usize {
        self.events().len().max(1)
    }
}

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// These events, of which the first names the others' order.
    Events(Vec<Event>),
    /// It does not fit its event's schema: kept aside, as it came.
    Aside {
        /// Why.
        problem: Problem,
        /// The message as it came.
        text: String,
    },
}

/// A message that is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Why.
    #[serde(flatten)]
    pub problem: Problem,
}

/// What a body holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Messages that were understood, in their order.
    pub messages: Vec<Message>,
    /// Messages that are refused.
    pub refused: Vec<Refused>,
}

/// One message of a body, not looked at yet.
type Item<'a> = (&'a str, Result<Json<'a>, Problem>);

/// Reads a body. A message that is refused does not keep those beside it from being read.
///
/// # Errors
/// A [`Problem`] of the body as a whole: too large, not JSON, not a batch.
pub fn read(feed: &Feed, call: Call, body: &[u8], arrival: Arrival) -> Result<Reading, Problem> {
    let (now_us, archive) = match arrival {
        Arrival::Live(now_us) => (now_us, false),
        Arrival::Archive(now_us) => (now_us, true),
    };
    let bound = if call == Call::Batch { feed.limits.body_bytes } else { feed.limits.message_bytes };
    if body.len() > bound {
        let message = format!("the body has more than {bound} bytes: send less at once");
        return Err(Problem::new(ProblemCode::TooLarge, "", message));
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        let message = format!("not UTF-8 from byte {} on: send UTF-8 JSON", error.valid_up_to());
        Problem::new(ProblemCode::MalformedJson, "", message)
    })?;
    let arena = Bump::with_capacity(body.len());
    let Body { items, sent } = take_apart(feed, call, text, &arena)?;
    let sent_us = match &sent {
        Some(sent) => time::instant(&Fields { at: At::Top, members: std::slice::from_ref(sent) }, "sentAt")?,
        None => None,
    };
    let mut reading = Reading { messages: Vec::with_capacity(items.len()), refused: Vec::new() };
    for (index, (text, item)) in items.into_iter().enumerate() {
        // Of two versions of an order in one batch the later counts.
        let received_us = now_us.saturating_add(i64::try_from(index).unwrap_or(0));
        let envelope = Envelope { index, text, clocks: Clocks { received_us, sent_us, archive } };
        match item.and_then(|value| judge(feed, call, &value, envelope)) {
            Ok(message) => reading.messages.push(message),
            Err(problem) => reading.refused.push(Refused { index, problem }),
        }
    }
    Ok(reading)
}

/// Reads a message again that was kept aside, with the times that it had then.
///
/// # Errors
/// A [`Problem`], also one that only a newer version of this program finds.
pub fn read_again(feed: &Feed, text: &str, time_us: i64, received_us: i64) -> Result<Message, Problem> {
    let arena = Bump::new();
    let mut parser = Parser::new(text, feed.limits.depth, &arena);
    let value = parser.value(&At::Top).and_then(|value| parser.end().map(|()| value)).map_err(Stop::into_problem)?;
    let clocks = Clocks { received_us, sent_us: None, archive: false };
    let envelope = Envelope { index: 0, text, clocks };
    let Json::Object(members) = &value else { return Err(no_object(&value)) };
    let fields = Fields { at: At::Top, members };
    event::message(feed, type_of(Call::Batch, &fields)?, &fields, envelope, Times { received_us, time_us })
}

fn judge(feed: &Feed, call: Call, value: &Json<'_>, envelope: Envelope<'_>) -> Result<Message, Problem> {
    if envelope.text.len() > feed.limits.message_bytes {
        let message = format!("the message has more than {} bytes: send less in one", feed.limits.message_bytes);
        return Err(Problem::new(ProblemCode::TooLarge, "", message));
    }
    let Json::Object(members) = value else { return Err(no_object(value)) };
    let fields = Fields { at: At::Top, members };
    let call = type_of(call, &fields)?;
    let times = time::times(&fields, envelope.clocks)?;
    event::message(feed, call, &fields, envelope, times)
}

fn no_object(value: &Json<'_>) -> Problem {
    Problem::new(ProblemCode::WrongType, "", format!("the message is {}: send an object", value.kind()))
}

/// The endpoint says what a message is; in a batch it says so itself.
fn type_of(call: Call, message: &Fields<'_, '_>) -> Result<Call, Problem> {
    if call != Call::Batch {
        return Ok(call);
    }
    let known = "send one of track, identify, page, screen, group, alias";
    let word = message.word("type")?.ok_or_else(|| message.missing("type", known))?;
    Call::of_type(&word).ok_or_else(|| {
        message.problem("type", ProblemCode::UnknownType, format!("there is no such type of message: {known}"))
    })
}

/// A body's messages and what is said once for all of them.
struct Body<'a> {
    items: Vec<Item<'a>>,
    /// The member `sentAt`.
    sent: Option<(&'a str, Json<'a>)>,
}

fn take_apart<'a>(feed: &Feed, call: Call, text: &'a str, arena: &'a Bump) -> Result<Body<'a>, Problem> {
    let mut parser = Parser::new(text, feed.limits.depth, arena);
    if call == Call::Batch
        && let Some(body) = batch(feed, &mut parser.clone()).map_err(Stop::into_problem)?
    {
        return Ok(body);
    }
    let item = item(&mut parser).and_then(|item| parser.end().map(|()| item)).map_err(Stop::into_problem)?;
    Ok(Body { items: vec![item], sent: None })
}

/// One message; where it is refused reading goes on behind it.
fn item<'a>(parser: &mut Parser<'a>) -> Result<Item<'a>, Stop> {
    parser.peek();
    let (start, mut again) = (parser.at, parser.clone());
    let value = match parser.value(&At::Top) {
        Ok(value) => Ok(value),
        Err(Stop::Refused(problem)) => {
            // A character of value 0 may be what it is refused for.
            again.skip(true)?;
            *parser = again;
            Err(problem)
        }
        Err(syntax) => return Err(syntax),
    };
    Ok((parser.since(start), value))
}

/// The member `writeKey` of a body, with which browsers say who sends.
#[must_use]
pub fn write_key_in(body: &[u8]) -> Option<String> {
    let arena = Bump::new();
    let mut parser = Parser::new(std::str::from_utf8(body).ok()?, 1, &arena);
    parser.expect(b'{').ok()?;
    loop {
        let name = parser.name(&At::Top).ok()?;
        if name == "writeKey" {
            return match parser.value(&At::Top).ok()? {
                Json::Text(key) => Some(key.to_owned()),
                _ => None,
            };
        }
        parser.skip(true).ok()?;
        if !parser.take(b',') {
            return None;
        }
    }
}

/// The messages of an object with a list `batch`; none for an object without one.
fn batch<'a>(feed: &Feed, parser: &mut Parser<'a>) -> Result<Option<Body<'a>>, Stop> {
    let mut body = Body { items: Vec::new(), sent: None };
    let mut is_batch = false;
    parser.expect(b'{')?;
    if parser.take(b'}') {
        return Ok(None);
    }
    loop {
        let name = match parser.name(&At::Top) {
            Ok(name) => name,
            // Of a single message: it will be found again and said of it.
            Err(Stop::Refused(_)) if !is_batch => return Ok(None),
            Err(stop) => return Err(stop),
        };
        match name {
            "batch" if parser.peek() == Some(b'[') => {
                is_batch = true;
                body.items = items(feed, parser)?;
            }
            "sentAt" => body.sent = Some((name, parser.value(&At::Member(&At::Top, "sentAt"))?)),
            _ => parser.skip(false)?,
        }
        if !parser.take(b',') {
            break;
        }
    }
    parser.expect(b'}')?;
    parser.end()?;
    Ok(is_batch.then_some(body))
}

fn items<'a>(feed: &Feed, parser: &mut Parser<'a>) -> Result<Vec<Item<'a>>, Stop> {
    let mut items = Vec::new();
    parser.expect(b'[')?;
    if parser.take(b']') {
        return Ok(items);
    }
    loop {
        if items.len() == feed.limits.batch_messages {
            let message = format!("has more than {} messages: send smaller batches", feed.limits.batch_messages);
            return Err(Stop::Refused(Problem::new(ProblemCode::TooMany, "batch", message)));
        }
        items.push(item(parser)?);
        if !parser.take(b',') {
            return parser.expect(b']').map(|()| items);
        }
    }
}
