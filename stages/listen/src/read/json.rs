//! JSON lines: one object a line, nested objects flattened to columns with dotted names.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::error::RowProblem;
use super::row::Span;
use super::split::Parts;

/// Integers from here on have lost digits when they reach us as a floating point number (2^53).
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// Columns by name. While `growing`, a new name becomes a new column; later names are passed over.
#[derive(Debug, Clone, Default)]
pub(super) struct JsonColumns {
    by_name: FxHashMap<String, usize>,
    pub(super) names: Vec<String>,
    pub(super) growing: bool,
}

impl JsonColumns {
    /// No columns yet, open for new ones.
    pub(super) fn growing() -> Self {
        JsonColumns { growing: true, ..JsonColumns::default() }
    }

    fn index(&mut self, name: &str) -> Option<usize> {
        if let Some(index) = self.by_name.get(name) {
            return Some(*index);
        }
        if !self.growing || self.names.len() > super::MAX_COLUMNS {
            return None;
        }
        self.by_name.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        Some(self.names.len() - 1)
    }
}

/// Reads one line into cells, one for each column.
pub(super) fn read_object(line: &str, columns: &mut JsonColumns, parts: &mut Parts) -> Result<(), RowProblem> {
    parts.clear();
    parts.spans.resize(columns.names.len(), Span::side(0, 0));
    let indent = line.len() - line.trim_start().len();
    if !line[indent..].starts_with('{') {
        return Err(RowProblem::InvalidJson { column: indent + 1, reason: "expected an object".to_owned() });
    }
    let mut json = serde_json::Deserializer::from_str(line);
    let mut sink = Sink { columns, parts, path: String::new() };
    sink_value(&mut sink, &mut json).and_then(|()| json.end()).map_err(|error| {
        parts.clear();
        let text = error.to_string();
        // The parser sees one line only: its line number would mislead.
        let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
        RowProblem::InvalidJson { column: error.column(), reason }
    })
}

fn sink_value<'de, D: Deserializer<'de>>(sink: &mut Sink<'_>, value: D) -> Result<(), D::Error> {
    Flatten { sink }.deserialize(value)
}

/// Where values go: the cell named by the path to them.
struct Sink<'a> {
    columns: &'a mut JsonColumns,
    parts: &'a mut Parts,
    path: String,
}

impl Sink<'_> {
    fn put(&mut self, value: impl fmt::Display) {
        use fmt::Write;
        let start = self.parts.side.len();
        // Writing to a string cannot fail.
        let _ = write!(self.parts.side, "{value}");
        self.place(start);
    }

    fn text(&mut self, value: &str) {
        let start = self.parts.side.len();
        self.parts.side.push_str(value);
        self.place(start);
    }

    fn place(&mut self, start: usize) {
        let Some(index) = self.columns.index(&self.path) else { return };
        if index >= self.parts.spans.len() {
            self.parts.spans.resize(index + 1, Span::side(0, 0));
        }
        self.parts.spans[index] = Span::side(start, self.parts.side.len());
    }

    fn number(&mut self, value: f64) {
        // An id of 20 digits is already mangled here; written like this, the value parser names it as such.
        if value.abs() >= EXACT_INTEGERS { self.put(format_args!("{value:E}")) } else { self.put(value) }
    }
}

struct Flatten<'s, 'a> {
    sink: &'s mut Sink<'a>,
}

impl<'de> DeserializeSeed<'de> for Flatten<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Flatten<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.sink.put(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.sink.put(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.sink.put(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.sink.number(value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.sink.text(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.sink.text("");
        Ok(())
    }

    /// A list stays JSON: it has no columns.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<Value>()? {
            values.push(value);
        }
        self.sink.put(Value::Array(values));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let above = self.sink.path.len();
        while let Some(()) = object.next_key_seed(Key { path: &mut self.sink.path })? {
            object.next_value_seed(Flatten { sink: self.sink })?;
            self.sink.path.truncate(above);
        }
        Ok(())
    }
}

/// Appends a key to the path without a string of its own.
struct Key<'p> {
    path: &'p mut String,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<(), D::Error> {
        key.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<(), E> {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(key);
        Ok(())
    }
}

/// Whether the text is a line of JSON lines rather than the start of a document over several lines.
pub(super) fn starts_object_line(text: &str) -> bool {
    let Some(inside) = text.trim_start().strip_prefix('{') else { return false };
    inside.trim_start_matches([' ', '\t']).starts_with(['"', '}'])
}

/// Whether the text is a JSON document of another form.
pub(super) fn is_document(text: &str) -> bool {
    let text = text.trim_start();
    let Some(inside) = text.strip_prefix(['{', '[']) else { return false };
    inside.trim_start().starts_with(['"', '{', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Vec<(String, String)>, RowProblem> {
        let mut columns = JsonColumns::growing();
        let mut parts = Parts::default();
        read_object(line, &mut columns, &mut parts)?;
        let cells = parts.spans.iter().map(|span| span.of("", &parts.side).to_owned());
        Ok(columns.names.into_iter().zip(cells).collect())
    }

    #[test]
    fn nested_objects_become_dotted_columns() {
        let cells =
            read(r#"{"id":18446744073709551615,"who":{"name":"张","at":{"city":"杭州"}},"tags":["a",1],"x":null}"#);
        let expected = [
            ("id", "18446744073709551615"),
            ("who.name", "张"),
            ("who.at.city", "杭州"),
            ("tags", r#"["a",1]"#),
            ("x", ""),
        ];
        assert_eq!(cells.unwrap(), expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }

    #[test]
    fn numbers_keep_their_digits_or_say_that_they_lost_them() {
        let cells = read(r#"{"a":19.90,"b":-3,"c":true,"d":123456789012345678901234}"#).unwrap();
        let values: Vec<_> = cells.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values[..3], ["19.9", "-3", "true"]);
        assert!(values[3].starts_with("1.23456789012345") && values[3].ends_with("E23"), "{}", values[3]);
    }

    #[test]
    fn broken_lines_say_where() {
        for (line, column) in [(r#"{"a":"\ud800"}"#, 12), ("[1]", 1), (r#"{"a":1"#, 6), (r#"{"a":1} x"#, 9)] {
            match read(line) {
                Err(RowProblem::InvalidJson { column: at, .. }) => assert!(at.abs_diff(column) <= 2, "{line}: {at}"),
                other => panic!("{line}: {other:?}"),
            }
        }
        let deep = format!("{}{}", r#"{"a":"#.repeat(5_000), "}".repeat(5_000));
        assert!(read(&deep).is_err());
    }
}
