//! Declared properties as metrics look at them.

use super::lasting;
use perennial_model::{PropertySpec, PropertyType};
use perennial_timeline::{CustomerEvents, NO_BOOLEAN, NONE};

/// Millionths in one.
pub(super) const MILLION: f64 = 1_000_000.0;

/// A declared property of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Property {
    name: &'static str,
    property_type: PropertyType,
    /// Among the properties of a pass; past them all before it was looked up.
    place: usize,
}

impl Property {
    /// With the name and type that it is declared with.
    #[must_use]
    pub fn new(spec: &PropertySpec) -> Self {
        Self { name: lasting(&spec.name), property_type: spec.property_type, place: usize::MAX }
    }

    /// Its type.
    #[must_use]
    pub const fn property_type(self) -> PropertyType {
        self.property_type
    }

    pub(super) fn spec(self) -> PropertySpec {
        PropertySpec { name: self.name.to_owned(), property_type: self.property_type }
    }

    /// Looks up its place.
    pub(super) fn find(&mut self, properties: &[PropertySpec]) {
        let is_it = |spec: &PropertySpec| spec.name == self.name && spec.property_type == self.property_type;
        self.place = properties.iter().position(is_it).unwrap_or(usize::MAX);
    }

    #[inline]
    pub(super) const fn place(self) -> usize {
        self.place
    }

    /// As [`super::NumberColumn::Property`] says; [`NONE`] is none.
    #[inline]
    pub(super) fn number(self, events: &CustomerEvents<'_>, index: usize) -> i64 {
        let (properties, place) = (events.properties, self.place);
        match self.property_type {
            PropertyType::Text => NONE,
            PropertyType::Integer => properties.integers(place).get(index).copied().unwrap_or(NONE),
            PropertyType::Number => {
                let number = properties.numbers(place).get(index).filter(|number| !number.is_nan());
                number.map_or(NONE, |number| ordinal(*number))
            }
            PropertyType::Boolean => {
                let known = properties.booleans(place).get(index).filter(|known| **known != NO_BOOLEAN);
                known.map_or(NONE, |known| i64::from(*known))
            }
        }
    }
}

/// A whole number that stands to those of other numbers as they stand to one another; -0.0 is 0.0, as for SQL.
#[must_use]
#[inline]
pub const fn ordinal(number: f64) -> i64 {
    // Of the two zeros this makes the one without a sign.
    let bits = (number + 0.0).to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The number of an [`ordinal`].
#[must_use]
#[inline]
pub const fn of_ordinal(ordinal: i64) -> f64 {
    f64::from_bits((ordinal ^ ((ordinal >> 63).cast_unsigned() >> 1).cast_signed()).cast_unsigned())
}

/// Millionths of a number; of one too large for them the most there are.
#[inline]
pub(super) fn millionths(number: f64) -> i64 {
    ((number * MILLION).round() as i64).max(i64::MIN + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_stand_as_their_numbers() {
        let numbers = [f64::NEG_INFINITY, -1e300, -1.5, -1e-300, 0.0, 1e-300, 0.1, 1.5, 1e300, f64::INFINITY];
        assert!(numbers.map(ordinal).is_sorted_by(|one, next| one < next));
        assert_eq!(ordinal(-0.0), ordinal(0.0));
        assert!(numbers.iter().all(|number| of_ordinal(ordinal(*number)).to_bits() == number.to_bits()));
    }

    #[test]
    fn millionths_are_whole() {
        assert_eq!([0.1, -2.5, 1e-7, 1e300, -1e300].map(millionths), [100_000, -2_500_000, 0, i64::MAX, i64::MIN + 1]);
    }
}
