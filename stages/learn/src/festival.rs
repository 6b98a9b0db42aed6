//! Which days of last year a period is held against: holidays that move drag sales with them.

use crate::thresholds::KpiThresholds;
use perennial_model::{Zone, day_from_civil};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Days before and after Spring Festival on which trade is not as usual: stocking up begins four
/// weeks before, and shops and couriers are back to normal about four weeks after.
const FESTIVAL_REACH_DAYS: i32 = 30;

/// Zones of places that close for Spring Festival.
const ZONES: [&str; 13] = [
    "Asia/Shanghai",
    "Asia/Chongqing",
    "Asia/Chungking",
    "Asia/Harbin",
    "Asia/Urumqi",
    "Asia/Kashgar",
    "PRC",
    "Asia/Hong_Kong",
    "Hongkong",
    "Asia/Macau",
    "Asia/Macao",
    "Asia/Taipei",
    "ROC",
];

static SPRING_FESTIVAL: LazyLock<Vec<i32>> = LazyLock::new(|| {
    let lines = include_str!("../data/spring_festival.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(parse).collect()
});

fn parse(line: &str) -> Option<i32> {
    let (year, rest) = line.trim().split_once('-')?;
    let (month, date) = rest.split_once('-')?;
    day_from_civil(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)
}

/// Whose moving holidays count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayCalendar {
    /// Nobody's.
    #[default]
    None,
    /// China's: Spring Festival.
    Cn,
}

impl HolidayCalendar {
    /// Its name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Cn => "cn",
        }
    }

    /// That of the place a time zone names.
    #[must_use]
    pub fn of_zone(zone: &Zone) -> Self {
        if ZONES.contains(&zone.name()) { Self::Cn } else { Self::None }
    }
}

/// How far back the same period last year lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct YearBack {
    pub(crate) days: i32,
    /// This year's and last year's Spring Festival, where the periods are aligned by it.
    pub(crate) festivals: Option<(i32, i32)>,
}

impl KpiThresholds {
    /// Where the period that ends with `end_day`, or the one whole weeks before it, touches the
    /// days around Spring Festival, both lie equally far from their own year's; else whole weeks.
    pub(crate) fn year_back(&self, end_day: i32) -> YearBack {
        let touches = |last: i32, festival: i32| {
            let first = last.saturating_sub(self.compared_days) + 1;
            first <= festival + FESTIVAL_REACH_DAYS && last >= festival - FESTIVAL_REACH_DAYS
        };
        let years = SPRING_FESTIVAL.iter().zip(SPRING_FESTIVAL.iter().skip(1));
        let near = years
            .map(|(before, this)| (*this, *before))
            .find(|(this, before)| touches(end_day, *this) || touches(end_day.saturating_sub(self.year_days), *before));
        match near.filter(|_| self.calendar == HolidayCalendar::Cn) {
            Some((this, before)) => YearBack { days: this - before, festivals: Some((this, before)) },
            None => YearBack { days: self.year_days, festivals: None },
        }
    }

    /// The same thresholds with the year that counts as of `end_day`.
    pub(crate) fn aligned(&self, end_day: i32) -> Self {
        Self { year_days: self.year_back(end_day).days, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i32 {
        parse(text).unwrap()
    }

    fn back(last_day: &str) -> YearBack {
        KpiThresholds { calendar: HolidayCalendar::Cn, ..KpiThresholds::default() }.year_back(day(last_day))
    }

    #[test]
    fn the_table_holds_one_first_lunar_day_a_year() {
        assert_eq!(SPRING_FESTIVAL.len(), 21);
        for (before, this) in SPRING_FESTIVAL.iter().zip(SPRING_FESTIVAL.iter().skip(1)) {
            // Twelve or thirteen lunar months.
            assert!([353, 354, 355, 383, 384, 385].contains(&(this - before)), "{this}");
        }
    }

    #[test]
    fn a_period_near_the_festival_keeps_its_distance_from_it() {
        // 2024-02-10 and 2025-01-29 are 354 days apart.
        for last in ["2025-01-28", "2025-01-29", "2025-02-20", "2024-12-30", "2025-03-29"] {
            assert_eq!(back(last), YearBack { days: 354, festivals: Some((day("2025-01-29"), day("2024-02-10"))) });
        }
        // The last day touched by the period 30 days before, the first one not touched after.
        assert_eq!(back("2024-12-29").festivals, None);
        // It begins 31 days after this year's festival, but whole weeks ago is still near last year's.
        assert_eq!(back("2025-03-30").days, 354);
        assert_eq!(back("2025-04-10"), YearBack { days: 364, festivals: None });
    }

    #[test]
    fn whole_weeks_where_no_festival_is_near_or_known_or_kept() {
        assert_eq!(back("2024-08-01").days, 364);
        assert_eq!(back("2035-02-08").days, 364);
        assert_eq!(back("2010-02-14").days, 364, "the year before the table begins");
        let none = KpiThresholds::default().year_back(day("2025-02-10"));
        assert_eq!(none, YearBack { days: 364, festivals: None });
    }

    #[test]
    fn the_place_tells_the_calendar() {
        let of = |name| HolidayCalendar::of_zone(&Zone::named(name).unwrap());
        assert_eq!(of("Asia/Shanghai"), HolidayCalendar::Cn);
        assert_eq!(of("Europe/London"), HolidayCalendar::None);
    }
}
