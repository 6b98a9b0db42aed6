//! From a cell to an instant: the fast way for millions of rows of one column.

use super::cell::clean;
use super::civil::Civil;
use super::decimal::{NumberStyle, parse_decimal};
use super::time_format::{DateOrder, TimeFormat};
use perennial_model::{DAY_US, Zone, day_from_civil};

/// Days from Excel's day 0 (1899-12-30) to 1970-01-01.
const EXCEL_EPOCH_DAYS: i128 = 25_569;
/// Days whose offset is remembered: 22 years around, direct-mapped.
const REMEMBERED_DAYS: usize = 8192;

/// Why a cell is no instant of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeProblem {
    /// It cannot be read as the column's format.
    NotATime,
    /// It is in 1970 or before: what an empty date becomes on its way through a system.
    TooEarly,
    /// It lies in the future.
    InFuture,
}

/// Reads the times of one column.
#[derive(Debug, Clone)]
pub struct TimeParser {
    format: TimeFormat,
    zone: Zone,
    earliest_us: i64,
    latest_us: i64,
    /// Local day and what local midnight is ahead of universal, for days without a change of offset.
    offsets: Vec<(i64, i64)>,
}

impl TimeParser {
    /// For a column in this format; local times are of `zone`; instants after `latest_us` are refused.
    #[must_use]
    pub fn new(format: TimeFormat, zone: Zone, latest_us: i64) -> Self {
        let earliest_us = day_from_civil(1971, 1, 1).map_or(0, i64::from) * DAY_US;
        Self { format, zone, earliest_us, latest_us, offsets: vec![(i64::MIN, 0); REMEMBERED_DAYS] }
    }

    /// The instant (UTC µs) and whether only a day was written.
    ///
    /// # Errors
    /// [`TimeProblem`].
    #[inline]
    pub fn parse(&mut self, cell: &str) -> Result<(i64, bool), TimeProblem> {
        let text = clean(cell);
        let (time_us, date_only) = self.read(text).ok_or(TimeProblem::NotATime)?;
        if time_us < self.earliest_us {
            return Err(TimeProblem::TooEarly);
        }
        if time_us > self.latest_us {
            return Err(TimeProblem::InFuture);
        }
        Ok((time_us, date_only))
    }

    #[inline]
    fn read(&mut self, text: &str) -> Option<(i64, bool)> {
        match self.format {
            TimeFormat::Civil { order, .. } => self.civil(text, order),
            TimeFormat::ExcelSerial => self.excel(text).or_else(|| self.civil(text, DateOrder::MonthFirst)),
            TimeFormat::UnixSeconds => unix(text, 1_000_000),
            TimeFormat::UnixMillis => unix(text, 1000),
            TimeFormat::UnixMicros => unix(text, 1),
        }
    }

    #[inline]
    fn civil(&mut self, text: &str, order: DateOrder) -> Option<(i64, bool)> {
        let civil = Civil::parse(text, order)?;
        let local_us = i64::from(civil.day) * DAY_US + civil.of_day_us;
        let time_us = match civil.offset_us {
            Some(offset_us) => local_us - offset_us,
            None => self.instant(i64::from(civil.day), local_us),
        };
        Some((time_us, civil.date_only))
    }

    #[inline]
    fn instant(&mut self, day: i64, local_us: i64) -> i64 {
        let index = day.rem_euclid(REMEMBERED_DAYS as i64) as usize;
        match self.offsets.get(index) {
            Some((remembered, offset_us)) if *remembered == day => local_us - offset_us,
            _ => self.instant_of_new_day(day, local_us, index),
        }
    }

    #[cold]
    fn instant_of_new_day(&mut self, day: i64, local_us: i64, index: usize) -> i64 {
        let (midnight, next) = (self.zone.instant(day * DAY_US), self.zone.instant((day + 1) * DAY_US));
        let offset_us = day * DAY_US - midnight;
        if next - midnight == DAY_US && self.zone.offset_us(midnight) == offset_us {
            self.offsets[index] = (day, offset_us);
        }
        self.zone.instant(local_us)
    }

    /// Excel keeps times as binary fractions of a day: rounded to whole seconds they are what was typed.
    fn excel(&mut self, text: &str) -> Option<(i64, bool)> {
        let days = parse_decimal(text, NumberStyle::Point).ok()?;
        if !(1..=5).contains(&text.find('.').unwrap_or(text.len())) {
            return None;
        }
        let seconds = days.times(super::Decimal { mantissa: 86_400, scale: 0 })?.in_units(0)?;
        let local_us = i64::try_from((seconds - EXCEL_EPOCH_DAYS * 86_400) * 1_000_000).ok()?;
        Some((self.instant(local_us.div_euclid(DAY_US), local_us), days.scale == 0))
    }
}

fn unix(text: &str, unit_us: i64) -> Option<(i64, bool)> {
    let number = parse_decimal(text, NumberStyle::Point).ok()?;
    let us = number.times(super::Decimal { mantissa: i128::from(unit_us), scale: 0 })?.in_units(0)?;
    Some((i64::try_from(us).ok()?, false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CIVIL: TimeFormat = TimeFormat::Civil { year_last: false, order: DateOrder::MonthFirst, proven: false };

    fn parser(format: TimeFormat, zone: &str) -> TimeParser {
        TimeParser::new(format, Zone::named(zone).unwrap(), 4_102_444_800_000_000)
    }

    #[test]
    fn local_times_are_of_the_brands_zone() {
        let mut shanghai = parser(CIVIL, "Asia/Shanghai");
        assert_eq!(shanghai.parse("2024-01-05 08:03:00"), Ok((1_704_412_980_000_000, false)));
        assert_eq!(shanghai.parse("2024年1月5日 8:03\t"), Ok((1_704_412_980_000_000, false)));
        assert_eq!(shanghai.parse("2024-01-05 08:03:00 +0000"), Ok((1_704_441_780_000_000, false)));
        assert_eq!(shanghai.parse("2024-01-05"), Ok((1_704_384_000_000_000, true)));
    }

    #[test]
    fn excel_and_unix() {
        assert_eq!(
            parser(TimeFormat::ExcelSerial, "Asia/Shanghai").parse("45296.335416666669"),
            Ok((1_704_412_980_000_000, false))
        );
        assert_eq!(parser(TimeFormat::ExcelSerial, "UTC").parse("45296"), Ok((1_704_412_800_000_000, true)));
        assert_eq!(parser(TimeFormat::UnixSeconds, "UTC").parse("1704412980"), Ok((1_704_412_980_000_000, false)));
        assert_eq!(parser(TimeFormat::UnixMillis, "UTC").parse("1704412980123"), Ok((1_704_412_980_123_000, false)));
    }

    #[test]
    fn impossible_instants_are_named() {
        let mut utc = parser(CIVIL, "UTC");
        assert_eq!(utc.parse("1970-01-01 00:00:00"), Err(TimeProblem::TooEarly));
        assert_eq!(utc.parse("2999-01-01"), Err(TimeProblem::InFuture));
        assert_eq!(utc.parse("soon"), Err(TimeProblem::NotATime));
    }

    proptest! {
        #[test]
        fn the_remembered_offset_is_the_zones(
            day in 5_000i64..30_000, second in 0i64..86_400,
            zone in prop::sample::select(vec!["Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Shanghai"]),
        ) {
            let mut parser = parser(CIVIL, zone);
            let local_us = day * DAY_US + second * 1_000_000;
            let truth = Zone::named(zone).unwrap().instant(local_us);
            prop_assert_eq!(parser.instant(day, local_us), truth);
            prop_assert_eq!(parser.instant(day, local_us), truth);
        }
    }
}
