//! The messages that came last, without what they say.

use perennial_listen::Who;
use perennial_listen::message::{Outcome, Receipt};
use perennial_model::CustomerId;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// The last messages, oldest first.
#[derive(Debug)]
pub struct Last {
    ring: Mutex<VecDeque<LiveMessage>>,
    /// The number of the last one.
    newest: watch::Sender<u64>,
}

impl Default for Last {
    fn default() -> Self {
        Self { ring: Mutex::default(), newest: watch::Sender::new(0) }
    }
}

impl Last {
    fn ring(&self) -> MutexGuard<'_, VecDeque<LiveMessage>> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what came, of a large request the last messages.
    pub fn note(&self, source: &str, receipt: Receipt, now_us: i64, customer_of: impl Fn(CustomerId) -> CustomerId) {
        let Receipt { received, refused } = receipt;
        let skipped = received.len().saturating_sub(LAST_MESSAGES);
        let understood = received.into_iter().skip(skipped).map(|message| {
            let (verdict, problem) = match message.outcome {
                Outcome::Kept => (Verdict::Ok, None),
                Outcome::Aside(problem) => (Verdict::Aside, Some(problem)),
                Outcome::AsideFull(problem) => (Verdict::Refused, Some(problem)),
                Outcome::Suppressed => (Verdict::Dropped, None),
            };
            let customer = match message.who {
                Who::Somebody(profile) => Some(masked(customer_of(profile))),
                Who::Nobody | Who::Suppressed => None,
            };
            (Some(message.name), customer, verdict, problem.map(|problem| problem.to_string()))
        });
        let skipped = refused.len().saturating_sub(LAST_MESSAGES);
        let refused = refused.into_iter().skip(skipped);
        let refused = refused.map(|one| (None, None, Verdict::Refused, Some(one.problem.to_string())));
        let mut ring = self.ring();
        let mut sequence = *self.newest.borrow();
        for (name, customer, verdict, reason) in understood.chain(refused) {
            sequence += 1;
            let source = source.to_owned();
            ring.push_back(LiveMessage { sequence, name, source, customer, received_us: now_us, verdict, reason });
            if ring.len() > LAST_MESSAGES {
                ring.pop_front();
            }
        }
        self.newest.send_replace(sequence);
    }

    /// Notes that a body was refused as a whole.
    pub fn note_refused(&self, source: &str, reason: String, now_us: i64) {
        let mut ring = self.ring();
        let sequence = *self.newest.borrow() + 1;
        let (source, reason) = (source.to_owned(), Some(reason));
        let (name, customer, verdict) = (None, None, Verdict::Refused);
        ring.push_back(LiveMessage { sequence, name, source, customer, received_us: now_us, verdict, reason });
        if ring.len() > LAST_MESSAGES {
            ring.pop_front();
        }
        self.newest.send_replace(sequence);
    }

    /// The messages after this number, oldest first; waits for one, `timeout` at most.
    pub async fn after(&self, sequence: u64, timeout: Duration) -> Vec<LiveMessage> {
        let mut newest = self.newest.subscribe();
        // A number that is still to come was given by a server before this one.
        let wanted = |newest: &u64| *newest != sequence && *newest > 0;
        // What has come by then is the answer, nothing too.
        drop(tokio::time::timeout(timeout, newest.wait_for(wanted)).await);
        let ring = self.ring();
        let is_older = ring.back().is_some_and(|last| last.sequence < sequence);
        ring.iter().filter(|message| is_older || message.sequence > sequence).cloned().collect()
    }
}

fn masked(customer: CustomerId) -> String {
    let digits = customer.0.to_string();
    format!("…{}", &digits[digits.len().saturating_sub(SHOWN_DIGITS)..])
}
