//! Days of the calendar: `2026-03-01`.

use perennial_model::{civil_from_day, day_from_civil};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A day in the brand's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(i32);

/// Why a text is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no day: write it as YYYY-MM-DD, for example 2026-03-01")]
pub struct ParseDayError {
    /// What was written.
    pub text: String,
}

impl Day {
    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }
}

impl FromStr for Day {
    type Err = ParseDayError;

    fn from_str(text: &str) -> Result<Self, ParseDayError> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        let day = match parts[..] {
            [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
                year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok())
            }
            _ => None,
        };
        let day = day.and_then(|((year, month), day)| day_from_civil(year, month, day));
        day.map(Self).ok_or_else(|| ParseDayError { text: text.to_owned() })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_day(self.0);
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl TryFrom<String> for Day {
    type Error = ParseDayError;

    fn try_from(text: String) -> Result<Self, ParseDayError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let day = "2026-03-01".parse::<Day>().unwrap();
        assert_eq!((day.number(), day.to_string().as_str()), (20_513, "2026-03-01"));
        for none in ["2026-02-29", "2026-3-1", "26-03-01", "2026-13-01", "2026-03-01T00:00", "", "+026-03-01"] {
            assert!(none.parse::<Day>().is_err(), "{none}");
        }
    }
}
