//! Values as YAML: plain where that is safe, a block for texts of several lines, else in double quotes.

use serde_json::{Map, Value};
use std::fmt::Write;

/// Writes the keys of a group, each on lines of its own, behind so many spaces.
pub(crate) fn emit_map(map: &Map<String, Value>, indent: usize, out: &mut String) {
    for (key, value) in map {
        spaces(indent, out);
        out.push_str(key);
        out.push(':');
        emit_value(value, indent, out);
    }
}

/// Writes a group as an item of a list whose dash has so many spaces before it.
pub(crate) fn emit_item(map: &Map<String, Value>, indent: usize, out: &mut String) {
    let start = out.len();
    emit_map(map, indent + 2, out);
    if out.len() > start + indent + 2 {
        out.replace_range(start + indent..=start + indent, "-");
    }
}

/// Behind a key or a dash: the value and the end of its line.
fn emit_value(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            emit_map(map, indent + 2, out);
        }
        Value::Object(_) => out.push_str(" {}\n"),
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                spaces(indent + 2, out);
                out.push('-');
                emit_value(item, indent + 4, out);
            }
        }
        Value::Array(_) => out.push_str(" []\n"),
        Value::String(text) => emit_text(text, indent, out),
        other => {
            let _ = writeln!(out, " {other}");
        }
    }
}

fn emit_text(text: &str, indent: usize, out: &mut String) {
    out.push(' ');
    if is_plain(text) {
        out.push_str(text);
    } else if let Some(body) = as_block(text) {
        out.push_str(if body.len() < text.len() { "|" } else { "|-" });
        for line in body.split('\n') {
            out.push('\n');
            if !line.is_empty() {
                spaces(indent + 2, out);
                out.push_str(line);
            }
        }
    } else {
        quote(text, out);
    }
    out.push('\n');
}

/// Words that older versions of YAML take for something else than text.
const RESERVED: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Whether a text can stand without quotes: on one line, beginning with a letter (or a window such as
/// 90d, a share, a day), with nothing in it that means something to YAML.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let is_ours = || {
        text.parse::<crate::Window>().is_ok()
            || text.parse::<crate::Share>().is_ok()
            || text.parse::<crate::Day>().is_ok()
    };
    let begins_well = first.is_some_and(char::is_alphabetic) || is_ours();
    let safe = |letter: char| is_printable(letter) && !matches!(letter, '\n' | '\r' | '\t');
    begins_well
        && text.chars().all(safe)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !text.ends_with(char::is_whitespace)
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

/// The lines of a text that can stand as a block, without the last end of line.
fn as_block(text: &str) -> Option<&str> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let safe = |letter: char| letter == '\n' || letter == '\t' || (is_printable(letter) && letter != '\r');
    let lines_end_well = body.split('\n').all(|line| !line.ends_with(char::is_whitespace));
    let begins_well = body.starts_with(|first: char| !first.is_whitespace());
    let ends_well = !body.ends_with('\n');
    (body.contains('\n') && begins_well && ends_well && lines_end_well && text.chars().all(safe)).then_some(body)
}

/// Characters that YAML takes as they are, without those that end a line for some.
fn is_printable(letter: char) -> bool {
    let ends_line = matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}');
    let nothing = matches!(letter, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !letter.is_control() && !ends_line && !nothing
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            letter if is_printable(letter) => out.push(letter),
            letter => {
                let _ = write!(out, "\\U{:08x}", u32::from(letter));
            }
        }
    }
    out.push('"');
}

fn spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests {
    use super::super::{Content, parse};
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(text: &str) -> String {
        let mut yaml = String::new();
        emit_map(&Map::from_iter([("a".to_owned(), Value::from(text))]), 2, &mut yaml);
        let root = parse(&yaml).unwrap().unwrap();
        let Content::Map { pairs, .. } = root.content else { unreachable!() };
        assert!(!pairs[0].1.is_null() && pairs[0].1.described() == "text", "{yaml}");
        pairs[0].1.raw().unwrap().to_owned()
    }

    #[test]
    fn texts_are_written_as_people_would() {
        for (text, written) in [
            ("stage = 'at_risk'", "stage = 'at_risk'"),
            ("近90天订单数", "近90天订单数"),
            ("90d", "90d"),
            ("90", "\"90\""),
            ("yes", "\"yes\""),
            ("p_x = 'a: b'", "\"p_x = 'a: b'\""),
            ("(a)", "\"(a)\""),
            ("a\nb", "|-\n    a\n    b"),
            ("a\n\n  b\n", "|\n    a\n\n      b"),
            ("a \nb", "\"a \\nb\""),
        ] {
            let mut out = String::new();
            emit_map(&Map::from_iter([("k".to_owned(), Value::from(text))]), 2, &mut out);
            assert_eq!(out, format!("  k: {written}\n"));
            assert_eq!(there_and_back(text), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn every_text_comes_back(text in "\\PC{0,20}|[a-z0-9 :#'\"\n\t\r\\[\\]{}|>&*!%@`,?~\u{85}\u{2028}\u{feff}\u{7f}😀é-]{0,30}") {
            prop_assert_eq!(there_and_back(&text), text);
        }
    }
}
