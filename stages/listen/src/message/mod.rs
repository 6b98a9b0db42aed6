//! Messages of Segment's tracking API into events, as pure code: bytes, a clock's reading and the
//! brand's settings in; events, messages to keep aside and refusals with their paths out.
//!
//! [`read`] takes a body of `/v1/track`, `/v1/batch` and the like, or a line of an archive of such
//! messages. Each message is judged alone. [`Lander`] then finds out whose the events are and makes
//! rows of them.

mod aside;
mod commerce;
mod consent;
mod event;
mod fields;
mod intake;
mod json;
mod keys;
mod land;
pub mod limits;
mod problem;
mod read;
mod schema;
mod time;

#[cfg(test)]
mod tests;

pub use aside::{MAX_ASIDE_MESSAGES, Replay, aside_of, load_schemas, replay};
pub use event::Event;
pub use intake::{Intake, IntakeError, Outcome, Receipt, Received};
pub use land::{Landed, Lander};
pub use limits::{IntakeBounds, Limits};
pub use problem::{Problem, ProblemCode};
pub use read::{Arrival, Call, Feed, Message, Reading, Refused, Verdict, read, read_again, write_key_in};
pub use schema::{EventSchema, PropertyRule, SchemaError, Schemas, ValueType};
