//! Shares of the customers: `10%`, `2.5%`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Hundredths of a percent that make up the whole.
const WHOLE: u16 = 10_000;

/// More than nobody and less than everybody, kept to a hundredth of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share(u16);

/// Why a text is no share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}: {fix}")]
pub struct ParseShareError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

impl Share {
    /// So many percent; none from 100 on, and none for 0.
    #[must_use]
    pub const fn of_percent(percent: u16) -> Option<Self> {
        match percent {
            1..=99 => Some(Self(percent * 100)),
            _ => None,
        }
    }

    /// As a part of one.
    #[must_use]
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / f64::from(WHOLE)
    }
}

/// A number with two decimals at most, as hundredths.
fn hundredths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 || whole.len() > 3 {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<u32>().ok()? * 100 + part)
}

impl FromStr for Share {
    type Err = ParseShareError;

    fn from_str(text: &str) -> Result<Self, ParseShareError> {
        let error = |message: String, fix: String| Err(ParseShareError { message, fix });
        let Some(number) = text.strip_suffix('%').map(str::trim_end) else {
            let meant = match text.trim().parse::<f64>() {
                Ok(part) if part > 0.0 && part < 1.0 => format!("{}%", (part * 1e4).round() / 1e2),
                Ok(percent) if (1.0..100.0).contains(&percent) => format!("{}%", (percent * 1e2).round() / 1e2),
                _ => "10%".to_owned(),
            };
            return error(format!("{text:?} is no share"), format!("write a percentage, for example {meant}"));
        };
        match hundredths(number) {
            Some(share) if share > 0 && share < u32::from(WHOLE) => Ok(Self(share as u16)),
            Some(_) => error(format!("{text:?} is out of bounds"), "write 0.01% to 99.99%".to_owned()),
            None => error(
                format!("{text:?} is no share"),
                "write a percentage with two decimals at most, for example 10% or 2.5%".to_owned(),
            ),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(formatter, "{whole}%"),
            part if part % 10 == 0 => write!(formatter, "{whole}.{}%", part / 10),
            part => write!(formatter, "{whole}.{part:02}%"),
        }
    }
}

impl TryFrom<String> for Share {
    type Error = ParseShareError;

    fn try_from(text: String) -> Result<Self, ParseShareError> {
        text.parse()
    }
}

impl From<Share> for String {
    fn from(share: Share) -> Self {
        share.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percentages() {
        for (text, fraction) in
            [("10%", 0.1), ("2.5%", 0.025), ("0.01%", 0.0001), ("99.99%", 0.9999), ("7.05%", 0.0705)]
        {
            let share = text.parse::<Share>().unwrap();
            assert_eq!((share.fraction(), share.to_string().as_str()), (fraction, text));
        }
        assert_eq!("5.0 %".parse::<Share>().unwrap(), Share::of_percent(5).unwrap());
        assert_eq!((Share::of_percent(0), Share::of_percent(100)), (None, None));
    }

    #[test]
    fn what_is_none_is_told_with_one() {
        for (text, said) in [
            ("0.1", "for example 10%"),
            ("10", "for example 10%"),
            ("2.5", "for example 2.5%"),
            ("ten", "for example 10%"),
            ("0%", "0.01% to 99.99%"),
            ("100%", "0.01% to 99.99%"),
            ("1.234%", "two decimals"),
            ("-5%", "two decimals"),
            ("%", "two decimals"),
        ] {
            let told = text.parse::<Share>();
            assert!(told.as_ref().is_err_and(|error| error.to_string().contains(said)), "{text}: {told:?}");
        }
    }
}
