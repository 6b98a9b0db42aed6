//! Consent as a file states it: one cell a customer and way, again with each of their rows.

use super::{Said, Weight};
use perennial_model::{ConsentChannel, CustomerId, HashKey, Purpose};
use rustc_hash::FxHashMap;

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) profile: CustomerId,
    pub(crate) channel: ConsentChannel,
    pub(crate) given: bool,
    pub(crate) at_us: i64,
    /// Which file of the unit.
    pub(crate) part: usize,
}

/// Collects what rows state, but for what the row before of the same customer said too.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    stated: Vec<Stated>,
    last: FxHashMap<(CustomerId, ConsentChannel), bool>,
}

impl Statements {
    /// Whether it says something new.
    pub(crate) fn push(&mut self, stated: Stated) -> bool {
        let is_new = self.last.insert((stated.profile, stated.channel), stated.given) != Some(stated.given);
        self.stated.extend(is_new.then_some(stated));
        is_new
    }

    pub(crate) const fn len(&self) -> usize {
        self.stated.len()
    }

    /// What was collected, oldest first.
    pub(crate) fn take(&mut self) -> Vec<Stated> {
        self.last.clear();
        let mut stated = std::mem::take(&mut self.stated);
        stated.sort_by_key(|one| one.at_us);
        stated
    }
}

impl Stated {
    /// With where it stands: the feed, and the file and column for the proof.
    pub(crate) fn said(&self, hash_key: &HashKey, source: &str, evidence: String, recorded_us: i64) -> Said {
        let Self { profile, channel, given, at_us, .. } = *self;
        let id = format!("{}:{}:{at_us}:{given}", profile.0, channel.as_str());
        Said {
            mid: hash_key.mid(source, &format!("consent:{id}")),
            purpose: Purpose::marketing(),
            channel,
            given,
            at_us,
            recorded_us,
            source: source.to_owned(),
            wording_version: None,
            ip: None,
            evidence: Some(evidence),
            weight: Weight::Standing,
        }
    }
}

/// What a cleaned cell says: only words that can mean nothing else.
pub(crate) fn consent_word(text: &str) -> Option<bool> {
    const YES: [&str; 8] = ["subscribed", "opted in", "opt-in", "granted", "同意", "已授权", "已同意", "已订阅"];
    const NO: [&str; 11] = [
        "unsubscribed",
        "not subscribed",
        "not_subscribed",
        "opted out",
        "opt-out",
        "denied",
        "不同意",
        "未授权",
        "未订阅",
        "已退订",
        "拒绝",
    ];
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    crate::value::truth(text)
        .or_else(|| if YES.iter().any(is) { Some(true) } else { NO.iter().any(is).then_some(false) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_explicit_words_count() {
        assert_eq!(["yes", "TRUE", "是", "同意", "Subscribed"].map(consent_word), [Some(true); 5]);
        assert_eq!(["no", "0", "否", "已退订", "not_subscribed"].map(consent_word), [Some(false); 5]);
        assert_eq!(["", "pending", "unknown", "2024-01-01", "maybe"].map(consent_word), [None; 5]);
    }

    #[test]
    fn what_is_repeated_is_said_once_and_comes_oldest_first() {
        let mut statements = Statements::default();
        for (given, at_us) in [(true, 50), (true, 40), (false, 30), (false, 20), (true, 10)] {
            let (profile, channel) = (CustomerId(256), ConsentChannel::Sms);
            statements.push(Stated { profile, channel, given, at_us, part: 0 });
        }
        let taken: Vec<_> = statements.take().iter().map(|one| (one.given, one.at_us)).collect();
        assert_eq!(taken, [(true, 10), (false, 30), (true, 50)]);
        assert!(statements.take().is_empty());
    }
}
