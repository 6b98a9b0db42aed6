//! What events must look like, as the brand declares it.

use super::commerce;
use super::fields::Fields;
use super::json::Json;
use super::problem::{Problem, ProblemCode};
use super::time::iso;
use crate::consent::ConsentSettings;
use crate::value::{NumberStyle, parse_decimal};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Properties that one schema may declare.
const MAX_PROPERTIES: usize = 500;

/// Types of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// Any text.
    Text,
    /// A whole number, also as a text.
    Integer,
    /// A number, also as a text.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An instant of ISO 8601.
    Time,
}

/// What is declared of one property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyRule {
    /// Its type.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// Whether every event must have it.
    #[serde(default)]
    pub required: bool,
}

/// What events of one name must look like. Properties that it does not declare are free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSchema {
    /// The name of the event; of an `identify` message `Identify`, and so on.
    pub event: String,
    /// Properties (traits of an `identify` and a `group`) by name.
    pub properties: BTreeMap<String, PropertyRule>,
}

/// A file of schemas that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Not of the form.
    #[error(
        "not a schema: {0}; write {{\"event\": \"Order Completed\", \"properties\": {{\"total\": {{\"type\": \"number\", \
         \"required\": true}}}}}} with types text, integer, number, boolean, time"
    )]
    Form(#[from] serde_json::Error),
    /// No name, or too many properties.
    #[error("schema of {event:?}: {reason}")]
    Content {
        /// Of which event.
        event: String,
        /// What does not fit.
        reason: String,
    },
}

impl EventSchema {
    /// Reads one schema or a list of them.
    ///
    /// # Errors
    /// [`SchemaError`].
    pub fn parse(text: &str) -> Result<Vec<Self>, SchemaError> {
        let is_list = text.trim_start().starts_with('[');
        let mut schemas: Vec<Self> =
            if is_list { serde_json::from_str(text)? } else { vec![serde_json::from_str(text)?] };
        for schema in &mut schemas {
            let name = schema.event.trim();
            schema.event = commerce::canonical(name).unwrap_or(name).to_owned();
            let reason = if schema.event.is_empty() {
                "has no event name: name the event that it is for".to_owned()
            } else if schema.properties.len() > MAX_PROPERTIES {
                format!("declares more than {MAX_PROPERTIES} properties: declare those that matter")
            } else {
                continue;
            };
            return Err(SchemaError::Content { event: schema.event.clone(), reason });
        }
        Ok(schemas)
    }

    fn misfit(&self, said: &Fields<'_, '_>) -> Option<Problem> {
        self.properties.iter().find_map(|(name, rule)| match said.get(name) {
            None if rule.required => Some(said.missing(name, "the schema wants it: send it, or mend the schema")),
            None => None,
            Some(value) if rule.value_type.fits(value) => None,
            Some(value) => {
                let (kind, wanted) = (value.kind(), rule.value_type.words());
                let message = format!("is {kind} and not {wanted}, as the schema wants: send one, or mend the schema");
                Some(said.problem(name, ProblemCode::WrongType, message))
            }
        })
    }
}

impl ValueType {
    fn fits(self, value: &Json<'_>) -> bool {
        let number = || match value {
            Json::Number(digits) => Some(*digits),
            Json::Text(text) => Some(*text).filter(|text| parse_decimal(text, NumberStyle::Point).is_ok()),
            _ => None,
        };
        match (self, value) {
            (Self::Text, Json::Text(_)) | (Self::Boolean, Json::Bool(_)) => true,
            (Self::Integer, _) => number().is_some_and(|digits| digits.trim().parse::<i64>().is_ok()),
            (Self::Number, _) => number().is_some(),
            (Self::Boolean, Json::Text(text)) => matches!(*text, "true" | "false"),
            (Self::Time, Json::Text(text)) => iso(text.trim()).is_some(),
            _ => false,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Time => "an instant of ISO 8601",
        }
    }
}

/// What is declared of all events.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    /// Schemas by name.
    events: FxHashMap<String, EventSchema>,
    /// What consent is asked for.
    pub consents: ConsentSettings,
}

impl FromIterator<EventSchema> for Schemas {
    fn from_iter<T: IntoIterator<Item = EventSchema>>(schemas: T) -> Self {
        let events = schemas.into_iter().map(|schema| (schema.event.clone(), schema)).collect();
        Self { events, consents: ConsentSettings::default() }
    }
}

impl Schemas {
    /// Why an event does not fit; none where it does, or nothing is declared of it.
    pub(super) fn misfit(&self, name: &str, said: &Fields<'_, '_>) -> Option<Problem> {
        self.events.get(name)?.misfit(said)
    }
}
