//! The rows of one order into events.

use super::late::{Refunded, Refunds};
use super::line::{Group, Line, Span};
use super::owner::Moves;
use super::part::PartReader;
use super::properties::object;
use super::seen::{Known, Seen};
use super::sink::{Outgoing, Sink};
use crate::ListenError;
use crate::identify::Who;
use crate::import::{ImportOutcome, RejectLog, RejectReason, Rejected, SkipReason};
use crate::layout::status::OrderStatus;
use crate::owners::OrderOwners;
use crate::recognise::Field;
use perennial_model::{CustomerId, EventKind, HashKey, Mid, OrderKey, ShardCount, names};
use std::fmt::Write;

/// Where the events of one file go, and what is counted on the way.
pub(crate) struct Emitter<'a> {
    pub(crate) part: &'a PartReader,
    pub(crate) hash_key: &'a HashKey,
    pub(crate) shards: ShardCount,
    pub(crate) seen: &'a mut Seen,
    pub(crate) owners: &'a mut OrderOwners,
    pub(crate) sink: &'a mut Sink,
    pub(crate) rejects: &'a mut RejectLog,
    pub(crate) outcome: &'a mut ImportOutcome,
    pub(crate) scratch: &'a mut String,
}

/// An order whose customer and time are known.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) group: &'a Group,
    pub(super) key: OrderKey,
    pub(super) profile: CustomerId,
    /// The profile that had it until this export.
    pub(super) left: Option<CustomerId>,
    pub(super) time_us: i64,
}

impl Order<'_> {
    /// The status of a line: its own where lines have one, else the order's.
    fn status(&self, line: &Line, own: bool) -> OrderStatus {
        let of_order = || self.group.lines.iter().find_map(|line| line.status);
        let status = if own { line.status.or_else(of_order) } else { of_order() };
        status.unwrap_or(OrderStatus::Kept)
    }

    pub(super) fn event(&self, kind: EventKind, name: &'static str, mid: Mid) -> Outgoing<'_> {
        Outgoing {
            profile: self.profile,
            mid,
            kind,
            name,
            time_us: self.time_us,
            channel: None,
            campaign: None,
            order: self.key,
            order_id: self.group.id(),
            item: None,
            quantity_milli: None,
            value_minor: None,
            properties: None,
            values: &[],
        }
    }
}

impl Emitter<'_> {
    /// Where the rows of nobody are kept.
    pub(crate) fn profile(&self, who: Who, order: OrderKey) -> CustomerId {
        match who {
            Who::Somebody(profile) => profile,
            Who::Nobody | Who::Suppressed => CustomerId::unidentified(self.shards.of_hash(order.0)),
        }
    }

    /// Emits all events of an order's rows.
    pub(crate) fn group(&mut self, group: &Group) -> Result<(), ListenError> {
        let Some(key) = group.order else {
            return Ok(());
        };
        let rows = group.lines.len() as u64;
        let who = group.lines.iter().map(|line| line.who).find(|who| *who != Who::Nobody).unwrap_or(Who::Nobody);
        let time_us = group.lines.iter().find_map(|line| line.time_us);
        if who == Who::Suppressed {
            self.outcome.suppressed_rows += rows;
            self.seen.keep_order(key, Known { suppressed: true, time_us: time_us.unwrap_or_default(), counts: false });
            return Ok(());
        }
        let own_status = self.part.columns.has(Field::SubOrder);
        let profile = self.profile(who, key);
        let order = Order { group, key, profile, left: None, time_us: time_us.unwrap_or_default() };
        let is_kept =
            |line: &&Line| matches!(order.status(line, own_status), OrderStatus::Kept | OrderStatus::Refunded);
        let kept: usize = group.lines.iter().filter(is_kept).count();
        self.count_skipped(&order, own_status);
        let counts = kept > 0 && time_us.is_some() || own_status && self.seen.has_header(key);
        self.seen.keep_order(key, Known { suppressed: false, time_us: order.time_us, counts });
        if kept == 0 {
            let is_cancelled = |line: &Line| order.status(line, own_status) == OrderStatus::Cancelled;
            match group.lines.iter().any(is_cancelled) {
                _ if time_us.is_none() => {}
                true if own_status && self.seen.keep_closed(group) => {}
                true => self.closed(order, own_status),
                false => self.unpaid(&order),
            }
            return Ok(());
        }
        if time_us.is_none() {
            return self.reject_group(group, RejectReason::MissingTime, Field::Time);
        }
        if who == Who::Nobody {
            self.outcome.unidentified_rows += rows;
        }
        if group.is_cancelled_invoice {
            return self.cancelled_invoice(order);
        }
        self.kept_order(order, own_status)
    }

    fn count_skipped(&mut self, order: &Order<'_>, own_status: bool) {
        for line in &order.group.lines {
            let reason = match order.status(line, own_status) {
                OrderStatus::Unpaid => SkipReason::Unpaid,
                OrderStatus::Cancelled => SkipReason::Cancelled,
                OrderStatus::Kept | OrderStatus::Refunded => continue,
            };
            *self.outcome.skipped.entry(reason).or_default() += 1;
        }
    }

    /// Rows of closed sub-orders, when all other rows have been read.
    pub(crate) fn closed_group(&mut self, group: &Group) {
        let who = group.lines.iter().map(|line| line.who).find(|who| *who != Who::Nobody).unwrap_or(Who::Nobody);
        if let Some((key, time_us)) = group.order.zip(group.lines.iter().find_map(|line| line.time_us)) {
            self.closed(Order { group, key, profile: self.profile(who, key), left: None, time_us }, true);
        }
    }

    /// An order that does not count (any more). Where other sub-orders of it were kept it still
    /// counts, less what is closed.
    fn closed(&mut self, order: Order<'_>, own_status: bool) {
        let order = self.settled(order, Moves::Yes);
        if own_status && self.seen.has_header(order.key) {
            return self.closed_lines(&order);
        }
        self.leave(&order);
        self.void(&order);
    }

    /// A closed sub-order is a line and a refund of all of it: an older export may have counted it.
    fn closed_lines(&mut self, order: &Order<'_>) {
        if self.seen.keeps_orders() || self.part.columns.has(Field::OrderAmount) {
            return;
        }
        let is_closed = |line: &&Line| order.status(line, true) == OrderStatus::Cancelled && !line.sub_order.is_none();
        for line in order.group.lines.iter().filter(is_closed) {
            if let Some(value) = line.value.filter(|value| *value > 0) {
                self.line(order, line);
                self.line_refund(order, line, value);
            }
        }
    }

    /// Identity of what an export says about an order without an id of its own.
    pub(super) fn named_mid(&mut self, what: &str, id: Option<&str>, key: OrderKey, line: Option<&str>) -> Mid {
        self.scratch.clear();
        // Writing to a string cannot fail.
        let _ = match id {
            Some(id) => write!(self.scratch, "{what}:{id}:{}", line.unwrap_or_default()),
            None => write!(self.scratch, "{what}:{:016x}:{}", key.0, line.unwrap_or_default()),
        };
        self.hash_key.mid(&self.part.source, self.scratch)
    }

    /// C536379: goods of some invoice came back, it is not said of which.
    fn cancelled_invoice(&mut self, order: Order<'_>) -> Result<(), ListenError> {
        let order = self.settled(order, Moves::Yes);
        for line in &order.group.lines {
            match line.value.or(line.order_amount) {
                None => self.reject(order.group, line, RejectReason::MissingAmount, None)?,
                Some(value) if value > 0 => self.reject(order.group, line, RejectReason::PositiveCancellation, None)?,
                Some(value) => self.returned(&order, line, value, OrderKey::NONE),
            }
        }
        Ok(())
    }

    fn returned(&mut self, order: &Order<'_>, line: &Line, value: i64, key: OrderKey) {
        let mut event = order.event(EventKind::Refund, names::ORDER_REFUNDED, line.mid);
        event.order = key;
        event.time_us = line.time_us.unwrap_or(order.time_us);
        event.channel = order.group.text(line.channel);
        event.item = order.group.text(line.item).or_else(|| order.group.text(line.item_name));
        event.quantity_milli = line.quantity_milli.map(i64::abs);
        event.value_minor = Some(value.abs());
        event.properties = object(self.scratch, &[], order.group.text(line.properties));
        let values = order.group.values(line);
        event.values = &values;
        self.sink.push(&self.part.source, &event);
        if let Some(left) = order.left {
            // A later version of the same refund: of nothing.
            (event.profile, event.order_id, event.value_minor) = (left, None, Some(0));
            self.sink.push_uncounted(&self.part.source, &event);
        }
    }

    fn kept_order(&mut self, order: Order<'_>, own_status: bool) -> Result<(), ListenError> {
        let group = order.group;
        let is_kept =
            |line: &&Line| matches!(order.status(line, own_status), OrderStatus::Kept | OrderStatus::Refunded);
        let kept = || group.lines.iter().filter(is_kept);
        if kept().all(Line::is_return) {
            let order = self.settled(order, Moves::No);
            let key = if self.seen.has_header(order.key) { order.key } else { OrderKey::NONE };
            kept().for_each(|line| {
                self.returned(&order, line, line.value.or(line.order_amount).unwrap_or_default(), key)
            });
            return Ok(());
        }
        let header_value = order_amount(kept());
        let has_money = header_value.is_some() || kept().any(|line| line.value.is_some());
        let needs_money = self.part.columns.has_any(&[Field::OrderAmount, Field::LineAmount, Field::UnitPrice]);
        if !has_money && needs_money && !self.seen.keeps_orders() && !self.seen.has_header(order.key) {
            let field = if self.part.columns.has(Field::OrderAmount) { Field::OrderAmount } else { Field::LineAmount };
            return self.reject_group(group, RejectReason::MissingAmount, field);
        }
        let order = &self.settled(order, Moves::Yes);
        if self.seen.first_header(order.key) {
            self.leave(order);
            self.header(order, header_value);
        }
        if !self.seen.keeps_orders() {
            kept().filter(|line| line.has_line()).for_each(|line| self.line(order, line));
        }
        if own_status {
            self.closed_lines(order);
        }
        self.refunds(order, own_status, header_value, kept());
        Ok(())
    }

    fn header(&mut self, order: &Order<'_>, value: Option<i64>) {
        let Some(first) = order.group.lines.first() else {
            return;
        };
        let mut event =
            order.event(EventKind::Order, names::ORDER_COMPLETED, self.hash_key.order_header_mid(order.key));
        event.channel = order.group.text(first.channel);
        event.campaign = order.group.text(first.campaign);
        event.value_minor = value;
        event.quantity_milli = first.quantity_milli.filter(|_| self.part.quantity_of_order);
        let stated = |of: fn(&Line) -> Span| order.group.lines.iter().find_map(|line| order.group.text(of(line)));
        let named = [("store", stated(|line| line.store)), ("staff", stated(|line| line.staff))];
        event.properties = object(self.scratch, &named, order.group.text(first.properties));
        let values = order.group.values(first);
        event.values = &values;
        self.sink.push(&self.part.source, &event);
    }

    fn line(&mut self, order: &Order<'_>, line: &Line) {
        let group = order.group;
        let mut event = order.event(EventKind::OrderLine, names::ORDER_LINE, line.mid);
        let (item, item_name) = (group.text(line.item), group.text(line.item_name));
        event.time_us = line.time_us.unwrap_or(order.time_us);
        event.channel = group.text(line.channel);
        event.campaign = group.text(line.campaign);
        event.item = item.or(item_name);
        event.quantity_milli = line.quantity_milli;
        event.value_minor = line.value;
        let members = [("item_name", item.and(item_name)), ("category", group.text(line.category))];
        event.properties = object(self.scratch, &members, group.text(line.properties));
        let values = group.values(line);
        event.values = &values;
        self.sink.push(&self.part.source, &event);
    }

    /// Each sub-order has its own refund; those of an order wait for its last row.
    fn refunds<'l>(
        &mut self,
        order: &Order<'_>,
        own_status: bool,
        header_value: Option<i64>,
        kept: impl Iterator<Item = &'l Line> + Clone,
    ) {
        let mut refunds = Refunds::of(header_value);
        kept.clone().for_each(|line| refunds.row(line.refund, line.value));
        if own_status && !(refunds.is_written() && refunds.is_orders(self.part.refund_level)) {
            for line in kept {
                let whole = line.refunded.then(|| line.value.or(line.order_amount)).flatten();
                if let Some(amount) = line.refund.or(whole).filter(|amount| *amount > 0) {
                    self.line_refund(order, line, amount);
                }
            }
            return;
        }
        if !refunds.is_written() {
            refunds.called = match header_value {
                Some(value) if kept.clone().all(|line| line.refunded) => value,
                _ => kept.filter(|line| line.refunded).filter_map(|line| line.value).fold(0, i64::saturating_add),
            };
        }
        if let Some(known) = self.seen.refunds(order.key) {
            known.add(&refunds);
        } else if refunds.is_written() || refunds.called > 0 {
            let order_id = order.group.id().map(Into::into);
            let refunded = Refunded { profile: order.profile, time_us: order.time_us, order_id, refunds };
            self.seen.keep_refunds(order.key, refunded);
        }
    }

    fn line_refund(&mut self, order: &Order<'_>, line: &Line, amount: i64) {
        let mid = self.named_mid("refund", order.group.id(), order.key, order.group.text(line.sub_order));
        let mut event = order.event(EventKind::Refund, names::ORDER_REFUNDED, mid);
        event.time_us = line.time_us.unwrap_or(order.time_us);
        event.item = order.group.text(line.item).or_else(|| order.group.text(line.item_name));
        event.value_minor = Some(amount);
        self.sink.push(&self.part.source, &event);
    }

    fn reject_group(&mut self, group: &Group, reason: RejectReason, field: Field) -> Result<(), ListenError> {
        group.lines.iter().try_for_each(|line| self.reject(group, line, reason, Some(field)))
    }

    fn reject(
        &mut self,
        group: &Group,
        line: &Line,
        reason: RejectReason,
        field: Option<Field>,
    ) -> Result<(), ListenError> {
        let column = field.and_then(|field| self.part.column_name(field));
        let rejected = Rejected { file: self.part.file.clone(), line: line.line, column, reason, detail: None };
        let row = group.text(line.raw).or_else(|| group.id()).unwrap_or_default();
        self.rejects.add(rejected, row)
    }
}

/// The order's money: repeated on its rows, or different amounts to be added.
fn order_amount<'l>(mut lines: impl Iterator<Item = &'l Line>) -> Option<i64> {
    let first = lines.find_map(|line| line.order_amount)?;
    let (mut sum, mut differ) = (first, false);
    for amount in lines.filter_map(|line| line.order_amount) {
        (sum, differ) = (sum.saturating_add(amount), differ || amount != first);
    }
    Some(if differ { sum } else { first })
}
