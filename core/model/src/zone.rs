//! The brand's time zone decides what a day, a week and a month is.

use chrono::{Datelike, NaiveDate, Offset, TimeZone};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Microseconds of a day.
pub const DAY_US: i64 = 86_400_000_000;
const WEEK_S: i64 = 7 * 86_400;
/// Offsets are tabulated for 1900 to 2200; outside, the nearest one holds.
const FIRST_S: i64 = -2_208_988_800;
const LAST_S: i64 = 7_258_118_400;

/// Not a name of the IANA time zone database.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("time zone {0:?} is not known: use a name such as Asia/Shanghai, Europe/London or UTC")]
pub struct UnknownZone(pub String);

/// A time zone with its changes of offset tabulated, so that 20 million events a second can be dated.
#[derive(Debug, Clone)]
pub struct Zone {
    name: Arc<str>,
    /// Instant (UTC µs) from which an offset (µs) holds; the first entry holds for all earlier time.
    changes: Arc<[(i64, i64)]>,
}

/// Zones that were asked for: tabulating one takes a millisecond, and each request asks for the brand's.
static NAMED: LazyLock<Mutex<HashMap<chrono_tz::Tz, Zone>>> = LazyLock::new(Mutex::default);

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".into(), changes: [(i64::MIN, 0)].into() }
    }

    /// By its IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`] when there is no such name.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zone: chrono_tz::Tz = name.parse().map_err(|_| UnknownZone(name.to_owned()))?;
        let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(named.entry(zone).or_insert_with(|| Self::tabulated(zone)).clone())
    }

    fn tabulated(zone: chrono_tz::Tz) -> Self {
        let mut changes = vec![(i64::MIN, offset_s(zone, FIRST_S) * 1_000_000)];
        let mut before = FIRST_S;
        while before < LAST_S {
            let after = before + WEEK_S;
            if offset_s(zone, before) != offset_s(zone, after) {
                let at = first_second_with_new_offset(zone, before, after);
                changes.push((at * 1_000_000, offset_s(zone, at) * 1_000_000));
            }
            before = after;
        }
        Self { name: zone.name().into(), changes: changes.into() }
    }

    /// Whether there is a zone of this name, without tabulating it.
    #[must_use]
    pub fn is_name(name: &str) -> bool {
        name.parse::<chrono_tz::Tz>().is_ok()
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Local minus universal time at an instant, in microseconds.
    #[must_use]
    pub fn offset_us(&self, time_us: i64) -> i64 {
        if let [(_, only)] = self.changes[..] {
            return only;
        }
        let after = self.changes.partition_point(|(from, _)| *from <= time_us);
        self.changes[after.saturating_sub(1)].1
    }

    /// Local calendar day of an instant, as days since 1970-01-01.
    #[must_use]
    pub fn day(&self, time_us: i64) -> i32 {
        clamp_day((time_us.saturating_add(self.offset_us(time_us))).div_euclid(DAY_US))
    }

    /// The first instant of a local day (where midnight is skipped, the moment the day begins).
    #[must_use]
    pub fn day_start(&self, day: i32) -> i64 {
        self.instant(i64::from(day) * DAY_US)
    }

    /// The instant at which the local clock shows `local_us` (as if it were UTC). Shown twice:
    /// the earlier. Never shown: the moment the gap ends.
    #[must_use]
    pub fn instant(&self, local_us: i64) -> i64 {
        let mut best: Option<i64> = None;
        for (index, (from, offset)) in self.changes.iter().enumerate() {
            let candidate = local_us.saturating_sub(*offset);
            let until = self.changes.get(index + 1).map_or(i64::MAX, |(next, _)| *next);
            if candidate >= *from && candidate < until {
                return candidate;
            }
            if candidate < *from {
                best = best.or(Some(*from));
                break;
            }
        }
        best.unwrap_or(local_us)
    }
}

fn clamp_day(day: i64) -> i32 {
    i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })
}

fn offset_s(zone: chrono_tz::Tz, second: i64) -> i64 {
    chrono::DateTime::from_timestamp(second, 0)
        .map_or(0, |utc| i64::from(zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc()))
}

fn first_second_with_new_offset(zone: chrono_tz::Tz, mut old: i64, mut new: i64) -> i64 {
    let offset = offset_s(zone, old);
    while new - old > 1 {
        let middle = old + (new - old) / 2;
        if offset_s(zone, middle) == offset { old = middle } else { new = middle }
    }
    new
}

/// Month of a day: year × 12 + month − 1.
#[must_use]
pub fn month_of_day(day: i32) -> i32 {
    let (year, month, _) = civil_from_day(day);
    year * 12 + month as i32 - 1
}

/// Week of a day, counted in Mondays; week 0 holds 1970-01-01.
#[must_use]
pub const fn week_of_day(day: i32) -> i32 {
    (day + 3).div_euclid(7)
}

/// Year, month (1–12) and day (1–31) of a day number. (Days-to-civil by shifting the year to
/// start in March, so that the leap day is last.)
#[must_use]
pub const fn civil_from_day(day: i32) -> (i32, u32, u32) {
    let shifted = day as i64 + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year as i32, month as u32, day_of_month as u32)
}

/// Day number of a calendar date; none where there is no such date.
#[must_use]
pub fn day_from_civil(year: i32, month: u32, day: u32) -> Option<i32> {
    NaiveDate::from_ymd_opt(year, month, day).map(|date| date.num_days_from_ce() - 719_163)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn new_york_springs_forward_and_falls_back() {
        let zone = Zone::named("America/New_York").unwrap();
        let before = 1_710_053_999_000_000; // 2024-03-10 06:59:59 UTC, 01:59:59 local
        assert_eq!(zone.offset_us(before), -5 * 3_600_000_000);
        assert_eq!(zone.offset_us(before + 1_000_000), -4 * 3_600_000_000);
        let local_0230 = before + 1_000_000 - 5 * 3_600_000_000 + 30 * 60_000_000;
        assert_eq!(zone.instant(local_0230), before + 1_000_000);
    }

    #[test]
    fn a_day_without_midnight_begins_at_one() {
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        let day = day_from_civil(2018, 11, 4).unwrap();
        assert_eq!(zone.day(zone.day_start(day)), day);
        assert_eq!(zone.day(zone.day_start(day) - 1), day - 1);
    }

    #[test]
    fn weeks_start_on_monday() {
        let monday = day_from_civil(2024, 1, 1).unwrap();
        assert_eq!(week_of_day(monday), week_of_day(monday + 6));
        assert_ne!(week_of_day(monday), week_of_day(monday - 1));
    }

    #[test]
    fn an_unknown_zone_is_named() {
        assert_eq!(Zone::named("Asia/Hangzhou").unwrap_err(), UnknownZone("Asia/Hangzhou".into()));
        assert!(Zone::is_name("Asia/Shanghai") && !Zone::is_name("Asia/Hangzhou"));
    }

    proptest! {
        #[test]
        fn civil_dates_go_there_and_back(day in -200_000i32..200_000) {
            let (year, month, date) = civil_from_day(day);
            prop_assert_eq!(day_from_civil(year, month, date), Some(day));
            prop_assert_eq!(month_of_day(day), year * 12 + month as i32 - 1);
        }

        #[test]
        fn offsets_are_those_of_the_database(
            second in -2_000_000_000i64..6_000_000_000,
            name in prop::sample::select(vec!["Asia/Shanghai", "Europe/London", "Africa/Casablanca", "Australia/Lord_Howe"]),
        ) {
            let zone = Zone::named(name).unwrap();
            let truth = offset_s(name.parse().unwrap(), second) * 1_000_000;
            prop_assert_eq!(zone.offset_us(second * 1_000_000), truth);
        }
    }
}
