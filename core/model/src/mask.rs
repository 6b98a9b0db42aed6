//! Keys that can be recognised by who knows them, and by nobody else.

use crate::{IdentityKey, IdentityKind};

impl IdentityKey {
    /// Its value with most of it hidden: `+86138****8000`, `a***@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        match self.kind {
            IdentityKind::Phone => {
                let digits: Vec<char> = self.value.chars().collect();
                let (start, end) = (digits.len().saturating_sub(8), digits.len().saturating_sub(4));
                let shown = |digits: &[char]| digits.iter().collect::<String>();
                format!("{}****{}", shown(&digits[..start]), shown(&digits[end..]))
            }
            IdentityKind::Email | IdentityKind::Openid => match self.value.rsplit_once('@') {
                Some((own, place)) => format!("{}@{place}", hidden(own)),
                None => hidden(&self.value),
            },
            IdentityKind::Platform => match self.value.split_once(':') {
                Some((feed, own)) => format!("{feed}:{}", hidden(own)),
                None => hidden(&self.value),
            },
            _ => hidden(&self.value),
        }
    }
}

/// The first letter, and the last of a long one.
fn hidden(text: &str) -> String {
    const LONG: usize = 6;
    let letters: Vec<char> = text.chars().collect();
    let first: String = letters.iter().take(1).collect();
    let last: String = letters.iter().skip(letters.len().saturating_sub(1).max(LONG - 1)).collect();
    format!("{first}***{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_of_a_key_is_hidden() {
        for (kind, value, text) in [
            (IdentityKind::Phone, "+8613800138000", "+86138****8000"),
            (IdentityKind::Phone, "+1234567", "****4567"),
            (IdentityKind::Email, "ann@shop.example", "a***@shop.example"),
            (IdentityKind::Openid, "oABCDEF@wx1", "o***F@wx1"),
            (IdentityKind::Platform, "taobao:小明", "taobao:小***"),
            (IdentityKind::Member, "M-77014", "M***4"),
        ] {
            assert_eq!(IdentityKey { kind, value: value.to_owned() }.masked(), text);
        }
    }
}
