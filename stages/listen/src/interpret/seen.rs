//! What an import remembers of the rows before: orders that have a header, rows that are identical,
//! and, for a report with an item report, every order.

use super::late::Refunded;
use super::line::Group;
use perennial_model::{Mid, OrderKey};
use rustc_hash::{FxHashMap, FxHashSet};

/// What an item report needs to know of an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// Whether its customer was erased.
    pub(crate) suppressed: bool,
    pub(crate) time_us: i64,
    /// Whether it is an order at all: paid and not closed.
    pub(crate) counts: bool,
}

/// Bounded by the file: 9 bytes an order with a header, 9 a row without an id of its own, 40 an order that an item
/// report is joined to (times two while a table grows).
#[derive(Debug, Default)]
pub(crate) struct Seen {
    headers: FxHashSet<OrderKey>,
    rows: FxHashSet<Mid>,
    repeats: FxHashMap<Mid, u32>,
    orders: FxHashMap<OrderKey, Known>,
    keeps_orders: bool,
    refunds: FxHashMap<OrderKey, Refunded>,
    closed: Vec<Group>,
}

/// Groups of closed sub-orders that may wait for rows of their orders that are not closed.
const MOST_CLOSED: usize = 100_000;

impl Seen {
    /// Nothing yet; `keeps_orders` where an item report is joined.
    pub(crate) fn new(keeps_orders: bool) -> Self {
        Self { keeps_orders, ..Self::default() }
    }

    /// Whether the lines come from an item report.
    pub(crate) const fn keeps_orders(&self) -> bool {
        self.keeps_orders
    }

    /// Whether this is the order's first header.
    #[inline]
    pub(crate) fn first_header(&mut self, order: OrderKey) -> bool {
        self.headers.insert(order)
    }

    pub(crate) fn has_header(&self, order: OrderKey) -> bool {
        self.headers.contains(&order)
    }

    /// Which of the identical rows this is, from 0. `first` is the identity of the first of them.
    #[inline]
    pub(crate) fn nth(&mut self, first: Mid) -> u32 {
        if self.rows.insert(first) {
            return 0;
        }
        let count = self.repeats.entry(first).or_default();
        *count += 1;
        *count
    }

    /// The refunds of an order, if it has any so far.
    pub(crate) fn refunds(&mut self, order: OrderKey) -> Option<&mut Refunded> {
        self.refunds.get_mut(&order)
    }

    pub(crate) fn keep_refunds(&mut self, order: OrderKey, refunded: Refunded) {
        self.refunds.insert(order, refunded);
    }

    pub(crate) fn take_refunds(&mut self) -> impl Iterator<Item = (OrderKey, Refunded)> + use<> {
        std::mem::take(&mut self.refunds).into_iter()
    }

    /// Keeps a group until the end; not where too many wait.
    pub(crate) fn keep_closed(&mut self, group: &Group) -> bool {
        let has_room = self.closed.len() < MOST_CLOSED;
        if has_room {
            self.closed.push(group.clone());
        }
        has_room
    }

    pub(crate) fn take_closed(&mut self) -> Vec<Group> {
        std::mem::take(&mut self.closed)
    }

    pub(crate) fn keep_order(&mut self, order: OrderKey, known: Known) {
        if self.keeps_orders {
            self.orders.insert(order, known);
        }
    }

    pub(crate) fn order(&self, order: OrderKey) -> Option<Known> {
        self.orders.get(&order).copied()
    }
}
