//! Months of the calendar: `2026-03`.

use perennial_model::day_from_civil;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A month in the brand's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(i32);

/// Why a text is no month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no month: write it as YYYY-MM, for example 2026-03")]
pub struct ParseMonthError {
    /// What was written.
    pub text: String,
}

impl Month {
    /// The month of this number: year × 12 + month − 1.
    #[must_use]
    pub const fn of_number(number: i32) -> Self {
        Self(number)
    }

    /// Year × 12 + month − 1.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Its first day, in days since 1970-01-01.
    #[must_use]
    pub fn first_day(self) -> i32 {
        let month = u32::try_from(self.0.rem_euclid(12)).unwrap_or(0) + 1;
        day_from_civil(self.0.div_euclid(12), month, 1).unwrap_or(i32::MAX)
    }

    /// The month after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, ParseMonthError> {
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts = text.split_once('-').filter(|(year, month)| digits(year, 4) && digits(month, 2));
        let numbers = parts.and_then(|(year, month)| Some((year.parse::<i32>().ok()?, month.parse::<i32>().ok()?)));
        match numbers {
            Some((year, month @ 1..=12)) => Ok(Self(year * 12 + month - 1)),
            _ => Err(ParseMonthError { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl TryFrom<String> for Month {
    type Error = ParseMonthError;

    fn try_from(text: String) -> Result<Self, ParseMonthError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_model::month_of_day;

    #[test]
    fn months_are_those_of_the_calendar() {
        let month = "2026-03".parse::<Month>().unwrap();
        assert_eq!((month.to_string().as_str(), month.first_day()), ("2026-03", 20_513));
        assert_eq!(month_of_day(month.first_day()), month.number());
        assert_eq!(month_of_day(month.first_day() - 1), month.number() - 1);
        assert_eq!("2026-12".parse::<Month>().unwrap().next().to_string(), "2027-01");
        for none in ["2026-13", "2026-00", "2026-3", "26-03", "2026-03-01", "March", "", "2026", "+026-03", "2026-+3"] {
            assert!(none.parse::<Month>().is_err(), "{none}");
        }
    }
}
