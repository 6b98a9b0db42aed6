//! Days and months of the brand's zone as numbers and as text.

use perennial_fold::Instant;
use perennial_model::{civil_from_day, day_from_civil, month_of_day};
use std::sync::LazyLock;

/// 1990-01-01 and 2060-01-01: the tabulated days; others are worked out.
const FIRST_TABULATED_DAY: i32 = 7_305;
const END_TABULATED_DAY: i32 = 32_872;

static MONTHS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    (FIRST_TABULATED_DAY..END_TABULATED_DAY).map(|day| u16::try_from(month_of_day(day)).unwrap_or(0)).collect()
});

/// Months are counted between these years, so that one absurd date cannot make a series endless.
const YEARS: (i32, i32) = (1900, 2200);

/// Month of a day (year × 12 + month − 1), from a table: it is asked once an order.
#[inline]
pub(crate) fn month(day: i32) -> i32 {
    let place = day.wrapping_sub(FIRST_TABULATED_DAY) as u32 as usize;
    MONTHS.get(place).map_or_else(|| month_of_day(day).clamp(YEARS.0 * 12, YEARS.1 * 12), |month| i32::from(*month))
}

/// First day of a month.
pub(crate) fn first_day_of_month(month: i32) -> i32 {
    let number = u32::try_from(month.rem_euclid(12)).unwrap_or(0) + 1;
    day_from_civil(month.div_euclid(12), number, 1).unwrap_or(0)
}

/// Last day of a month.
pub(crate) fn last_day_of_month(month: i32) -> i32 {
    first_day_of_month(month + 1) - 1
}

/// Last local day that has begun before the instant: the last day of every window. Where the
/// instant is a midnight, it is the day before.
pub(crate) fn end_day(instant: &Instant) -> i32 {
    instant.zone.day(instant.as_of_us.saturating_sub(1))
}

/// The default instant of a report: the midnight after the last event, in the brand's zone (exclusive).
#[must_use]
pub fn midnight_after(last_event_us: i64, zone: &perennial_model::Zone) -> i64 {
    zone.day_start(zone.day(last_event_us).saturating_add(1))
}

/// `YYYY-MM-DD`.
pub(crate) fn day_text(day: i32) -> String {
    let (year, month, date) = civil_from_day(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// `YYYY-MM`.
pub(crate) fn month_text(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// RFC 3339 in the brand's zone, to the second.
pub(crate) fn instant_text(instant: &Instant) -> String {
    let offset_s = instant.zone.offset_us(instant.as_of_us) / 1_000_000;
    let local_s = instant.as_of_us.div_euclid(1_000_000) + offset_s;
    let day = i32::try_from(local_s.div_euclid(86_400)).unwrap_or(0);
    let second = local_s.rem_euclid(86_400);
    let sign = if offset_s < 0 { '-' } else { '+' };
    let offset = offset_s.abs();
    format!(
        "{}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
        day_text(day),
        second / 3600,
        second / 60 % 60,
        second % 60,
        offset / 3600,
        offset / 60 % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_fold::Revenue;
    use perennial_model::Zone;

    #[test]
    fn the_table_agrees_with_the_calendar_at_its_edges_and_beyond() {
        for day in [-1, FIRST_TABULATED_DAY - 1, FIRST_TABULATED_DAY, END_TABULATED_DAY - 1, END_TABULATED_DAY] {
            assert_eq!(month(day), month_of_day(day));
        }
    }

    #[test]
    fn the_last_day_is_the_one_before_a_midnight() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let day = day_from_civil(2011, 12, 10).unwrap();
        let midnight = zone.day_start(day);
        assert_eq!(end_day(&Instant::new(midnight, zone.clone(), Revenue::Net)), day - 1);
        assert_eq!(end_day(&Instant::new(midnight + 1, zone.clone(), Revenue::Net)), day);
        assert_eq!(midnight_after(midnight - 1, &zone), midnight);
        assert_eq!(midnight_after(midnight, &zone), zone.day_start(day + 1));
        let text = instant_text(&Instant::new(midnight, zone, Revenue::Net));
        assert_eq!(text, "2011-12-10T00:00:00+08:00");
    }

    #[test]
    fn months_end_where_the_next_begins() {
        let february = month_of_day(day_from_civil(2024, 2, 29).unwrap());
        assert_eq!(day_text(last_day_of_month(february)), "2024-02-29");
        assert_eq!(month_text(february), "2024-02");
    }
}
