//! A column as the live table holds it: whole numbers take four bytes until one of them needs eight.

use super::memory::{push, room};
use crate::{Column, ColumnSpec, ColumnType, NONE_INT};

/// Unknown, in four bytes.
pub(crate) const NONE_NARROW: i32 = i32::MIN;

/// Values of a column, one a slot.
#[derive(Debug)]
pub(crate) enum Slim {
    /// Whole numbers, each of which fits.
    Narrow(Vec<i32>),
    Wide(Vec<i64>),
    Float(Vec<f64>),
    Code(Vec<u8>),
}

impl Slim {
    /// Without values.
    pub(crate) fn new(spec: &ColumnSpec) -> Self {
        match (spec.column_type, spec.empty_column()) {
            // Instants never fit.
            (ColumnType::Time, _) => Self::Wide(Vec::new()),
            (_, Column::Int(_)) => Self::Narrow(Vec::new()),
            (_, Column::Float(_)) => Self::Float(Vec::new()),
            (_, Column::Code(_)) => Self::Code(Vec::new()),
        }
    }

    pub(crate) fn push_unknown(&mut self) {
        match self {
            Self::Narrow(values) => push(values, NONE_NARROW),
            Self::Wide(values) => push(values, NONE_INT),
            Self::Float(values) => push(values, f64::NAN),
            Self::Code(values) => push(values, u8::MAX),
        }
    }

    /// Makes a value unknown.
    pub(crate) fn forget(&mut self, slot: usize) {
        match self {
            Self::Narrow(values) => put(values, &[slot], &[NONE_NARROW]),
            Self::Wide(values) => put(values, &[slot], &[NONE_INT]),
            Self::Float(values) => put(values, &[slot], &[f64::NAN]),
            Self::Code(values) => put(values, &[slot], &[u8::MAX]),
        }
    }

    /// Sets the values of these slots; a column of another kind changes nothing.
    pub(crate) fn put(&mut self, slots: &[usize], values: &Column) {
        match (&mut *self, values) {
            (Self::Narrow(into), Column::Int(values)) => {
                let narrow: Option<Vec<i32>> = values.iter().copied().map(narrowed).collect();
                match narrow {
                    Some(narrow) => put(into, slots, &narrow),
                    None => {
                        let mut wide: Vec<i64> = into.iter().copied().map(widened).collect();
                        put(&mut wide, slots, values);
                        *self = Self::Wide(wide);
                    }
                }
            }
            (Self::Wide(into), Column::Int(values)) => put(into, slots, values),
            (Self::Float(into), Column::Float(values)) => put(into, slots, values),
            (Self::Code(into), Column::Code(values)) => put(into, slots, values),
            _ => {}
        }
    }

    /// The values of these slots, in this order.
    pub(crate) fn at(&self, slots: &[usize]) -> Column {
        fn at<'a, T: Copy>(values: &'a [T], slots: &'a [usize]) -> impl Iterator<Item = T> + 'a {
            slots.iter().filter_map(|slot| values.get(*slot).copied())
        }
        match self {
            Self::Narrow(values) => Column::Int(at(values, slots).map(widened).collect()),
            Self::Wide(values) => Column::Int(at(values, slots).collect()),
            Self::Float(values) => Column::Float(at(values, slots).collect()),
            Self::Code(values) => Column::Code(at(values, slots).collect()),
        }
    }

    /// Gives back memory beyond the values.
    pub(crate) fn shrink_to_fit(&mut self) {
        match self {
            Self::Narrow(values) => values.shrink_to_fit(),
            Self::Wide(values) => values.shrink_to_fit(),
            Self::Float(values) => values.shrink_to_fit(),
            Self::Code(values) => values.shrink_to_fit(),
        }
    }

    /// All values.
    pub(crate) fn whole(&self) -> Column {
        match self {
            Self::Narrow(values) => Column::Int(values.iter().copied().map(widened).collect()),
            Self::Wide(values) => Column::Int(values.clone()),
            Self::Float(values) => Column::Float(values.clone()),
            Self::Code(values) => Column::Code(values.clone()),
        }
    }

    /// Whether it holds whole numbers.
    pub(crate) const fn is_int(&self) -> bool {
        matches!(self, Self::Narrow(_) | Self::Wide(_))
    }

    /// A whole number, where it is known.
    #[inline]
    pub(crate) fn int(&self, slot: usize) -> Option<i64> {
        let value = match self {
            Self::Narrow(values) => widened(*values.get(slot)?),
            Self::Wide(values) => *values.get(slot)?,
            Self::Float(_) | Self::Code(_) => return None,
        };
        (value != NONE_INT).then_some(value)
    }

    /// Bytes that it holds.
    pub(crate) const fn room(&self) -> usize {
        match self {
            Self::Narrow(values) => room(values),
            Self::Wide(values) => room(values),
            Self::Float(values) => room(values),
            Self::Code(values) => room(values),
        }
    }
}

fn narrowed(value: i64) -> Option<i32> {
    match value {
        NONE_INT => Some(NONE_NARROW),
        _ => i32::try_from(value).ok().filter(|narrow| *narrow != NONE_NARROW),
    }
}

const fn widened(value: i32) -> i64 {
    if value == NONE_NARROW { NONE_INT } else { value as i64 }
}

fn put<T: Copy>(into: &mut [T], slots: &[usize], values: &[T]) {
    for (slot, value) in slots.iter().zip(values) {
        if let Some(place) = into.get_mut(*slot) {
            *place = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SPEC: ColumnSpec = ColumnSpec { name: "i", column_type: ColumnType::Money, description: "" };

    /// Around the bounds of four bytes, and anything else.
    fn value() -> impl Strategy<Value = i64> {
        let edges = vec![NONE_INT, i64::from(i32::MIN), i64::from(i32::MIN) + 1, i64::from(i32::MAX), i64::MAX];
        prop_oneof![6 => -5_i64..5, 2 => prop::sample::select(edges), 1 => any::<i64>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_number_comes_back_as_it_was(writes in prop::collection::vec((0..4_usize, value()), 0..30)) {
            let (mut slim, mut plain) = (Slim::new(&SPEC), vec![NONE_INT; 4]);
            (0..4).for_each(|_| slim.push_unknown());
            for (slot, value) in writes {
                plain[slot] = value;
                slim.put(&[slot], &Column::Int(vec![value]));
                prop_assert_eq!(slim.whole(), Column::Int(plain.clone()));
                prop_assert_eq!(slim.int(slot), (value != NONE_INT).then_some(value));
            }
            prop_assert_eq!(slim.at(&[3, 0]), Column::Int(vec![plain[3], plain[0]]));
            slim.forget(2);
            prop_assert_eq!(slim.int(2), None);
        }
    }

    #[test]
    fn small_numbers_take_four_bytes() {
        let mut slim = Slim::new(&SPEC);
        (0..1_000).for_each(|_| slim.push_unknown());
        let slots: Vec<usize> = (0..1_000).collect();
        slim.put(&slots, &Column::Int((0..1_000).collect()));
        assert!((4_000..8_000).contains(&slim.room()), "{}", slim.room());
        slim.put(&[7], &Column::Int(vec![1 << 40]));
        assert!(slim.room() >= 8_000);
    }
}
