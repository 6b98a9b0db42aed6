//! Declared properties as a scan gives them: which are asked for, and their values.

use crate::{Columns, Symbol};
use perennial_model::{PropertySpec, PropertyType};
use std::ops::Range;
use std::sync::Arc;

/// What a scan is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reads {
    /// Columns that every event has.
    pub columns: Columns,
    /// Properties, of the types they are declared with. One that nobody has declared is read from the
    /// JSON of each event.
    pub properties: Arc<[PropertySpec]>,
}

impl From<Columns> for Reads {
    /// No property.
    fn from(columns: Columns) -> Self {
        Self { columns, properties: Arc::default() }
    }
}

/// In place of true (1) and false (0) where a boolean property has no value.
pub const NO_BOOLEAN: u8 = 2;

/// The properties of some events, by their places in [`Reads::properties`]. A property that was not asked
/// for, or has another type than its method, gives an empty slice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Properties<'a> {
    columns: &'a [PropertyColumn],
    from: usize,
    to: usize,
}

impl<'a> Properties<'a> {
    pub(crate) const fn new(columns: &'a [PropertyColumn], rows: &Range<usize>) -> Self {
        Self { columns, from: rows.start, to: rows.end }
    }

    /// A text; [`Symbol::NONE`] is none, and the empty text is one.
    #[must_use]
    #[inline]
    pub fn words(&self, place: usize) -> &'a [Symbol] {
        self.columns.get(place).and_then(|column| column.words().get(self.from..self.to)).unwrap_or_default()
    }

    /// A whole number; [`crate::NONE`] is none.
    #[must_use]
    #[inline]
    pub fn integers(&self, place: usize) -> &'a [i64] {
        self.columns.get(place).and_then(|column| column.integers().get(self.from..self.to)).unwrap_or_default()
    }

    /// A number; NaN is none.
    #[must_use]
    #[inline]
    pub fn numbers(&self, place: usize) -> &'a [f64] {
        self.columns.get(place).and_then(|column| column.numbers().get(self.from..self.to)).unwrap_or_default()
    }

    /// 1 is true, 0 false, [`NO_BOOLEAN`] none.
    #[must_use]
    #[inline]
    pub fn booleans(&self, place: usize) -> &'a [u8] {
        self.columns.get(place).and_then(|column| column.booleans().get(self.from..self.to)).unwrap_or_default()
    }

    /// Those of some of the events.
    #[must_use]
    pub const fn part(self, rows: Range<usize>) -> Self {
        Self { columns: self.columns, from: self.from + rows.start, to: self.from + rows.end }
    }

    /// Those at some of the places, which count from the first of them.
    #[must_use]
    pub fn only(self, places: Range<usize>) -> Self {
        Self { columns: self.columns.get(places).unwrap_or_default(), ..self }
    }
}

/// The values of one property, a row each.
#[derive(Debug, Clone)]
pub(crate) enum PropertyColumn {
    Text(Vec<Symbol>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Boolean(Vec<u8>),
}

/// Does the same with the values of a column, whatever their type, and those of another of its type.
macro_rules! each {
    ($one:expr, $other:expr, |$to:ident, $from:ident| $done:expr) => {
        match ($one, $other) {
            (PropertyColumn::Text($to), PropertyColumn::Text($from)) => $done,
            (PropertyColumn::Integer($to), PropertyColumn::Integer($from)) => $done,
            (PropertyColumn::Number($to), PropertyColumn::Number($from)) => $done,
            (PropertyColumn::Boolean($to), PropertyColumn::Boolean($from)) => $done,
            _ => {}
        }
    };
}
pub(crate) use each;

impl PropertyColumn {
    /// Without rows.
    pub(crate) const fn of(property_type: PropertyType) -> Self {
        match property_type {
            PropertyType::Text => Self::Text(Vec::new()),
            PropertyType::Integer => Self::Integer(Vec::new()),
            PropertyType::Number => Self::Number(Vec::new()),
            PropertyType::Boolean => Self::Boolean(Vec::new()),
        }
    }

    /// Of the same type, without rows.
    pub(crate) const fn like(&self) -> Self {
        match self {
            Self::Text(_) => Self::Text(Vec::new()),
            Self::Integer(_) => Self::Integer(Vec::new()),
            Self::Number(_) => Self::Number(Vec::new()),
            Self::Boolean(_) => Self::Boolean(Vec::new()),
        }
    }

    pub(crate) fn words(&self) -> &[Symbol] {
        if let Self::Text(values) = self { values } else { &[] }
    }

    pub(crate) fn integers(&self) -> &[i64] {
        if let Self::Integer(values) = self { values } else { &[] }
    }

    pub(crate) fn numbers(&self) -> &[f64] {
        if let Self::Number(values) = self { values } else { &[] }
    }

    pub(crate) fn booleans(&self) -> &[u8] {
        if let Self::Boolean(values) = self { values } else { &[] }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            Self::Text(values) => values.clear(),
            Self::Integer(values) => values.clear(),
            Self::Number(values) => values.clear(),
            Self::Boolean(values) => values.clear(),
        }
    }
}

/// As many columns as `like` has, of their types.
pub(crate) fn shape(columns: &mut Vec<PropertyColumn>, like: &[PropertyColumn]) {
    columns.extend(like.iter().skip(columns.len()).map(PropertyColumn::like));
}
