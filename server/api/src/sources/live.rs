//! The messages that came last, without what they say.

use perennial_listen::Who;
use perennial_listen::message::{Outcome, Receipt};
use perennial_model::CustomerId;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Messages remembered.
const LAST_MESSAGES: usize = 200;
/// Digits of a customer's number that are shown.
const SHOWN_DIGITS: usize = 4;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts.
    Ok,
    /// It does not fit its schema and waits.
    Aside,
    /// It was refused.
    Refused,
    /// It is about somebody who was erased.
    Dropped,
}

/// One message as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LiveMessage {
    /// Number, growing.
    pub sequence: u64,
    /// What happened; `None` where the message was refused before that was known.
    pub name: Option<String>,
    /// Name of the write key.
    pub source: String,
    /// The last digits of the customer's number; `None` where nobody is named.
    pub customer: Option<String>,
    /// When it came (UTC µs).
    pub received_us: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// Why: where and what, no value.
    pub reason: Option<String>,
}

/// As it is remembered: what of it is shown is made when somebody looks.
#[derive(Debug)]
struct Noted {
    sequence: u64,
    name: Option<Cow<'static, str>>,
    source: Arc<str>,
    profile: Option<CustomerId>,
    received_us: i64,
    verdict: Verdict,
    reason: Option<String>,
}

impl Noted {
    fn shown(&self, customer_of: impl Fn(CustomerId) -> CustomerId) -> LiveMessage {
        LiveMessage {
            sequence: self.sequence,
            name: self.name.as_deref().map(str::to_owned),
            source: self.source.to_string(),
            customer: self.profile.map(|profile| masked(customer_of(profile))),
            received_us: self.received_us,
            verdict: self.verdict,
            reason: self.reason.clone(),
        }
    }
}

/// The last messages, oldest first.
#[derive(Debug)]
pub struct Last {
    ring: Mutex<VecDeque<Noted>>,
    /// The number of the last one.
    newest: watch::Sender<u64>,
}

impl Default for Last {
    fn default() -> Self {
        Self { ring: Mutex::default(), newest: watch::Sender::new(0) }
    }
}

impl Last {
    fn ring(&self) -> MutexGuard<'_, VecDeque<Noted>> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what came, of a large request the last messages.
    pub fn note(&self, source: &str, receipt: Receipt, now_us: i64) {
        let Receipt { received, refused } = receipt;
        let skipped = received.len().saturating_sub(LAST_MESSAGES);
        let understood = received.into_iter().skip(skipped).map(|message| {
            let (verdict, problem) = match message.outcome {
                Outcome::Kept => (Verdict::Ok, None),
                Outcome::Aside(problem) => (Verdict::Aside, Some(problem)),
                Outcome::AsideFull(problem) => (Verdict::Refused, Some(problem)),
                Outcome::Suppressed => (Verdict::Dropped, None),
            };
            let profile = match message.who {
                Who::Somebody(profile) => Some(profile),
                Who::Nobody | Who::Suppressed => None,
            };
            (Some(message.name), profile, verdict, problem.map(|problem| problem.to_string()))
        });
        let skipped = refused.len().saturating_sub(LAST_MESSAGES);
        let refused = refused.into_iter().skip(skipped);
        let refused = refused.map(|one| (None, None, Verdict::Refused, Some(one.problem.to_string())));
        self.push(source, now_us, understood.chain(refused));
    }

    /// Notes that a body was refused as a whole.
    pub fn note_refused(&self, source: &str, reason: String, now_us: i64) {
        self.push(source, now_us, [(None, None, Verdict::Refused, Some(reason))]);
    }

    fn push(
        &self,
        source: &str,
        received_us: i64,
        messages: impl IntoIterator<Item = (Option<Cow<'static, str>>, Option<CustomerId>, Verdict, Option<String>)>,
    ) {
        let source: Arc<str> = source.into();
        let mut ring = self.ring();
        let mut sequence = *self.newest.borrow();
        for (name, profile, verdict, reason) in messages {
            sequence += 1;
            if ring.len() == LAST_MESSAGES {
                ring.pop_front();
            }
            ring.push_back(Noted {
                sequence,
                name,
                source: Arc::clone(&source),
                profile,
                received_us,
                verdict,
                reason,
            });
        }
        self.newest.send_replace(sequence);
    }

    /// The messages after this number, oldest first; waits for one, `timeout` at most.
    pub async fn after(
        &self,
        sequence: u64,
        timeout: Duration,
        customer_of: impl Fn(CustomerId) -> CustomerId,
    ) -> Vec<LiveMessage> {
        let mut newest = self.newest.subscribe();
        // A number that is still to come was given by a server before this one.
        let wanted = |newest: &u64| *newest != sequence && *newest > 0;
        // What has come by then is the answer, nothing too.
        drop(tokio::time::timeout(timeout, newest.wait_for(wanted)).await);
        let ring = self.ring();
        let is_older = ring.back().is_some_and(|last| last.sequence < sequence);
        let after = ring.iter().filter(|message| is_older || message.sequence > sequence);
        after.map(|message| message.shown(&customer_of)).collect()
    }
}

fn masked(customer: CustomerId) -> String {
    let digits = customer.0.to_string();
    format!("…{}", &digits[digits.len().saturating_sub(SHOWN_DIGITS)..])
}
