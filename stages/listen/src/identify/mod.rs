//! Who a row or a message is about: keys lead to profiles, new keys to new ones, erased keys nowhere.
//!
//! [`Resolver`] serves an import of files, whose rows come by the million; [`LiveResolver`] serves
//! messages as they arrive, and decides more. What both do alike stands here, in `numbers.rs`
//! (numbers of new customers) and in [`crate::value`] (what is a key at all).

mod decide;
mod import;
mod live;
mod numbers;
mod person;
mod recent;
mod rules;
mod sighting;
mod turn;

pub use decide::{Closed, decide, open_suggestions, open_suggestions_of};
pub use import::Resolver;
pub use live::{LiveResolver, Resolved, ResolverOptions};
pub use rules::ResolverCounts;
pub(crate) use sighting::{Hashed, normalise_name, stands_for_somebody};
pub use sighting::{HashedKey, Sighting};

use crate::value::{self, id_text};
use perennial_model::{CustomerId, HashKey, IdentityKey, IdentityKind};

/// A key as it is stored: trimmed, phones in E.164, e-mails in lower case, openids as `openid@app`. A
/// platform's id is written with its feed in front, as in `taobao:小明`. None for what is no key.
#[must_use]
pub fn normalise_key(kind: IdentityKind, text: &str) -> Option<String> {
    let text = id_text(text).ok()??;
    let mut out = String::new();
    match kind {
        IdentityKind::Phone => value::phone(&text, &mut out).ok()?,
        IdentityKind::Email => value::email(&text, &mut out).ok()?,
        IdentityKind::Openid => value::openid(&text, &mut out).ok()?,
        IdentityKind::Platform => {
            let (feed, id) = text.split_once(':').unwrap_or(("", &text));
            value::opaque(id, &mut out).ok()?;
            out.insert_str(0, &text[..text.len() - id.len()]);
            if id.is_empty() && !feed.is_empty() {
                return None;
            }
        }
        _ => value::opaque(&text, &mut out).ok()?,
    }
    Some(out)
}

/// A key as its keyed hash; [`KeyHash::NONE`] where a row has no such key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KeyHash(u64, u64);

impl KeyHash {
    /// No key.
    pub const NONE: Self = Self(0, 0);

    /// Of a key, under the brand's secret.
    #[must_use]
    pub fn of(hash_key: &HashKey, key: &IdentityKey) -> Self {
        Self::from_suppression(hash_key.suppression(key))
    }

    fn from_suppression(bytes: [u8; 16]) -> Self {
        let half = |at: usize| bytes.iter().skip(at).take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Self(half(0), half(8))
    }

    /// As the store keeps it.
    pub(crate) fn bytes(self) -> [u8; 16] {
        (u128::from(self.0) << 64 | u128::from(self.1)).to_be_bytes()
    }

    /// Some of it, where 64 bits do.
    #[must_use]
    pub const fn short(self) -> u64 {
        self.0
    }
}

/// To whom a row belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// It has no key that decides.
    Nobody,
    /// One of its keys was erased: the row must not come back.
    Suppressed,
    /// The profile its keys lead to; the timeline knows the customer.
    Somebody(CustomerId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_the_bytes_that_the_store_keeps() {
        let key = IdentityKey { kind: IdentityKind::Phone, value: "+8613800138000".into() };
        let hash_key = HashKey::new([3; 16]);
        assert_eq!(KeyHash::of(&hash_key, &key).bytes(), hash_key.suppression(&key));
    }

    #[test]
    fn what_stands_for_nobody_is_no_key_of_any_kind() {
        for kind in IdentityKind::ALL {
            let place = |text: &str| match kind {
                IdentityKind::Openid => format!("{text}@wx1"),
                IdentityKind::Platform => format!("taobao:{text}"),
                IdentityKind::Email => format!("{text}@shop.example"),
                _ => text.to_owned(),
            };
            for text in ["0", "null", "anonymous", "NULL", "匿名", "a***b"] {
                assert_eq!(normalise_key(kind, &place(text)), None, "{kind:?} {text}");
            }
        }
        assert_eq!(normalise_key(IdentityKind::Openid, " oABC@wx1 ").as_deref(), Some("oABC@wx1"));
        assert_eq!(normalise_key(IdentityKind::Openid, "oABC"), None);
        assert_eq!(normalise_key(IdentityKind::Openid, "@wx1"), None);
        assert_eq!(normalise_key(IdentityKind::Platform, "taobao:小明").as_deref(), Some("taobao:小明"));
        assert_eq!(normalise_key(IdentityKind::Platform, "taobao:"), None);
    }
}
