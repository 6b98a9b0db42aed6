//! Keys as the command line shows them.

use perennial_model::IdentityKey;

/// `phone +86138****8000`, `email a***@example.com`; as it is when it is to be revealed.
pub(super) fn shown(key: &IdentityKey, reveal: bool) -> String {
    let kind = key.kind.as_str();
    if reveal { format!("{kind} {}", key.value) } else { format!("{kind} {}", key.masked()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_model::IdentityKind;

    #[test]
    fn a_key_is_masked_unless_it_is_to_be_revealed() {
        let key = IdentityKey { kind: IdentityKind::Member, value: "M-77014".to_owned() };
        assert_eq!(shown(&key, false), "member M***4");
        assert_eq!(shown(&key, true), "member M-77014");
    }
}
