//! What a message says about a person: keys, and perhaps a name.

use super::{KeyHash, normalise_key};
use crate::value::half_width;
use perennial_model::{HashKey, IdentityKey, IdentityKind};

/// Values that clients send where they have none, beside the words that exports write.
const BLOCKED: [&str; 8] = [
    "true",
    "false",
    "nil",
    "[object object]",
    "undefined@undefined",
    "(not set)",
    "not set",
    "00000000-0000-0000-0000-000000000000",
];
/// A key longer than this is somebody's mistake, not an id.
const MAX_KEY_BYTES: usize = 256;

/// Keys and name of one message, normalised.
#[derive(Debug, Clone, Default)]
pub struct Sighting {
    /// Strongest first, each once.
    keys: Vec<IdentityKey>,
    name: Option<String>,
    /// Values that are no keys: 0, null, anonymous, masked, malformed.
    pub blocked: u32,
}

impl Sighting {
    /// Of keys as they came; empty ones are none, those that stand for nobody are blocked.
    #[must_use]
    pub fn new<'a>(keys: impl IntoIterator<Item = (IdentityKind, &'a str)>, name: Option<&str>) -> Self {
        let mut sighting = Self { name: name.and_then(normalise_name), ..Self::default() };
        for (kind, text) in keys.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
            let blocked = BLOCKED.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
            match normalise_key(kind, text).filter(|value| !blocked && fits(value)) {
                Some(value) => sighting.keys.push(IdentityKey { kind, value }),
                None => sighting.blocked += 1,
            }
        }
        sighting.keys.sort_by_key(|key| key.kind);
        let mut seen = Vec::new();
        sighting.keys.retain(|key| !seen.contains(key) && (seen.push(key.clone()), true).1);
        sighting
    }

    pub(super) fn hashed(self, hash_key: &HashKey) -> Hashed {
        let keys = self.keys.into_iter().map(|key| (KeyHash::of(hash_key, &key), key)).collect();
        Hashed { keys, name: self.name, blocked: self.blocked }
    }
}

/// A key and its hash.
pub type HashedKey = (KeyHash, IdentityKey);

/// A sighting with its keys' hashes.
#[derive(Debug, Clone)]
pub(crate) struct Hashed {
    /// Strongest first, each once.
    pub(crate) keys: Vec<HashedKey>,
    /// As [`normalise_name`] gives it.
    pub(crate) name: Option<String>,
    /// Values that are no keys.
    pub(crate) blocked: u32,
}

impl Hashed {
    /// Its phones.
    pub(super) fn phones(&self) -> impl Iterator<Item = KeyHash> + '_ {
        self.keys.iter().filter(|(_, key)| key.kind == IdentityKind::Phone).map(|(hash, _)| *hash)
    }
}

/// Whether a normalised value can be a key, and is not what clients send where they have none.
pub(crate) fn stands_for_somebody(value: &str) -> bool {
    fits(value) && !BLOCKED.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// PostgreSQL's text holds no NUL, and no id has one.
fn fits(value: &str) -> bool {
    value.len() <= MAX_KEY_BYTES && !value.contains(char::is_control)
}

/// A name by its letters alone, so that `Zhang  San` and `zhang san` are one; none where letters are
/// hidden (张*).
pub(crate) fn normalise_name(name: &str) -> Option<String> {
    if name.contains('*') {
        return None;
    }
    let letters: String =
        name.chars().map(half_width).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (!letters.is_empty() && !crate::value::is_placeholder(&letters)).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_strongest_first_and_what_is_none_is_counted() {
        use IdentityKind::{Anonymous, Email, Member, Phone};
        let keys = [
            (Anonymous, "d-1"),
            (Phone, "138 0013 8000"),
            (Phone, "+86 13800138000"),
            (Member, "null"),
            (Anonymous, "00000000-0000-0000-0000-000000000000"),
            (Email, "[object Object]"),
            (Member, "\u{0}"),
            (Email, "  "),
            (Member, "7"),
        ];
        let sighting = Sighting::new(keys, None);
        let kept: Vec<&str> = sighting.keys.iter().map(|key| key.value.as_str()).collect();
        assert_eq!(kept, ["7", "+8613800138000", "d-1"]);
        assert_eq!(sighting.blocked, 4);
        assert_eq!(Sighting::new([(Anonymous, "x".repeat(257).as_str())], None).blocked, 1);
    }

    #[test]
    fn a_name_is_its_letters() {
        for (name, letters) in [
            ("Zhang  San", Some("zhangsan")),
            ("ＺＨＡＮＧ·san ", Some("zhangsan")),
            ("张*", None),
            ("匿名", None),
            (" ", None),
        ] {
            assert_eq!(normalise_name(name).as_deref(), letters, "{name}");
        }
    }
}
