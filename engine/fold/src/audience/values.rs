//! Values of some customers' columns, wherever they lie.

use super::outcomes::{Outcomes, said};
use crate::live::Slim;
use crate::live::slim::NONE_NARROW;
use crate::{Column, Comparison, NONE_INT};

/// Values of one column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values<'a> {
    Narrow(&'a [i32]),
    Wide(&'a [i64]),
    Float(&'a [f64]),
    Code(&'a [u8]),
}

impl<'a> From<&'a Slim> for Values<'a> {
    fn from(column: &'a Slim) -> Self {
        match column {
            Slim::Narrow(values) => Self::Narrow(values),
            Slim::Wide(values) => Self::Wide(values),
            Slim::Float(values) => Self::Float(values),
            Slim::Code(values) => Self::Code(values),
        }
    }
}

impl<'a> From<&'a Column> for Values<'a> {
    fn from(column: &'a Column) -> Self {
        match column {
            Column::Int(values) => Self::Wide(values),
            Column::Float(values) => Self::Float(values),
            Column::Code(values) => Self::Code(values),
        }
    }
}

impl Values<'_> {
    /// Compares whole numbers; unknown where the column has none.
    pub(super) fn ints(self, comparison: Comparison, limit: i64, rows: usize) -> Outcomes {
        match self {
            Self::Narrow(values) => match i32::try_from(limit) {
                Ok(limit) => compared(values, comparison, |value| (value != NONE_NARROW, value), limit),
                // Beyond all of them.
                Err(_) => {
                    let holds = match comparison {
                        Comparison::Equal => false,
                        Comparison::Less | Comparison::AtMost => limit > 0,
                        Comparison::Greater | Comparison::AtLeast => limit < 0,
                    };
                    Outcomes::map(values, |value| said(value != NONE_NARROW, holds))
                }
            },
            Self::Wide(values) => compared(values, comparison, |value| (value != NONE_INT, value), limit),
            Self::Float(_) | Self::Code(_) => Outcomes::unknown(rows),
        }
    }

    /// Compares floats; unknown where the column has none.
    pub(super) fn floats(self, comparison: Comparison, limit: f64, rows: usize) -> Outcomes {
        match self {
            Self::Float(values) => compared(values, comparison, |value| (!value.is_nan(), value), limit),
            _ => Outcomes::unknown(rows),
        }
    }

    /// What is said of each code, that of an unknown value at the end.
    pub(super) fn codes(self, outcomes: &[Option<bool>; 256], rows: usize) -> Outcomes {
        let Self::Code(values) = self else { return Outcomes::unknown(rows) };
        let said = outcomes.map(|outcome| outcome.map_or(0, |holds| said(true, holds)));
        Outcomes::map(values, |code| said[usize::from(code)])
    }

    /// Whether there is no value.
    pub(super) fn missing(self) -> Outcomes {
        match self {
            Self::Narrow(values) => Outcomes::map(values, |value| said(true, value == NONE_NARROW)),
            Self::Wide(values) => Outcomes::map(values, |value| said(true, value == NONE_INT)),
            Self::Float(values) => Outcomes::map(values, |value| said(true, value.is_nan())),
            Self::Code(values) => Outcomes::map(values, |value| said(true, value == u8::MAX)),
        }
    }

    /// The values of these rows.
    pub(super) fn at(self, rows: &[usize]) -> Column {
        fn at<T: Copy, U>(values: &[T], rows: &[usize], of: impl Fn(T) -> U) -> Vec<U> {
            rows.iter().filter_map(|row| values.get(*row).copied().map(&of)).collect()
        }
        match self {
            Self::Narrow(values) => Column::Int(at(values, rows, |value| match value {
                NONE_NARROW => NONE_INT,
                value => i64::from(value),
            })),
            Self::Wide(values) => Column::Int(at(values, rows, |value| value)),
            Self::Float(values) => Column::Float(at(values, rows, |value| value)),
            Self::Code(values) => Column::Code(at(values, rows, |value| value)),
        }
    }
}

/// Each comparison has a loop of its own, so that none asks which one it is for every value.
fn compared<T: Copy, N: Copy + PartialOrd>(
    values: &[T],
    comparison: Comparison,
    known: impl Fn(T) -> (bool, N),
    limit: N,
) -> Outcomes {
    fn with<T: Copy, N: Copy>(values: &[T], known: impl Fn(T) -> (bool, N), holds: impl Fn(N) -> bool) -> Outcomes {
        Outcomes::map(values, |value| {
            let (known, number) = known(value);
            said(known, holds(number))
        })
    }
    match comparison {
        Comparison::Equal => with(values, known, |number| number == limit),
        Comparison::Less => with(values, known, |number| number < limit),
        Comparison::AtMost => with(values, known, |number| number <= limit),
        Comparison::Greater => with(values, known, |number| number > limit),
        Comparison::AtLeast => with(values, known, |number| number >= limit),
    }
}
