//! Why a message is refused: what is wrong, where, and what to do.

use serde::Serialize;
use std::fmt;

/// What is wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemCode {
    /// Not JSON, or not UTF-8.
    MalformedJson,
    /// A body, a message or a word longer than its bound.
    TooLarge,
    /// More messages than a batch may have.
    TooMany,
    /// Objects or lists too deep within one another.
    TooDeep,
    /// A byte or escape of value 0.
    Nul,
    /// Half of a surrogate pair, which is no character.
    LoneSurrogate,
    /// A number larger than any measure.
    NumberOutOfRange,
    /// A field that must be there.
    Missing,
    /// A value of another type.
    WrongType,
    /// A `type` that there is not.
    UnknownType,
    /// A word that is none of those there are.
    UnknownWord,
    /// A text that is no instant of ISO 8601.
    NotATime,
    /// An instant more than a day ahead.
    TimeInFuture,
    /// An instant before 1971.
    TimeTooEarly,
    /// An id that a spreadsheet turned into 1.23E+18.
    MangledId,
    /// Money in another currency than the brand's.
    OtherCurrency,
}

impl Serialize for ProblemCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl ProblemCode {
    /// The word sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed_json",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::TooDeep => "too_deep",
            Self::Nul => "nul",
            Self::LoneSurrogate => "lone_surrogate",
            Self::NumberOutOfRange => "number_out_of_range",
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::UnknownType => "unknown_type",
            Self::NotATime => "not_a_time",
            Self::TimeInFuture => "time_in_future",
            Self::TimeTooEarly => "time_too_early",
            Self::MangledId => "mangled_id",
            Self::OtherCurrency => "other_currency",
            Self::UnknownWord => "unknown_word",
        }
    }
}

/// What is wrong with a message or a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// For programs.
    pub code: ProblemCode,
    /// Where, such as `properties.products[2].price`; empty for the whole.
    pub path: String,
    /// What is wrong and what to do; never a value that was sent.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(code: ProblemCode, path: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { code, path: path.to_string(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return formatter.write_str(&self.message);
        }
        write!(formatter, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for Problem {}

/// Where a value stands in a message: a chain on the stack, written out only when something is wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At<'p> {
    /// The message.
    Top,
    /// A member of an object.
    Member(&'p At<'p>, &'p str),
    /// An item of a list, from 0.
    Item(&'p At<'p>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Member(At::Top, name) => formatter.write_str(name),
            Self::Member(above, name) => write!(formatter, "{above}.{name}"),
            Self::Item(above, index) => write!(formatter, "{above}[{index}]"),
        }
    }
}
