//! Messages as trackers send them, and as nobody should.

mod bad;
mod commerce;
mod consent;
mod envelope;
mod properties;

use super::{Arrival, Call, Event, Feed, Limits, Message, Problem, Reading, Schemas, Verdict, read};
use perennial_model::{Currency, HashKey};
use serde_json::{Value, json};

/// 2024-03-01T12:00:00Z.
pub(super) const NOW_US: i64 = 1_709_294_400_000_000;
pub(super) const SECOND: i64 = 1_000_000;

pub(super) fn feed() -> Feed {
    Feed {
        hash_key: HashKey::new([5; 16]),
        source: "web".into(),
        currency: Currency::CNY,
        limits: Limits::API,
        schemas: Schemas::default(),
    }
}

pub(super) fn live(call: Call, body: &str) -> Result<Reading, Problem> {
    read(&feed(), call, body.as_bytes(), Arrival::Live(NOW_US))
}

/// A `track` message of the official Node client: its members, in its order.
pub(super) fn track(event: &str, properties: &Value) -> Value {
    json!({
        "messageId": "node-next-1709294390000-3c0b1f5a-9f0e-4a5c-8d86-2f9e4f1c2b7a",
        "userId": "U-1001",
        "type": "track",
        "event": event,
        "properties": properties,
        "context": {"library": {"name": "@segment/analytics-node", "version": "3.1.0"}},
        "timestamp": "2024-03-01T11:59:50.000Z",
        "integrations": {},
        "_metadata": {"nodeVersion": "v20.19.0", "jsRuntime": "node"}
    })
}

pub(super) fn batch(messages: &[Value]) -> String {
    json!({"batch": messages, "writeKey": "wk", "sentAt": "2024-03-01T12:00:00.000Z"}).to_string()
}

/// The only message of a batch, which must be understood.
pub(super) fn message(value: &Value) -> Message {
    let reading = live(Call::Batch, &batch(std::slice::from_ref(value))).unwrap();
    assert_eq!(reading.refused, [], "{value}");
    reading.messages.into_iter().next().unwrap()
}

pub(super) fn events(value: &Value) -> Vec<Event> {
    match message(value).verdict {
        Verdict::Events(events) => events,
        Verdict::Aside { problem, .. } => panic!("{problem}"),
    }
}

/// Why the only message of a batch is refused: path and code.
pub(super) fn refusal(value: &Value) -> (String, String) {
    let reading = live(Call::Batch, &batch(std::slice::from_ref(value))).unwrap();
    let refused = reading.refused.first().unwrap_or_else(|| panic!("{value} is understood"));
    let code = serde_json::to_value(refused.problem.code).unwrap();
    (refused.problem.path.clone(), code.as_str().unwrap().to_owned())
}
