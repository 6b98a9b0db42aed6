//! How a whole column writes its times, decided from a sample.

use super::cell::{clean, is_none};
use super::civil::Civil;
use rustc_hash::FxHashSet;

/// Order of day and month where the year comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateOrder {
    /// 1/5/2024 is the fifth of January.
    #[default]
    MonthFirst,
    /// 1/5/2024 is the first of May.
    DayFirst,
}

/// How a column writes its times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeFormat {
    /// Dates and times of day.
    Civil {
        /// Whether the year comes last somewhere, so that the order matters.
        year_last: bool,
        /// How to read day and month then.
        order: DateOrder,
        /// Whether the sample proves the order.
        proven: bool,
    },
    /// Days since 1899-12-30, with a fraction.
    ExcelSerial,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMillis,
    /// Microseconds since 1970.
    UnixMicros,
}

/// The format of most of the cells; none when most are no time at all.
pub fn guess_format<'a>(cells: impl Iterator<Item = &'a str>) -> Option<TimeFormat> {
    let mut votes = Votes::default();
    for cell in cells.map(clean).filter(|cell| !is_none(cell)) {
        votes.add(cell);
    }
    votes.decide()
}

#[derive(Default)]
struct Votes {
    cells: usize,
    civil: usize,
    excel: usize,
    seconds: usize,
    millis: usize,
    micros: usize,
    day_first: usize,
    month_first: usize,
    year_last: bool,
    firsts: FxHashSet<u32>,
    seconds_parts: FxHashSet<u32>,
}

impl Votes {
    fn add(&mut self, cell: &str) {
        self.cells += 1;
        let whole = cell.split_once('.').map_or(cell, |(whole, _)| whole);
        let numeric = cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match whole.len() {
            5 if numeric => self.excel += 1,
            10 if numeric && whole.len() == cell.len() => self.seconds += 1,
            13 if numeric => self.millis += 1,
            16 if numeric => self.micros += 1,
            _ => self.add_civil(cell),
        }
    }

    fn add_civil(&mut self, cell: &str) {
        let fits = |order| Civil::parse(cell, order).is_some();
        let (day_first, month_first) = (fits(DateOrder::DayFirst), fits(DateOrder::MonthFirst));
        if !day_first && !month_first {
            return;
        }
        self.civil += 1;
        let mut numbers = cell.split(|letter: char| !letter.is_ascii_digit());
        let (Some(first), Some(second)) = (numbers.next(), numbers.next()) else {
            return;
        };
        if first.is_empty() || first.len() > 2 || second.is_empty() {
            return;
        }
        self.year_last = true;
        self.day_first += usize::from(!month_first);
        self.month_first += usize::from(!day_first);
        self.firsts.extend(first.parse::<u32>().ok());
        self.seconds_parts.extend(second.parse::<u32>().ok());
    }

    fn decide(&self) -> Option<TimeFormat> {
        let best = self.civil.max(self.excel).max(self.seconds).max(self.millis).max(self.micros);
        if best == 0 || best * 2 <= self.cells {
            return None;
        }
        Some(match best {
            _ if best == self.civil => self.civil_format(),
            _ if best == self.excel => TimeFormat::ExcelSerial,
            _ if best == self.seconds => TimeFormat::UnixSeconds,
            _ if best == self.millis => TimeFormat::UnixMillis,
            _ => TimeFormat::UnixMicros,
        })
    }

    /// Where no day is past the twelfth, the part with more different values is the day: an export
    /// covers more days of the month than months of the year.
    fn civil_format(&self) -> TimeFormat {
        let day_first = match self.day_first.cmp(&self.month_first) {
            std::cmp::Ordering::Equal => self.firsts.len() > self.seconds_parts.len(),
            other => other.is_gt(),
        };
        TimeFormat::Civil {
            year_last: self.year_last,
            order: if day_first { DateOrder::DayFirst } else { DateOrder::MonthFirst },
            proven: self.day_first != self.month_first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(cells: &[&str]) -> Option<TimeFormat> {
        guess_format(cells.iter().copied())
    }

    #[test]
    fn a_column_shows_which_part_is_the_day() {
        let civil = |year_last, order, proven| Some(TimeFormat::Civil { year_last, order, proven });
        assert_eq!(guess(&["1/5/2024", "13/5/2024"]), civil(true, DateOrder::DayFirst, true));
        assert_eq!(guess(&["1/5/2024", "1/13/2024 8:03"]), civil(true, DateOrder::MonthFirst, true));
        assert_eq!(guess(&["1/5/2024", "2/5/2024", "3/5/2024"]), civil(true, DateOrder::DayFirst, false));
        assert_eq!(guess(&["2024-01-05", "20240105", "nan"]), civil(false, DateOrder::MonthFirst, false));
    }

    #[test]
    fn numbers_are_told_apart_by_their_length() {
        assert_eq!(guess(&["45296.33", "45296"]), Some(TimeFormat::ExcelSerial));
        assert_eq!(guess(&["1704441780"]), Some(TimeFormat::UnixSeconds));
        assert_eq!(guess(&["1704441780000"]), Some(TimeFormat::UnixMillis));
        assert_eq!(guess(&["1704441780000000"]), Some(TimeFormat::UnixMicros));
        assert_eq!(guess(&["hello", "world"]), None);
        assert_eq!(guess(&[]), None);
    }
}
