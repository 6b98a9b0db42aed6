//! Consent of a customer, for each purpose and channel: what was given and withdrawn, with proof.
//!
//! Nothing here is stored as a state. A change of consent is an event ([`CONSENT_GIVEN`],
//! [`CONSENT_WITHDRAWN`]), and the state as of any instant follows from the changes before it: the
//! latest one counts, of two at one instant the withdrawal, and without any the answer is no.

use crate::{CustomerId, Mid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Name of the event by which consent is given.
pub const CONSENT_GIVEN: &str = "Consent Given";
/// Name of the event by which consent is withdrawn.
pub const CONSENT_WITHDRAWN: &str = "Consent Withdrawn";

/// For what personal data is used: a lower-case word, one of [`Purpose::KNOWN`] or one that the brand
/// has added.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Purpose(String);

impl Purpose {
    /// Messages that sell.
    pub const MARKETING: &'static str = "marketing";
    /// Offers and pages that differ by person.
    pub const PERSONALISATION: &'static str = "personalisation";
    /// Data passed on to others (PIPL 23).
    pub const SHARING: &'static str = "sharing";
    /// Decisions made by programs alone; withdrawn means opted out (PIPL 24).
    pub const AUTOMATED_DECISIONS: &'static str = "automated_decisions";
    /// Measuring what people do.
    pub const ANALYTICS: &'static str = "analytics";
    /// The purposes that every brand has.
    pub const KNOWN: [&'static str; 5] =
        [Self::MARKETING, Self::PERSONALISATION, Self::SHARING, Self::AUTOMATED_DECISIONS, Self::ANALYTICS];
    /// Letters of the longest.
    pub const MAX_BYTES: usize = 40;

    /// A purpose of this word: lower-case letters, digits and `_`, a letter first.
    #[must_use]
    pub fn new(word: &str) -> Option<Self> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = word.len() <= Self::MAX_BYTES && word.bytes().all(is_letter);
        (fits && word.starts_with(|first: char| first.is_ascii_lowercase())).then(|| Self(word.to_owned()))
    }

    /// Messages that sell.
    #[must_use]
    pub fn marketing() -> Self {
        Self(Self::MARKETING.to_owned())
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Purpose {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::new(&word).ok_or_else(|| format!("{word:?} is no purpose: write lower-case letters, digits and _"))
    }
}

impl From<Purpose> for String {
    fn from(purpose: Purpose) -> Self {
        purpose.0
    }
}

/// By which way somebody is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChannel {
    /// All of them, and use that reaches nobody (analytics).
    Any,
    /// E-mail.
    Email,
    /// Text messages.
    Sms,
    /// WeCom and WeChat.
    Wecom,
    /// Notifications of an app.
    Push,
    /// Calls.
    Phone,
    /// Letters.
    Mail,
}

impl ConsentChannel {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Any, Self::Email, Self::Sms, Self::Wecom, Self::Push, Self::Phone, Self::Mail];

    /// The word stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Wecom => "wecom",
            Self::Push => "push",
            Self::Phone => "phone",
            Self::Mail => "mail",
        }
    }

    /// The channel of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

/// What a customer says to a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Never said anything: no.
    Absent,
    /// Yes.
    Given,
    /// No, and said so.
    Withdrawn,
}

impl ConsentState {
    /// Whether it is a yes.
    #[must_use]
    pub const fn allows(self) -> bool {
        matches!(self, Self::Given)
    }

    /// The word stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Given => "given",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One change of consent with its proof. The event of the same mid says all of it but the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Whose: the profile at arrival.
    pub profile: CustomerId,
    /// Identity of the change; said again it is the same one.
    pub mid: Mid,
    /// For what.
    pub purpose: Purpose,
    /// By which way.
    pub channel: ConsentChannel,
    /// Given, or withdrawn.
    pub given: bool,
    /// When the customer said so (UTC µs).
    pub at_us: i64,
    /// When we heard of it (UTC µs).
    pub recorded_us: i64,
    /// Where it was said: a feed, a file, a form, a person.
    pub source: String,
    /// Version of the words that the customer agreed to.
    pub wording_version: Option<String>,
    /// Address that it came from: personal data, kept here only.
    pub ip: Option<String>,
    /// What else proves it.
    pub evidence: Option<String>,
}

impl ConsentRecord {
    /// Name of its event.
    #[must_use]
    pub const fn event_name(&self) -> &'static str {
        if self.given { CONSENT_GIVEN } else { CONSENT_WITHDRAWN }
    }

    /// What it makes of the state.
    #[must_use]
    pub const fn state(&self) -> ConsentState {
        if self.given { ConsentState::Given } else { ConsentState::Withdrawn }
    }

    /// What its event says as JSON: everything but the address, which would be read with all events.
    #[must_use]
    pub fn event_properties(&self) -> String {
        let mut members = serde_json::Map::new();
        members.insert("purpose".to_owned(), self.purpose.as_str().into());
        members.insert("channel".to_owned(), self.channel.as_str().into());
        members.insert("source".to_owned(), self.source.as_str().into());
        for (name, value) in [("wording_version", &self.wording_version), ("evidence", &self.evidence)] {
            if let Some(value) = value {
                members.insert(name.to_owned(), value.as_str().into());
            }
        }
        serde_json::Value::Object(members).to_string()
    }

    /// Whether it has a say in a purpose and a channel.
    fn concerns(&self, purpose: &Purpose, channel: ConsentChannel) -> bool {
        self.purpose == *purpose && (self.channel == channel || self.channel == ConsentChannel::Any)
    }
}

/// The change that decides about a purpose and a channel as of an instant (exclusive, UTC µs): the
/// latest, of two at one instant the withdrawal. What was said of any channel counts for each.
#[must_use]
pub fn deciding<'a>(
    records: impl IntoIterator<Item = &'a ConsentRecord>,
    purpose: &Purpose,
    channel: ConsentChannel,
    as_of_us: i64,
) -> Option<&'a ConsentRecord> {
    let concerned = records.into_iter().filter(|record| record.at_us < as_of_us && record.concerns(purpose, channel));
    concerned.max_by_key(|record| (record.at_us, !record.given, record.mid))
}

/// The state of a purpose and a channel as of an instant (exclusive, UTC µs).
#[must_use]
pub fn consent_state<'a>(
    records: impl IntoIterator<Item = &'a ConsentRecord>,
    purpose: &Purpose,
    channel: ConsentChannel,
    as_of_us: i64,
) -> ConsentState {
    deciding(records, purpose, channel, as_of_us).map_or(ConsentState::Absent, ConsentRecord::state)
}

/// Purposes and channels that any of the changes names, in order.
#[must_use]
pub fn consents_named<'a>(records: impl IntoIterator<Item = &'a ConsentRecord>) -> BTreeSet<(Purpose, ConsentChannel)> {
    records.into_iter().map(|record| (record.purpose.clone(), record.channel)).collect()
}

/// Withdrawals that must hold anew when two customers become one (mechanism 5.3: the most restrictive
/// holds): for each purpose and channel to which one said yes and the other no, what makes it a no, with
/// the instant from which on it has to hold.
#[must_use]
pub fn restrictions(one: &[ConsentRecord], other: &[ConsentRecord], now_us: i64) -> Vec<ConsentRecord> {
    let mut named = consents_named(one);
    named.extend(consents_named(other));
    let mut held = Vec::new();
    for (purpose, channel) in named {
        let [here, there] = [one, other].map(|side| deciding(side, &purpose, channel, i64::MAX));
        let (Some(here), Some(there)) = (here, there) else { continue };
        if here.given == there.given {
            continue;
        }
        let (given, withdrawn) = if here.given { (here, there) } else { (there, here) };
        // A clock that runs ahead must not leave the yes behind the no; of one instant the no counts.
        let at_us = now_us.max(given.at_us);
        held.push(ConsentRecord { purpose, channel, at_us, recorded_us: now_us, ..withdrawn.clone() });
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(channel: ConsentChannel, given: bool, at_us: i64) -> ConsentRecord {
        ConsentRecord {
            profile: CustomerId(256),
            mid: Mid(at_us.unsigned_abs()),
            purpose: Purpose::marketing(),
            channel,
            given,
            at_us,
            recorded_us: at_us,
            source: "form".into(),
            wording_version: Some("v1".into()),
            ip: Some("203.0.113.9".into()),
            evidence: None,
        }
    }

    fn state(records: &[ConsentRecord], channel: ConsentChannel, as_of_us: i64) -> ConsentState {
        consent_state(records, &Purpose::marketing(), channel, as_of_us)
    }

    #[test]
    fn absent_is_no_the_latest_counts_and_of_one_instant_the_withdrawal() {
        use ConsentChannel::{Any, Email, Sms};
        use ConsentState::{Absent, Given, Withdrawn};
        let records = [said(Email, true, 10), said(Any, false, 20), said(Sms, true, 30), said(Sms, false, 30)];
        for (channel, as_of_us, expected) in [
            (Email, 10, Absent),
            (Email, 11, Given),
            (Sms, 11, Absent),
            (Email, 21, Withdrawn),
            (Sms, 21, Withdrawn),
            (Sms, 31, Withdrawn),
        ] {
            assert_eq!(state(&records, channel, as_of_us), expected, "{channel:?} as of {as_of_us}");
        }
        // In whatever order they are heard of.
        let reversed: Vec<_> = records.iter().rev().cloned().collect();
        assert_eq!(state(&reversed, Email, 21), Withdrawn);
        assert!(!Absent.allows() && Given.allows() && !Withdrawn.allows());
        let other = Purpose::new(Purpose::ANALYTICS).unwrap();
        assert_eq!(consent_state(&records, &other, Any, i64::MAX), Absent);
    }

    #[test]
    fn of_two_who_become_one_the_stricter_holds_from_then_on() {
        use ConsentChannel::{Any, Email, Sms};
        let (yes, no) = ([said(Any, true, 50)], [said(Email, false, 10)]);
        for held in [restrictions(&yes, &no, 100), restrictions(&no, &yes, 100)] {
            assert_eq!(held.len(), 1);
            assert_eq!((held[0].channel, held[0].given, held[0].at_us), (Email, false, 100));
            let all: Vec<_> = yes.iter().chain(&no).chain(&held).cloned().collect();
            assert!(!state(&all, Email, i64::MAX).allows() && state(&all, Sms, i64::MAX).allows());
        }
        // A yes that the clock of a device dates into the future.
        let ahead = restrictions(&[said(Email, true, 900)], &no, 100);
        assert_eq!(ahead[0].at_us, 900);
        assert!(restrictions(&yes, &[], 100).is_empty() && restrictions(&no, &no, 100).is_empty());
    }

    #[test]
    fn an_event_says_all_but_the_address() {
        let text = said(ConsentChannel::Email, true, 1).event_properties();
        assert_eq!(text, r#"{"purpose":"marketing","channel":"email","source":"form","wording_version":"v1"}"#);
    }

    #[test]
    fn purposes_are_plain_words() {
        assert!(Purpose::KNOWN.iter().all(|word| Purpose::new(word).is_some()));
        for word in ["", "Marketing", "a b", "1st", "_x", &"x".repeat(41)] {
            assert_eq!(Purpose::new(word), None, "{word}");
        }
    }
}
