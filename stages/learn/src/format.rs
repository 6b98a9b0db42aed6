//! Numbers and money as people read them, in both languages.

/// Language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

/// From here on (in whole units) Chinese money is written in 万.
const WAN_FROM: u64 = 1_000_000;
const WAN: f64 = 10_000.0;

/// Writes money of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyFormat {
    currency: String,
    decimals: u32,
}

impl MoneyFormat {
    /// Of an ISO 4217 code (`XXX`: none) with so many digits after the point.
    #[must_use]
    pub fn new(currency: &str, decimals: u32) -> Self {
        Self { currency: currency.to_owned(), decimals }
    }

    /// `£1,234`: whole units with thousands separators, two digits below 100; in Chinese 万 from a
    /// million on (`¥123.5 万`).
    #[must_use]
    pub fn text(&self, minor: i64, lang: Lang) -> String {
        let scale = 10_u64.saturating_pow(self.decimals);
        let sign = if minor < 0 { "−" } else { "" };
        let size = minor.unsigned_abs();
        let units = (u128::from(size) + u128::from(scale / 2)) / u128::from(scale);
        let units = u64::try_from(units).unwrap_or(u64::MAX);
        let number = if lang == Lang::Zh && units >= WAN_FROM {
            format!("{:.1} 万", size as f64 / scale as f64 / WAN)
        } else if size < 100 * scale && !size.is_multiple_of(scale) {
            let digits = self.decimals as usize;
            format!("{}.{:0digits$}", size / scale, size % scale)
        } else {
            grouped(units)
        };
        format!("{sign}{}{number}", self.symbol(lang))
    }

    /// As [`Self::text`], of an amount that was computed; halves are rounded away from zero.
    #[must_use]
    pub fn of(&self, minor: f64, lang: Lang) -> String {
        self.text(minor.round() as i64, lang)
    }

    fn symbol(&self, lang: Lang) -> String {
        match (self.currency.as_str(), lang) {
            ("CNY", _) => "¥".to_owned(),
            ("JPY", Lang::En) => "¥".to_owned(),
            ("GBP", _) => "£".to_owned(),
            ("EUR", _) => "€".to_owned(),
            ("USD", _) => "$".to_owned(),
            ("XXX" | "", _) => String::new(),
            (code, _) => format!("{code} "),
        }
    }
}

/// `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12.3%`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_for_its_reader() {
        let (pounds, fen) = (MoneyFormat::new("GBP", 2), MoneyFormat::new("CNY", 2));
        assert_eq!(pounds.text(123_456, Lang::En), "£1,235");
        assert_eq!(pounds.text(-9_950, Lang::En), "−£99.50");
        assert_eq!(pounds.text(9_900, Lang::En), "£99");
        assert_eq!(fen.text(98_765_432, Lang::Zh), "¥987,654");
        assert_eq!(fen.text(12_345_678_900, Lang::Zh), "¥12345.7 万");
        assert_eq!(fen.text(12_345_678_900, Lang::En), "¥123,456,789");
        assert_eq!(MoneyFormat::new("JPY", 0).text(1500, Lang::Zh), "JPY 1,500");
        assert_eq!(MoneyFormat::new("XXX", 2).text(1500, Lang::En), "15");
        assert_eq!(percent(0.12345), "12.3%");
    }
}
