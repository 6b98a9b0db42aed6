//! A message of the tracking API, ready but for the clock by which it is dated.

use super::json::{Members, instant};

/// What is sent about a customer or a stranger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When it happened in the brand's own time, UTC microseconds.
    pub time_us: i64,
    pub(super) head: Members,
    pub(super) call: Call,
    pub(super) said: Members,
    /// Instants among what is said: they move with the message.
    pub(super) times: Vec<(&'static str, i64)>,
    pub(super) context: Members,
}

/// Which of the tracking API's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Track(&'static str),
    Identify,
    Page(&'static str),
    Screen(&'static str),
}

impl Call {
    const fn word(self) -> &'static str {
        match self {
            Self::Track(_) => "track",
            Self::Identify => "identify",
            Self::Page(_) => "page",
            Self::Screen(_) => "screen",
        }
    }
}

impl Message {
    /// Writes it as one JSON object, everything dated `shift_us` later than in the brand's own time.
    pub fn write(&self, out: &mut String, shift_us: i64) {
        out.push_str("{\"type\":\"");
        out.push_str(self.call.word());
        out.push_str("\",");
        out.push_str(&self.head.0);
        if let Call::Track(name) | Call::Page(name) | Call::Screen(name) = self.call {
            let key = if matches!(self.call, Call::Track(_)) { "event" } else { "name" };
            out.push(',');
            out.push_str(&Members::default().text(key, name).0);
        }
        out.push_str(",\"timestamp\":\"");
        instant(out, self.time_us + shift_us);
        out.push_str(if self.call == Call::Identify { "\",\"traits\":{" } else { "\",\"properties\":{" });
        out.push_str(&self.said.0);
        for (place, (name, time_us)) in self.times.iter().enumerate() {
            if place > 0 || !self.said.0.is_empty() {
                out.push(',');
            }
            out.push_str(&Members::default().instant(name, time_us + shift_us).0);
        }
        out.push('}');
        if !self.context.0.is_empty() {
            out.push_str(",\"context\":{");
            out.push_str(&self.context.0);
            out.push('}');
        }
        out.push('}');
    }
}
