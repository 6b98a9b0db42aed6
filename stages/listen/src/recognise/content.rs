//! What a column holds by its cells, where no name tells: files without a header, or in a language
//! whose names we do not know.

use super::field::{Columns, Field};
use crate::value::{self, Civil, DateOrder, NumberStyle, TimeFormat, clean, is_none, parse_decimal};
use perennial_model::civil_from_day;
use rustc_hash::FxHashSet;

/// Share of cells that must fit, in percent: a few are always broken.
const MOST_PERCENT: usize = 90;
/// Most orders are of fewer pieces than this, and most ids are larger.
const SMALL_QUANTITY: i128 = 100;

/// One column of the sample.
struct Profile {
    column: usize,
    filled: usize,
    dates: usize,
    emails: usize,
    phones: usize,
    whole: usize,
    fractions: usize,
    padded: usize,
    small: usize,
    largest: i128,
    distinct: usize,
}

impl Profile {
    fn of(column: usize, sample: &[Vec<String>]) -> Self {
        let mut profile = Self {
            column,
            filled: 0,
            dates: 0,
            emails: 0,
            phones: 0,
            whole: 0,
            fractions: 0,
            padded: 0,
            small: 0,
            largest: 0,
            distinct: 0,
        };
        let mut seen = FxHashSet::default();
        let mut scratch = String::new();
        for cell in
            sample.iter().filter_map(|row| row.get(column)).map(|cell| clean(cell)).filter(|cell| !is_none(cell))
        {
            profile.add(cell, &mut scratch);
            seen.insert(cell);
        }
        profile.distinct = seen.len();
        profile
    }

    fn add(&mut self, cell: &str, scratch: &mut String) {
        self.filled += 1;
        self.dates += usize::from(is_date(cell));
        self.emails += usize::from(value::email(cell, scratch).is_ok());
        self.phones += usize::from(value::phone(cell, scratch).is_ok());
        if let Ok(number) = parse_decimal(cell, NumberStyle::Point) {
            self.whole += usize::from(number.scale == 0);
            self.fractions += usize::from(number.scale > 0);
            self.small += usize::from(number.scale == 0 && number.mantissa.abs() < SMALL_QUANTITY);
            self.largest = self.largest.max(number.mantissa.abs());
            self.padded += usize::from(cell.len() > 1 && cell.starts_with('0') && number.scale == 0);
        }
    }

    const fn most(&self, count: usize) -> bool {
        self.filled > 0 && count * 100 >= self.filled * MOST_PERCENT
    }

    const fn is_money(&self) -> bool {
        self.most(self.whole + self.fractions) && self.fractions * 2 > self.filled
    }

    const fn is_quantity(&self) -> bool {
        self.most(self.whole) && self.padded == 0 && self.small * 2 > self.filled
    }
}

/// A date of our time: an id such as 10010115 is none.
fn is_date(cell: &str) -> bool {
    cell.len() >= 6
        && Civil::parse(cell, DateOrder::MonthFirst)
            .or_else(|| Civil::parse(cell, DateOrder::DayFirst))
            .is_some_and(|civil| (1980..2100).contains(&civil_from_day(civil.day).0))
}

/// Finds what is missing among the columns that have no meaning yet. `nameless`: the file has no
/// header, so that quantities and orders are looked for too.
pub(crate) fn infer(columns: &mut Columns, width: usize, sample: &[Vec<String>], nameless: bool) {
    let mut left: Vec<Profile> = (0..width)
        .filter(|column| columns.field_of(*column).is_none())
        .map(|column| Profile::of(column, sample))
        .collect();
    let mut give = |columns: &mut Columns, field: Field, fits: &dyn Fn(&Profile) -> bool| {
        if let Some(index) = left.iter().position(fits) {
            columns.set(field, Some(left.remove(index).column));
        }
    };
    if !columns.has_any(&[Field::Time, Field::PaidTime]) {
        give(columns, Field::Time, &|profile| profile.most(profile.dates) || is_unix(profile, sample));
    }
    if !columns.has(Field::Email) {
        give(columns, Field::Email, &|profile| profile.most(profile.emails));
    }
    if !columns.has(Field::Phone) {
        give(columns, Field::Phone, &|profile| profile.most(profile.phones));
    }
    let money = [Field::UnitPrice, Field::LineAmount, Field::OrderAmount, Field::Amount, Field::Event];
    if !columns.has_any(&money) {
        left.reverse();
        let mut give_last = |columns: &mut Columns, field: Field| {
            if let Some(index) = left.iter().position(Profile::is_money) {
                columns.set(field, Some(left.remove(index).column));
            }
        };
        give_last(columns, Field::Amount);
        left.reverse();
    }
    if nameless {
        infer_nameless(columns, left, sample);
    }
}

fn is_unix(profile: &Profile, sample: &[Vec<String>]) -> bool {
    let cells = sample.iter().filter_map(|row| row.get(profile.column)).map(String::as_str);
    profile.most(profile.whole)
        && profile.largest > 600_000_000
        && matches!(
            value::guess_format(cells),
            Some(TimeFormat::UnixSeconds | TimeFormat::UnixMillis | TimeFormat::UnixMicros)
        )
}

/// The customer is the id that comes again; the order an id that never spans customers and comes
/// less often.
fn infer_nameless(columns: &mut Columns, mut left: Vec<Profile>, sample: &[Vec<String>]) {
    if !columns.has(Field::Quantity)
        && let Some(index) = left.iter().rposition(Profile::is_quantity)
    {
        columns.set(Field::Quantity, Some(left.remove(index).column));
    }
    if !columns.has_any(&Field::KEYS)
        && let Some(index) = left.iter().position(|profile| profile.filled > 0 && profile.distinct < profile.filled)
    {
        columns.set(Field::Member, Some(left.remove(index).column));
    }
    let member = Field::KEYS.iter().find_map(|key| columns.get(*key));
    let Some(member) = member.filter(|_| !columns.has(Field::Order)) else {
        return;
    };
    let order = left.iter().position(|profile| {
        profile.distinct > distinct(sample, &[member])
            && distinct(sample, &[profile.column, member]) == profile.distinct
    });
    if let Some(index) = order {
        columns.set(Field::Order, Some(left.remove(index).column));
    }
}

fn distinct(sample: &[Vec<String>], columns: &[usize]) -> usize {
    let tuples: FxHashSet<Vec<&str>> = sample
        .iter()
        .map(|row| columns.iter().map(|column| row.get(*column).map_or("", |cell| clean(cell))).collect())
        .collect();
    tuples.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn the_cdnow_sample_has_no_header() {
        let sample = rows(
            "00004 0001 19970101 2 29.33\n00004 0001 19970118 2 29.73\n00021 0002 19970101 3 63.34\n00021 0002 19970113 1 11.77",
        );
        let mut columns = Columns::default();
        infer(&mut columns, 5, &sample, true);
        assert_eq!(columns.get(Field::Member), Some(0));
        assert_eq!(columns.get(Field::Time), Some(2));
        assert_eq!(columns.get(Field::Quantity), Some(3));
        assert_eq!(columns.get(Field::Amount), Some(4));
        assert_eq!(columns.get(Field::Order), None);
    }

    #[test]
    fn an_order_is_an_id_within_one_customer() {
        let sample = rows(
            "9001 ann@x.example 2024-01-05 SKU1 5.50\n9001 ann@x.example 2024-01-05 SKU2 7.00\n9002 bob@x.example 2024-01-06 SKU1 5.50\n9003 ann@x.example 2024-02-06 SKU1 5.50",
        );
        let mut columns = Columns::default();
        infer(&mut columns, 5, &sample, true);
        assert_eq!(columns.get(Field::Order), Some(0));
        assert_eq!(columns.get(Field::Email), Some(1));
        assert_eq!(columns.get(Field::Time), Some(2));
        assert_eq!(columns.get(Field::Amount), Some(4));
    }

    #[test]
    fn an_id_of_eight_digits_is_no_date() {
        assert!(is_date("20240105") && !is_date("10010115") && !is_date("123456"));
    }
}
