//! Members of a JSON object, written one after the other.

use perennial_model::{DAY_US, civil_from_day};
use std::fmt::Write as _;

/// The inside of an object: members without the braces around them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Members(pub(super) String);

impl Members {
    fn name(&mut self, name: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        quote(&mut self.0, name);
        self.0.push(':');
    }

    pub(super) fn text(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        quote(&mut self.0, value);
        self
    }

    pub(super) fn number(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.name(name);
        // Writing to a text does not fail.
        let _ = write!(self.0, "{value}");
        self
    }

    /// An amount of the currency, from minor units.
    pub(super) fn money(self, name: &str, minor: i64) -> Self {
        self.number(name, format_args!("{}.{:02}", minor / 100, minor % 100))
    }

    pub(super) fn instant(mut self, name: &str, time_us: i64) -> Self {
        self.name(name);
        self.0.push('"');
        instant(&mut self.0, time_us);
        self.0.push('"');
        self
    }

    pub(super) fn object(mut self, name: &str, members: &Self) -> Self {
        self.name(name);
        self.0.push('{');
        self.0.push_str(&members.0);
        self.0.push('}');
        self
    }

    pub(super) fn list(mut self, name: &str, items: &[Self]) -> Self {
        self.name(name);
        self.0.push('[');
        for (place, item) in items.iter().enumerate() {
            self.0.push_str(if place == 0 { "{" } else { ",{" });
            self.0.push_str(&item.0);
            self.0.push('}');
        }
        self.0.push(']');
        self
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            ' '.. => out.push(letter),
            _ => {
                let _ = write!(out, "\\u{:04x}", letter as u32);
            }
        }
    }
    out.push('"');
}

/// An instant as JSON: a text of ISO 8601.
#[must_use]
pub fn quoted_instant(time_us: i64) -> String {
    let mut out = String::from("\"");
    instant(&mut out, time_us);
    out.push('"');
    out
}

/// ISO 8601 with milliseconds, universal time.
pub(super) fn instant(out: &mut String, time_us: i64) {
    let (year, month, day) = civil_from_day(time_us.div_euclid(DAY_US) as i32);
    let of_day_ms = time_us.rem_euclid(DAY_US) / 1_000;
    let (second, ms) = (of_day_ms / 1_000, of_day_ms % 1_000);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let _ = write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_json() {
        let inner = Members::default().text("a \"b\"", "c\\\n茶");
        let members =
            Members::default().money("m", 1_205).object("o", &inner).list("l", &[inner.clone(), inner.clone()]);
        let members = members.instant("t", 1_700_000_000_123_000);
        let value: serde_json::Value = serde_json::from_str(&format!("{{{}}}", members.0)).unwrap();
        assert_eq!(value["m"], 12.05);
        assert_eq!(value["o"]["a \"b\""], "c\\\n茶");
        assert_eq!(value["l"].as_array().unwrap().len(), 2);
        assert_eq!(value["t"], "2023-11-14T22:13:20.123Z");
    }
}
