//! What has no column of its own, as the text of a JSON object.

use std::fmt::Write;

/// The object with the members that have a value; `None` where none has.
pub(super) fn object<'s>(out: &'s mut String, members: &[(&str, Option<&str>)]) -> Option<&'s str> {
    out.clear();
    for (name, value) in members {
        let Some(value) = value else { continue };
        out.push_str(if out.is_empty() { "{\"" } else { ",\"" });
        out.push_str(name);
        out.push_str("\":\"");
        escape(out, value);
        out.push('"');
    }
    if out.is_empty() {
        return None;
    }
    out.push('}');
    Some(out)
}

fn escape(out: &mut String, value: &str) {
    for letter in value.chars() {
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
}

#[cfg(test)]
mod tests {
    use super::object;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn properties_are_json(
            values in prop::collection::vec(prop::option::of("\\PC{0,20}|[\"\\\\\n\t]{0,5}"), 3),
        ) {
            let members: Vec<_> = ["store", "staff", "category"].into_iter().zip(&values).collect();
            let given: Vec<_> = members.iter().map(|(name, value)| (*name, value.as_deref())).collect();
            let mut out = String::from("left over");
            let expected: serde_json::Map<String, serde_json::Value> = members
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())))
                .collect();
            match object(&mut out, &given) {
                Some(text) => prop_assert_eq!(serde_json::from_str::<serde_json::Value>(text).unwrap(), serde_json::Value::Object(expected)),
                None => prop_assert!(expected.is_empty()),
            }
        }
    }
}
