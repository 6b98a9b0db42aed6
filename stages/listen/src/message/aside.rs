//! What does not fit its schema: kept durably with its reason, and tried again when that is mended.

use super::land::Lander;
use super::read::{Feed, Message, read_again};
use super::schema::{EventSchema, Schemas};
use super::{Limits, Verdict};
use crate::ListenError;
use crate::consent::ConsentSettings;
use crate::identify::normalise_key;
use perennial_model::{Currency, HashKey, IdentityKey, IdentityKind, Mid};
use perennial_ports::{AsideMessage, Store};
use perennial_timeline::Timeline;
use std::sync::Arc;

/// Messages kept aside at most: the oldest stay, what comes then is refused whole. At 32 KB each it
/// also bounds what one wrong schema can cost.
pub const MAX_ASIDE_MESSAGES: u64 = 100_000;
/// Messages tried again at once.
const REPLAY_MESSAGES: u32 = 1_000;

/// The declared schemas, and what the brand asks consent for.
///
/// # Errors
/// When the store cannot be read, or holds what is no schema.
pub async fn load_schemas(store: &dyn Store) -> Result<Schemas, ListenError> {
    let mut schemas = Vec::new();
    for stored in store.schemas().await? {
        let parsed = EventSchema::parse(&stored.json);
        schemas.extend(parsed.map_err(|error| ListenError::Stopped(error.to_string()))?);
    }
    let mut schemas: Schemas = schemas.into_iter().collect();
    schemas.consents = ConsentSettings::load(store).await?;
    Ok(schemas)
}

/// What is kept of a message that does not fit; none of one that fits.
#[must_use]
pub fn aside_of(feed: &Feed, message: &Message) -> Option<AsideMessage> {
    let Verdict::Aside { problem, text } = &message.verdict else { return None };
    let mut keys: Vec<[u8; 16]> = message.keys.iter().map(|(hash, _)| hash.bytes()).collect();
    named_in(text, &feed.hash_key, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    Some(AsideMessage {
        mid: message.mid,
        event: message.name.to_string(),
        source: feed.source.to_string(),
        reason: problem.to_string(),
        text: text.clone(),
        time_us: message.time_us,
        received_us: message.received_us,
        keys,
    })
}

/// E-mails and phones anywhere in a message: an erasure must find them though they are no keys of it.
fn named_in(text: &str, hash_key: &HashKey, keys: &mut Vec<[u8; 16]>) {
    fn leaves(value: &serde_json::Value, visit: &mut impl FnMut(&str)) {
        match value {
            serde_json::Value::String(text) => visit(text),
            serde_json::Value::Number(number) => visit(&number.to_string()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| leaves(item, visit)),
            serde_json::Value::Object(members) => members.values().for_each(|value| leaves(value, visit)),
            _ => {}
        }
    }
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return };
    leaves(&value, &mut |leaf| {
        // No member numbers: a customer called 5 would take every message with a rating of 5 along.
        for kind in [IdentityKind::Email, IdentityKind::Phone] {
            if let Some(value) = normalise_key(kind, leaf).filter(|value| value.len() <= 254) {
                keys.push(hash_key.suppression(&IdentityKey { kind, value }));
            }
        }
    });
}

/// What came of a replay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replay {
    /// Messages that are in the timeline now.
    pub landed: u64,
    /// Messages of customers erased meanwhile, dropped.
    pub suppressed: u64,
    /// Messages that still do not fit.
    pub left: u64,
}

/// Tries all messages kept aside again. Cut short it can be repeated: a message that landed has the
/// identity that it would have had at once.
///
/// # Errors
/// When store or timeline fail; what landed before stays.
pub async fn replay(timeline: &Timeline, currency: Currency) -> Result<Replay, ListenError> {
    let store = timeline.store();
    let mut feed = Feed {
        hash_key: timeline.meta().hash_key,
        source: Arc::from(""),
        currency,
        limits: Limits::ARCHIVE,
        schemas: load_schemas(&**store).await?,
    };
    let mut lander = Lander::open(timeline, currency).await?;
    let (mut outcome, mut after) = (Replay::default(), None);
    loop {
        let page = store.aside_after(after, REPLAY_MESSAGES).await?;
        let Some(last) = page.last() else { return Ok(outcome) };
        after = Some(last.mid);
        let (mut fit, mut done): (Vec<Message>, Vec<Mid>) = (Vec::new(), Vec::new());
        for kept in &page {
            if *feed.source != *kept.source {
                feed.source = kept.source.as_str().into();
            }
            match read_again(&feed, &kept.text, kept.time_us, kept.received_us) {
                Ok(message) if lander.is_suppressed(&message) => {
                    outcome.suppressed += 1;
                    done.push(kept.mid);
                }
                Ok(message) if matches!(message.verdict, Verdict::Events(_)) => {
                    fit.push(message);
                    done.push(kept.mid);
                }
                _ => outcome.left += 1,
            }
        }
        outcome.landed += fit.len() as u64;
        // Of two versions of an order the one received later is to come later.
        fit.sort_by_key(|message| message.received_us);
        lander.add(&fit).await?;
        let landed = lander.take()?;
        if !landed.batch.is_empty() || !landed.commit.consents.is_empty() {
            timeline.import_chunk(landed.batch, landed.commit).await?;
        }
        store.remove_aside(&done).await?;
    }
}
