//! The order book: what a customer's order events add up to.

mod packed;

pub(crate) use packed::{PackedBook, Unpacked};

use crate::Order;
use perennial_model::{EventKind, OrderKey, Zone};
use perennial_timeline::{CustomerEvents, Event, NONE, Symbol};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::ops::Range;

/// Up to so many orders a look through the vector is quicker than a hash map; only the customer
/// that stands for nobody usually has more.
const LINEAR_ORDERS: usize = 32;

/// Live bytes of one order with its lines, packed, for the registry's budget.
pub(crate) const BYTES_PER_ORDER: u64 = 64;

/// One version of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    received_us: i64,
    /// Whether it says that the order does not count.
    void: bool,
    time_us: i64,
    value_minor: i64,
    /// Where the order says itself how many it has; else its lines do.
    units_milli: i64,
    channel: Symbol,
    store: Symbol,
    staff: Symbol,
}

impl Header {
    /// The latest received counts; between equals the timeline's rule, so that live equals batch:
    /// one that is not void, the earlier time, the smaller value, the smaller number of units.
    fn rank(&self) -> (Reverse<i64>, bool, i64, [i64; 2], [Symbol; 3]) {
        let words = [self.channel, self.store, self.staff];
        (Reverse(self.received_us), self.void, self.time_us, [self.value_minor, self.units_milli], words)
    }
}

/// Everything heard about one order key, in sums that do not depend on the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    key: u64,
    header: Option<Header>,
    first_line_us: i64,
    first_line_mid: u64,
    lines_minor: i64,
    units_milli: i64,
    refunded_minor: i64,
    /// Time of the latest cancellation; `i64::MIN` without one.
    cancelled_us: i64,
    first_line_channel: Symbol,
    lines: u32,
}

/// One customer's orders, advanced event by event in any order of arrival. Each event must come
/// once, except that a newer version of a header may follow an older one.
#[derive(Debug, Clone, Default)]
pub struct OrderBook {
    entries: Vec<Entry>,
    /// Places in `entries`, made when one is looked for above [`LINEAR_ORDERS`]: few customers get there.
    places: Option<Box<FxHashMap<u64, usize>>>,
    /// The entry touched last: lines of one order come together.
    last: usize,
    loose_refunds_minor: i64,
}

impl OrderBook {
    /// Whether any of a customer's events concerns an order.
    #[must_use]
    pub(crate) fn wants(events: &CustomerEvents<'_>) -> bool {
        events.kind.iter().any(|kind| *kind != EventKind::Event as u8)
    }

    /// Makes it empty and keeps its memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.places = None;
        self.last = 0;
        self.loose_refunds_minor = 0;
    }

    /// Advances by all of one customer's events. Customers without orders cost one look at the kinds.
    #[inline]
    pub fn extend(&mut self, events: &CustomerEvents<'_>) {
        self.extend_range(events, 0..events.len());
    }

    /// Advances by some of one customer's events.
    #[inline]
    pub(crate) fn extend_range(&mut self, events: &CustomerEvents<'_>, range: Range<usize>) {
        let plain = EventKind::Event as u8;
        let kinds = events.kind.get(range.clone()).unwrap_or_default();
        for (index, kind) in range.zip(kinds) {
            if *kind != plain
                && let Some(event) = events.get(index)
            {
                self.step(&event);
            }
        }
    }

    /// Advances by one event.
    #[inline]
    pub fn step(&mut self, event: &Event) {
        match event.kind {
            EventKind::Event => {}
            EventKind::Refund if event.order == OrderKey::NONE => {
                self.loose_refunds_minor = self.loose_refunds_minor.saturating_add(money(event));
            }
            _ if event.order == OrderKey::NONE => {}
            EventKind::Order | EventKind::OrderVoid => {
                let header = Header {
                    received_us: event.received_us,
                    void: event.kind == EventKind::OrderVoid,
                    time_us: event.time_us,
                    value_minor: event.value_minor,
                    units_milli: event.quantity_milli,
                    channel: event.channel,
                    store: event.store,
                    staff: event.staff,
                };
                let entry = self.entry(event.order);
                if entry.header.is_none_or(|known| header.rank() < known.rank()) {
                    entry.header = Some(header);
                }
            }
            EventKind::OrderLine => self.entry(event.order).add_line(event),
            EventKind::Refund => {
                let entry = self.entry(event.order);
                entry.refunded_minor = entry.refunded_minor.saturating_add(money(event));
            }
            EventKind::Cancellation => {
                let entry = self.entry(event.order);
                entry.cancelled_us = entry.cancelled_us.max(event.time_us);
            }
        }
    }

    /// Writes the orders known so far into `orders`, by (time, key), in place of what it held.
    /// Returns the refunds that name no known order, minor units.
    pub fn orders_into(&self, zone: &Zone, orders: &mut Vec<Order>) -> i64 {
        sorted_orders(self.entries.iter().copied(), self.loose_refunds_minor, zone, orders)
    }

    fn entry(&mut self, key: OrderKey) -> &mut Entry {
        let place = self.place(key.0);
        self.last = place;
        &mut self.entries[place]
    }

    fn place(&mut self, key: u64) -> usize {
        if self.entries.get(self.last).is_some_and(|entry| entry.key == key) {
            return self.last;
        }
        let known = if self.entries.len() <= LINEAR_ORDERS {
            self.entries.iter().rposition(|entry| entry.key == key)
        } else {
            self.places().get(&key).copied()
        };
        known.unwrap_or_else(|| self.add(key))
    }

    fn places(&mut self) -> &FxHashMap<u64, usize> {
        let entries = &self.entries;
        self.places.get_or_insert_with(|| {
            let places = entries.iter().enumerate().map(|(place, entry)| (entry.key, place));
            Box::new(places.collect())
        })
    }

    fn add(&mut self, key: u64) -> usize {
        let place = self.entries.len();
        self.entries.push(Entry::new(key));
        if let Some(places) = &mut self.places {
            places.insert(key, place);
        }
        place
    }
}

/// See [`OrderBook::orders_into`].
fn sorted_orders(
    entries: impl Iterator<Item = Entry>,
    mut loose_minor: i64,
    zone: &Zone,
    orders: &mut Vec<Order>,
) -> i64 {
    orders.clear();
    for entry in entries.filter(|entry| !entry.is_void()) {
        match entry.order(zone) {
            Some(order) => orders.push(order),
            None => loose_minor = loose_minor.saturating_add(entry.refunded_minor),
        }
    }
    orders.sort_unstable_by_key(|order| (order.time_us, order.key));
    loose_minor
}

impl Entry {
    const fn new(key: u64) -> Self {
        Self {
            key,
            header: None,
            first_line_us: i64::MAX,
            first_line_mid: u64::MAX,
            lines_minor: 0,
            units_milli: 0,
            refunded_minor: 0,
            cancelled_us: i64::MIN,
            first_line_channel: Symbol::NONE,
            lines: 0,
        }
    }

    fn add_line(&mut self, event: &Event) {
        if self.lines == 0 || (event.time_us, event.mid) < (self.first_line_us, self.first_line_mid) {
            self.first_line_us = event.time_us;
            self.first_line_mid = event.mid;
            self.first_line_channel = event.channel;
        }
        self.lines = self.lines.saturating_add(1);
        self.lines_minor = self.lines_minor.saturating_add(money(event));
        if event.quantity_milli != NONE {
            self.units_milli = self.units_milli.saturating_add(event.quantity_milli);
        }
    }

    /// Whether the order and all that names it count nothing here.
    fn is_void(&self) -> bool {
        self.header.is_some_and(|header| header.void)
    }

    /// The order, unless only refunds or cancellations were heard of.
    fn order(&self, zone: &Zone) -> Option<Order> {
        if self.header.is_none() && self.lines == 0 {
            return None;
        }
        let time_us = self.header.map_or(self.first_line_us, |header| header.time_us);
        let stated_minor = self.header.map(|header| header.value_minor).filter(|value| *value != NONE);
        let stated_units = self.header.map(|header| header.units_milli).filter(|units| *units != NONE);
        let stated_channel = self.header.map(|header| header.channel).filter(|channel| *channel != Symbol::NONE);
        Some(Order {
            key: self.key,
            time_us,
            day: zone.day(time_us),
            gross_minor: stated_minor.unwrap_or(self.lines_minor),
            refunded_minor: self.refunded_minor,
            units_milli: stated_units.unwrap_or(self.units_milli),
            lines: self.lines,
            cancelled: self.cancelled_us != i64::MIN && self.cancelled_us >= time_us,
            channel: stated_channel.unwrap_or(self.first_line_channel),
            store: self.header.map_or(Symbol::NONE, |header| header.store),
            staff: self.header.map_or(Symbol::NONE, |header| header.staff),
        })
    }
}

fn money(event: &Event) -> i64 {
    if event.value_minor == NONE { 0 } else { event.value_minor }
}
