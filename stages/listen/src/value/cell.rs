//! What spreadsheets put around a value.

/// A cell without what exports put around it: spaces, tabs, no-break and full-width spaces, a byte
/// order mark, a leading apostrophe, and `="…"` (how shop systems keep Excel from mangling ids).
#[must_use]
#[inline]
pub fn clean(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if is_plain(*first) && is_plain(*last) => cell,
        (None, _) | (_, None) => cell,
        _ => unwrap(cell),
    }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn unwrap(cell: &str) -> &str {
    let mut text = trim(cell);
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        text = trim(inner);
    } else if let Some(inner) = text.strip_prefix('=').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())) {
        text = inner;
    }
    text.strip_prefix('\'').map_or(text, trim)
}

fn trim(text: &str) -> &str {
    text.trim_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\0')
    })
}

/// Whether a cleaned cell says that there is no value.
#[must_use]
#[inline]
pub fn is_none(text: &str) -> bool {
    match text.len() {
        0 => true,
        1 => matches!(text, "-" | "/"),
        2 => matches!(text, "--" | "\\N" | "NA" | "''"),
        3 => text.eq_ignore_ascii_case("nan") || matches!(text, "N/A" | "n/a" | "无" | "空" | "—" | "–" | "NaT"),
        4 => text.eq_ignore_ascii_case("null") || text.eq_ignore_ascii_case("none"),
        6 => text.eq_ignore_ascii_case("(null)") || matches!(text, "——" | "暂无"),
        _ => false,
    }
}

/// The ASCII letter a full-width letter stands for, as Chinese input methods write digits and signs.
pub(crate) const fn half_width(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(letter as u32 - 0xfee0) {
            Some(ascii) => ascii,
            None => letter,
        },
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ffe5}' => '¥',
        '\u{ffe1}' => '£',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exports_put_around_a_value_goes() {
        for cell in ["123\t", "=\"123\"", "=\"123\t\"", "\u{feff}123", "\u{a0}123 ", "'123", "=123", " 123\u{3000}"] {
            assert_eq!(clean(cell), "123", "{cell:?}");
        }
        assert_eq!(clean("\"quoted\""), "\"quoted\"");
        assert_eq!(clean(""), "");
        assert_eq!(clean("\t"), "");
    }

    #[test]
    fn words_for_nothing_are_nothing() {
        for text in ["", "-", "--", "nan", "NaN", "NULL", "null", "None", "\\N", "无", "N/A", "——"] {
            assert!(is_none(text), "{text:?}");
        }
        for text in ["0", "no", "nano", "12"] {
            assert!(!is_none(text), "{text:?}");
        }
    }
}
