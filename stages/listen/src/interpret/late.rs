//! What only all rows of a file can tell: an order's refunds, and whether an order with a closed
//! sub-order is closed itself.

use super::emit::Emitter;
use super::sink::Outgoing;
use crate::recognise::RefundLevel;
use perennial_model::{CustomerId, EventKind, OrderKey, names};

/// What was given back of one order, over all of its rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refunds {
    /// Money of the order, where a row has it.
    pub(crate) value: Option<i64>,
    /// Money of its lines.
    pub(crate) lines: i64,
    rows: u32,
    /// Rows with an amount given back, the first of them, and their sum.
    written: u32,
    first: i64,
    sum: i64,
    differ: bool,
    /// What the lines that are called refunded cost, and the order where all of them are.
    pub(crate) called: i64,
}

impl Refunds {
    pub(crate) fn of(value: Option<i64>) -> Self {
        Self { value, ..Self::default() }
    }

    pub(crate) fn row(&mut self, refund: Option<i64>, value: Option<i64>) {
        self.rows += 1;
        self.lines = self.lines.saturating_add(value.unwrap_or_default());
        if let Some(amount) = refund {
            self.differ |= self.written > 0 && amount != self.first;
            self.first = if self.written == 0 { amount } else { self.first };
            self.written += 1;
            self.sum = self.sum.saturating_add(amount);
        }
    }

    pub(crate) const fn is_written(&self) -> bool {
        self.written > 0
    }

    fn add(&mut self, other: &Self) {
        self.differ |= other.differ || (self.written > 0 && other.written > 0 && self.first != other.first);
        self.first = if self.written == 0 { other.first } else { self.first };
        self.value = self.value.or(other.value);
        self.lines = self.lines.saturating_add(other.lines);
        self.rows += other.rows;
        self.written += other.written;
        self.sum = self.sum.saturating_add(other.sum);
        self.called = self.called.saturating_add(other.called);
        self.called = self.value.map_or(self.called, |value| self.called.min(value));
    }

    /// Whether one amount of the order is repeated on its rows.
    pub(crate) fn is_orders(&self, level: RefundLevel) -> bool {
        let everywhere = !self.differ && self.rows > 1 && self.written == self.rows;
        match level {
            RefundLevel::Order => true,
            RefundLevel::Line => false,
            RefundLevel::Unknown => everywhere && (self.value.is_some() || self.sum > self.lines),
        }
    }

    fn amount(&self, level: RefundLevel) -> i64 {
        let written = if self.is_orders(level) && !self.differ { self.first } else { self.sum };
        written.saturating_add(self.called)
    }
}

/// Refunds of an order that are told of at the end.
#[derive(Debug)]
pub(crate) struct Refunded {
    pub(crate) profile: CustomerId,
    pub(crate) time_us: i64,
    pub(crate) order_id: Option<Box<str>>,
    pub(crate) refunds: Refunds,
}

impl Refunded {
    pub(crate) fn add(&mut self, refunds: &Refunds) {
        self.refunds.add(refunds);
    }
}

impl Emitter<'_> {
    /// Emits what waited for the last row.
    pub(crate) fn late(&mut self) {
        for group in self.seen.take_closed() {
            self.closed_group(&group);
        }
        for (key, refunded) in self.seen.take_refunds() {
            self.refund(key, &refunded);
        }
    }

    fn refund(&mut self, key: OrderKey, refunded: &Refunded) {
        let amount = refunded.refunds.amount(self.part.refund_level);
        if amount <= 0 {
            return;
        }
        let order_id = refunded.order_id.as_deref();
        let mid = self.named_mid("refund", order_id, key, None);
        let event = Outgoing {
            profile: refunded.profile,
            mid,
            kind: EventKind::Refund,
            name: names::ORDER_REFUNDED,
            time_us: refunded.time_us,
            channel: None,
            campaign: None,
            order: key,
            order_id,
            item: None,
            quantity_milli: None,
            value_minor: Some(amount),
            properties: None,
            values: &[],
        };
        self.sink.push(&self.part.source, &event);
    }
}
