//! Dates and times of day as people write them, in any order of parts.

use super::time_format::DateOrder;

/// A date and a time of day as written, before a time zone makes an instant of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Microseconds since that midnight.
    pub of_day_us: i64,
    /// Whether no time of day was written.
    pub date_only: bool,
    /// Local minus universal time in microseconds, where written.
    pub offset_us: Option<i64>,
}

impl Civil {
    /// Reads `2024-01-05 08:03:00.25`, `2024/1/5 8:03`, `20240105`, `2024年1月5日 8时3分`,
    /// `5/1/2024` (by `order`), `5-Jan-2024 8:03 PM`, `2024-01-05T08:03:00+08:00`.
    #[must_use]
    #[inline]
    pub fn parse(text: &str, order: DateOrder) -> Option<Self> {
        fixed(text.as_bytes()).or_else(|| Cursor { rest: text }.civil(order))
    }
}

/// `YYYY-MM-DD[ HH:MM:SS[.ffffff]]` at fixed places: what databases write.
#[inline]
fn fixed(bytes: &[u8]) -> Option<Civil> {
    let date = bytes.first_chunk::<10>()?;
    if !matches!((date[4], date[7]), (b'-', b'-') | (b'/', b'/')) {
        return None;
    }
    let year = i32::from(two(date, 0)?) * 100 + i32::from(two(date, 2)?);
    let day = day_number(year, two(date, 5)?.into(), two(date, 8)?.into())?;
    let rest = &bytes[10..];
    if rest.is_empty() {
        return Some(Civil { day, of_day_us: 0, date_only: true, offset_us: None });
    }
    let time = rest.first_chunk::<9>()?;
    if !matches!((time[0], time[3], time[6]), (b' ' | b'T', b':', b':')) {
        return None;
    }
    let (hour, minute, second) = (two(time, 1)?, two(time, 4)?, two(time, 7)?);
    let of_day_us = time_of_day(hour.into(), minute.into(), second.into())? + fraction_us(&rest[9..])?;
    Some(Civil { day, of_day_us, date_only: false, offset_us: None })
}

#[inline]
fn two(bytes: &[u8], at: usize) -> Option<u8> {
    let (tens, ones) = (bytes[at].wrapping_sub(b'0'), bytes[at + 1].wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| tens * 10 + ones)
}

/// `.123456` in microseconds; nothing is zero; digits past the sixth are cut off.
#[inline]
fn fraction_us(bytes: &[u8]) -> Option<i64> {
    let [b'.', digits @ ..] = bytes else {
        return bytes.is_empty().then_some(0);
    };
    let mut us = 0_i64;
    for index in 0..6 {
        let digit = digits.get(index).map_or(Some(0), |byte| byte.is_ascii_digit().then(|| byte - b'0'))?;
        us = us * 10 + i64::from(digit);
    }
    digits.iter().skip(6).all(u8::is_ascii_digit).then_some(us)
}

#[inline]
fn time_of_day(hour: u32, minute: u32, second: u32) -> Option<i64> {
    // A leap second counts as the one before it.
    (hour < 24 && minute < 60 && second <= 60)
        .then(|| (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59))) * 1_000_000)
}

/// Day number of a date; the same as the model's, which goes through a calendar type, but cheap
/// enough for every row.
#[inline]
fn day_number(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 || day > days_of_month(year, month) {
        return None;
    }
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month as i32 + 2) / 5 + day as i32 - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

const fn days_of_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Reads from the front of the text.
struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn civil(mut self, order: DateOrder) -> Option<Civil> {
        self.skip(" \t");
        let day = match self.leading_digits() {
            8 => self.compact_date()?,
            12 | 14 => return self.compact_instant(),
            _ => self.written_date(order)?,
        };
        self.skip(" \tT,日号");
        if self.rest.is_empty() {
            return Some(Civil { day, of_day_us: 0, date_only: true, offset_us: None });
        }
        let of_day_us = self.time()?;
        let offset_us = self.offset()?;
        Some(Civil { day, of_day_us, date_only: false, offset_us })
    }

    fn compact_instant(&mut self) -> Option<Civil> {
        let with_seconds = self.leading_digits() == 14;
        let day = self.compact_date()?;
        let (hour, minute) = (self.digits(2)?, self.digits(2)?);
        let second = if with_seconds { self.digits(2)? } else { 0 };
        let of_day_us = time_of_day(hour, minute, second)? + fraction_us(self.rest.as_bytes())?;
        Some(Civil { day, of_day_us, date_only: false, offset_us: None })
    }

    fn compact_date(&mut self) -> Option<i32> {
        let (year, month, day) = (self.digits(4)?, self.digits(2)?, self.digits(2)?);
        day_number(i32::try_from(year).ok()?, month, day)
    }

    fn written_date(&mut self, order: DateOrder) -> Option<i32> {
        if let Some(month) = self.month_name() {
            self.separator();
            let day = self.number()?;
            self.separator();
            return day_number(self.year()?, month, day);
        }
        let length = self.leading_digits();
        let first = self.number()?;
        self.separator();
        let named = self.month_name();
        let second = if named.is_some() { 0 } else { self.number()? };
        self.separator();
        if length == 4 {
            let day = self.number()?;
            return day_number(i32::try_from(first).ok()?, named.unwrap_or(second), day);
        }
        let year = self.year()?;
        match (named, order) {
            (Some(month), _) => day_number(year, month, first),
            (None, DateOrder::DayFirst) => day_number(year, second, first),
            (None, DateOrder::MonthFirst) => day_number(year, first, second),
        }
    }

    /// A year of four digits, or of two as in 24.
    fn year(&mut self) -> Option<i32> {
        let length = self.leading_digits();
        let year = i32::try_from(self.number()?).ok()?;
        match length {
            4 => Some(year),
            2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
            _ => None,
        }
    }

    fn time(&mut self) -> Option<i64> {
        let before = self.half_of_day();
        let hour = self.number()?;
        let minute = if self.take_any(":时点時.") { self.optional_number()? } else { 0 };
        let second = if self.take_any(":分") { self.optional_number()? } else { 0 };
        self.take_any("秒");
        let fraction = self.fraction()?;
        self.skip(" ");
        let hour = match before.or_else(|| self.half_of_day()) {
            Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
            _ => hour,
        };
        Some(time_of_day(hour, minute, second)? + fraction)
    }

    fn fraction(&mut self) -> Option<i64> {
        if !self.rest.starts_with('.') {
            return Some(0);
        }
        let digits = self.rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, rest) = self.rest.split_at(1 + digits);
        self.rest = rest;
        fraction_us(fraction.as_bytes())
    }

    /// Whether it says afternoon, where it says anything.
    fn half_of_day(&mut self) -> Option<bool> {
        const WORDS: [(&str, bool); 8] = [
            ("上午", false),
            ("下午", true),
            ("晚上", true),
            ("凌晨", false),
            ("AM", false),
            ("PM", true),
            ("am", false),
            ("pm", true),
        ];
        let (word, afternoon) = WORDS.iter().find(|(word, _)| self.rest.starts_with(word))?;
        self.rest = &self.rest[word.len()..];
        self.skip(" ");
        Some(*afternoon)
    }

    /// `Z`, `UTC`, `+08:00`, `-0500`; the outer none is rubbish at the end.
    #[expect(clippy::option_option, reason = "outer: whether the text ends well; inner: whether it names an offset")]
    fn offset(&mut self) -> Option<Option<i64>> {
        self.skip(" ");
        let text = std::mem::take(&mut self.rest).trim_end();
        if text.is_empty() {
            return Some(None);
        }
        if matches!(text, "Z" | "z" | "UTC" | "GMT") {
            return Some(Some(0));
        }
        let text = text.strip_prefix("GMT").or_else(|| text.strip_prefix("UTC")).unwrap_or(text);
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let mut digits = Cursor { rest: text.strip_prefix(['+', '-'])? };
        let hours = digits.digits(2)?;
        digits.take_any(":");
        let minutes = if digits.rest.is_empty() { 0 } else { digits.digits(2)? };
        (digits.rest.is_empty() && hours <= 14 && minutes < 60)
            .then(|| Some(sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60) * 1_000_000))
    }

    fn month_name(&mut self) -> Option<u32> {
        const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let start = self.rest.get(..3).filter(|_| letters >= 3)?;
        let month = NAMES.iter().position(|name| name.eq_ignore_ascii_case(start))?;
        self.rest = &self.rest[letters..];
        u32::try_from(month + 1).ok()
    }

    fn leading_digits(&self) -> usize {
        self.rest.bytes().take_while(u8::is_ascii_digit).count()
    }

    fn number(&mut self) -> Option<u32> {
        let length = self.leading_digits();
        if length > 4 { None } else { self.digits(length) }
    }

    fn optional_number(&mut self) -> Option<u32> {
        if self.leading_digits() == 0 { Some(0) } else { self.number() }
    }

    fn digits(&mut self, length: usize) -> Option<u32> {
        let number = self.rest.get(..length).filter(|text| !text.is_empty())?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.rest = &self.rest[length..];
        number.parse().ok()
    }

    fn separator(&mut self) {
        self.skip(" ,-/.年月");
    }

    fn take_any(&mut self, letters: &str) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.strip_prefix(|letter| letters.contains(letter)).unwrap_or(self.rest);
        self.rest.len() < before
    }

    fn skip(&mut self, letters: &str) {
        self.rest = self.rest.trim_start_matches(|letter| letters.contains(letter));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_model::{civil_from_day, day_from_civil};
    use proptest::prelude::*;

    fn shown(text: &str, order: DateOrder) -> Option<String> {
        let civil = Civil::parse(text, order)?;
        let (year, month, day) = civil_from_day(civil.day);
        let minute = civil.of_day_us / 60_000_000;
        let zone = civil.offset_us.map(|us| format!(" {:+}", us / 60_000_000)).unwrap_or_default();
        Some(format!("{year}-{month}-{day} {}:{}{zone}", minute / 60, minute % 60))
    }

    #[test]
    fn dates_as_people_write_them() {
        for text in [
            "2024-01-05 08:03:00",
            "2024-01-05T08:03:00",
            "2024/1/5 8:03",
            "2024/01/05 08:03:00.5",
            "2024年1月5日 8时3分",
            "2024年1月5日8时3分20秒",
            "2024年01月05日 08:03",
            "20240105080300",
            "202401050803",
            "20240105 08:03",
            "5/1/2024 8:03",
            "05-Jan-2024 08:03 AM",
            "Jan 5, 2024 8:03 am",
            "5.1.24 8:03",
            "2024-01-05 上午8:03",
            "2024.1.5 8:03:20",
        ] {
            assert_eq!(shown(text, DateOrder::DayFirst).as_deref(), Some("2024-1-5 8:3"), "{text}");
        }
        assert_eq!(shown("1/5/2024 8:03 PM", DateOrder::MonthFirst).as_deref(), Some("2024-1-5 20:3"));
        assert_eq!(shown("2024-01-05 12:00 AM", DateOrder::MonthFirst).as_deref(), Some("2024-1-5 0:0"));
        assert_eq!(shown("2024-01-05 08:03:00 +0800", DateOrder::MonthFirst).as_deref(), Some("2024-1-5 8:3 +480"));
        assert_eq!(
            shown("2024-01-05T08:03:00.1234567-05:30", DateOrder::MonthFirst).as_deref(),
            Some("2024-1-5 8:3 -330")
        );
        assert_eq!(shown("2024-01-05T08:03:00Z", DateOrder::MonthFirst).as_deref(), Some("2024-1-5 8:3 +0"));
        for text in ["20240105", "2024-01-05", "2024年1月5日", "2024/1/5", "5-Jan-24"] {
            assert!(Civil::parse(text, DateOrder::DayFirst).unwrap().date_only, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "hello",
            "2024-13-01",
            "2024-02-30",
            "2024-01-05 25:00:00",
            "13/13/2024",
            "123",
            "2024-01-05 08:03:00 beta",
        ] {
            assert_eq!(Civil::parse(text, DateOrder::MonthFirst), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_rendered_is_read_back(day in -200_000i32..900_000, second in 0i64..86_400, us in 0i64..1_000_000) {
            let (year, month, date) = civil_from_day(day);
            let (hour, minute, sec) = (second / 3600, second / 60 % 60, second % 60);
            let truth = Civil { day, of_day_us: second * 1_000_000 + us, date_only: false, offset_us: None };
            for text in [
                format!("{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}:{sec:02}.{us:06}"),
                format!("{year:04}/{month}/{date} {hour}:{minute:02}:{sec:02}.{us:06}"),
                format!("{year:04}年{month}月{date}日 {hour}:{minute}:{sec}.{us:06}"),
                format!("{date}/{month}/{year:04} {hour}:{minute}:{sec}.{us:06}"),
            ] {
                prop_assert_eq!(Civil::parse(&text, DateOrder::DayFirst), Some(truth), "{}", text);
            }
            prop_assert_eq!(day_number(year, month, date), day_from_civil(year, month, date));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[0-9年月日时:/. TZ+-]{0,30}|\\PC{0,30}") {
            let _ = Civil::parse(&text, DateOrder::DayFirst);
            let _ = Civil::parse(&text, DateOrder::MonthFirst);
        }
    }
}
