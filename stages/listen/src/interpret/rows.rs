//! What becomes of a row that could be read: part of an order, a line of a reported order, or any
//! other event.

use super::parse::Parsed;
use super::part::Fault;
use super::properties::object;
use super::seen::Known;
use super::sink::Outgoing;
use super::{Chunk, Interpreter, keys};
use crate::ListenError;
use crate::consent::Stated;
use crate::identify::{KeyHash, Resolver, Who};
use crate::import::{RejectLog, RejectReason, RowView, SkipReason};
use crate::layout::event_word::EventWord;
use crate::layout::status::OrderStatus;
use crate::recognise::Field;
use perennial_model::{ConsentChannel, CustomerId, EventKind, Mid, OrderKey, names};
use std::fmt::Write;

impl Interpreter {
    pub(super) fn order_row(
        &mut self,
        parsed: Parsed<'_>,
        row: RowView<'_>,
        hashes: &[KeyHash],
        resolver: &mut Resolver,
        rejects: &mut RejectLog,
    ) -> Result<Option<Chunk>, ListenError> {
        let who = match self.who(&parsed, row, hashes, resolver) {
            Ok(who) => who,
            Err(fault) => return self.reject(row, fault, rejects).map(|()| None),
        };
        let mid = self.mid_of(&parsed, hashes);
        let order = match self.order_of(&parsed, hashes) {
            Some(order) => order,
            None => self.task.hash_key.order(&self.parts[self.part].source, &format!("\u{1}{:016x}", mid.0)),
        };
        let part = &self.parts[self.part];
        let is_continued = part.columns.has(Field::OrderAmount) && parsed.order_amount.is_none();
        if self.rejected_order == Some(order) && is_continued {
            return self
                .reject(row, Fault { reason: RejectReason::OrderRejected, field: None }, rejects)
                .map(|()| None);
        }
        let mut chunk = None;
        if self.group.order != Some(order) {
            let is_cancelled = part.cancel_prefix && parsed.order_id.as_deref().is_some_and(|id| id.starts_with('C'));
            chunk = self.begin(rejects)?;
            self.rejected_order = None;
            self.group.order = Some(order);
            self.group.is_cancelled_invoice = is_cancelled;
            let span = parsed.order_id.as_deref().map(|id| self.group.keep(Some(id)));
            self.group.order_id = span;
        }
        if let Some(at_us) = parsed.time_us {
            self.state_consents(row, who, at_us);
        }
        let line = parsed.into_line(&mut self.group, row, who, mid);
        self.group.lines.push(line);
        Ok(chunk)
    }

    /// A row of a list of customers: what it says holds now.
    pub(super) fn list_row(
        &mut self,
        parsed: &Parsed<'_>,
        row: RowView<'_>,
        hashes: &[KeyHash],
        resolver: &mut Resolver,
        rejects: &mut RejectLog,
    ) -> Result<Option<Chunk>, ListenError> {
        let who = match self.who(parsed, row, hashes, resolver) {
            Ok(who) => who,
            Err(fault) => return self.reject(row, fault, rejects).map(|()| None),
        };
        let chunk = self.begin(rejects)?;
        self.outcome.suppressed_rows += u64::from(who == Who::Suppressed);
        self.outcome.unidentified_rows += u64::from(who == Who::Nobody);
        self.state_consents(row, who, self.task.settings.now_us);
        Ok(chunk)
    }

    fn state_consents(&mut self, row: RowView<'_>, who: Who, at_us: i64) {
        let Who::Somebody(profile) = who else { return };
        let part = self.part;
        // Who says no to everything says no to each way, whatever else the row says.
        let no_to_all = || self.parts[part].consents(row).any(|said| said == (ConsentChannel::Any, false));
        for (channel, given) in self.parts[part].consents(row).filter(|(_, given)| !*given || !no_to_all()) {
            self.sink.state(Stated { profile, channel, given, at_us, part });
        }
    }

    /// Whose a row is. Nobody is made a customer by an order that was not paid.
    fn who(
        &self,
        parsed: &Parsed<'_>,
        row: RowView<'_>,
        hashes: &[KeyHash],
        resolver: &mut Resolver,
    ) -> Result<Who, Fault> {
        if parsed.status == Some(OrderStatus::Unpaid) {
            return Ok(Who::Nobody);
        }
        let part = &self.parts[self.part];
        let who = resolver.resolve(hashes, |index| keys::key_at(part, row, index));
        match keys::mangled_key(part, row).filter(|_| who == Who::Nobody) {
            Some(field) => Err(Fault::of(RejectReason::MangledId, field)),
            None => Ok(who),
        }
    }

    /// The order of a row. Without an order id, what one customer bought at one time (on one day,
    /// where only days are written) is one order; what nobody bought is an order by itself.
    fn order_of(&mut self, parsed: &Parsed<'_>, hashes: &[KeyHash]) -> Option<OrderKey> {
        let (hash_key, source) = (&self.task.hash_key, &self.parts[self.part].source);
        if let Some(id) = &parsed.order_id {
            return Some(hash_key.order(source, id));
        }
        let strongest = hashes.iter().copied().find(|hash| *hash != KeyHash::NONE)?;
        self.scratch.clear();
        // Writing to a string cannot fail. No id of a file starts with the byte 1.
        let _ = write!(self.scratch, "\u{1}{:016x}:{}", strongest.short(), parsed.time_us.unwrap_or_default());
        Some(hash_key.order(source, &self.scratch))
    }

    /// The row's own identity: its id where it has one, else what it says and how many times before.
    fn mid_of(&mut self, parsed: &Parsed<'_>, hashes: &[KeyHash]) -> Mid {
        let (hash_key, source) = (&self.task.hash_key, &self.parts[self.part].source);
        if let Some(id) = parsed.message.as_ref().or(parsed.sub_order.as_ref()) {
            return hash_key.mid(source, id);
        }
        self.canonical.clear();
        match &parsed.order_id {
            Some(id) => self.canonical.extend_from_slice(id.as_bytes()),
            None => {
                let strongest = hashes.iter().copied().find(|hash| *hash != KeyHash::NONE);
                self.canonical.extend_from_slice(&strongest.map_or(0, KeyHash::short).to_le_bytes());
                self.canonical.extend_from_slice(&parsed.time_us.unwrap_or_default().to_le_bytes());
            }
        }
        self.canonical.push(0x1e);
        parsed.canonical(&mut self.canonical);
        let first = hash_key.row_mid(source, &self.canonical, 0);
        match self.seen.nth(first) {
            0 => first,
            nth => hash_key.row_mid(source, &self.canonical, nth),
        }
    }

    /// A row of a log: a refund or cancellation of an order, or any other event.
    pub(super) fn event_row(
        &mut self,
        parsed: Parsed<'_>,
        row: RowView<'_>,
        hashes: &[KeyHash],
        resolver: &mut Resolver,
        rejects: &mut RejectLog,
    ) -> Result<Option<Chunk>, ListenError> {
        let Some((event, word)) = parsed.event else {
            return Ok(None);
        };
        let Some(time_us) = parsed.time_us else {
            return self.reject(row, Fault::of(RejectReason::MissingTime, Field::Time), rejects).map(|()| None);
        };
        let who = match self.who(&parsed, row, hashes, resolver) {
            Ok(Who::Suppressed) => {
                self.outcome.suppressed_rows += 1;
                return Ok(None);
            }
            Ok(who) => who,
            Err(fault) => return self.reject(row, fault, rejects).map(|()| None),
        };
        let chunk = self.begin(rejects)?;
        let mid = self.mid_of(&parsed, hashes);
        let order = match &parsed.order_id {
            Some(_) => self.order_of(&parsed, hashes).unwrap_or(OrderKey::NONE),
            None => OrderKey::NONE,
        };
        self.outcome.unidentified_rows += u64::from(who == Who::Nobody);
        let stated = [("store", parsed.store), ("staff", parsed.staff), ("category", parsed.category)];
        let properties = own_properties(&stated, &parsed);
        let mut out = Outgoing {
            // An event of nobody and of no order lies anywhere.
            profile: self.owner(who, if parsed.order_id.is_some() { order } else { OrderKey(mid.0) }, rejects),
            mid,
            kind: EventKind::Event,
            name: event,
            time_us,
            channel: parsed.channel,
            campaign: parsed.campaign,
            order,
            order_id: parsed.order_id.as_deref(),
            item: parsed.item.as_deref().or(parsed.item_name),
            quantity_milli: parsed.quantity_milli,
            value_minor: parsed.money(),
            properties: properties.as_deref(),
            values: &parsed.properties.values,
        };
        about_order(word, parsed.refund, &mut out);
        self.sink.push(&self.parts[self.part].source, &out);
        Ok(chunk)
    }

    /// Where a row goes that does not say itself whose its order is.
    fn owner(&mut self, who: Who, order: OrderKey, rejects: &mut RejectLog) -> CustomerId {
        let known = self.owners.of(order).filter(|_| who == Who::Nobody);
        known.unwrap_or_else(|| self.emitter(rejects).profile(who, order))
    }

    /// An order that only an import before told of, where the line says itself when it was.
    fn reported_before(&self, order: OrderKey, parsed: &Parsed<'_>) -> Option<Known> {
        let time_us = parsed.time_us.filter(|_| self.owners.of(order).is_some())?;
        Some(Known { suppressed: false, time_us, counts: true })
    }

    /// A row of an item report: a line of an order that the order report told of.
    pub(super) fn item_row(
        &mut self,
        parsed: Parsed<'_>,
        row: RowView<'_>,
        rejects: &mut RejectLog,
    ) -> Result<Option<Chunk>, ListenError> {
        let source = &self.parts[self.part].source;
        let Some(order) = parsed.order_id.as_deref().map(|id| self.task.hash_key.order(source, id)) else {
            return self.reject(row, Fault::of(RejectReason::OrderNotInReport, Field::Order), rejects).map(|()| None);
        };
        let known = match self.seen.order(order).or_else(|| self.reported_before(order, &parsed)) {
            None => {
                return self
                    .reject(row, Fault::of(RejectReason::OrderNotInReport, Field::Order), rejects)
                    .map(|()| None);
            }
            Some(known) if known.suppressed => {
                self.outcome.suppressed_rows += 1;
                return Ok(None);
            }
            Some(known)
                if !known.counts || matches!(parsed.status, Some(OrderStatus::Cancelled | OrderStatus::Unpaid)) =>
            {
                *self.outcome.skipped.entry(SkipReason::LineOfSkippedOrder).or_default() += 1;
                return Ok(None);
            }
            Some(known) => known,
        };
        let chunk = self.begin(rejects)?;
        let mid = self.mid_of(&parsed, &[]);
        let name = parsed.item.as_deref().and(parsed.item_name);
        let properties = own_properties(&[("item_name", name), ("category", parsed.category)], &parsed);
        let out = Outgoing {
            profile: self.owner(Who::Nobody, order, rejects),
            mid,
            kind: EventKind::OrderLine,
            name: names::ORDER_LINE,
            time_us: known.time_us,
            channel: None,
            campaign: None,
            order,
            order_id: parsed.order_id.as_deref(),
            item: parsed.item.as_deref().or(parsed.item_name),
            quantity_milli: parsed.quantity_milli,
            value_minor: parsed.value,
            properties: properties.as_deref(),
            values: &parsed.properties.values,
        };
        self.sink.push(&self.parts[self.part].source, &out);
        Ok(chunk)
    }
}

/// A JSON object of the texts that there are and of the row's own properties.
fn own_properties(named: &[(&str, Option<&str>)], parsed: &Parsed<'_>) -> Option<String> {
    let mut out = String::new();
    let more = Some(parsed.properties.others.as_str()).filter(|members| !members.is_empty());
    object(&mut out, named, more)?;
    Some(out)
}

/// A refund or a cancellation, where it says enough to be one.
fn about_order(word: EventWord, refund: Option<i64>, out: &mut Outgoing<'_>) {
    let amount = refund.or(out.value_minor).map(i64::abs);
    match word {
        EventWord::Refund if amount.is_some() => {
            (out.kind, out.name, out.value_minor) = (EventKind::Refund, names::ORDER_REFUNDED, amount);
        }
        EventWord::Cancel if out.order != OrderKey::NONE => {
            (out.kind, out.name) = (EventKind::Cancellation, names::ORDER_CANCELLED);
        }
        _ => {}
    }
}
