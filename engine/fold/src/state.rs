//! The states of all folds of one customer: the batch driver reuses one a worker, the live driver
//! keeps one for each customer. Both run this code.

use crate::cell::Cell;
use crate::{Column, CustomerView, FoldError, Instant, Order, OrderBook, OwnRow};
use perennial_model::CustomerId;
use perennial_timeline::{CustomerEvents, Event};
use std::any::Any;
use std::ops::Range;
use std::sync::Arc;

/// Where a fold writes and what it wants to see.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) fold: &'static str,
    pub(crate) columns: Range<usize>,
    pub(crate) steps: bool,
    pub(crate) unidentified: bool,
}

/// What all customers' states share.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) slots: Vec<Slot>,
    /// Whether any fold wants orders.
    pub(crate) orders: bool,
}

/// Memory used while finishing, shared by all customers of a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) orders: Vec<Order>,
    pub(crate) kept: Vec<Order>,
}

/// One customer's order book and fold states (made by [`crate::Registry::live_state`]).
pub struct LiveState {
    customer: CustomerId,
    plan: Arc<Plan>,
    cells: Vec<Box<dyn Cell>>,
    book: OrderBook,
    first_event_us: i64,
    last_event_us: i64,
}

impl Clone for LiveState {
    /// A checkpoint: continues from here, its summaries empty.
    fn clone(&self) -> Self {
        Self {
            customer: self.customer,
            plan: Arc::clone(&self.plan),
            cells: self.cells.iter().map(|cell| cell.fork()).collect(),
            book: self.book.clone(),
            first_event_us: self.first_event_us,
            last_event_us: self.last_event_us,
        }
    }
}

impl std::fmt::Debug for LiveState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LiveState").field("customer", &self.customer).finish_non_exhaustive()
    }
}

impl LiveState {
    pub(crate) fn new(customer: CustomerId, plan: Arc<Plan>, cells: Vec<Box<dyn Cell>>) -> Self {
        Self { customer, plan, cells, book: OrderBook::default(), first_event_us: i64::MAX, last_event_us: i64::MIN }
    }

    /// Whose it is.
    #[must_use]
    pub const fn customer(&self) -> CustomerId {
        self.customer
    }

    /// Whether any event was folded.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.first_event_us > self.last_event_us
    }

    /// Time of the last event, UTC µs; `i64::MIN` without one.
    pub(crate) const fn last_event_us(&self) -> i64 {
        self.last_event_us
    }

    /// Becomes the state of another customer before the first event; memory and summaries stay.
    pub fn reset(&mut self, customer: CustomerId) {
        self.customer = customer;
        self.first_event_us = i64::MAX;
        self.last_event_us = i64::MIN;
        self.book.clear();
        for (cell, slot) in self.cells.iter_mut().zip(&self.plan.slots) {
            if slot.steps {
                cell.reset();
            }
        }
    }

    /// Advances by one event, the next in (time, mid) order.
    pub fn step(&mut self, event: &Event, instant: &Instant) {
        self.first_event_us = self.first_event_us.min(event.time_us);
        self.last_event_us = self.last_event_us.max(event.time_us);
        if self.plan.orders {
            self.book.step(event);
        }
        let identified = self.customer.is_identified();
        for (cell, slot) in self.cells.iter_mut().zip(&self.plan.slots) {
            if slot.steps && (identified || slot.unidentified) {
                cell.step(event, instant);
            }
        }
    }

    /// Advances by a slice of events, the next in (time, mid) order.
    pub fn extend(&mut self, events: &CustomerEvents<'_>, instant: &Instant) {
        let (Some(first), Some(last)) = (events.time_us.first(), events.time_us.last()) else { return };
        self.first_event_us = self.first_event_us.min(*first);
        self.last_event_us = self.last_event_us.max(*last);
        if self.plan.orders {
            self.book.extend(events);
        }
        self.extend_folds(events, instant);
    }

    fn extend_folds(&mut self, events: &CustomerEvents<'_>, instant: &Instant) {
        let identified = self.customer.is_identified();
        for (cell, slot) in self.cells.iter_mut().zip(&self.plan.slots) {
            if slot.steps && (identified || slot.unidentified) {
                cell.extend(events, instant);
            }
        }
    }

    /// Resets, extends by the first `count` events and finishes, all in one. `book` must have been
    /// advanced by exactly those if orders are wanted at all, and is as before afterwards.
    pub(crate) fn answer(
        &mut self,
        (events, count): (&CustomerEvents<'_>, usize),
        book: &mut OrderBook,
        scratch: &mut Scratch,
        instant: &Instant,
        columns: &mut [Column],
    ) {
        self.reset(events.customer);
        let (Some(first), Some(last)) = (events.time_us.first(), events.time_us.get(count.wrapping_sub(1))) else {
            return;
        };
        (self.first_event_us, self.last_event_us) = (*first, *last);
        if count == events.len() {
            self.extend_folds(events, instant);
        } else if self.plan.slots.iter().any(|slot| slot.steps) {
            self.extend_folds(&first_of(events, count), instant);
        }
        if self.plan.orders {
            std::mem::swap(&mut self.book, book);
            self.finish(scratch, instant, columns);
            std::mem::swap(&mut self.book, book);
        } else {
            self.finish(scratch, instant, columns);
        }
    }

    /// Finishes all folds as of an instant no earlier than the last event: appends one row to
    /// `columns` (an identified customer only) and adds to the summaries kept inside.
    pub fn finish(&mut self, scratch: &mut Scratch, instant: &Instant, columns: &mut [Column]) {
        let loose_refunds_minor = self.book.orders_into(&instant.zone, &mut scratch.orders);
        let view = CustomerView {
            customer: self.customer,
            kept: kept(&scratch.orders, &mut scratch.kept, instant),
            orders: &scratch.orders,
            loose_refunds_minor,
            first_event_us: self.first_event_us,
            last_event_us: self.last_event_us,
            instant,
        };
        let identified = self.customer.is_identified();
        for (cell, slot) in self.cells.iter_mut().zip(&self.plan.slots) {
            if identified {
                let own = columns.get_mut(slot.columns.clone()).unwrap_or_default();
                cell.finish(&view, &mut OwnRow { columns: own });
            } else if slot.unidentified {
                cell.finish(&view, &mut OwnRow { columns: &mut [] });
            }
        }
    }

    /// What the folds have added up, in the order of registration.
    pub(crate) fn into_summaries(self) -> Vec<Box<dyn Any + Send>> {
        self.cells.into_iter().map(Cell::into_summary).collect()
    }
}

/// The first `count` events.
pub(crate) fn first_of<'a>(events: &CustomerEvents<'a>, count: usize) -> CustomerEvents<'a> {
    fn clip<T>(values: &[T], count: usize) -> &[T] {
        values.get(..count).unwrap_or_default()
    }
    CustomerEvents {
        customer: events.customer,
        time_us: clip(events.time_us, count),
        kind: clip(events.kind, count),
        mid: clip(events.mid, count),
        name: clip(events.name, count),
        order: clip(events.order, count),
        item: clip(events.item, count),
        quantity_milli: clip(events.quantity_milli, count),
        value_minor: clip(events.value_minor, count),
        channel: clip(events.channel, count),
        source: clip(events.source, count),
        campaign: clip(events.campaign, count),
        received_us: clip(events.received_us, count),
        store: clip(events.store, count),
        staff: clip(events.staff, count),
        category: clip(events.category, count),
        properties: events.properties.part(0..count.min(events.len())),
    }
}

/// The orders that count; copied only when some do not.
pub(crate) fn kept<'a>(orders: &'a [Order], copies: &'a mut Vec<Order>, instant: &Instant) -> &'a [Order] {
    let counts = |order: &&Order| order.kept(instant.revenue);
    if orders.iter().all(|order| counts(&order)) {
        return orders;
    }
    copies.clear();
    copies.extend(orders.iter().filter(counts));
    copies
}

/// Names the first column of a shard that does not hold one value a customer.
pub(crate) fn check_columns(
    slots: &[Slot],
    specs: &[crate::ColumnSpec],
    columns: &[Column],
    shard: usize,
    customers: usize,
) -> Result<(), FoldError> {
    for slot in slots {
        for index in slot.columns.clone() {
            let values = columns.get(index).map_or(0, Column::len);
            if values != customers {
                let column = specs.get(index).map_or("?", |spec| spec.name);
                return Err(FoldError::UnevenColumn { fold: slot.fold, column, shard, values, customers });
            }
        }
    }
    Ok(())
}
