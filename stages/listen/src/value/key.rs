//! Keys of a customer, normalised for their kind; what only looks like one is none.

use super::cell::half_width;

/// Why a cell that is not empty is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProblem {
    /// Digits or letters are hidden: 138****1234.
    Masked,
    /// A word that stands for nobody: 0, anonymous, 匿名, test …
    Placeholder,
    /// Not of this kind's form.
    Malformed,
}

/// Words that exports and cashiers write where there is no customer. One person would otherwise
/// own the orders of thousands.
const PLACEHOLDERS: [&str; 34] = [
    "0",
    "00",
    "000",
    "0000",
    "00000000000",
    "-1",
    "null",
    "none",
    "nan",
    "na",
    "n/a",
    "anonymous",
    "anon",
    "guest",
    "unknown",
    "undefined",
    "test",
    "tester",
    "testing",
    "customer",
    "user",
    "walk-in",
    "walkin",
    "cash",
    "default",
    "匿名",
    "匿名用户",
    "匿名买家",
    "游客",
    "未知",
    "测试",
    "散客",
    "无",
    "非会员",
];

/// Whether a key's text stands for nobody.
#[must_use]
#[inline]
pub fn is_placeholder(text: &str) -> bool {
    // Most ids are longer than every placeholder, or a number that starts with another digit.
    if text.len() > 12 || matches!(text.as_bytes().first(), None | Some(b'1'..=b'9')) {
        return false;
    }
    PLACEHOLDERS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Writes a phone in E.164 into `out`. +86 is added to a bare Chinese number; any other number
/// without a country cannot be told apart from the same digits elsewhere, so it is no key.
///
/// # Errors
/// [`KeyProblem`].
pub fn phone(text: &str, out: &mut String) -> Result<(), KeyProblem> {
    out.clear();
    let mut international = false;
    for letter in text.chars().map(half_width) {
        match letter {
            '0'..='9' => out.push(letter),
            '+' if out.is_empty() => international = true,
            '*' => return Err(KeyProblem::Masked),
            ' ' | '-' | '(' | ')' | '.' | '\u{2011}' | '\'' => {}
            _ => return Err(KeyProblem::Malformed),
        }
    }
    let digits = out.as_bytes();
    let (drop, country) = match digits {
        _ if international => (0, "+"),
        [b'0', b'0', rest @ ..] if rest.len() >= 8 => (2, "+"),
        [b'8', b'6', b'1', _, ..] if digits.len() == 13 => (0, "+"),
        [b'1', b'3'..=b'9', ..] if digits.len() == 11 => (0, "+86"),
        // A Chinese fixed line with its area code.
        [b'0', b'1'..=b'9', ..] if (11..=12).contains(&digits.len()) => (1, "+86"),
        _ => return Err(KeyProblem::Malformed),
    };
    if is_repeated_digit(&out[drop..]) {
        return Err(KeyProblem::Placeholder);
    }
    out.replace_range(..drop, country);
    // E.164: at most fifteen digits, and no country number has fewer than seven in all.
    if (8..=16).contains(&out.len()) { Ok(()) } else { Err(KeyProblem::Malformed) }
}

fn is_repeated_digit(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() > 4 && bytes.windows(2).all(|pair| pair[0] == pair[1])
}

/// Writes an e-mail in lower case into `out`.
///
/// # Errors
/// [`KeyProblem`].
pub fn email(text: &str, out: &mut String) -> Result<(), KeyProblem> {
    if text.contains('*') {
        return Err(KeyProblem::Masked);
    }
    out.clear();
    out.extend(text.chars().map(half_width).flat_map(char::to_lowercase));
    let Some((local, domain)) = out.split_once('@') else {
        return Err(KeyProblem::Malformed);
    };
    let domain_fits =
        domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..");
    let letters_fit =
        !out.contains(|letter: char| letter.is_whitespace() || letter.is_control() || ",;<>\"".contains(letter));
    if local.is_empty() || !domain_fits || !letters_fit || domain.contains('@') || out.len() > 254 {
        return Err(KeyProblem::Malformed);
    }
    if is_placeholder(local) || matches!(local, "noreply" | "no-reply" | "no_reply") {
        return Err(KeyProblem::Placeholder);
    }
    Ok(())
}

/// Writes an id whose form nobody knows (a member number, a WeChat id …) into `out`.
///
/// # Errors
/// [`KeyProblem`].
pub fn opaque(text: &str, out: &mut String) -> Result<(), KeyProblem> {
    if text.contains('*') {
        return Err(KeyProblem::Masked);
    }
    if is_placeholder(text) {
        return Err(KeyProblem::Placeholder);
    }
    out.clear();
    out.push_str(text);
    Ok(())
}

/// Writes `openid@app` into `out`: the same person has another openid in another app.
///
/// # Errors
/// [`KeyProblem`].
pub fn openid(text: &str, out: &mut String) -> Result<(), KeyProblem> {
    let Some((openid, app)) = text.rsplit_once('@').filter(|(_, app)| !app.is_empty()) else {
        return Err(KeyProblem::Malformed);
    };
    opaque(openid, out)?;
    if openid.is_empty() {
        return Err(KeyProblem::Malformed);
    }
    out.push('@');
    out.push_str(app);
    Ok(())
}

/// Writes a platform's buyer id into `out` with the feed before it: the same number on two
/// platforms is two people.
///
/// # Errors
/// [`KeyProblem`].
pub fn platform(text: &str, source: &str, out: &mut String) -> Result<(), KeyProblem> {
    if text.contains('*') {
        return Err(KeyProblem::Masked);
    }
    if is_placeholder(text) {
        return Err(KeyProblem::Placeholder);
    }
    out.clear();
    out.push_str(source);
    out.push(':');
    out.push_str(text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Result<String, KeyProblem> {
        let mut out = String::new();
        phone(text, &mut out).map(|()| out)
    }

    #[test]
    fn phones_become_e164() {
        for (text, key) in [
            ("13800138000", "+8613800138000"),
            ("138-0013-8000", "+8613800138000"),
            ("+86 138 0013 8000", "+8613800138000"),
            ("86 13800138000", "+8613800138000"),
            ("0086 13800138000", "+8613800138000"),
            ("+1 (202) 555-0123", "+12025550123"),
            ("１３８００１３８０００", "+8613800138000"),
            ("021-61234567", "+862161234567"),
        ] {
            assert_eq!(number(text).as_deref(), Ok(key), "{text}");
        }
        assert_eq!(number("138****1234"), Err(KeyProblem::Masked));
        assert_eq!(number("5550123"), Err(KeyProblem::Malformed));
        assert_eq!(number("00000000000"), Err(KeyProblem::Placeholder));
        assert_eq!(number("张三"), Err(KeyProblem::Malformed));
    }

    #[test]
    fn emails_are_lower_case_and_whole() {
        let mut out = String::new();
        assert_eq!(email("Ann@Shop.Example", &mut out), Ok(()));
        assert_eq!(out, "ann@shop.example");
        assert_eq!(email("a**@shop.example", &mut out), Err(KeyProblem::Masked));
        assert_eq!(email("guest@shop.example", &mut out), Err(KeyProblem::Placeholder));
        for text in ["ann", "@shop.example", "ann@shop", "a b@shop.example", "a@b@c.example", "a@b..c"] {
            assert_eq!(email(text, &mut out), Err(KeyProblem::Malformed), "{text}");
        }
    }

    #[test]
    fn a_buyer_id_belongs_to_its_platform() {
        let mut out = String::new();
        assert_eq!(platform("t**1", "taobao", &mut out), Err(KeyProblem::Masked));
        assert_eq!(platform("匿名", "jd", &mut out), Err(KeyProblem::Placeholder));
        assert_eq!(platform("小明", "jd", &mut out), Ok(()));
        assert_eq!(out, "jd:小明");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let mut out = String::new();
            let _ = phone(&text, &mut out);
            let _ = email(&text, &mut out);
            let _ = platform(&text, "s", &mut out);
        }

        #[test]
        fn a_normalised_phone_stays_as_it_is(text in "[+0-9 -]{6,18}") {
            if let Ok(once) = number(&text) {
                prop_assert_eq!(number(&once), Ok(once));
            }
        }
    }
}
