//! When the shop is busy: weekdays, sales days, Spring Festival and the hours of a day.
//!
//! Rates of purchase are meant by *season day*: a day counts as many season days as it is busy, on
//! average one. So buying is an even Poisson process in season time, and uneven by the calendar.

use perennial_model::{DAY_US, civil_from_day, day_from_civil};

/// The brand's zone is eight hours ahead of universal time, all year.
pub(super) const ZONE_US: i64 = 8 * 3_600_000_000;
/// Further ahead nobody looks.
const MOST_DAYS: i32 = 20 * 366;

/// From Monday; seven together.
const WEEKDAYS: [f64; 7] = [0.93, 0.93, 0.94, 0.97, 1.02, 1.13, 1.08];

/// First day of the lunar year.
const SPRING_FESTIVALS: [(i32, u32, u32); 21] = [
    (2015, 2, 19),
    (2016, 2, 8),
    (2017, 1, 28),
    (2018, 2, 16),
    (2019, 2, 5),
    (2020, 1, 25),
    (2021, 2, 12),
    (2022, 2, 1),
    (2023, 1, 22),
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
    (2031, 1, 23),
    (2032, 2, 11),
    (2033, 1, 31),
    (2034, 2, 19),
    (2035, 2, 8),
];

/// How busy each hour of a day is.
const HOURS: [f64; 24] = [
    0.5, 0.3, 0.2, 0.1, 0.1, 0.2, 0.4, 0.7, 1.0, 1.3, 1.5, 1.5, 1.4, 1.2, 1.2, 1.3, 1.3, 1.2, 1.2, 1.5, 1.9, 2.0, 1.6,
    0.9,
];

/// Local day of an instant.
pub(super) const fn day_of(time_us: i64) -> i32 {
    (time_us + ZONE_US).div_euclid(DAY_US) as i32
}

/// First instant of a local day.
pub(super) const fn start_of(day: i32) -> i64 {
    day as i64 * DAY_US - ZONE_US
}

/// Season days that a calendar day counts.
pub(super) fn weight(day: i32) -> f64 {
    WEEKDAYS[(day + 3).rem_euclid(7) as usize] * occasion(day) * 0.985
}

fn occasion(day: i32) -> f64 {
    let (year, month, date) = civil_from_day(day);
    let sale = match (month, date) {
        (6, 18) | (11, 10) => 2.0,
        (11, 11) => 2.8,
        (6, 16..=20) => 1.6,
        (11, 1..=3 | 9) | (12, 12) => 1.4,
        (10, 1..=7) => 0.85,
        _ => 1.0,
    };
    let festival = SPRING_FESTIVALS.iter().find(|(of, ..)| *of == year);
    let until = festival.and_then(|(_, month, date)| Some(day_from_civil(year, *month, *date)? - day));
    match until {
        Some(-6..=3) => 0.45,
        Some(4..=16) => 1.25,
        _ => sale,
    }
}

/// Whether prices are cut on that day.
pub(super) fn is_sale(day: i32) -> bool {
    let (_, month, date) = civil_from_day(day);
    matches!((month, date), (6, 16..=20) | (11, 1..=3 | 9..=11) | (12, 12))
}

/// The instant within a day before which this share of its business is done.
pub(super) fn instant(day: i32, share: f64) -> i64 {
    let mut left = share.clamp(0.0, 0.999_999) * HOURS.iter().sum::<f64>();
    for (hour, busy) in (0_i64..).zip(HOURS) {
        if left < busy {
            return start_of(day) + hour * 3_600_000_000 + (left / busy * 3_600.0) as i64 * 1_000_000;
        }
        left -= busy;
    }
    start_of(day + 1) - 1_000_000
}

/// The share of a day's business that is done before an instant.
fn share(time_us: i64) -> f64 {
    let of_day = (time_us + ZONE_US).rem_euclid(DAY_US) as f64 / 3_600_000_000.0;
    let hour = of_day.floor();
    let whole = hour as usize;
    let before: f64 = HOURS.iter().take(whole).sum();
    (before + HOURS.get(whole).map_or(0.0, |busy| busy * (of_day - hour))) / HOURS.iter().sum::<f64>()
}

/// The instant that is so many season days later; `None` where that is decades away.
pub(super) fn after(time_us: i64, season_days: f64) -> Option<i64> {
    let first = day_of(time_us);
    let mut left = season_days + share(time_us) * weight(first);
    for day in first..first + MOST_DAYS {
        let counts = weight(day);
        if left < counts {
            return Some(instant(day, left / counts).max(time_us + 1_000_000));
        }
        left -= counts;
    }
    None
}

/// Season days between two instants.
pub(super) fn between(from_us: i64, to_us: i64) -> f64 {
    let (first, last) = (day_of(from_us), day_of(to_us));
    let whole: f64 = (first..last).map(weight).sum();
    whole + share(to_us) * weight(last) - share(from_us) * weight(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, date: u32) -> i32 {
        day_from_civil(year, month, date).unwrap()
    }

    #[test]
    fn a_year_has_as_many_season_days_as_days() {
        for year in 2024..2028 {
            let days = day(year, 1, 1)..day(year + 1, 1, 1);
            let mean = days.clone().map(weight).sum::<f64>() / days.len() as f64;
            assert!((mean - 1.0).abs() < 0.01, "{year}: {mean}");
        }
    }

    #[test]
    fn sales_are_busy_and_spring_festival_is_not() {
        assert!(weight(day(2025, 11, 11)) > 2.0 && weight(day(2025, 6, 18)) > 1.5);
        assert!(weight(day(2026, 2, 18)) < 0.6);
        assert!(weight(day(2025, 9, 6)) > weight(day(2025, 9, 3)), "Saturday and Wednesday");
    }

    #[test]
    fn season_time_goes_there_and_back() {
        let from = start_of(day(2025, 10, 30)) + 9 * 3_600_000_000;
        for days in [0.01, 0.5, 3.0, 14.0, 400.0] {
            let to = after(from, days).unwrap();
            assert!((between(from, to) - days).abs() < 0.001, "{days}: {}", between(from, to));
        }
        assert_eq!(after(from, 1e9), None);
        assert!(between(start_of(day(2025, 11, 9)), start_of(day(2025, 11, 12))) > 5.0);
    }
}
