//! Metrics of a brand: what a customer's events come to, as a column of the customer table.
//!
//! A metric counts the events that pass its [`Test`] and does something with them ([`Function`]). Of a
//! metric with a window only those of its last days count: local days, the instant's own the last.
//! Numbers stay whole (minor units, thousandths; of properties of type number, millionths), so that no order of
//! arrival changes a sum.

mod distinct;
mod instants;
mod property;
mod row;
mod sequence;
mod streak;
mod tally;
mod test;
mod window;
mod words;

pub use property::{Property, of_ordinal, ordinal};
pub use row::{RowJudge, RowTest};
pub use test::{Cell, Comparison, EventColumn, NumberColumn, Test, WordColumn, WordSet};
pub use words::{Judge, WordTest};

use crate::{ColumnSpec, ColumnType, CustomerView, Fold, FoldClass, FoldError, Instant, OwnRow, Registry};
use distinct::Distinct;
use instants::{DaysSince, Edge};
use perennial_model::{PropertySpec, PropertyType};
use perennial_timeline::{Columns, CustomerEvents, Event, NONE, Symbols};
use property::millionths;
use sequence::Sequence;
use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use streak::Streak;
use tally::{Extreme, Tally};
use window::{Windowed, WindowedSequence};

/// What is done with the events of a metric.
#[derive(Debug, Clone)]
pub enum Function {
    /// How many; 0 without any.
    Count,
    /// Of a number; 0 without events, unknown where none of them has one.
    Sum(NumberColumn),
    /// Mean of a number.
    Average(NumberColumn),
    /// The least of a number.
    Min(NumberColumn),
    /// The greatest of a number.
    Max(NumberColumn),
    /// The number of the first event that has one; of several at one instant the least.
    First(NumberColumn),
    /// The number of the last event that has one; of several at one instant the greatest.
    Last(NumberColumn),
    /// How many different words.
    DistinctWords(WordColumn),
    /// How many different numbers.
    DistinctNumbers(NumberColumn),
    /// Local days from the last event to the instant's.
    DaysSince,
    /// Units in a row with an event, up to the instant's or the one before; 0 where that has none.
    Streak(StreakUnit),
    /// How often an event is followed by one that passes `then` within so long. Each event counts for one
    /// sequence; of several beginnings the last counts.
    Sequence {
        /// What the second event must be like.
        then: Test,
        /// From the first to the second at most, µs.
        within_us: i64,
    },
}

/// What a streak counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreakUnit {
    /// Local days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Calendar months.
    Month,
}

/// A metric, ready to be folded.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Name of its column.
    pub name: &'static str,
    /// Meaning of its column.
    pub description: &'static str,
    /// Which events count.
    pub test: Test,
    /// What is done with them.
    pub function: Function,
    /// Only the last so many local days count; all of history without.
    pub window_days: Option<u32>,
}

/// A text that lives as long as the process: names and descriptions of columns come from definitions, which
/// are few and come again and again.
#[must_use]
pub fn lasting(text: &str) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text) {
        return known;
    }
    let lasting: &'static str = Box::leak(text.into());
    texts.insert(lasting);
    lasting
}

/// A value of a metric's column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    Int(Option<i64>),
    Float(Option<f64>),
}

/// What a kind of metric knows of one customer.
pub(crate) trait MetricState: Default + Clone + Send + 'static {
    /// Whether events must come in order.
    const ORDERED: bool;

    fn class(metric: &Metric) -> FoldClass;
    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant);
    fn value(&self, metric: &Metric, instant: &Instant) -> Value;
}

impl Metric {
    /// Adds its fold to a registry.
    ///
    /// # Errors
    /// As [`Registry::add`].
    pub fn register(self, registry: &mut Registry) -> Result<(), FoldError> {
        use Function as F;
        match (&self.function, self.window_days) {
            (F::DaysSince, _) => registry.add(MetricFold::<DaysSince>::new(self)).map(drop),
            (F::Streak(_), _) => registry.add(MetricFold::<Streak>::new(self)).map(drop),
            (F::DistinctWords(_) | F::DistinctNumbers(_), _) => {
                registry.add(MetricFold::<Distinct>::new(self)).map(drop)
            }
            (F::Sequence { .. }, None) => registry.add(MetricFold::<Sequence>::new(self)).map(drop),
            (F::Sequence { .. }, Some(_)) => registry.add(MetricFold::<WindowedSequence>::new(self)).map(drop),
            (F::Count | F::Sum(_) | F::Average(_), None) => registry.add(MetricFold::<Tally>::new(self)).map(drop),
            (F::Min(_) | F::Max(_), None) => registry.add(MetricFold::<Extreme>::new(self)).map(drop),
            (F::First(_) | F::Last(_), _) => registry.add(MetricFold::<Edge>::new(self)).map(drop),
            (F::Count | F::Sum(_) | F::Average(_) | F::Min(_) | F::Max(_), Some(_)) => {
                registry.add(MetricFold::<Windowed>::new(self)).map(drop)
            }
        }
    }

    /// What its column holds.
    #[must_use]
    pub const fn column_type(&self) -> ColumnType {
        match &self.function {
            Function::Average(column) => match column {
                NumberColumn::Day => ColumnType::Day,
                NumberColumn::Value => ColumnType::Money,
                _ => ColumnType::Float,
            },
            Function::Sum(column)
            | Function::Min(column)
            | Function::Max(column)
            | Function::First(column)
            | Function::Last(column) => match column {
                NumberColumn::Value => ColumnType::Money,
                NumberColumn::Quantity => ColumnType::Float,
                NumberColumn::Time | NumberColumn::Received => ColumnType::Time,
                NumberColumn::Day => ColumnType::Day,
                NumberColumn::Property(property) => match property.property_type() {
                    PropertyType::Number => ColumnType::Float,
                    _ => ColumnType::Int,
                },
            },
            _ => ColumnType::Int,
        }
    }

    /// Columns of events that it reads.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let own = match &self.function {
            Function::DistinctWords(column) => column.columns(),
            Function::Sequence { then, .. } => then.columns(),
            _ => self.number().map_or(Columns::BASE, NumberColumn::columns),
        };
        self.test.columns().and(own)
    }

    /// Declared properties of events that it reads, each once.
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

    fn each_property(&mut self, see: &mut dyn FnMut(&mut Property)) {
        self.test.each_property(see);
        match &mut self.function {
            Function::DistinctWords(WordColumn::Property(property))
            | Function::Sum(NumberColumn::Property(property))
            | Function::Average(NumberColumn::Property(property))
            | Function::Min(NumberColumn::Property(property))
            | Function::Max(NumberColumn::Property(property))
            | Function::First(NumberColumn::Property(property))
            | Function::Last(NumberColumn::Property(property))
            | Function::DistinctNumbers(NumberColumn::Property(property)) => see(property),
            Function::Sequence { then, .. } => then.each_property(see),
            _ => {}
        }
    }

    /// What one is in the numbers that it adds up; none where they are not added up in parts of one.
    const fn parts(&self) -> Option<f64> {
        match self.number() {
            Some(NumberColumn::Quantity) => Some(1000.0),
            Some(NumberColumn::Property(property)) => match (property.property_type(), &self.function) {
                (PropertyType::Number, Function::Sum(_) | Function::Average(_)) => Some(property::MILLION),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number that it adds up or compares.
    const fn number(&self) -> Option<NumberColumn> {
        match &self.function {
            Function::Sum(column)
            | Function::Average(column)
            | Function::Min(column)
            | Function::Max(column)
            | Function::First(column)
            | Function::Last(column)
            | Function::DistinctNumbers(column) => Some(*column),
            _ => None,
        }
    }

    /// Places of the events that count.
    fn matching<'a>(
        &'a self,
        events: &'a CustomerEvents<'_>,
        instant: &'a Instant,
    ) -> impl Iterator<Item = usize> + 'a {
        (0..events.len()).filter(|index| self.test.of(events, *index, &instant.zone) == Some(true))
    }

    /// The number of an event, where it has one.
    #[inline]
    fn number_of(&self, events: &CustomerEvents<'_>, index: usize, instant: &Instant) -> Option<i64> {
        let column = self.number()?;
        let number = column.of(events, index, &instant.zone);
        let of_property = matches!(column, NumberColumn::Property(_)) && self.parts().is_some();
        let number = if of_property && number != NONE { millionths(of_ordinal(number)) } else { number };
        (number != NONE).then_some(number)
    }

    /// A number as the column holds it.
    fn shown(&self, number: Option<i64>) -> Value {
        match (self.column_type(), self.parts(), self.number()) {
            (ColumnType::Float, Some(parts), _) => Value::Float(number.map(|number| number as f64 / parts)),
            (ColumnType::Float, None, Some(NumberColumn::Property(_))) => Value::Float(number.map(of_ordinal)),
            (ColumnType::Float, ..) => Value::Float(number.map(|number| number as f64)),
            _ => Value::Int(number),
        }
    }

    /// The mean of numbers that sum to this.
    fn mean(&self, sum: i128, count: u64) -> Value {
        let mean = (count > 0).then(|| sum as f64 / count as f64);
        match (self.column_type(), self.parts()) {
            (ColumnType::Day, _) => Value::Int(mean.map(|day| day.floor() as i64)),
            (ColumnType::Money, _) => Value::Int(mean.map(|mean| mean.round() as i64)),
            (_, Some(parts)) => Value::Float(mean.map(|mean| mean / parts)),
            _ => Value::Float(mean),
        }
    }
}

/// The last local day before the instant: the last of each window.
fn end_day(instant: &Instant) -> i32 {
    instant.zone.day(instant.as_of_us.saturating_sub(1))
}

/// A number of what there is, as a column holds it.
fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).ok())
}

/// A metric as a fold with this state.
struct MetricFold<S> {
    metric: Metric,
    state: PhantomData<fn() -> S>,
}

impl<S: MetricState> MetricFold<S> {
    const fn new(metric: Metric) -> Self {
        Self { metric, state: PhantomData }
    }
}

impl<S: MetricState> Fold for MetricFold<S> {
    type State = S;
    type Summary = ();

    fn name(&self) -> &'static str {
        self.metric.name
    }

    fn class(&self) -> FoldClass {
        S::class(&self.metric)
    }

    fn reads(&self) -> Option<Columns> {
        Some(self.metric.columns())
    }

    fn needs_orders(&self) -> bool {
        false
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        let Metric { name, description, .. } = self.metric;
        vec![ColumnSpec { name, column_type: self.metric.column_type(), description }]
    }

    fn bind(&mut self, symbols: &Arc<Symbols>) {
        self.metric.test.bind(symbols);
        if let Function::Sequence { then, .. } = &mut self.metric.function {
            then.bind(symbols);
        }
    }

    fn properties(&self) -> Vec<PropertySpec> {
        self.metric.properties()
    }

    fn place(&mut self, properties: &[PropertySpec]) {
        self.metric.each_property(&mut |property| property.find(properties));
    }

    fn step(&self, state: &mut S, event: &Event, instant: &Instant) {
        event.alone(|events| self.extend(state, events, instant));
    }

    fn extend(&self, state: &mut S, events: &CustomerEvents<'_>, instant: &Instant) {
        state.extend(&self.metric, events, instant);
    }

    fn order_matters(&self) -> bool {
        S::ORDERED
    }

    fn finish(&self, state: &S, view: &CustomerView<'_>, row: &mut OwnRow<'_>, (): &mut ()) {
        match state.value(&self.metric, view.instant) {
            Value::Int(value) => row.int(0, value),
            Value::Float(value) => row.float(0, value),
        }
    }
}
