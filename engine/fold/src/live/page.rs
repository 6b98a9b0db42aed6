//! A page of the live table: customers that fit, sorted by a column, some of them.
//!
//! Each shard is looked through under its lock, so that it is of one moment; nothing of it is copied
//! but the page.

use super::LiveColumns;
use super::columns::{FREE, Rows};
use super::slim::Slim;
use crate::{Members, TableShard};
use perennial_model::CustomerId;
use std::sync::Arc;

/// Places kept at least before the worse half of them is dropped.
const LEAST_KEPT: usize = 1024;

/// Which values of a column fit; unknown ones never do. Columns are named by their place in
/// [`LiveColumns::specs`]; a column of another kind fits nobody.
#[derive(Debug, Clone, PartialEq)]
pub enum PageFilter {
    /// Whole numbers from `least` to `most`, both included.
    Ints {
        /// The column.
        column: usize,
        /// Included.
        least: i64,
        /// Included.
        most: i64,
    },
    /// Floats from `least` to `most`, both included.
    Floats {
        /// The column.
        column: usize,
        /// Included.
        least: f64,
        /// Included.
        most: f64,
    },
    /// One of these words or truths, by their code.
    Codes {
        /// The column.
        column: usize,
        /// The codes.
        codes: Vec<u8>,
    },
    /// One of these customers, ascending.
    Customers(Vec<u64>),
    /// One of these customers.
    Members(Arc<Members>),
}

/// By what a page is sorted; unknown values come last, and among equals the smaller number first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSort {
    /// Place of the column; `None` sorts by the customer's number.
    pub column: Option<usize>,
    /// The greatest first.
    pub descending: bool,
}

/// What is asked of [`LiveColumns::page`].
#[derive(Debug, Clone, PartialEq)]
pub struct PageQuery {
    /// All of them must fit.
    pub filters: Vec<PageFilter>,
    /// In which order.
    pub sort: PageSort,
    /// After so many.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
    /// Columns of the answer, by place.
    pub columns: Vec<usize>,
}

/// Customers in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// How many fit in all.
    pub total: usize,
    /// The page: columns as asked for.
    pub rows: TableShard,
}

impl LiveColumns {
    /// Customers that fit, a page of them. O(customers); no copy of the table is made.
    #[must_use]
    pub fn page(&self, query: &PageQuery) -> Page {
        let mut best = Best::new(query.offset.saturating_add(query.limit));
        let mut total = 0;
        for shard in 0..self.shards() {
            let Some(rows) = self.read(shard) else { continue };
            let slots = fitting(&rows, &query.filters);
            total += slots.len();
            let keys = Keys::of(&rows, query.sort);
            for slot in slots {
                if let Some(customer) = rows.customers.get(slot as usize) {
                    best.push((keys.of_slot(slot as usize), *customer));
                }
            }
        }
        let customers = best.sorted().into_iter().skip(query.offset).map(|(_, customer)| customer);
        Page { total, rows: self.rows_of(customers, &query.columns) }
    }

    /// These columns of these customers, in this order, as they are now; who has gone meanwhile is left out.
    #[must_use]
    pub fn rows_of(&self, customers: impl IntoIterator<Item = u64>, places: &[usize]) -> TableShard {
        let empty = |place: &usize| self.specs().get(*place).map(crate::ColumnSpec::empty_column);
        let mut page = TableShard { customers: Vec::new(), columns: places.iter().filter_map(empty).collect() };
        for customer in customers {
            let id = CustomerId(customer);
            let Some(rows) = self.read(usize::from(id.shard())) else { continue };
            let Some(slot) = rows.slot(id.number()) else { continue };
            page.customers.push(customer);
            let wanted = places.iter().filter_map(|place| rows.columns.get(*place));
            page.columns.iter_mut().zip(wanted).for_each(|(column, values)| column.push_from(&values.at(&[slot]), 0));
        }
        page
    }
}

/// Slots of the customers that all filters let through.
fn fitting(rows: &Rows, filters: &[PageFilter]) -> Vec<u32> {
    let taken = (0_u32..).zip(&rows.customers).filter(|(_, customer)| **customer != FREE);
    let mut slots: Vec<u32> = taken.map(|(slot, _)| slot).collect();
    for filter in filters {
        filter.keep(rows, &mut slots);
    }
    slots
}

impl PageFilter {
    fn keep(&self, rows: &Rows, slots: &mut Vec<u32>) {
        fn only<T: Copy>(slots: &mut Vec<u32>, values: &[T], fits: impl Fn(T) -> bool) {
            slots.retain(|slot| values.get(*slot as usize).is_some_and(|value| fits(*value)));
        }
        match self {
            Self::Customers(wanted) => {
                only(slots, &rows.customers, |customer| wanted.binary_search(&customer).is_ok());
            }
            Self::Members(wanted) => {
                only(slots, &rows.customers, |customer| wanted.contains(CustomerId(customer)));
            }
            Self::Ints { column, least, most } => match rows.columns.get(*column) {
                Some(values) if values.is_int() => slots
                    .retain(|slot| values.int(*slot as usize).is_some_and(|value| *least <= value && value <= *most)),
                _ => slots.clear(),
            },
            Self::Floats { column, least, most } => match rows.columns.get(*column) {
                Some(Slim::Float(values)) => only(slots, values, |value| *least <= value && value <= *most),
                _ => slots.clear(),
            },
            Self::Codes { column, codes } => match rows.columns.get(*column) {
                Some(Slim::Code(values)) => only(slots, values, |code| code != u8::MAX && codes.contains(&code)),
                _ => slots.clear(),
            },
        }
    }
}

/// What a shard is sorted by.
struct Keys<'a> {
    values: Values<'a>,
    descending: bool,
}

enum Values<'a> {
    Customers(&'a [u64]),
    Column(&'a Slim),
    None,
}

impl<'a> Keys<'a> {
    fn of(rows: &'a Rows, sort: PageSort) -> Self {
        let values = match sort.column {
            None => Values::Customers(&rows.customers),
            Some(place) => rows.columns.get(place).map_or(Values::None, Values::Column),
        };
        Self { values, descending: sort.descending }
    }

    /// The smaller, the earlier.
    fn of_slot(&self, slot: usize) -> u64 {
        let known = match self.values {
            Values::None => None,
            Values::Customers(customers) => customers.get(slot).copied(),
            Values::Column(Slim::Float(values)) => {
                values.get(slot).filter(|value| !value.is_nan()).map(|value| ascending(*value))
            }
            Values::Column(Slim::Code(values)) => {
                values.get(slot).filter(|code| **code != u8::MAX).map(|code| u64::from(*code) + 1)
            }
            Values::Column(values) => values.int(slot).map(|value| (value as u64) ^ (1 << 63)),
        };
        known.map_or(u64::MAX, |key| if self.descending { !key } else { key })
    }
}

/// A number that sorts as the float does.
fn ascending(value: f64) -> u64 {
    // Both zeros are one value.
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The first so many of what is pushed, in any order.
struct Best {
    keep: usize,
    kept: Vec<(u64, u64)>,
    /// Whatever is not before it is not among them.
    bar: Option<(u64, u64)>,
}

impl Best {
    const fn new(keep: usize) -> Self {
        Self { keep, kept: Vec::new(), bar: None }
    }

    #[inline]
    fn push(&mut self, place: (u64, u64)) {
        if self.keep == 0 || self.bar.is_some_and(|bar| place >= bar) {
            return;
        }
        self.kept.push(place);
        if self.kept.len() >= self.keep.saturating_mul(2).max(LEAST_KEPT) && self.kept.len() > self.keep {
            let (_, bar, _) = self.kept.select_nth_unstable(self.keep);
            self.bar = Some(*bar);
            self.kept.truncate(self.keep);
        }
    }

    fn sorted(mut self) -> Vec<(u64, u64)> {
        self.kept.sort_unstable();
        self.kept.truncate(self.keep);
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, ColumnSpec, ColumnType, NONE_INT};
    use proptest::prelude::*;

    const SHARDS: u16 = 3;

    fn table(values: &[(Option<i64>, Option<i32>, Option<bool>)], gone: &[usize]) -> LiveColumns {
        let spec = |name, column_type| ColumnSpec { name, column_type, description: "" };
        let specs =
            vec![spec("i", ColumnType::Int), spec("f", ColumnType::Float), spec("c", ColumnType::Word(&["no", "yes"]))];
        let live = LiveColumns::new(specs.clone(), SHARDS);
        for shard in 0..SHARDS {
            *live.write(usize::from(shard)).unwrap() = Rows::new(&specs);
        }
        for (number, (int, float, code)) in (1_u64..).zip(values) {
            let customer = CustomerId::new((number % u64::from(SHARDS)) as u16, number);
            let mut rows = live.write(usize::from(customer.shard())).unwrap();
            let (slot, _) = rows.take_slot(customer);
            let columns = vec![
                Column::Int(vec![int.unwrap_or(NONE_INT)]),
                Column::Float(vec![float.map_or(f64::NAN, |value| f64::from(value) / 4.0)]),
                Column::Code(vec![code.map_or(u8::MAX, u8::from)]),
            ];
            rows.put(&[slot], &TableShard { customers: vec![customer.0], columns });
        }
        for place in gone {
            let number = *place as u64 + 1;
            live.write(number as usize % usize::from(SHARDS)).unwrap().free_slot(number);
        }
        live
    }

    proptest! {
        #[test]
        fn a_page_is_what_sorting_everybody_gives(
            values in prop::collection::vec(
                (prop::option::of(-9i64..9), prop::option::of(-9i32..9), prop::option::of(any::<bool>())), 0..60),
            gone in prop::collection::vec(0usize..60, 0..8),
            column in prop::option::of(0usize..3), descending in any::<bool>(),
            offset in 0usize..70, limit in 0usize..20, least in -9i64..9, which in 0usize..4,
        ) {
            let gone: Vec<usize> = gone.into_iter().filter(|place| *place < values.len()).collect();
            let live = table(&values, &gone);
            let filters = match which {
                0 => vec![],
                1 => vec![PageFilter::Ints { column: 0, least, most: 5 }],
                2 => vec![PageFilter::Codes { column: 2, codes: vec![1] }],
                _ => vec![PageFilter::Floats { column: 1, least: least as f64 / 4.0, most: 1.0 }],
            };
            let mut expected: Vec<(bool, Option<i64>, u64)> = Vec::new();
            for (place, (int, float, code)) in values.iter().enumerate() {
                let fits = !gone.contains(&place) && match which {
                    0 => true,
                    1 => int.is_some_and(|int| least <= int && int <= 5),
                    2 => *code == Some(true),
                    _ => float.is_some_and(|float| least <= i64::from(float) && float <= 4),
                };
                let number = place as u64 + 1;
                let id = CustomerId::new((number % u64::from(SHARDS)) as u16, number).0;
                let key = match column {
                    None => Some(id as i64),
                    Some(0) => *int,
                    Some(1) => float.map(i64::from),
                    Some(_) => code.map(i64::from),
                };
                let key = key.map(|key| if descending { -key } else { key });
                if fits {
                    expected.push((key.is_none(), key, id));
                }
            }
            expected.sort_unstable();
            let query = PageQuery {
                filters, sort: PageSort { column, descending }, offset, limit, columns: vec![0, 2],
            };
            let page = live.page(&query);
            prop_assert_eq!(page.total, expected.len());
            let ids: Vec<u64> = expected.iter().skip(offset).take(limit).map(|(_, _, id)| *id).collect();
            prop_assert_eq!(&page.rows.customers, &ids);
            let ints: Vec<i64> = ids.iter()
                .map(|id| values[CustomerId(*id).number() as usize - 1].0.unwrap_or(NONE_INT)).collect();
            prop_assert_eq!(&page.rows.columns[0], &Column::Int(ints));
        }
    }

    #[test]
    fn only_the_first_are_kept_on_the_way() {
        let mut best = Best::new(2);
        for key in (0..10_000_u64).rev() {
            best.push((key, key));
        }
        assert!(best.kept.capacity() <= 2 * LEAST_KEPT);
        assert_eq!(best.sorted(), [(0, 0), (1, 1)]);
    }
}
