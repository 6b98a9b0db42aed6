//! Properties of an event: the text of a JSON object.

use crate::import::{LeftOut, RowView};
use crate::recognise::{PropertyColumn, whole};
use crate::value::{Decimal, clean, is_none, parse_decimal, truth};
use perennial_model::PropertyType;
use std::fmt::Write;

/// Reads one column that is kept as a property.
#[derive(Debug)]
pub(crate) struct PropertyReader {
    property: PropertyColumn,
    /// Values that are not of the type.
    pub(crate) left_out: Option<LeftOut>,
}

impl PropertyReader {
    pub(crate) fn new(property: &PropertyColumn) -> Self {
        Self { property: property.clone(), left_out: None }
    }

    /// Adds the cell of a row as a member. A value of another type stays text: it is kept, and the
    /// typed column has none.
    fn read(&mut self, row: RowView<'_>, file: &str, out: &mut String) {
        let text = clean(row.cell(self.property.column));
        if is_none(text) {
            return;
        }
        comma(out);
        quoted(out, &self.property.spec.name);
        out.push(':');
        if self.value(text, out) {
            return;
        }
        quoted(out, text);
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

    /// Whether the text is of the type; then it is written.
    fn value(&self, text: &str, out: &mut String) -> bool {
        let number = || parse_decimal(text, self.property.number_style).ok();
        match self.property.spec.property_type {
            PropertyType::Text => {
                quoted(out, text);
                true
            }
            // Writing to a string cannot fail.
            PropertyType::Integer => number().and_then(whole).map(|value| write!(out, "{value}")).is_some(),
            PropertyType::Number => number().map(|value| decimal(out, value)).is_some(),
            PropertyType::Boolean => truth(text).map(|value| write!(out, "{value}")).is_some(),
        }
    }
}

/// The members of a row; empty where it has none.
pub(crate) fn members(readers: &mut [PropertyReader], row: RowView<'_>, file: &str) -> String {
    let mut out = String::new();
    readers.iter_mut().for_each(|reader| reader.read(row, file, &mut out));
    out
}

/// A JSON object of the texts that there are, under their names, and of more members; none where it
/// would be empty.
pub(crate) fn object<'s>(out: &'s mut String, named: &[(&str, Option<&str>)], more: Option<&str>) -> Option<&'s str> {
    out.clear();
    for (name, text) in named {
        let Some(text) = text else { continue };
        comma(out);
        quoted(out, name);
        out.push(':');
        quoted(out, text);
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

fn comma(out: &mut String) {
    if !out.is_empty() {
        out.push(',');
    }
}

pub(crate) fn quoted(out: &mut String, text: &str) {
    out.push('"');
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

/// All digits, as JSON writes a number.
fn decimal(out: &mut String, number: Decimal) {
    let digits = format!("{:0>width$}", number.mantissa.unsigned_abs(), width = number.scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - number.scale as usize);
    let sign = if number.is_negative() { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    // Writing to a string cannot fail.
    let _ = write!(out, "{sign}{whole}{point}{fraction}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn properties_are_json(value in "\\PC{0,20}|[\"\\\\\n\t]{0,5}", mantissa in any::<i64>(), scale in 0_u32..30) {
            let mut more = String::from("\"n\":");
            decimal(&mut more, Decimal { mantissa: i128::from(mantissa), scale });
            let mut out = String::new();
            let text = object(&mut out, &[("store", Some(&value)), ("staff", None)], Some(&more)).unwrap();
            let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
            prop_assert_eq!(&parsed["store"], &serde_json::json!(value));
            let (read, exact) = (parsed["n"].as_f64().unwrap(), mantissa as f64 / 10_f64.powi(scale as i32));
            prop_assert!((read - exact).abs() <= exact.abs() * 1e-12, "{text}");
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
