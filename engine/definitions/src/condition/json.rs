//! From JSON, with the place of what is wrong.

use super::check::{check_depth, problem, under};
use super::{Behaviour, Comparison, Condition, ConditionProblem, ConditionValue};
use crate::Metric;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};

/// The key that says what a condition is.
const KINDS: [&str; 9] = ["all", "any", "not", "column", "behaviour", "segment", "list", "tag", "sql"];
/// The ways to compare, with the keys of each.
const COMPARISONS: [(&str, &[&str]); 17] = [
    ("equal", &["value"]),
    ("not_equal", &["value"]),
    ("less", &["value"]),
    ("at_most", &["value"]),
    ("more", &["value"]),
    ("at_least", &["value"]),
    ("one_of", &["values"]),
    ("none_of", &["values"]),
    ("between", &["least", "most"]),
    ("contains", &["value"]),
    ("begins_with", &["value"]),
    ("known", &[]),
    ("unknown", &[]),
    ("yes", &[]),
    ("no", &[]),
    ("within_days", &["value"]),
    ("before_days", &["value"]),
];
/// Keys of a metric that a behaviour does not have.
const NOT_OF_BEHAVIOUR: [&str; 3] = ["name", "title", "description"];

type Result<T> = std::result::Result<T, ConditionProblem>;

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::from_json(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Condition {
    /// A condition of JSON, checked.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn from_json(json: &Value) -> Result<Self> {
        let condition = read(json, "", 0)?;
        condition.check()?;
        Ok(condition)
    }
}

fn read(json: &Value, path: &str, depth: usize) -> Result<Condition> {
    check_depth(path, depth)?;
    let keys = Keys::of(json, path, "a condition")?;
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| keys.object.contains_key(*kind)).collect();
    let [kind] = kinds.as_slice() else {
        let message =
            if kinds.is_empty() { "it says nothing".to_owned() } else { format!("it has {}", kinds.join(" and ")) };
        return Err(problem(path, message, format!("give it one of {}", KINDS.join(", "))));
    };
    match *kind {
        "all" => keys.only(&["all"])?.group("all", depth).map(|all| Condition::All { all }),
        "any" => keys.only(&["any"])?.group("any", depth).map(|any| Condition::Any { any }),
        "not" => {
            let not = read(keys.only(&["not", "unknown_too"])?.get("not")?, &under(path, "not"), depth + 1)?;
            let unknown_too = match keys.object.get("unknown_too") {
                None | Some(Value::Null) => false,
                Some(Value::Bool(unknown_too)) => *unknown_too,
                Some(_) => return Err(problem(&under(path, "unknown_too"), "it is no boolean", "write true or false")),
            };
            Ok(Condition::Not { not: Box::new(not), unknown_too })
        }
        "column" => Ok(Condition::Column { comparison: keys.comparison("column")?, column: keys.text("column")? }),
        "behaviour" => {
            let comparison = keys.comparison("behaviour")?;
            Ok(Condition::Behaviour {
                behaviour: behaviour(keys.get("behaviour")?, &under(path, "behaviour"))?,
                comparison,
            })
        }
        "segment" => keys.only(&["segment"])?.text("segment").map(|segment| Condition::Segment { segment }),
        "list" => keys.only(&["list"])?.text("list").map(|list| Condition::List { list }),
        "tag" => keys.only(&["tag"])?.text("tag").map(|tag| Condition::Tag { tag }),
        _ => keys.only(&["sql"])?.text("sql").map(|sql| Condition::Sql { sql }),
    }
}

/// The keys of an object, with its place.
struct Keys<'a> {
    object: &'a Map<String, Value>,
    path: &'a str,
}

impl<'a> Keys<'a> {
    fn of(json: &'a Value, path: &'a str, what: &str) -> Result<Self> {
        let no_object = || {
            problem(path, format!("{json:.40} is no {}", what.trim_start_matches("a ")), "write an object in braces")
        };
        Ok(Self { object: json.as_object().ok_or_else(no_object)?, path })
    }

    fn only(&self, known: &[&str]) -> Result<&Self> {
        match self.object.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(self),
            Some(key) => {
                let message = format!("{key} does not belong to it");
                Err(problem(
                    &under(self.path, key),
                    message,
                    format!("take it away; its keys are {}", known.join(", ")),
                ))
            }
        }
    }

    fn get(&self, key: &str) -> Result<&'a Value> {
        self.object.get(key).ok_or_else(|| problem(self.path, format!("it has no {key}"), format!("add {key}")))
    }

    fn text(&self, key: &str) -> Result<String> {
        let no_text = || problem(&under(self.path, key), "it is no text", "write it in quotes");
        self.get(key)?.as_str().map(str::to_owned).ok_or_else(no_text)
    }

    fn list(&self, key: &str) -> Result<&'a Vec<Value>> {
        let no_list = || problem(&under(self.path, key), "it is no list", "write it in brackets");
        self.get(key)?.as_array().ok_or_else(no_list)
    }

    fn group(&self, key: &str, depth: usize) -> Result<Vec<Condition>> {
        let parts = self.list(key)?.iter().enumerate();
        parts.map(|(place, part)| read(part, &under(self.path, &format!("{key}[{place}]")), depth + 1)).collect()
    }

    fn value(&self, key: &str) -> Result<ConditionValue> {
        value(self.get(key)?, &under(self.path, key))
    }

    fn values(&self) -> Result<Vec<ConditionValue>> {
        let path = under(self.path, "values");
        let values = self.list("values")?.iter().enumerate();
        values.map(|(place, json)| value(json, &format!("{path}[{place}]"))).collect()
    }

    fn days(&self) -> Result<u32> {
        let days = self.get("value")?.as_u64().and_then(|days| u32::try_from(days).ok());
        days.ok_or_else(|| problem(&under(self.path, "value"), "it is no number of days", "write a whole number"))
    }

    fn comparison(&self, subject: &str) -> Result<Comparison> {
        let word = self.text("is")?;
        let Some((word, own)) = COMPARISONS.iter().find(|(known, _)| *known == word) else {
            let known = COMPARISONS.map(|(known, _)| known).join(", ");
            return Err(problem(
                &under(self.path, "is"),
                format!("nothing is {word:?}"),
                format!("take one of {known}"),
            ));
        };
        self.only(&[&[subject, "is"], *own].concat())?;
        Ok(match *word {
            "equal" => Comparison::Equal { value: self.value("value")? },
            "not_equal" => Comparison::NotEqual { value: self.value("value")? },
            "less" => Comparison::Less { value: self.value("value")? },
            "at_most" => Comparison::AtMost { value: self.value("value")? },
            "more" => Comparison::More { value: self.value("value")? },
            "at_least" => Comparison::AtLeast { value: self.value("value")? },
            "one_of" => Comparison::OneOf { values: self.values()? },
            "none_of" => Comparison::NoneOf { values: self.values()? },
            "between" => Comparison::Between { least: self.value("least")?, most: self.value("most")? },
            "contains" => Comparison::Contains { value: self.text("value")? },
            "begins_with" => Comparison::BeginsWith { value: self.text("value")? },
            "known" => Comparison::Known {},
            "unknown" => Comparison::Unknown {},
            "yes" => Comparison::Yes {},
            "no" => Comparison::No {},
            "within_days" => Comparison::WithinDays { value: self.days()? },
            _ => Comparison::BeforeDays { value: self.days()? },
        })
    }
}

fn value(json: &Value, path: &str) -> Result<ConditionValue> {
    match json {
        Value::Bool(value) => Ok(ConditionValue::Boolean(*value)),
        Value::Number(value) => Ok(ConditionValue::Number(value.clone())),
        Value::String(value) => Ok(ConditionValue::Text(value.clone())),
        Value::Null => Err(problem(path, "it is null", "ask for known or unknown")),
        Value::Array(_) | Value::Object(_) => {
            Err(problem(path, "it is no value", "write a number, a text, true or false"))
        }
    }
}

/// The keys of a metric without its names; null is as good as nothing.
fn behaviour(json: &Value, path: &str) -> Result<Behaviour> {
    let keys = Keys::of(json, path, "a behaviour")?;
    if let Some(key) = NOT_OF_BEHAVIOUR.into_iter().find(|key| keys.object.contains_key(*key)) {
        let fix = "take it away; metric is the key for a metric's name";
        return Err(problem(&under(path, key), format!("{key} does not belong to it"), fix));
    }
    let metric = match keys.object.get("metric") {
        None | Some(Value::Null) => None,
        Some(_) => Some(keys.text("metric")?),
    };
    let own = keys.object.iter().filter(|(key, value)| *key != "metric" && !value.is_null());
    let mut own: Map<String, Value> = own.map(|(key, value)| (key.clone(), value.clone())).collect();
    own.insert("name".to_owned(), Value::from("unnamed"));
    let read = Metric::deserialize(Value::Object(own));
    let read = read.map_err(|error| problem(path, error.to_string(), "see the keys of a metric"))?;
    Ok(Behaviour { metric, ..Behaviour::of_metric(&read) })
}
