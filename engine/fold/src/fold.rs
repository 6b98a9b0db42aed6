//! What a fold is.

use crate::{Column, ColumnSpec, CustomerTable, Order, Revenue};
use perennial_model::{CustomerId, PropertySpec, Zone};
use perennial_timeline::{Columns, CustomerEvents, Event, Symbols};
use std::any::Any;
use std::sync::Arc;

/// What a fold's live state costs a customer; the registry adds it up against a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldClass {
    /// A fixed number of bytes.
    Fixed {
        /// How many.
        bytes: u32,
    },
    /// Buckets of a window, one for each day on which something happened.
    Window {
        /// Length in days.
        days: u32,
        /// Bytes of a bucket.
        bytes_per_day: u32,
    },
    /// Something an order (the engine's own order book among it).
    PerOrder {
        /// How many bytes.
        bytes: u32,
    },
    /// No live state: recomputed at the sweep (distinct products, free sequences).
    Heavy,
}

/// When and where a fold is finished.
#[derive(Debug, Clone)]
pub struct Instant {
    /// Exclusive, UTC µs.
    pub as_of_us: i64,
    /// Local day that begins at or holds `as_of_us`.
    pub as_of_day: i32,
    /// The brand's zone.
    pub zone: Zone,
    /// Which money counts.
    pub revenue: Revenue,
}

impl Instant {
    /// As of an instant (exclusive, UTC µs) in the brand's zone.
    #[must_use]
    pub fn new(as_of_us: i64, zone: Zone, revenue: Revenue) -> Self {
        Self { as_of_us, as_of_day: zone.day(as_of_us), zone, revenue }
    }
}

/// What a fold sees of one customer when it finishes.
#[derive(Debug, Clone, Copy)]
pub struct CustomerView<'a> {
    /// Whose; unidentified customers are finished too (see [`Fold::unidentified`]).
    pub customer: CustomerId,
    /// Every order before the instant, kept or not, by (time, key).
    pub orders: &'a [Order],
    /// The kept ones of them, in the same order.
    pub kept: &'a [Order],
    /// Refunds that name no known order; minor units, positive.
    pub loose_refunds_minor: i64,
    /// Time of the customer's first and last event of any kind, UTC µs.
    pub first_event_us: i64,
    /// See `first_event_us`.
    pub last_event_us: i64,
    /// When.
    pub instant: &'a Instant,
}

/// Something that can be added up over customers, in any order, with the same result.
pub trait Summary: Default + Send + 'static {
    /// Adds another part of the population.
    fn merge(&mut self, other: Self);
}

impl Summary for () {
    fn merge(&mut self, (): Self) {}
}

/// A question about one customer's history.
pub trait Fold: Send + Sync + 'static {
    /// The live state. `Default` is the state before the first event.
    type State: Default + Clone + Send + 'static;
    /// What is added up over all customers.
    type Summary: Summary;

    /// Its name, for errors and stored parameters.
    fn name(&self) -> &'static str;
    /// What its live state costs.
    fn class(&self) -> FoldClass;
    /// Columns [`Fold::step`] needs beyond what the order book reads; the default, none, means that
    /// the fold is finished from orders alone and `step` is never called.
    fn reads(&self) -> Option<Columns> {
        None
    }
    /// Declared properties that [`Fold::extend`] needs; none by default. Of a single [`Event`] nobody knows
    /// them: where the order of events matters, a customer of whom one comes late is read again.
    fn properties(&self) -> Vec<PropertySpec> {
        Vec::new()
    }
    /// Whether `finish` looks at orders or refunds. A pass in which no fold does reads fewer
    /// columns and gives every fold a view without orders.
    fn needs_orders(&self) -> bool {
        true
    }
    /// Own columns, in the order in which `finish` sets them.
    fn columns(&self) -> Vec<ColumnSpec>;
    /// Called once before a pass, to look up the symbols of names.
    fn bind(&mut self, _symbols: &Arc<Symbols>) {}
    /// Called with [`Fold::bind`] where the fold needs properties: the places at which events give them.
    fn place(&mut self, _properties: &[PropertySpec]) {}
    /// Makes a used state like new; override where that saves an allocation.
    fn reset(&self, state: &mut Self::State) {
        *state = Self::State::default();
    }
    /// Advances the state by one event. Events come in (time, mid) order, each once. Of the instant
    /// only zone and revenue may be used: a live state outlives many instants.
    fn step(&self, _state: &mut Self::State, _event: &Event, _instant: &Instant) {}
    /// Advances the state by several events, the next in order. Override where that is quicker; it
    /// must come to the same as [`Fold::step`] for each of them.
    fn extend(&self, state: &mut Self::State, events: &CustomerEvents<'_>, instant: &Instant) {
        events.iter().for_each(|event| self.step(state, &event, instant));
    }
    /// Whether [`Fold::step`] must see a customer's events in order. A fold that comes to the same in
    /// any order says no, and the live driver steps a late event at once.
    fn order_matters(&self) -> bool {
        true
    }
    /// Whether customers nobody could be found for are finished too (into the summary only).
    fn unidentified(&self) -> bool {
        false
    }
    /// Writes the customer's own columns and adds to the summary. Must not depend on how the events
    /// were grouped into calls.
    fn finish(&self, state: &Self::State, view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut Self::Summary);
}

/// Where a fold writes the own columns of one customer.
#[derive(Debug)]
pub struct OwnRow<'a> {
    pub(crate) columns: &'a mut [Column],
}

impl OwnRow<'_> {
    /// Appends an integer (a count, a day, minor units) to the `index`th column; `None` is unknown.
    #[inline]
    pub fn int(&mut self, index: usize, value: Option<i64>) {
        if let Some(Column::Int(values)) = self.columns.get_mut(index) {
            values.push(value.unwrap_or(crate::NONE_INT));
        }
    }

    /// Appends a float; `None` is unknown.
    #[inline]
    pub fn float(&mut self, index: usize, value: Option<f64>) {
        if let Some(Column::Float(values)) = self.columns.get_mut(index) {
            values.push(value.unwrap_or(f64::NAN));
        }
    }

    /// Appends a code of an enumerated column; `None` is unknown.
    #[inline]
    pub fn code(&mut self, index: usize, value: Option<u8>) {
        if let Some(Column::Code(values)) = self.columns.get_mut(index) {
            values.push(value.unwrap_or(u8::MAX));
        }
    }
}

/// Columns that depend on the population besides the customer: quantile cuts, a median interval.
/// Parameters are fitted, versioned in the store, and used unchanged until fitted anew.
pub trait Relative: Send + Sync + 'static {
    /// Fitted parameters; stored as JSON.
    type Parameters: serde::Serialize + for<'de> serde::Deserialize<'de> + Clone + Send + Sync + Any;

    /// Its name, under which parameters are stored.
    fn name(&self) -> &'static str;
    /// Columns it adds.
    fn columns(&self) -> Vec<ColumnSpec>;
    /// Own columns that [`Relative::fit`] looks at; the default, none, means all. A live table copies
    /// only these.
    fn fits(&self) -> Option<&'static [&'static str]> {
        None
    }
    /// Fits parameters to the table's identified customers.
    fn fit(&self, table: &CustomerTable, instant: &Instant) -> Self::Parameters;
    /// The columns of one shard, in the order of [`Relative::columns`].
    fn compute(
        &self,
        parameters: &Self::Parameters,
        table: &CustomerTable,
        shard: usize,
        instant: &Instant,
    ) -> Vec<Column>;
}
