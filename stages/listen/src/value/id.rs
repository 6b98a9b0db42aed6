//! Ids: of orders, lines, messages, items and members.

use super::cell::{clean, half_width, is_none};
use std::borrow::Cow;

/// Why a cell is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdProblem {
    /// A spreadsheet turned it into 1.23E+18: the digits are lost for good.
    Mangled,
}

/// The id in a cell; none for an empty one. `17850.0` (a whole number that went through a float)
/// is `17850`. Allocates only for full-width letters.
///
/// # Errors
/// [`IdProblem::Mangled`].
#[inline]
pub fn id_text(cell: &str) -> Result<Option<Cow<'_, str>>, IdProblem> {
    let text = clean(cell);
    if is_none(text) {
        return Ok(None);
    }
    if text.is_ascii() {
        return Ok(Some(Cow::Borrowed(ascii_id(text)?)));
    }
    if !text.contains(|letter| half_width(letter) != letter) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    let half: String = text.chars().map(half_width).collect();
    Ok(Some(Cow::Owned(ascii_id(half.trim())?.to_owned())))
}

#[inline]
fn ascii_id(text: &str) -> Result<&str, IdProblem> {
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(u8::is_ascii_digit) {
        return Ok(text);
    }
    match bytes.iter().position(|byte| !byte.is_ascii_digit()) {
        None => Ok(text),
        Some(end) => {
            let rest = &text[end..];
            if is_mangled(rest) {
                return Err(IdProblem::Mangled);
            }
            let only_zeros = rest.len() > 1 && rest.starts_with('.') && rest[1..].bytes().all(|byte| byte == b'0');
            Ok(if only_zeros { &text[..end] } else { text })
        }
    }
}

/// Whether what follows the first digits is `.23E+18` or `E+18`.
fn is_mangled(rest: &str) -> bool {
    let Some((fraction, exponent)) = rest.split_once(['E', 'e']) else {
        return false;
    };
    let fraction_fits =
        fraction.strip_prefix('.').is_none_or(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let starts = fraction.is_empty() || fraction.starts_with('.');
    let Some(digits) = exponent.strip_prefix('+') else {
        return false;
    };
    starts && fraction_fits && (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(cell: &str) -> Result<Option<String>, IdProblem> {
        id_text(cell).map(|text| text.map(Cow::into_owned))
    }

    #[test]
    fn ids_are_kept_as_they_are() {
        for (cell, text) in [
            ("C536379", "C536379"),
            ("17850.0", "17850"),
            ("17850.5", "17850.5"),
            ("00004", "00004"),
            ("#1001", "#1001"),
            ("=\"2384756\"\t", "2384756"),
            ("１２３", "123"),
            ("12E5", "12E5"),
            ("85E1A", "85E1A"),
            ("旺旺1", "旺旺1"),
        ] {
            assert_eq!(id(cell), Ok(Some(text.to_owned())), "{cell}");
        }
        assert_eq!(id("nan"), Ok(None));
        assert_eq!(id(" \t"), Ok(None));
    }

    #[test]
    fn a_mangled_id_is_known_as_such() {
        for cell in ["1.23E+18", "1.23457E+17", "2E+15", "=\"1.2e+11\""] {
            assert_eq!(id(cell), Err(IdProblem::Mangled), "{cell}");
        }
    }
}
