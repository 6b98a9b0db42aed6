//! Events on their way into a chunk.

use super::properties::Declared;
use crate::consent::{Stated, Statements};
use crate::import::EventCounts;
use perennial_model::{Currency, CustomerId, EventKind, Mid, OrderKey, PropertySpec};
use perennial_timeline::{DeclaredColumns, DeclaredColumnsBuilder, EventBatch, EventBatchBuilder, PropertyValue, Row};

/// Bytes of text after which a chunk is full, whatever its number of events.
const CHUNK_TEXT_BYTES: usize = 192 << 20;

/// One event, without what is the same for all of its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    pub(crate) profile: CustomerId,
    pub(crate) mid: Mid,
    pub(crate) kind: EventKind,
    pub(crate) name: &'a str,
    pub(crate) time_us: i64,
    pub(crate) channel: Option<&'a str>,
    pub(crate) campaign: Option<&'a str>,
    pub(crate) order: OrderKey,
    pub(crate) order_id: Option<&'a str>,
    pub(crate) item: Option<&'a str>,
    pub(crate) quantity_milli: Option<i64>,
    pub(crate) value_minor: Option<i64>,
    pub(crate) properties: Option<&'a str>,
    pub(crate) values: &'a [Declared<&'a str>],
}

/// Events collected.
pub(crate) struct Taken {
    pub(crate) batch: EventBatch,
    /// Their values of declared properties.
    pub(crate) declared: DeclaredColumns,
    /// Orders whose owner these events settle.
    pub(crate) order_owners: Vec<(OrderKey, CustomerId)>,
    /// What rows state of consent.
    pub(crate) stated: Vec<Stated>,
}

/// Collects events.
pub(crate) struct Sink {
    builder: EventBatchBuilder,
    declared: DeclaredColumnsBuilder,
    order_owners: Vec<(OrderKey, CustomerId)>,
    statements: Statements,
    text_bytes: usize,
    pub(crate) counts: EventCounts,
    /// Rows that an earlier import kept already are counted and not kept again.
    pub(crate) dry: bool,
    pub(crate) received_us: i64,
    pub(crate) currency: Currency,
}

impl Sink {
    /// Of events with values of these properties, all heard of at one instant, UTC µs.
    pub(crate) fn new(properties: &[PropertySpec], currency: Currency, received_us: i64) -> Self {
        Self {
            builder: EventBatchBuilder::default(),
            declared: DeclaredColumnsBuilder::new(properties),
            order_owners: Vec::new(),
            statements: Statements::default(),
            text_bytes: 0,
            counts: EventCounts::default(),
            dry: false,
            received_us,
            currency,
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, source: &str, event: &Outgoing<'_>) {
        self.count(event);
        self.push_uncounted(source, event);
    }

    /// What a row states of consent.
    pub(crate) fn state(&mut self, stated: Stated) {
        if !self.dry && self.statements.push(stated) {
            self.counts.others += 1;
        }
    }

    /// Notes whose an order is, in one transaction with its events.
    #[inline]
    pub(crate) fn own(&mut self, order: OrderKey, owner: CustomerId) {
        if !self.dry {
            self.order_owners.push((order, owner));
        }
    }

    /// An event that only takes back what an export before said.
    #[inline]
    pub(crate) fn push_uncounted(&mut self, source: &str, event: &Outgoing<'_>) {
        if self.dry {
            return;
        }
        let long_texts = [event.order_id, event.item, event.properties];
        let values = event.values.iter().filter_map(|value| match value {
            Some(PropertyValue::Text(text)) => Some(*text),
            _ => None,
        });
        self.text_bytes += long_texts.into_iter().flatten().chain(values).map(str::len).sum::<usize>();
        self.declared.push(event.values);
        self.builder.push(&Row {
            // The timeline gives each row the customer of its profile.
            customer: event.profile,
            profile: event.profile,
            mid: event.mid,
            kind: event.kind,
            time_us: event.time_us,
            received_us: self.received_us,
            name: event.name,
            source,
            channel: event.channel,
            campaign: event.campaign,
            order: event.order,
            order_id: event.order_id,
            item: event.item,
            quantity_milli: event.quantity_milli,
            value_minor: event.value_minor,
            currency: event.value_minor.map(|_| self.currency),
            properties: event.properties,
        });
    }

    #[inline]
    fn count(&mut self, event: &Outgoing<'_>) {
        let count = match event.kind {
            EventKind::Order => &mut self.counts.orders,
            EventKind::OrderLine => &mut self.counts.lines,
            EventKind::Refund => &mut self.counts.refunds,
            EventKind::Cancellation | EventKind::OrderVoid => &mut self.counts.cancellations,
            EventKind::Event => &mut self.counts.others,
        };
        *count += 1;
        if event.kind == EventKind::Order && !event.profile.is_identified() {
            self.counts.unidentified_orders += 1;
        }
    }

    pub(crate) fn is_full(&self, chunk_events: usize) -> bool {
        self.builder.len().max(self.statements.len()) >= chunk_events || self.text_bytes >= CHUNK_TEXT_BYTES
    }

    /// The events so far; the sink is empty afterwards.
    pub(crate) fn take(&mut self) -> Result<Taken, arrow::error::ArrowError> {
        self.text_bytes = 0;
        Ok(Taken {
            batch: self.builder.finish()?,
            declared: self.declared.finish(),
            order_owners: std::mem::take(&mut self.order_owners),
            stated: self.statements.take(),
        })
    }
}
