//! Spans of days and weeks: `90d`, `12w`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest window: ten years.
pub const MAX_WINDOW_DAYS: u32 = 3660;

/// So many days, said in days or in weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    count: u16,
    in_weeks: bool,
}

/// Why a text is no window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}: {fix}")]
pub struct ParseWindowError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

impl Window {
    /// Its length.
    #[must_use]
    pub fn days(self) -> u32 {
        u32::from(self.count) * if self.in_weeks { 7 } else { 1 }
    }

    /// So many days; none for 0 and for more than [`MAX_WINDOW_DAYS`].
    #[must_use]
    pub fn of_days(days: u16) -> Option<Self> {
        Self { count: days, in_weeks: false }.checked()
    }

    /// So many weeks; none for 0 and for more than [`MAX_WINDOW_DAYS`].
    #[must_use]
    pub fn of_weeks(weeks: u16) -> Option<Self> {
        Self { count: weeks, in_weeks: true }.checked()
    }

    fn checked(self) -> Option<Self> {
        (1..=MAX_WINDOW_DAYS).contains(&self.days()).then_some(self)
    }
}

impl FromStr for Window {
    type Err = ParseWindowError;

    fn from_str(text: &str) -> Result<Self, ParseWindowError> {
        let error = |message: String, fix: String| Err(ParseWindowError { message, fix });
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        let number = count.parse::<u16>().ok();
        let found = match unit {
            "d" if digits > 0 => number.and_then(Self::of_days),
            "w" if digits > 0 => number.and_then(Self::of_weeks),
            _ => {
                let days = match (unit.trim(), number) {
                    ("m" | "month" | "months", Some(months)) => u32::from(months) * 30,
                    ("y" | "year" | "years", Some(years)) => u32::from(years) * 365,
                    ("w" | "week" | "weeks", Some(weeks)) => u32::from(weeks) * 7,
                    ("" | "d" | "day" | "days", Some(days)) => u32::from(days),
                    _ => 90,
                };
                let fix =
                    format!("write a number of days or weeks, for example {}d or 12w", days.clamp(1, MAX_WINDOW_DAYS));
                return error(format!("{text:?} is no span of days or weeks"), fix);
            }
        };
        match found {
            Some(window) if !count.starts_with('0') => Ok(window),
            _ => error(
                format!("{text:?} is out of bounds"),
                format!("write 1d to {MAX_WINDOW_DAYS}d, without leading zeros"),
            ),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.count, if self.in_weeks { 'w' } else { 'd' })
    }
}

impl TryFrom<String> for Window {
    type Error = ParseWindowError;

    fn try_from(text: String) -> Result<Self, ParseWindowError> {
        text.parse()
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_days_or_weeks() {
        for (text, days) in [("1d", 1), ("90d", 90), ("12w", 84), ("3660d", 3660), ("522w", 3654)] {
            let window = text.parse::<Window>().unwrap();
            assert_eq!((window.days(), window.to_string().as_str()), (days, text));
        }
    }

    #[test]
    fn what_is_none_is_told_with_one() {
        for (text, said) in [
            ("6m", "for example 180d"),
            ("2 weeks", "for example 14d"),
            ("90", "for example 90d"),
            ("d", "for example 90d"),
            ("", "for example 90d"),
            ("0d", "1d to 3660d"),
            ("007d", "without leading zeros"),
            ("3661d", "out of bounds"),
            ("99999999d", "out of bounds"),
            ("-3d", "for example 90d"),
        ] {
            let told = text.parse::<Window>();
            assert!(told.as_ref().is_err_and(|error| error.to_string().contains(said)), "{text}: {told:?}");
        }
    }
}
