//! What differs between two versions of definitions.

use crate::Definitions;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The brand.
    Brand,
    /// A metric.
    Metric,
    /// A segment.
    Segment,
    /// An experiment.
    Experiment,
    /// Where customers come from.
    Source,
    /// What was spent.
    Spend,
}

/// What happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is there in both and says something else.
    Changed {
        /// The keys that differ.
        keys: Vec<String>,
    },
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// Its name; empty for the brand, month, purpose and source of what was spent.
    pub name: String,
    /// What happened.
    #[serde(flatten)]
    pub kind: ChangeKind,
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.subject {
            Subject::Brand => "brand",
            Subject::Metric => "metric",
            Subject::Segment => "segment",
            Subject::Experiment => "experiment",
            Subject::Source => "source",
            Subject::Spend => "spend",
        };
        let space = if self.name.is_empty() { "" } else { " " };
        match &self.kind {
            ChangeKind::Added => write!(formatter, "+ {subject}{space}{}", self.name),
            ChangeKind::Removed => write!(formatter, "- {subject}{space}{}", self.name),
            ChangeKind::Changed { keys } => {
                write!(formatter, "~ {subject}{space}{}: {}", self.name, keys.join(", "))
            }
        }
    }
}

/// What changes from one version to another: the brand, metrics, segments, experiments, sources, then spend; in the order of
/// the later one, what was removed last. An order alone is no change.
#[must_use]
pub fn changes(before: &Definitions, after: &Definitions) -> Vec<Change> {
    let mut found = Vec::new();
    let keys = differing(&as_map(&before.brand), &as_map(&after.brand));
    if !keys.is_empty() {
        found.push(Change { subject: Subject::Brand, name: String::new(), kind: ChangeKind::Changed { keys } });
    }
    compare(Subject::Metric, &before.metrics, &after.metrics, &mut found);
    compare(Subject::Segment, &before.segments, &after.segments, &mut found);
    compare(Subject::Experiment, &before.experiments, &after.experiments, &mut found);
    compare(Subject::Source, &before.sources, &after.sources, &mut found);
    compare(Subject::Spend, &before.spend, &after.spend, &mut found);
    found
}

fn compare<T: Serialize>(subject: Subject, before: &[T], after: &[T], found: &mut Vec<Change>) {
    let named = |all: &[T]| all.iter().map(as_map).map(|map| (name_of(&map), map)).collect::<Vec<_>>();
    let (before, after) = (named(before), named(after));
    let of = |all: &[(String, Map<String, Value>)], name: &str| all.iter().position(|(other, _)| other == name);
    for (name, map) in &after {
        let kind = match of(&before, name).and_then(|place| before.get(place)) {
            None => ChangeKind::Added,
            Some((_, earlier)) => ChangeKind::Changed { keys: differing(earlier, map) },
        };
        if kind != (ChangeKind::Changed { keys: Vec::new() }) {
            found.push(Change { subject, name: name.clone(), kind });
        }
    }
    let gone = before.into_iter().filter(|(name, _)| of(&after, name).is_none());
    found.extend(gone.map(|(name, _)| Change { subject, name, kind: ChangeKind::Removed }));
}

/// By which a definition is the same one in two versions: its name, or as [`crate::Spend::id`] says.
pub(crate) fn name_of(map: &Map<String, Value>) -> String {
    let word = |key| map.get(key).and_then(Value::as_str);
    match word("name") {
        Some(name) => name.to_owned(),
        None => ["month", "purpose", "source"].into_iter().filter_map(word).collect::<Vec<_>>().join(" "),
    }
}

/// Keys of either that differ, in the order of the later one.
fn differing(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value)).map(|(key, _)| key.clone());
    let gone = before.keys().filter(|key| !after.contains_key(*key)).cloned();
    changed.chain(gone).collect()
}

/// A definition as its keys.
pub(crate) fn as_map(definition: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(definition) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lexical, SourceFile, Surroundings, read};

    fn defined(metrics: &str) -> Definitions {
        let text = format!("metrics:\n{metrics}");
        let files = [SourceFile { name: "metrics.yaml".to_owned(), text }];
        let surroundings =
            Surroundings { columns: &[], timezone: None, currency: None, begun: &[], expressions: &Lexical };
        read(&files, &surroundings).unwrap().definitions
    }

    #[test]
    fn what_came_went_and_changed_is_told() {
        let before = defined("  - {name: a, function: count, window: 9d}\n  - {name: b, function: count}\n");
        let mut after = defined("  - {name: c, function: streak}\n  - {name: a, function: count, where: x}\n");
        after.brand.name = Some("茶".to_owned());
        let told: Vec<String> = changes(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["~ brand: name", "+ metric c", "~ metric a: where, window", "- metric b"]);
        assert!(changes(&after, &after).is_empty());
        let found = changes(&before, &after);
        let json = serde_json::to_string(&found).unwrap();
        assert!(json.contains(r#"{"subject":"metric","name":"c","change":"added"}"#), "{json}");
        assert_eq!(serde_json::from_str::<Vec<Change>>(&json).unwrap(), found);
    }

    #[test]
    fn definitions_come_back_from_json() {
        let definitions = defined("  - {name: a, function: count, events: x, window: 2w, title: {zh: 一, en: a}}\n");
        let json = serde_json::to_string(&definitions).unwrap();
        assert_eq!(serde_json::from_str::<Definitions>(&json).unwrap(), definitions);
    }
}
