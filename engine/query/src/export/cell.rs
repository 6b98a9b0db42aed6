//! What stands in one place of a sheet.

use perennial_model::civil_from_day;
use std::borrow::Cow;
use std::fmt::Write;

/// Seconds of a day.
const DAY_SECS: i64 = 86_400;

/// How a column of a sheet looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Text,
    Number,
    Money,
    Day,
    Time,
}

/// The head of a column.
pub(super) struct Head {
    pub(super) title: String,
    pub(super) look: Look,
}

/// See the module.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Unknown,
    /// Text, and ids of customers: numbers with more digits than a sheet keeps.
    Text(Cow<'a, str>),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Minor units, and how many digits of them stand behind the point.
    Money(i64, u32),
    /// Days since 1970-01-01.
    Day(i64),
    /// What the brand's clock shows, in seconds since 1970 as if it were UTC.
    Time(i64),
}

impl Cell<'_> {
    /// As CSV has it; text as it is.
    pub(super) fn write(&self, out: &mut String) {
        // To write into a string never fails.
        let _ = match self {
            Self::Unknown => Ok(()),
            Self::Text(text) => out.write_str(text),
            Self::Int(value) => write!(out, "{value}"),
            Self::Float(value) => write!(out, "{value}"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Money(minor, decimals) => money(out, *minor, *decimals),
            Self::Day(day) => date(out, *day),
            Self::Time(secs) => date(out, secs.div_euclid(DAY_SECS)).and_then(|()| {
                let second = secs.rem_euclid(DAY_SECS);
                write!(out, " {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
            }),
        };
    }

    /// Days and parts of a day as a sheet counts them, from the day on from which all programs agree.
    pub(super) fn serial(&self) -> Option<f64> {
        /// 1970-01-01.
        const EPOCH: i64 = 25_569;
        /// 1900-03-01: Excel knows a 29th of February before it that never was.
        const FIRST: i64 = 61;
        let (days, secs) = match self {
            Self::Day(day) => (*day, 0),
            Self::Time(secs) => (secs.div_euclid(DAY_SECS), secs.rem_euclid(DAY_SECS)),
            _ => return None,
        };
        (days + EPOCH >= FIRST).then(|| (days + EPOCH) as f64 + secs as f64 / DAY_SECS as f64)
    }
}

fn money(out: &mut String, minor: i64, decimals: u32) -> std::fmt::Result {
    let (sign, value, unit) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs(), 10_u64.pow(decimals));
    write!(out, "{sign}{}", value / unit)?;
    if decimals > 0 { write!(out, ".{:0width$}", value % unit, width = decimals as usize) } else { Ok(()) }
}

fn date(out: &mut String, day: i64) -> std::fmt::Result {
    let Ok(day) = i32::try_from(day) else { return Ok(()) };
    let (year, month, date) = civil_from_day(day);
    write!(out, "{year:04}-{month:02}-{date:02}")
}
