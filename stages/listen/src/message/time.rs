//! When it happened: the sender's clock, corrected by ours.
//!
//! Segment documents the correction as `timestamp = receivedAt − (sentAt − originalTimestamp)`: the
//! time between the event and its sending is trusted, the sender's calendar is not.

use super::fields::Fields;
use super::json::Json;
use super::problem::{Problem, ProblemCode};
use crate::value::{Civil, DateOrder};
use perennial_model::{DAY_US, day_from_civil};

/// So far ahead of our clock (after correction) an event may be; it is taken to be of now. One
/// further ahead has a wrong unit or a wrong year.
const AHEAD_US: i64 = DAY_US;

/// What an instant is corrected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clocks {
    /// Our clock when the message came (UTC µs).
    pub(crate) received_us: i64,
    /// The `sentAt` of the batch.
    pub(crate) sent_us: Option<i64>,
    /// Whether `received_us` is that of a collector which stands between: a file is read years later.
    pub(crate) archive: bool,
}

/// When a message was received and when what it tells happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) received_us: i64,
    pub(crate) time_us: i64,
}

/// An instant of ISO 8601. Without a zone it is universal, as Segment reads it.
pub(crate) fn instant(fields: &Fields<'_, '_>, name: &str) -> Result<Option<i64>, Problem> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    let Json::Text(text) = value else {
        let message = format!("is {}: send ISO 8601 such as 2024-01-05T08:03:00.000Z", value.kind());
        return Err(fields.problem(name, ProblemCode::WrongType, message));
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let message = "is no instant of ISO 8601: send one such as 2024-01-05T08:03:00.000Z";
    iso(text.trim()).map(Some).ok_or_else(|| fields.problem(name, ProblemCode::NotATime, message))
}

/// The instant in a text of ISO 8601.
pub(crate) fn iso(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let extended = digits(0, 4) && bytes.get(4) == Some(&b'-') && digits(5, 7) && bytes.get(7) == Some(&b'-');
    if !(extended && digits(8, 10) && text.is_ascii() && text.len() <= 40) {
        return None;
    }
    let civil = Civil::parse(text, DateOrder::MonthFirst)?;
    Some(i64::from(civil.day) * DAY_US + civil.of_day_us - civil.offset_us.unwrap_or(0))
}

/// The times of a message.
pub(crate) fn times(message: &Fields<'_, '_>, clocks: Clocks) -> Result<Times, Problem> {
    let collected = instant(message, "receivedAt")?;
    let (original, stated) = (instant(message, "originalTimestamp")?, instant(message, "timestamp")?);
    let sent_us = instant(message, "sentAt")?.or(clocks.sent_us);
    // An archive tells when its collector heard; nobody heard after now.
    let received_us = match collected {
        Some(collected) if clocks.archive => collected.min(clocks.received_us),
        _ => clocks.received_us,
    };
    // A collector has corrected `timestamp` already, and its own clock is what to correct by.
    let heard_us = collected.or((!clocks.archive).then_some(clocks.received_us));
    let skew_us = heard_us.zip(sent_us).map_or(0, |(heard, sent)| heard.saturating_sub(sent));
    let (name, time_us) = match (original, stated) {
        (Some(original), _) => ("originalTimestamp", original.saturating_add(skew_us)),
        (None, Some(stated)) if collected.is_some() => ("timestamp", stated),
        (None, Some(stated)) => ("timestamp", stated.saturating_add(skew_us)),
        (None, None) => ("timestamp", received_us),
    };
    let refused = |code, what: &str| Err(message.problem(name, code, what));
    if time_us > clocks.received_us.saturating_add(AHEAD_US) {
        let what = "is more than a day in the future: check its year and the sender's clock";
        return refused(ProblemCode::TimeInFuture, what);
    }
    if time_us < earliest_us() {
        let what = "is before 1971, as an empty date becomes: send when it happened, or leave it out";
        return refused(ProblemCode::TimeTooEarly, what);
    }
    // Nothing happens after it was heard of: what is a little ahead is of now.
    Ok(Times { received_us, time_us: time_us.min(clocks.received_us) })
}

fn earliest_us() -> i64 {
    day_from_civil(1971, 1, 1).map_or(0, i64::from) * DAY_US
}
