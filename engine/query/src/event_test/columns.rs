//! The columns of an event that a condition may name.

use crate::customers::{MONEY_PRECISION, scale};
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::common::DFSchema;
use datafusion::error::Result;
use perennial_fold::{EventColumn, NumberColumn, Property, WordColumn, lasting};
use perennial_model::{Currency, EventKind, PropertySpec, PropertyType};

/// Words of [`EventKind`], by its stored number.
pub(crate) const KINDS: [&str; 6] = ["event", "order", "order_line", "refund", "cancellation", "order_void"];
const _: () = assert!(KINDS.len() == EventKind::ALL.len());

/// A column under the name that SQL knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    pub(crate) name: &'static str,
    pub(crate) column: EventColumn,
    /// Whether its numbers are in the currency's minor unit for SQL too.
    minor: bool,
}

const fn word(name: &'static str, column: WordColumn) -> Named {
    Named { name, column: EventColumn::Word(column), minor: false }
}

const fn number(name: &'static str, column: NumberColumn) -> Named {
    Named { name, column: EventColumn::Number(column), minor: false }
}

pub(crate) const COLUMNS: [Named; 15] = [
    word("name", WordColumn::Name),
    Named { name: "kind", column: EventColumn::Kind, minor: false },
    word("channel", WordColumn::Channel),
    word("source", WordColumn::Source),
    word("campaign", WordColumn::Campaign),
    word("item", WordColumn::Item),
    word("store", WordColumn::Store),
    word("staff", WordColumn::Staff),
    word("category", WordColumn::Category),
    number("value", NumberColumn::Value),
    Named { name: "value_minor", column: EventColumn::Number(NumberColumn::Value), minor: true },
    number("quantity", NumberColumn::Quantity),
    number("time", NumberColumn::Time),
    number("received", NumberColumn::Received),
    number("day", NumberColumn::Day),
];

/// What the name of a property's column begins with.
pub(super) const PREFIX: &str = "p_";
/// Bytes of a property's name.
const MAX_PROPERTY_BYTES: usize = 63;

/// The column of a property.
pub(crate) fn of_property(spec: &PropertySpec) -> Named {
    let (name, property) = (lasting(&format!("{PREFIX}{}", spec.name)), Property::new(spec));
    match spec.property_type {
        PropertyType::Text => word(name, WordColumn::Property(property)),
        _ => number(name, NumberColumn::Property(property)),
    }
}

/// The property whose column this may be, declared or not.
pub(crate) fn property_name(column: &str) -> Option<&str> {
    let name = column.strip_prefix(PREFIX)?;
    let fits = name.chars().all(|letter| letter == '_' || letter.is_alphanumeric());
    (fits && name.starts_with(|letter: char| !letter.is_numeric()) && name.len() <= MAX_PROPERTY_BYTES).then_some(name)
}

/// The type of properties that have a column beside their own: listening declares them as texts.
pub(crate) fn type_of_own(name: &str) -> Option<PropertyType> {
    let is_own = |named: &Named| {
        named.name == name
            && matches!(named.column, EventColumn::Word(WordColumn::Store | WordColumn::Staff | WordColumn::Category))
    };
    COLUMNS.iter().any(is_own).then_some(PropertyType::Text)
}

/// The type of its values, as a property would have it; kinds are texts.
pub(super) fn value_type(named: &Named) -> Option<PropertyType> {
    match named.column {
        EventColumn::Kind | EventColumn::Word(_) => Some(PropertyType::Text),
        EventColumn::Number(NumberColumn::Property(property)) => Some(property.property_type()),
        EventColumn::Number(NumberColumn::Value | NumberColumn::Quantity) if !named.minor => Some(PropertyType::Number),
        EventColumn::Number(NumberColumn::Value) => Some(PropertyType::Integer),
        EventColumn::Number(_) => None,
    }
}

/// All names, for errors.
pub(crate) fn names() -> String {
    format!("{} and {PREFIX}… of a property", COLUMNS.map(|named| named.name).join(", "))
}

/// What a number of a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// So many digits of it are behind the point.
    Decimal(i8),
    /// µs since 1970, UTC.
    Time,
    /// Days since 1970.
    Day,
    /// What [`ordinal`](perennial_fold::ordinal) makes of a number.
    Ordinal,
    /// 1 is true.
    Boolean,
}

impl Unit {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Decimal(_) | Self::Ordinal => "a number",
            Self::Boolean => "true or false",
            Self::Time => "a time",
            Self::Day => "a date",
        }
    }

    pub(crate) const fn example(self) -> &'static str {
        match self {
            Self::Decimal(_) | Self::Ordinal => ">= 50",
            Self::Time => ">= '2026-01-31 08:00:00'",
            Self::Day => ">= '2026-01-31'",
            Self::Boolean => "= true",
        }
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Decimal(0) => DataType::Int64,
            Self::Decimal(scale) => DataType::Decimal128(MONEY_PRECISION, scale),
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Day => DataType::Date32,
            Self::Ordinal => DataType::Float64,
            Self::Boolean => DataType::Boolean,
        }
    }
}

/// What the numbers of a column are counted in.
pub(super) fn unit(named: &Named, currency: Currency) -> Unit {
    match named.column {
        EventColumn::Number(NumberColumn::Value) if named.minor => Unit::Decimal(0),
        EventColumn::Number(NumberColumn::Value) => Unit::Decimal(scale(currency)),
        EventColumn::Number(NumberColumn::Quantity) => Unit::Decimal(3),
        EventColumn::Number(NumberColumn::Day) => Unit::Day,
        EventColumn::Number(NumberColumn::Time | NumberColumn::Received) => Unit::Time,
        EventColumn::Number(NumberColumn::Property(property)) => match property.property_type() {
            PropertyType::Number => Unit::Ordinal,
            PropertyType::Boolean => Unit::Boolean,
            PropertyType::Integer | PropertyType::Text => Unit::Decimal(0),
        },
        EventColumn::Kind | EventColumn::Word(_) => Unit::Decimal(0),
    }
}

fn field(named: &Named, currency: Currency) -> Field {
    let data_type = match named.column {
        EventColumn::Kind | EventColumn::Word(_) => DataType::Utf8,
        EventColumn::Number(_) => unit(named, currency).data_type(),
    };
    Field::new(named.name, data_type, true)
}

/// Some columns of an event, as SQL sees them.
pub(super) fn of(columns: &[Named], currency: Currency) -> Result<DFSchema> {
    DFSchema::try_from(Schema::new(columns.iter().map(|named| field(named, currency)).collect::<Vec<_>>()))
}

/// Names of the kinds, for errors.
pub(super) struct Kinds;

impl Kinds {
    pub(super) fn words() -> String {
        KINDS.join(", ")
    }
}

/// The kind with this name.
pub(super) fn kinds_of(word: &str) -> Option<EventKind> {
    EventKind::ALL.into_iter().zip(KINDS).find(|(_, name)| *name == word).map(|(kind, _)| kind)
}

/// The name of a kind.
pub(super) fn kind_word(kind: EventKind) -> &'static str {
    KINDS.get(kind as usize).copied().unwrap_or_default()
}
