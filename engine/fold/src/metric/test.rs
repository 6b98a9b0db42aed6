//! What an event must be like for a metric to count it: a tree of comparisons with three outcomes,
//! true, false and unknown, as SQL has them.

use super::property::Property;
use super::row::RowTest;
use super::words::WordTest;
use perennial_model::{EventKind, PropertySpec, Zone};
use perennial_timeline::{Columns, CustomerEvents, NONE, Symbol, Symbols};
use std::sync::Arc;

/// A column of events that holds words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordColumn {
    /// Name of the event.
    Name,
    /// Where it happened.
    Channel,
    /// The feed it came from.
    Source,
    /// The campaign that the source names.
    Campaign,
    /// The item's id.
    Item,
    /// Store of an order.
    Store,
    /// Member of staff of an order.
    Staff,
    /// Category of a line.
    Category,
    /// A declared property of text.
    Property(Property),
}

/// A column of events that holds numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberColumn {
    /// Money in minor units.
    Value,
    /// Thousandths.
    Quantity,
    /// When it happened, UTC µs.
    Time,
    /// When we heard of it, UTC µs.
    Received,
    /// The day it happened in the brand's zone.
    Day,
    /// A declared property: a whole number as it is, a number as its [`ordinal`], true as 1 and false as 0.
    Property(Property),
}

/// A column of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventColumn {
    /// What the event means to the engine.
    Kind,
    /// One of words.
    Word(WordColumn),
    /// One of numbers.
    Number(NumberColumn),
}

/// What an event holds in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// See [`EventColumn::Kind`].
    Kind(EventKind),
    /// A word, where there is one.
    Word(Option<Arc<str>>),
    /// A number, where there is one.
    Number(Option<i64>),
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// =
    Equal,
    /// <
    Less,
    /// <=
    AtMost,
    /// >
    Greater,
    /// >=
    AtLeast,
}

/// A condition on one event.
#[derive(Debug, Clone)]
pub enum Test {
    /// The same whatever the event; `None` is unknown.
    Known(Option<bool>),
    /// True where all are.
    All(Vec<Test>),
    /// True where any is.
    Any(Vec<Test>),
    /// True where it is false.
    Not(Box<Test>),
    /// Whether there is no word.
    NoWord(WordColumn),
    /// Whether there is no number.
    NoNumber(NumberColumn),
    /// What the event means to the engine is one of these.
    Kind(Vec<EventKind>),
    /// A number beside another.
    Number(NumberColumn, Comparison, i64),
    /// The word is one of these; without one it is unknown.
    OneOf(WordColumn, WordSet),
    /// The word passes; without one it is unknown.
    Word(WordColumn, Arc<WordTest>),
    /// Any other condition, judged event by event: slow.
    Row(Arc<RowTest>),
}

/// Some words.
#[derive(Debug, Clone)]
pub struct WordSet {
    words: Vec<String>,
    /// Of the timeline that it is bound to.
    symbols: Vec<Symbol>,
}

impl WordSet {
    /// These.
    #[must_use]
    pub const fn new(words: Vec<String>) -> Self {
        Self { words, symbols: Vec::new() }
    }
}

impl WordColumn {
    pub(crate) const fn columns(self) -> Columns {
        match self {
            Self::Name => Columns::NAME,
            Self::Channel => Columns::CHANNEL,
            Self::Source => Columns::SOURCE,
            Self::Campaign => Columns::CAMPAIGN,
            Self::Item => Columns::ITEM,
            Self::Store => Columns::STORE,
            Self::Staff => Columns::STAFF,
            Self::Category => Columns::CATEGORY,
            Self::Property(_) => Columns::BASE,
        }
    }

    /// The word of an event, [`Symbol::NONE`] where there is none.
    #[inline]
    pub(crate) fn of(self, events: &CustomerEvents<'_>, index: usize) -> Symbol {
        let words = match self {
            Self::Name => events.name,
            Self::Channel => events.channel,
            Self::Source => events.source,
            Self::Campaign => events.campaign,
            Self::Item => events.item,
            Self::Store => events.store,
            Self::Staff => events.staff,
            Self::Category => events.category,
            Self::Property(property) => events.properties.words(property.place()),
        };
        words.get(index).copied().unwrap_or(Symbol::NONE)
    }
}

impl NumberColumn {
    pub(crate) const fn columns(self) -> Columns {
        match self {
            Self::Value => Columns::VALUE,
            Self::Quantity => Columns::QUANTITY,
            Self::Received => Columns::RECEIVED,
            Self::Time | Self::Day | Self::Property(_) => Columns::BASE,
        }
    }

    /// The number of an event, [`NONE`] where there is none.
    #[inline]
    pub(crate) fn of(self, events: &CustomerEvents<'_>, index: usize, zone: &Zone) -> i64 {
        let numbers = match self {
            Self::Value => events.value_minor,
            Self::Quantity => events.quantity_milli,
            Self::Received => events.received_us,
            Self::Time => events.time_us,
            Self::Property(property) => return property.number(events, index),
            Self::Day => return events.time_us.get(index).map_or(NONE, |time_us| i64::from(zone.day(*time_us))),
        };
        numbers.get(index).copied().unwrap_or(NONE)
    }
}

impl Comparison {
    #[inline]
    const fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

impl Test {
    /// Every event passes.
    pub const ALWAYS: Self = Self::Known(Some(true));

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(Some(true)), only) | (only, Self::Known(Some(true))) => only,
            (first, second) => Self::All(vec![first, second]),
        }
    }

    /// Columns of events that it looks at.
    #[must_use]
    pub fn columns(&self) -> Columns {
        match self {
            Self::Known(_) | Self::Kind(_) => Columns::BASE,
            Self::All(tests) | Self::Any(tests) => {
                tests.iter().fold(Columns::BASE, |columns, test| columns.and(test.columns()))
            }
            Self::Not(test) => test.columns(),
            Self::NoWord(column) | Self::OneOf(column, _) | Self::Word(column, _) => column.columns(),
            Self::NoNumber(column) | Self::Number(column, ..) => column.columns(),
            Self::Row(test) => test.columns(),
        }
    }

    /// Looks up its words in a timeline: see [`crate::Fold::bind`].
    pub fn bind(&mut self, symbols: &Arc<Symbols>) {
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter_mut().for_each(|test| test.bind(symbols)),
            Self::Not(test) => test.bind(symbols),
            Self::OneOf(_, set) => set.symbols = set.words.iter().map(|word| symbols.intern(word)).collect(),
            Self::Word(_, test) => *test = Arc::new(test.bound(symbols)),
            Self::Row(test) => *test = Arc::new(test.bound(symbols)),
            Self::Known(_) | Self::NoWord(_) | Self::NoNumber(_) | Self::Kind(_) | Self::Number(..) => {}
        }
    }

    /// Declared properties that it looks at, each once.
    #[must_use]
    pub fn properties(&self) -> Vec<PropertySpec> {
        let mut found = Vec::new();
        self.clone().each_property(&mut |property| {
            if !found.contains(&property.spec()) {
                found.push(property.spec());
            }
        });
        found
    }

    /// Looks up the places of its properties: see [`crate::Fold::place`].
    pub fn place(&mut self, properties: &[PropertySpec]) {
        self.each_property(&mut |property| property.find(properties));
    }

    /// Shows it each property that it looks at.
    pub(super) fn each_property(&mut self, see: &mut dyn FnMut(&mut Property)) {
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter_mut().for_each(|test| test.each_property(see)),
            Self::Not(test) => test.each_property(see),
            Self::NoWord(WordColumn::Property(property))
            | Self::OneOf(WordColumn::Property(property), _)
            | Self::Word(WordColumn::Property(property), _)
            | Self::NoNumber(NumberColumn::Property(property))
            | Self::Number(NumberColumn::Property(property), ..) => see(property),
            Self::Row(test) => *test = Arc::new(test.each_property(see)),
            _ => {}
        }
    }

    /// Whether any of it is judged event by event.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter().any(Self::is_slow),
            Self::Not(test) => test.is_slow(),
            Self::Row(_) => true,
            _ => false,
        }
    }

    /// Whether an event passes; `None` is unknown. It says nothing before [`Self::bind`] and [`Self::place`].
    #[inline]
    #[must_use]
    pub fn of(&self, events: &CustomerEvents<'_>, index: usize, zone: &Zone) -> Option<bool> {
        match self {
            Self::Known(known) => *known,
            Self::All(tests) => all(tests.iter().map(|test| test.of(events, index, zone))),
            Self::Any(tests) => all(tests.iter().map(|test| not(test.of(events, index, zone)))).map(|none| !none),
            Self::Not(test) => not(test.of(events, index, zone)),
            Self::NoWord(column) => Some(column.of(events, index) == Symbol::NONE),
            Self::NoNumber(column) => Some(column.of(events, index, zone) == NONE),
            Self::Kind(kinds) => {
                Some(events.kind.get(index).is_some_and(|stored| kinds.iter().any(|kind| *kind as u8 == *stored)))
            }
            Self::Number(column, comparison, right) => match column.of(events, index, zone) {
                NONE => None,
                left => Some(comparison.holds(left, *right)),
            },
            Self::OneOf(column, set) => match column.of(events, index) {
                Symbol::NONE => None,
                word => Some(set.symbols.contains(&word)),
            },
            Self::Word(column, test) => match column.of(events, index) {
                Symbol::NONE => None,
                word => test.of(word),
            },
            Self::Row(test) => test.of(events, index, zone),
        }
    }
}

fn not(outcome: Option<bool>) -> Option<bool> {
    outcome.map(|outcome| !outcome)
}

/// False where any is, else unknown where any is.
#[inline]
fn all(outcomes: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(true);
    for outcome in outcomes {
        match outcome {
            Some(false) => return Some(false),
            None => whole = None,
            Some(true) => {}
        }
    }
    whole
}
