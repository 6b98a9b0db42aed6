//! What exists in Chinese and in English must say the same things.

use super::Problem;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const MESSAGES: &str = "web/src/i18n/";

/// Checks the message files of the web pages and the documents that come in both languages.
pub(super) fn check(texts: &[(String, String)]) -> Vec<Problem> {
    let texts: BTreeMap<&str, &str> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut problems = messages(&texts);
    problems.extend(same_outline(&texts, "README.md", "README.zh-CN.md"));
    for name in texts.keys().filter(|name| name.starts_with("docs/guide/") && name.ends_with(".md")) {
        if name.contains("/en/") {
            problems.extend(same_outline(&texts, name, &name.replacen("/en/", "/zh/", 1)));
        } else if name.contains("/zh/") && !texts.contains_key(name.replacen("/zh/", "/en/", 1).as_str()) {
            problems.push(format!("{name}: is missing in English"));
        }
    }
    problems
}

fn same_outline(texts: &BTreeMap<&str, &str>, english: &str, chinese: &str) -> Option<Problem> {
    let (Some(one), Some(other)) = (texts.get(english), texts.get(chinese)) else {
        return Some(format!("{english} and {chinese}: one of them is missing"));
    };
    let (one, other) = (outline(one), outline(other));
    (one != other).then(|| {
        format!("{english} and {chinese}: levels of their headings differ ({one:?}, {other:?}): one is out of date")
    })
}

/// Levels of a document's headings, in order; `#` in a code block is none.
fn outline(text: &str) -> Vec<usize> {
    let mut levels = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        }
        let level = line.chars().take_while(|letter| *letter == '#').count();
        if !in_block && level > 0 && line[level..].starts_with(' ') {
            levels.push(level);
        }
    }
    levels
}

/// Every key of one language must be in all others, with some text.
fn messages(texts: &BTreeMap<&str, &str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut languages: BTreeMap<String, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for (name, text) in texts.iter().filter(|(name, _)| name.starts_with(MESSAGES) && name.ends_with(".json")) {
        let mut keys = BTreeSet::new();
        match serde_json::from_str(text) {
            Ok(value) => collect(&value, String::new(), &mut keys, &mut |key| {
                problems.push(format!("{name}: {key} is empty"));
            }),
            Err(error) => problems.push(format!("{name}:{}: {error}", error.line())),
        }
        languages.entry(group(name)).or_default().insert(name, keys);
    }
    for files in languages.values() {
        let all: BTreeSet<&String> = files.values().flatten().collect();
        for (name, keys) in files {
            let missing: Vec<_> = all.iter().filter(|key| !keys.contains(**key)).map(|key| key.as_str()).collect();
            if !missing.is_empty() {
                problems.push(format!("{name}: lacks {}", missing.join(", ")));
            }
        }
    }
    problems
}

/// Files that differ in their language only: `zh.json` and `en.json`, or `zh/report.json` and `en/report.json`.
fn group(name: &str) -> String {
    let path = name.trim_start_matches(MESSAGES).trim_end_matches(".json");
    path.split(['/', '.']).filter(|part| !["zh", "en", "zh-CN", "en-US"].contains(part)).collect::<Vec<_>>().join("/")
}

/// Keys of all texts, nested ones with dots. Plural forms differ by language (`_one`, `_other`)
/// and count as one key.
fn collect(value: &Value, key: String, keys: &mut BTreeSet<String>, empty: &mut impl FnMut(&str)) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                let nested = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                collect(inner, nested, keys, empty);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, format!("{key}.{index}"), keys, empty);
            }
        }
        other => {
            if other.as_str().is_some_and(|text| text.trim().is_empty()) {
                empty(&key);
            }
            keys.insert(key.trim_end_matches("_one").trim_end_matches("_other").to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&'static str, &'static str)]) -> Vec<Problem> {
        messages(&files.iter().copied().collect())
    }

    #[test]
    fn a_text_missing_in_one_language_is_found() {
        let zh = ("web/src/i18n/zh.json", r#"{"a":{"b":"一","c":"二"}}"#);
        let en = ("web/src/i18n/en.json", r#"{"a":{"b":"one"}}"#);
        assert_eq!(found(&[zh, en]), ["web/src/i18n/en.json: lacks a.c"]);
        assert!(found(&[zh]).is_empty());
    }

    #[test]
    fn an_empty_text_is_found_and_plural_forms_are_one_key() {
        let zh = ("web/src/i18n/zh.json", r#"{"n_other":"{{count}} 位"}"#);
        let en = ("web/src/i18n/en.json", r#"{"n_one":"one","n_other":"{{count}}"}"#);
        assert!(found(&[zh, en]).is_empty());
        assert_eq!(found(&[("web/src/i18n/zh.json", r#"{"a":" "}"#)]), ["web/src/i18n/zh.json: a is empty"]);
    }

    #[test]
    fn headings_are_compared_by_level() {
        assert_eq!(outline("# A\n```\n# not one\n```\n## B\n#no\n"), [1, 2]);
        let texts: BTreeMap<&str, &str> = [("a", "# A\n## B\n"), ("b", "# 甲\n")].into();
        assert!(same_outline(&texts, "a", "b").is_some());
        assert!(same_outline(&texts, "a", "a").is_none());
        assert!(same_outline(&texts, "a", "c").is_some());
    }
}
