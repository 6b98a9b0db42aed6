//! Numbers, exactly: money to minor units and quantities to thousandths, never through a float.

use super::cell::half_width;
use perennial_model::{Currency, QUANTITY_SCALE};

/// No amount of a shop is larger (ten trillion of the main unit at two decimals); also keeps sums
/// of millions of rows within 64 bits.
const MAX_MINOR: i128 = 1_000_000_000_000_000;
/// More digits than this are no number of a shop.
const MAX_DIGITS: usize = 30;

/// Digits behind the point past which a number is nothing.
const MAX_SCALE: u32 = 30;

/// Which sign parts whole from fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NumberStyle {
    /// 1,234.56
    #[default]
    Point,
    /// 1.234,56
    Comma,
}

/// A decimal number as written: `mantissa` × 10^−`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All digits.
    pub mantissa: i128,
    /// How many of them are behind the point.
    pub scale: u32,
}

/// Why a cell is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberProblem {
    /// It is text, or a number in scientific form, whose digits are lost.
    NotANumber,
    /// It is larger than any shop's.
    TooLarge,
}

impl Decimal {
    /// The product, exactly.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self { mantissa: self.mantissa.checked_mul(other.mantissa)?, scale: self.scale + other.scale })
    }

    /// The float nearest to it.
    #[must_use]
    pub fn nearest(self) -> Option<f64> {
        format!("{}e-{}", self.mantissa, self.scale).parse().ok()
    }

    /// In units of 10^−`decimals`, rounded half to even where there are more digits.
    #[must_use]
    pub fn in_units(self, decimals: u32) -> Option<i128> {
        if self.scale <= decimals {
            return self.mantissa.checked_mul(10_i128.checked_pow(decimals - self.scale)?);
        }
        let unit = 10_i128.checked_pow(self.scale - decimals)?;
        let (whole, rest) = (self.mantissa.div_euclid(unit), self.mantissa.rem_euclid(unit));
        let up = rest * 2 > unit || (rest * 2 == unit && whole % 2 != 0);
        Some(whole + i128::from(up))
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }
}

/// Money in minor units of a currency.
///
/// # Errors
/// [`NumberProblem::TooLarge`].
#[inline]
pub fn money_minor(amount: Decimal, currency: Currency) -> Result<i64, NumberProblem> {
    bounded(amount.in_units(currency.decimals()))
}

/// A quantity in thousandths.
///
/// # Errors
/// [`NumberProblem::TooLarge`].
#[inline]
pub fn quantity_milli(quantity: Decimal) -> Result<i64, NumberProblem> {
    bounded(quantity.in_units(QUANTITY_SCALE.ilog10()))
}

fn bounded(units: Option<i128>) -> Result<i64, NumberProblem> {
    let units = units.filter(|units| units.abs() <= MAX_MINOR).ok_or(NumberProblem::TooLarge)?;
    i64::try_from(units).map_err(|_| NumberProblem::TooLarge)
}

/// A number: `12`, `-12.50`, `1,234.5`, `¥1,234.00`, `(12.00)`, `12.5元`, `３`.
///
/// # Errors
/// [`NumberProblem::NotANumber`] for anything else, `1e3` too.
#[inline]
pub fn parse_decimal(text: &str, style: NumberStyle) -> Result<Decimal, NumberProblem> {
    match (style, plain(text.as_bytes())) {
        (NumberStyle::Point, Some(decimal)) => Ok(decimal),
        _ => decorated(text, style),
    }
}

/// Only a sign, digits and one point, and few enough for a 64-bit mantissa.
#[inline]
fn plain(bytes: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut mantissa = 0_i64;
    let mut point = None;
    for (index, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() && digits.len() > 1 => point = Some(index),
            _ => return None,
        }
    }
    let scale = point.map_or(0, |index| digits.len() - 1 - index);
    let signed = if negative { -mantissa } else { mantissa };
    Some(Decimal { mantissa: i128::from(signed), scale: scale as u32 })
}

/// Digits found so far.
#[derive(Default)]
struct Reading {
    mantissa: i128,
    digits: usize,
    scale: Option<u32>,
    negative: bool,
    closed: bool,
}

/// `5.684e-14`: what a float leaves behind where there should be nothing. A positive exponent means
/// that digits were lost, and is refused.
fn tiny(text: &str, style: NumberStyle) -> Option<Decimal> {
    let (digits, exponent) = text.split_once("e-").or_else(|| text.split_once("E-"))?;
    let exponent: u32 = exponent.parse().ok().filter(|exponent| (1..=300).contains(exponent))?;
    let number = parse_decimal(digits, style).ok()?;
    let scale = number.scale + exponent;
    Some(if scale > MAX_SCALE { Decimal { mantissa: 0, scale: 0 } } else { Decimal { scale, ..number } })
}

fn decorated(text: &str, style: NumberStyle) -> Result<Decimal, NumberProblem> {
    if let Some(tiny) = tiny(text, style) {
        return Ok(tiny);
    }
    let mut reading = Reading::default();
    let body = strip_currency(text);
    for letter in body.chars().map(half_width) {
        reading.take(letter, style)?;
    }
    if reading.digits == 0 {
        return Err(NumberProblem::NotANumber);
    }
    let mantissa = if reading.negative { -reading.mantissa } else { reading.mantissa };
    Ok(Decimal { mantissa, scale: reading.scale.unwrap_or(0) })
}

impl Reading {
    fn take(&mut self, letter: char, style: NumberStyle) -> Result<(), NumberProblem> {
        let (point, group) = match style {
            NumberStyle::Point => ('.', ','),
            NumberStyle::Comma => (',', '.'),
        };
        match letter {
            '0'..='9' if !self.closed => return self.digit(letter),
            _ if letter == point && self.scale.is_none() => self.scale = Some(0),
            _ if letter == group && self.digits > 0 && self.scale.is_none() => {}
            '\'' if self.digits > 0 && self.scale.is_none() => {}
            '-' | '−' | '(' if self.digits == 0 && !self.negative => self.negative = true,
            // A minus behind the number, or the other half of an accountant's brackets.
            '-' | ')' if self.digits > 0 => {
                self.negative = true;
                self.closed = true;
            }
            '+' if self.digits == 0 => {}
            _ if letter.is_whitespace() || matches!(letter, '¥' | '$' | '€' | '£') => {}
            _ => return Err(NumberProblem::NotANumber),
        }
        Ok(())
    }

    fn digit(&mut self, letter: char) -> Result<(), NumberProblem> {
        if self.digits >= MAX_DIGITS {
            // What a float leaves behind, 0.00000000000005684341886080802, is no reason to refuse it.
            return if self.scale.is_some() { Ok(()) } else { Err(NumberProblem::TooLarge) };
        }
        self.digits += 1;
        self.mantissa = self.mantissa * 10 + i128::from(letter as u32 - '0' as u32);
        if let Some(scale) = &mut self.scale {
            *scale += 1;
        }
        Ok(())
    }
}

/// Words of currency and unit before and behind a number.
fn strip_currency(text: &str) -> &str {
    const BEFORE: [&str; 8] = ["CNY", "RMB", "US$", "USD", "GBP", "EUR", "HK$", "人民币"];
    const BEHIND: [&str; 12] = ["CNY", "RMB", "USD", "GBP", "EUR", "元", "圆", "件", "个", "pcs", "盒", "瓶"];
    let text = text.trim();
    let start = BEFORE.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    BEHIND.iter().find_map(|word| start.strip_suffix(word)).unwrap_or(start).trim()
}

impl NumberStyle {
    /// The style of a column, from its cells. `1.234` alone proves nothing and is taken as a point.
    pub fn guess<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let (mut point, mut comma) = (0_u32, 0_u32);
        for cell in cells {
            match (cell.rfind('.'), cell.rfind(',')) {
                (Some(dot), Some(at)) if at > dot => comma += 1,
                (Some(_), Some(_)) => point += 1,
                (Some(dot), None) if cell.len() - dot != 4 => point += 1,
                // One comma with one or two digits behind: 12,50.
                (None, Some(at))
                    if matches!(cell.len() - at, 2 | 3) && cell[..at].ends_with(|d: char| d.is_ascii_digit()) =>
                {
                    comma += 1;
                }
                _ => {}
            }
        }
        if comma > point { Self::Comma } else { Self::Point }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cents(text: &str) -> Result<i64, NumberProblem> {
        parse_decimal(text, NumberStyle::Point).and_then(|amount| money_minor(amount, Currency::CNY))
    }

    #[test]
    fn money_as_shops_write_it() {
        for (text, minor) in [
            ("12", 1200),
            ("12.5", 1250),
            ("-12.50", -1250),
            ("¥1,234.00", 123_400),
            ("￥1,234.00", 123_400),
            ("$1,234.5", 123_450),
            ("(12.00)", -1200),
            ("12.00-", -1200),
            ("1234.00元", 123_400),
            ("１２．５", 1250),
            ("+3", 300),
            (".5", 50),
            ("5.", 500),
            ("CNY 8", 800),
            ("1 234.5", 123_450),
            ("-¥5", -500),
            ("5.684341886080802e-14", 0),
            ("125E-2", 125),
            ("0.0000000000000000000056843418860808", 0),
        ] {
            assert_eq!(cents(text), Ok(minor), "{text}");
        }
        for text in ["1e3", "1.5E+18", "abc", "", "-", "1.2.3", "12%", "12)(3", "--5", "."] {
            assert_eq!(cents(text), Err(NumberProblem::NotANumber), "{text}");
        }
        assert_eq!(cents("99999999999999999999"), Err(NumberProblem::TooLarge));
        assert_eq!(cents("9999999999999999999999999999999999999999"), Err(NumberProblem::TooLarge));
    }

    #[test]
    fn more_digits_than_the_currency_has_round_half_to_even() {
        for (text, minor) in [("0.005", 0), ("0.015", 2), ("0.0251", 3), ("-0.005", 0), ("-0.015", -2), ("-0.0151", -2)]
        {
            assert_eq!(cents(text), Ok(minor), "{text}");
        }
    }

    #[test]
    fn price_times_quantity_is_exact() {
        let price = parse_decimal("0.333", NumberStyle::Point).unwrap();
        let quantity = parse_decimal("1000000", NumberStyle::Point).unwrap();
        assert_eq!(money_minor(price.times(quantity).unwrap(), Currency::CNY), Ok(33_300_000));
    }

    #[test]
    fn the_style_comes_from_the_whole_column() {
        assert_eq!(NumberStyle::guess(["1.234,56", "12,50"].into_iter()), NumberStyle::Comma);
        assert_eq!(NumberStyle::guess(["1,234.56", "1,234"].into_iter()), NumberStyle::Point);
        assert_eq!(NumberStyle::guess(["1.234", "7"].into_iter()), NumberStyle::Point);
        assert_eq!(parse_decimal("1.234,56", NumberStyle::Comma).unwrap().in_units(2), Some(123_456));
    }

    proptest! {
        #[test]
        fn what_is_rendered_is_read_back(minor in -999_999_999_999i64..999_999_999_999) {
            let (sign, magnitude) = (if minor < 0 { "-" } else { "" }, minor.abs());
            let plain = format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100);
            prop_assert_eq!(cents(&plain), Ok(minor));
            let whole = (magnitude / 100).to_string();
            let grouped: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
            prop_assert_eq!(cents(&format!("{sign}¥{}.{:02}", grouped.join(","), magnitude % 100)), Ok(minor));
            let comma = format!("{sign}{},{:02} €", grouped.join("."), magnitude % 100);
            prop_assert_eq!(parse_decimal(&comma, NumberStyle::Comma).unwrap().in_units(2), Some(i128::from(minor)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = cents(&text);
            let _ = parse_decimal(&text, NumberStyle::Comma);
            let _ = NumberStyle::guess([text.as_str()].into_iter());
        }
    }
}
