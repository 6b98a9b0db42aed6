//! Consent as it arrives: in messages, in files, from a person at a desk.
//!
//! A source *says* something ([`Said`]); the [`ConsentBook`] knows what each customer said before and
//! makes of it a change to record, or nothing: a banner repeats itself with every page, and what has not
//! changed is no event.

mod book;
mod desk;
mod settings;
mod stated;

pub use book::ConsentBook;
pub use desk::{ConsentError, ConsentRequest, record};
pub use settings::{ConsentSettings, UnknownPurpose, normalise_category};
pub(crate) use stated::{Stated, Statements, consent_word};

use perennial_model::{ConsentChannel, ConsentRecord, CustomerId, HashKey, Mid, Purpose};

/// What a source says about one purpose and channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Identity of the change, should it be one.
    pub mid: Mid,
    /// For what.
    pub purpose: Purpose,
    /// By which way.
    pub channel: ConsentChannel,
    /// Yes or no.
    pub given: bool,
    /// When (UTC µs).
    pub at_us: i64,
    /// When we heard of it (UTC µs).
    pub recorded_us: i64,
    /// Where it was said.
    pub source: String,
    /// Version of the words agreed to.
    pub wording_version: Option<String>,
    /// Address that it came from.
    pub ip: Option<String>,
    /// What else proves it.
    pub evidence: Option<String>,
    /// How much it says.
    pub weight: Weight,
}

/// How much a source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Somebody gave or withdrew: always a change.
    Change,
    /// How things stand, said again and again: a change where it differs from what is known. A no says
    /// nothing of somebody who never said yes; a yes does not lift a withdrawal that came another way.
    Standing,
}

impl Said {
    /// As a change of a profile.
    #[must_use]
    pub fn of(self, profile: CustomerId) -> ConsentRecord {
        let Self { mid, purpose, channel, given, at_us, recorded_us, source, wording_version, ip, evidence, .. } = self;
        ConsentRecord {
            profile,
            mid,
            purpose,
            channel,
            given,
            at_us,
            recorded_us,
            source,
            wording_version,
            ip,
            evidence,
        }
    }
}

/// Identity of what one message or row says about a purpose and a channel beside what else it is.
#[must_use]
pub fn standing_mid(hash_key: &HashKey, message: Mid, purpose: &Purpose, channel: ConsentChannel) -> Mid {
    hash_key.mid("consent", &format!("{:016x}:{}:{}", message.0, purpose.as_str(), channel.as_str()))
}
