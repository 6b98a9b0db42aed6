//! Events on their way in: rows in columns, in any order.

use crate::words::WordBuilder;
use arrow::array::{ArrayRef, Int64Builder, PrimitiveBuilder, RecordBatch, StringBuilder, UInt8Builder, UInt64Builder};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, UInt64Type};
use perennial_model::{Currency, CustomerId, EventKind, Mid, OrderKey};
use std::sync::{Arc, LazyLock};

/// One event whose customer is known, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The customer after aliases.
    pub customer: CustomerId,
    /// The profile at arrival.
    pub profile: CustomerId,
    /// Message identity.
    pub mid: Mid,
    /// What it means to the engine.
    pub kind: EventKind,
    /// UTC µs.
    pub time_us: i64,
    /// UTC µs.
    pub received_us: i64,
    /// Name.
    pub name: &'a str,
    /// Which feed.
    pub source: &'a str,
    /// Where.
    pub channel: Option<&'a str>,
    /// Campaign.
    pub campaign: Option<&'a str>,
    /// Order key; [`OrderKey::NONE`] for none.
    pub order: OrderKey,
    /// The source's order id, for people.
    pub order_id: Option<&'a str>,
    /// Item.
    pub item: Option<&'a str>,
    /// Thousandths.
    pub quantity_milli: Option<i64>,
    /// Minor units.
    pub value_minor: Option<i64>,
    /// Currency of the value.
    pub currency: Option<Currency>,
    /// Text of a JSON object.
    pub properties: Option<&'a str>,
}

/// The columns of every batch and run, in this order. Declared properties follow as `p_<name>`.
pub(crate) static EVENT_SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let word = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new("customer", DataType::UInt64, false),
        Field::new("profile", DataType::UInt64, false),
        Field::new("mid", DataType::UInt64, false),
        Field::new("kind", DataType::UInt8, false),
        Field::new("time", DataType::Int64, false),
        Field::new("received", DataType::Int64, false),
        Field::new("name", word(), false),
        Field::new("source", word(), false),
        Field::new("channel", word(), true),
        Field::new("campaign", word(), true),
        Field::new("order_key", DataType::UInt64, true),
        Field::new("order_id", DataType::Utf8, true),
        Field::new("item", word(), true),
        Field::new("quantity_milli", DataType::Int64, true),
        Field::new("value_minor", DataType::Int64, true),
        Field::new("currency", word(), true),
        Field::new("properties", DataType::Utf8, true),
    ]))
});

/// Events in columns, in any order, duplicates allowed.
#[derive(Debug, Clone)]
pub struct EventBatch(pub(crate) RecordBatch);

impl EventBatch {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.num_rows()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The Arrow form.
    #[must_use]
    pub const fn record_batch(&self) -> &RecordBatch {
        &self.0
    }
}

/// Builds an [`EventBatch`] row by row; words are interned as they come.
#[derive(Default)]
pub struct EventBatchBuilder {
    rows: usize,
    customer: UInt64Builder,
    profile: UInt64Builder,
    mid: UInt64Builder,
    kind: UInt8Builder,
    time: Int64Builder,
    received: Int64Builder,
    name: WordBuilder,
    source: WordBuilder,
    channel: WordBuilder,
    campaign: WordBuilder,
    order_key: PrimitiveBuilder<UInt64Type>,
    order_id: StringBuilder,
    item: WordBuilder,
    quantity_milli: PrimitiveBuilder<Int64Type>,
    value_minor: PrimitiveBuilder<Int64Type>,
    currency: WordBuilder,
    properties: StringBuilder,
}

impl EventBatchBuilder {
    /// Adds a row.
    pub fn push(&mut self, row: &Row<'_>) {
        self.rows += 1;
        self.customer.append_value(row.customer.0);
        self.profile.append_value(row.profile.0);
        self.mid.append_value(row.mid.0);
        self.kind.append_value(row.kind as u8);
        self.time.append_value(row.time_us);
        self.received.append_value(row.received_us);
        self.name.push(Some(row.name));
        self.source.push(Some(row.source));
        self.channel.push(row.channel);
        self.campaign.push(row.campaign);
        self.order_key.append_option((row.order != OrderKey::NONE).then_some(row.order.0));
        self.order_id.append_option(row.order_id);
        self.item.push(row.item);
        self.quantity_milli.append_option(row.quantity_milli);
        self.value_minor.append_option(row.value_minor);
        self.currency.push(row.currency.as_ref().map(Currency::as_str));
        self.properties.append_option(row.properties);
    }

    /// Rows so far.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The batch; the builder is empty afterwards.
    ///
    /// # Errors
    /// When Arrow refuses the columns, which their construction rules out.
    pub fn finish(&mut self) -> Result<EventBatch, arrow::error::ArrowError> {
        self.rows = 0;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.customer.finish()),
            Arc::new(self.profile.finish()),
            Arc::new(self.mid.finish()),
            Arc::new(self.kind.finish()),
            Arc::new(self.time.finish()),
            Arc::new(self.received.finish()),
            self.name.finish()?,
            self.source.finish()?,
            self.channel.finish()?,
            self.campaign.finish()?,
            Arc::new(self.order_key.finish()),
            Arc::new(self.order_id.finish()),
            self.item.finish()?,
            Arc::new(self.quantity_milli.finish()),
            Arc::new(self.value_minor.finish()),
            self.currency.finish()?,
            Arc::new(self.properties.finish()),
        ];
        RecordBatch::try_new(Arc::clone(&EVENT_SCHEMA), columns).map(EventBatch)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A visit of the `number`th customer of shard 0.
    pub(crate) fn row(number: u64, mid: u64, time_us: i64) -> Row<'static> {
        Row {
            customer: CustomerId::new(0, number),
            profile: CustomerId::new(0, number),
            mid: Mid(mid),
            kind: EventKind::Event,
            time_us,
            received_us: time_us,
            name: "visit",
            source: "web",
            channel: None,
            campaign: None,
            order: OrderKey::NONE,
            order_id: None,
            item: None,
            quantity_milli: None,
            value_minor: None,
            currency: None,
            properties: None,
        }
    }

    pub(crate) fn batch_of(rows: &[Row<'_>]) -> EventBatch {
        let mut builder = EventBatchBuilder::default();
        rows.iter().for_each(|row| builder.push(row));
        builder.finish().unwrap()
    }
}
