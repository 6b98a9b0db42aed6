//! The JSON Schema of each file, from which editors complete.

use crate::{
    AcquisitionSource, BRAND_FILE, Brand, EXPERIMENTS_FILE, Experiment, Function, METRICS_FILE, Metric, Need,
    SEGMENTS_FILE, SOURCES_FILE, SPEND_FILE, Segment, Spend,
};
use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value, json};

/// Metrics of a brand: figures of each customer, computed from their events.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Metrics")]
#[expect(dead_code, reason = "only its schema is used")]
struct MetricsFile {
    /// The metrics.
    metrics: Option<Vec<Metric>>,
}

/// Segments of a brand: groups of customers who meet a condition.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Segments")]
#[expect(dead_code, reason = "only its schema is used")]
struct SegmentsFile {
    /// The segments.
    segments: Option<Vec<Segment>>,
}

/// Experiments of a brand: customers divided by lot, compared afterwards.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Experiments")]
#[expect(dead_code, reason = "only its schema is used")]
struct ExperimentsFile {
    /// The experiments.
    experiments: Option<Vec<Experiment>>,
}

/// Sources of a brand: where its customers come from.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Sources")]
#[expect(dead_code, reason = "only its schema is used")]
struct SourcesFile {
    /// The sources; of several whose conditions an event meets the first counts.
    sources: Option<Vec<AcquisitionSource>>,
}

/// What a brand spent to win and to keep customers, month by month.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "SpendOfMonths")]
#[expect(dead_code, reason = "only its schema is used")]
struct SpendFile {
    /// What was spent; each month, purpose and source once.
    spend: Option<Vec<Spend>>,
}

/// The schema of a file of a brand directory, by its name.
#[must_use]
pub fn schema(file: &str) -> Option<Value> {
    let mut schema = match file {
        BRAND_FILE => schema_for!(Brand).to_value(),
        METRICS_FILE => schema_for!(MetricsFile).to_value(),
        SEGMENTS_FILE => schema_for!(SegmentsFile).to_value(),
        EXPERIMENTS_FILE => schema_for!(ExperimentsFile).to_value(),
        SOURCES_FILE => schema_for!(SourcesFile).to_value(),
        SPEND_FILE => schema_for!(SpendFile).to_value(),
        _ => return None,
    };
    take_nothing_out(&mut schema);
    if let Some(Value::Object(metric)) = schema.pointer_mut("/$defs/Metric") {
        metric.insert("allOf".to_owned(), Function::ALL.into_iter().map(needs).collect());
    }
    Some(schema)
}

/// A key that may be left out is not one that may be empty.
fn take_nothing_out(schema: &mut Value) {
    let is_null = |value: &Value| *value == json!("null") || *value == json!({"type": "null"});
    match schema {
        Value::Array(items) => items.iter_mut().for_each(take_nothing_out),
        Value::Object(map) => {
            for key in ["type", "anyOf"] {
                let Some(Value::Array(choices)) = map.get_mut(key) else { continue };
                choices.retain(|choice| !is_null(choice));
                let [only] = choices.as_mut_slice() else { continue };
                let only = only.take();
                match only {
                    Value::Object(only) => {
                        map.shift_remove(key);
                        map.extend(only);
                    }
                    only => drop(map.insert(key.to_owned(), only)),
                }
            }
            map.values_mut().for_each(take_nothing_out);
        }
        _ => {}
    }
}

/// Which keys a metric of this function must have and which it cannot.
fn needs(function: Function) -> Value {
    let keys = ["of", "window", "unit", "then", "within"];
    let of = |need| keys.into_iter().filter(move |key| function.need(key) == need);
    let refused: Map<String, Value> = of(Need::Refused).map(|key| (key.to_owned(), json!(false))).collect();
    json!({
        "if": { "properties": { "function": { "const": function.as_str() } }, "required": ["function"] },
        "then": { "required": of(Need::Required).collect::<Vec<_>>(), "properties": refused },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FILES;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");

    #[test]
    fn every_key_is_documented() {
        fn check(schema: &Value, at: &str) {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let described = property["description"].as_str().is_some_and(|text| text.len() > 8);
                assert!(described, "{at}.{name} has no description");
            }
            for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
                check(inner, name);
            }
        }
        FILES.iter().for_each(|file| check(&schema(file).unwrap(), file));
    }

    #[test]
    fn each_schema_in_the_repository_is_the_one_of_the_code() {
        for file in FILES {
            let path = format!("{FOLDER}/{}", file.replace(".yaml", ".schema.json"));
            let text = format!("{}\n", serde_json::to_string_pretty(&schema(file).unwrap()).unwrap());
            if std::env::var_os("PERENNIAL_WRITE_SCHEMAS").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == text, "{path} is stale: run `cargo xtask schemas`");
        }
    }
}
