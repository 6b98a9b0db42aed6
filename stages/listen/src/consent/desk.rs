//! Consent as a person, or a program in the customer's name, has it recorded.

use super::ConsentSettings;
use crate::ListenError;
use perennial_model::{ConsentChannel, ConsentRecord, CustomerId, Purpose};
use perennial_timeline::Timeline;
use std::net::IpAddr;

/// Bytes of a source or a version of the wording.
const MAX_WORD_BYTES: usize = 512;
/// Bytes of what else proves a consent.
const MAX_EVIDENCE_BYTES: usize = 4096;
/// A till's clock may run ahead by this (UTC µs).
const CLOCK_SLACK_US: i64 = 300_000_000;

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRequest {
    /// For what; to withdraw, none means everything.
    pub purposes: Vec<Purpose>,
    /// By which way.
    pub channel: ConsentChannel,
    /// Given, or withdrawn.
    pub given: bool,
    /// When the customer said so (UTC µs); now unless given.
    pub at_us: Option<i64>,
    /// Where it was said.
    pub source: String,
    /// Version of the words agreed to.
    pub wording_version: Option<String>,
    /// Address that it came from.
    pub ip: Option<String>,
    /// What else proves it.
    pub evidence: Option<String>,
}

/// Why a change of consent is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// Erased meanwhile, or never there.
    #[error("there is no customer {0}")]
    NoSuchCustomer(u64),
    /// A part of it cannot be used.
    #[error("{field}: {reason}")]
    Refused {
        /// Which part, as in the API.
        field: &'static str,
        /// Why, and what to do.
        reason: String,
    },
    /// Store or timeline failed.
    #[error(transparent)]
    Listen(#[from] ListenError),
}

fn refused(field: &'static str, reason: impl Into<String>) -> ConsentError {
    ConsentError::Refused { field, reason: reason.into() }
}

impl ConsentRequest {
    fn check(&self, now_us: i64) -> Result<(), ConsentError> {
        if self.purposes.is_empty() && self.given {
            return Err(refused("purposes", "say what the consent is for: nothing is agreed to as a whole"));
        }
        if self.source.trim().is_empty() {
            return Err(refused("source", "say where it was said, for example a form or a till: it is the proof"));
        }
        if self.at_us.is_some_and(|at_us| at_us > now_us.saturating_add(CLOCK_SLACK_US)) {
            return Err(refused("at_us", "is in the future: record it when it is said"));
        }
        let words = [("wording_version", self.wording_version.as_deref()), ("source", Some(self.source.as_str()))];
        let texts = words.map(|(field, text)| (field, text, MAX_WORD_BYTES));
        for (field, text, most) in texts.into_iter().chain([("evidence", self.evidence.as_deref(), MAX_EVIDENCE_BYTES)])
        {
            let text = text.unwrap_or_default();
            if text.len() > most {
                return Err(refused(field, format!("is longer than {most} bytes: write less")));
            }
            if text.contains('\0') {
                return Err(refused(field, "holds a character of value 0: leave it out"));
            }
        }
        match &self.ip {
            Some(ip) if ip.parse::<IpAddr>().is_err() => Err(refused("ip", "is no IP address")),
            _ => Ok(()),
        }
    }

    /// The changes that this makes of what is known.
    fn records(
        &self,
        profile: CustomerId,
        known: &[ConsentRecord],
        purposes: Vec<Purpose>,
        now_us: i64,
        timeline: &Timeline,
    ) -> Vec<ConsentRecord> {
        let record = |purpose: Purpose| {
            // Of somebody whose device dates a yes ahead the no has to hold too.
            let concerned = known.iter().filter(|record| record.purpose == purpose).map(|record| record.at_us);
            let latest_us = concerned.max().filter(|_| !self.given).unwrap_or(now_us);
            let at_us = self.at_us.unwrap_or(now_us.max(latest_us));
            let (given, channel) = (self.given, self.channel);
            let id = format!("{}:{}:{}:{given}:{at_us}:{now_us}", profile.0, purpose.as_str(), channel.as_str());
            ConsentRecord {
                profile,
                mid: timeline.meta().hash_key.mid("desk", &id),
                purpose,
                channel,
                given,
                at_us,
                recorded_us: now_us,
                source: self.source.trim().to_owned(),
                wording_version: self.wording_version.clone(),
                ip: self.ip.clone(),
                evidence: self.evidence.clone(),
            }
        };
        purposes.into_iter().map(record).collect()
    }
}

/// Records what a customer said; returns the changes. Durable when it returns.
///
/// # Errors
/// [`ConsentError`].
pub async fn record(
    timeline: &Timeline,
    profile: CustomerId,
    request: ConsentRequest,
    now_us: i64,
) -> Result<Vec<ConsentRecord>, ConsentError> {
    request.check(now_us)?;
    let settings = ConsentSettings::load(&**timeline.store()).await?;
    // Whoever is erased after this was looked at is erased with it.
    let _hold = timeline.hold_off_erasure().await;
    let profiles = timeline.profiles_of(profile);
    let keys = timeline.store().identities_of(&profiles).await.map_err(ListenError::from)?;
    if keys.is_empty() || !profile.is_identified() {
        return Err(ConsentError::NoSuchCustomer(profile.0));
    }
    let known = timeline.store().consents_of(&profiles).await.map_err(ListenError::from)?;
    let mut purposes = request.purposes.clone();
    if purposes.is_empty() {
        purposes = settings.all().chain(known.iter().map(|record| record.purpose.clone())).collect();
    }
    purposes.sort();
    purposes.dedup();
    let records = request.records(profile, &known, purposes, now_us, timeline);
    timeline.record_consents(&records).await.map_err(ListenError::from)?;
    Ok(records)
}
