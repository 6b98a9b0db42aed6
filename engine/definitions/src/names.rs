//! What metrics and segments may be called.

/// Letters of a name: those of a column of PostgreSQL.
pub const MAX_NAME_LETTERS: usize = 63;

/// Whether this can be the name of a column: lower-case letters, digits and `_`, a letter first.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let letter = |byte: &u8| byte.is_ascii_lowercase();
    let rest = |byte: &u8| letter(byte) || byte.is_ascii_digit() || *byte == b'_';
    text.as_bytes().first().is_some_and(letter) && text.len() <= MAX_NAME_LETTERS && text.as_bytes().iter().all(rest)
}

/// A name near to a text that is none.
pub(crate) fn made_of(text: &str) -> Option<String> {
    let mut name = String::new();
    for letter in text.trim().chars().flat_map(char::to_lowercase).take(MAX_NAME_LETTERS) {
        let letter = if letter.is_ascii_lowercase() || letter.is_ascii_digit() { letter } else { '_' };
        if letter != '_' || !name.ends_with('_') {
            name.push(letter);
        }
    }
    let name = name.trim_matches('_').to_owned();
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) { format!("m_{name}") } else { name };
    is_name(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_a_column() {
        for good in ["a", "orders_90d", &"x".repeat(63)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "Orders", "9d", "_a", "a-b", "订单", &"x".repeat(64)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_name_is_made_of_words() {
        assert_eq!(made_of("Orders, last 90 Days!").as_deref(), Some("orders_last_90_days"));
        assert_eq!(made_of("90d").as_deref(), Some("m_90d"));
        assert_eq!(made_of("订单"), None);
    }
}
