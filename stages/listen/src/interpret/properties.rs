//! Properties of an event: values of declared columns, and the text of a JSON object.

use crate::import::{LeftOut, RowView};
use crate::recognise::{PropertyColumn, whole};
use crate::value::{Decimal, clean, is_none, parse_decimal, truth};
use perennial_model::{PropertySpec, PropertyType};
use perennial_timeline::PropertyValue;
use std::fmt::Write;

/// A value of a declared property, if there is one.
pub(crate) type Declared<Text> = Option<PropertyValue<Text>>;

/// What the columns that are kept as properties say in one row.
#[derive(Debug, Default)]
pub(crate) struct RowProperties<'a> {
    /// Values, in the order of the import's properties.
    pub(crate) values: Vec<Declared<&'a str>>,
    /// Texts that are not of their property's type: members of a JSON object, most often none.
    pub(crate) others: String,
}

/// Reads one column that is kept as a property.
#[derive(Debug)]
pub(crate) struct PropertyReader {
    property: PropertyColumn,
    /// Which of the import's properties it is.
    at: usize,
    /// Values that are not of the type.
    pub(crate) left_out: Option<LeftOut>,
}

impl PropertyReader {
    pub(crate) fn new(property: &PropertyColumn, all: &[PropertySpec]) -> Self {
        let at = all.iter().position(|spec| *spec == property.spec).unwrap_or(all.len());
        Self { property: property.clone(), at, left_out: None }
    }

    /// Adds the cell of a row. A value of another type stays text: it is kept as JSON, and the typed
    /// column has none.
    fn read<'a>(&mut self, row: RowView<'a>, file: &str, out: &mut RowProperties<'a>) {
        let text = clean(row.cell(self.property.column));
        if is_none(text) {
            return;
        }
        if let Some(value) = self.value(text) {
            if out.values.len() <= self.at {
                out.values.resize(self.at + 1, None);
            }
            if let Some(slot) = out.values.get_mut(self.at) {
                *slot = Some(value);
            }
            return;
        }
        member(&mut out.others, &self.property.spec.name, text);
        let property = &self.property;
        let left_out = self.left_out.get_or_insert_with(|| LeftOut {
            property: property.spec.name.clone(),
            property_type: property.spec.property_type,
            file: file.to_owned(),
            line: row.line(),
            column: property.name.clone(),
            rows: 0,
        });
        left_out.rows += 1;
    }

    /// The text as a value of the type, if it is one.
    fn value<'a>(&self, text: &'a str) -> Declared<&'a str> {
        let number = || parse_decimal(text, self.property.number_style).ok();
        match self.property.spec.property_type {
            PropertyType::Text => Some(PropertyValue::Text(text)),
            PropertyType::Integer => number().and_then(whole).map(PropertyValue::Integer),
            PropertyType::Number => number().and_then(Decimal::nearest).map(PropertyValue::Number),
            PropertyType::Boolean => truth(text).map(PropertyValue::Boolean),
        }
    }
}

/// The properties of a row.
pub(crate) fn properties<'a>(readers: &mut [PropertyReader], row: RowView<'a>, file: &str) -> RowProperties<'a> {
    let mut out = RowProperties::default();
    readers.iter_mut().for_each(|reader| reader.read(row, file, &mut out));
    out
}

/// A JSON object of the texts that there are, under their names, and of more members; none where it
/// would be empty.
pub(crate) fn object<'s>(out: &'s mut String, named: &[(&str, Option<&str>)], more: Option<&str>) -> Option<&'s str> {
    out.clear();
    for (name, text) in named {
        if let Some(text) = text {
            member(out, name, text);
        }
    }
    if let Some(more) = more {
        comma(out);
        out.push_str(more);
    }
    if out.is_empty() {
        return None;
    }
    out.insert(0, '{');
    out.push('}');
    Some(out)
}

fn member(out: &mut String, name: &str, text: &str) {
    comma(out);
    quoted(out, name);
    out.push(':');
    quoted(out, text);
}

fn comma(out: &mut String) {
    if !out.is_empty() {
        out.push(',');
    }
}

pub(crate) fn quoted(out: &mut String, text: &str) {
    out.push('"');
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if letter < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", letter as u32);
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn properties_are_json(value in "\\PC{0,20}|[\"\\\\\n\t]{0,5}", other in "\\PC{0,20}") {
            let (mut more, mut out) = (String::new(), String::new());
            member(&mut more, "n", &other);
            let text = object(&mut out, &[("store", Some(&value)), ("staff", None)], Some(&more)).unwrap();
            let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
            prop_assert_eq!(parsed, serde_json::json!({ "store": value, "n": other }));
        }
    }

    #[test]
    fn an_object_needs_a_member() {
        let mut out = String::new();
        assert_eq!(object(&mut out, &[("b", None)], None), None);
        assert_eq!(object(&mut out, &[], Some("\"a\":1")), Some("{\"a\":1}"));
        assert_eq!(object(&mut out, &[("b", Some("c"))], None), Some("{\"b\":\"c\"}"));
    }
}
