//! Amounts of money as people write them: in units of the brand's currency, with a point.

use perennial_model::Currency;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Thousandths in one: no currency has smaller parts.
const PARTS: i64 = 1_000;
/// Digits after the point, at most.
const MOST_DECIMALS: usize = 3;
/// The greatest amount, in whole units: as many as a number of JSON holds with all of its thousandths.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// Not negative, kept to a thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i64);

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}: {fix}")]
pub struct ParseAmountError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

impl Amount {
    /// In the smallest units of a currency.
    #[must_use]
    pub fn minor(self, currency: Currency) -> i64 {
        let scale = 10_i128.pow(currency.decimals());
        i64::try_from(i128::from(self.0) * scale / i128::from(PARTS)).unwrap_or(i64::MAX)
    }

    /// Digits after the point that say something.
    #[must_use]
    pub const fn decimals(self) -> u32 {
        match self.0 % PARTS {
            0 => 0,
            part if part % 100 == 0 => 1,
            part if part % 10 == 0 => 2,
            _ => 3,
        }
    }
}

impl FromStr for Amount {
    type Err = ParseAmountError;

    fn from_str(text: &str) -> Result<Self, ParseAmountError> {
        let error = |message: String, fix: String| Err(ParseAmountError { message, fix });
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(rest) = text.strip_prefix('-').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        {
            return error(format!("{text} is less than nothing"), format!("write what was spent, for example {rest}"));
        }
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        if !digits(whole) || !digits(part) || part.len() > MOST_DECIMALS {
            let plain: String = text.chars().filter(|letter| letter.is_ascii_digit() || *letter == '.').collect();
            let plain = if plain != text && plain.parse::<Self>().is_ok() { plain } else { "12000.50".to_owned() };
            let fix = format!("write a number in units of the brand's currency, for example {plain}");
            return error(format!("{text:?} is no amount"), fix);
        }
        let part = format!("{part:0<3}").parse::<i64>().unwrap_or(0);
        match whole.parse::<i64>().ok().filter(|whole| *whole < MAX_AMOUNT) {
            Some(whole) => Ok(Self(whole * PARTS + part)),
            None => error(format!("{text} is out of bounds"), format!("write less than {MAX_AMOUNT}")),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / PARTS, self.0 % PARTS);
        match part {
            0 => write!(formatter, "{whole}"),
            part => write!(formatter, "{whole}.{}", format!("{part:03}").trim_end_matches('0')),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % PARTS {
            0 => serializer.serialize_i64(self.0 / PARTS),
            _ => serializer.serialize_f64(self.0 as f64 / PARTS as f64),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        if !(0.0..MAX_AMOUNT as f64).contains(&number) {
            return Err(serde::de::Error::custom(format!("{number} is no amount")));
        }
        Ok(Self((number * PARTS as f64).round() as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_in_units_of_the_currency() {
        let minor = |text: &str, currency: &str| text.parse::<Amount>().unwrap().minor(currency.parse().unwrap());
        assert_eq!(
            (minor("12000.50", "CNY"), minor("12000", "JPY"), minor("1.234", "KWD")),
            (1_200_050, 12_000, 1_234)
        );
        assert_eq!((minor("0", "CNY"), minor("0.1", "CNY")), (0, 10));
        let decimals = ["7", "7.10", "7.25", "7.125"].map(|text| text.parse::<Amount>().unwrap().decimals());
        assert_eq!(decimals, [0, 1, 2, 3]);
    }

    #[test]
    fn what_is_none_is_told_with_one() {
        for (text, said) in [
            ("-5", "less than nothing: write what was spent, for example 5"),
            ("12,000", "for example 12000"),
            ("¥80.5", "for example 80.5"),
            ("1e6", "no amount"),
            ("1.2345", "no amount"),
            ("5.", "no amount"),
            (".5", "no amount"),
            ("", "no amount"),
            ("1000000000000", "write less than"),
            ("99999999999999999999999", "write less than"),
        ] {
            let told = text.parse::<Amount>();
            assert!(told.as_ref().is_err_and(|error| error.to_string().contains(said)), "{text}: {told:?}");
        }
    }

    proptest! {
        #[test]
        fn an_amount_goes_through_json_and_text(parts in 0..MAX_AMOUNT * PARTS) {
            let amount = Amount(parts);
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
            prop_assert_eq!(json.parse::<Amount>().unwrap(), amount, "as a file has it");
            prop_assert_eq!(amount.to_string().parse::<Amount>().unwrap(), amount);
        }
    }
}
