//! One customer's events in full, for people.

use crate::run::{GroupChoice, column};
use crate::{Snapshot, TimelineError};
use arrow::array::{Array, AsArray, BooleanArray, Int64Array, RecordBatch, UInt8Array, UInt64Array};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use perennial_model::{CustomerId, EventKind, OrderKey};
use serde_json::{Map, Value};

/// What columns of declared properties are called.
const DECLARED: &str = "p_";

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Message identity.
    pub mid: u64,
    /// What it means to the engine.
    pub kind: EventKind,
    /// UTC µs.
    pub time_us: i64,
    /// UTC µs.
    pub received_us: i64,
    /// Name.
    pub name: String,
    /// Which feed.
    pub source: String,
    /// Where.
    pub channel: Option<String>,
    /// Campaign.
    pub campaign: Option<String>,
    /// Order key; [`OrderKey::NONE`] for none.
    pub order: OrderKey,
    /// The source's order id.
    pub order_id: Option<String>,
    /// Item.
    pub item: Option<String>,
    /// Thousandths.
    pub quantity_milli: Option<i64>,
    /// Minor units.
    pub value_minor: Option<i64>,
    /// Currency of the value, where it is not the brand's.
    pub currency: Option<String>,
    /// All else, declared properties among it.
    pub properties: Map<String, Value>,
}

impl Snapshot {
    /// A customer's visible events before `until_us` (exclusive), once each, by (time, mid); others' are
    /// not read. Blocks on files.
    ///
    /// # Errors
    /// As [`Snapshot::scan`].
    pub fn customer_events(
        &self,
        customer: CustomerId,
        until_us: Option<i64>,
    ) -> Result<Vec<StoredEvent>, TimelineError> {
        let columns: Vec<usize> = (0..self.event_schema().fields().len()).collect();
        let choice = GroupChoice::Customer(customer.number());
        let mut events = Vec::new();
        for batch in self.events_among(customer.shard(), &columns, until_us, choice)? {
            read(&batch?, customer, &mut events)?;
        }
        Ok(events)
    }
}

impl Snapshot {
    /// The same as record batches of the columns `projection` (indices into [`Snapshot::event_schema`]).
    ///
    /// # Errors
    /// As [`Snapshot::scan`].
    pub fn customer_event_batches(
        &self,
        customer: CustomerId,
        projection: &[usize],
        until_us: Option<i64>,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, TimelineError>> + use<>, TimelineError> {
        let failed = TimelineError::codec("read events");
        let whose = self.event_schema().index_of("customer").map_err(&failed)?;
        let columns: Vec<usize> = std::iter::once(whose).chain(projection.iter().copied()).collect();
        let wanted: Vec<usize> = (1..columns.len()).collect();
        let batches =
            self.events_among(customer.shard(), &columns, until_us, GroupChoice::Customer(customer.number()))?;
        Ok(batches.map(move |batch| {
            let batch = batch?;
            let customers: &UInt64Array = column(&batch, "customer")?;
            // Others of the shard may stand beside the customer.
            let own: BooleanArray = customers.values().iter().map(|found| Some(*found == customer.0)).collect();
            filter_record_batch(&batch, &own).and_then(|own| own.project(&wanted)).map_err(&failed)
        }))
    }
}

fn read(batch: &RecordBatch, customer: CustomerId, events: &mut Vec<StoredEvent>) -> Result<(), TimelineError> {
    let text = |name: &'static str| {
        let found: &dyn Array = batch.column_by_name(name).ok_or_else(|| missing(name))?;
        cast(found, &DataType::Utf8).map_err(TimelineError::codec("read words of events"))
    };
    let words = ["name", "source", "channel", "campaign", "order_id", "item", "currency", "properties"].map(text);
    let [name, source, channel, campaign, order_id, item, currency, properties] = words;
    let (name, source, channel, campaign) = (name?, source?, channel?, campaign?);
    let (order_id, item, currency, properties) = (order_id?, item?, currency?, properties?);
    let (customers, mids): (&UInt64Array, &UInt64Array) = (column(batch, "customer")?, column(batch, "mid")?);
    let kinds: &UInt8Array = column(batch, "kind")?;
    let (times, received): (&Int64Array, &Int64Array) = (column(batch, "time")?, column(batch, "received")?);
    let orders: &UInt64Array = column(batch, "order_key")?;
    let quantities: &Int64Array = column(batch, "quantity_milli")?;
    let values: &Int64Array = column(batch, "value_minor")?;
    // The hot log has rows of others of the shard beside the customer's.
    for row in (0..batch.num_rows()).filter(|row| customers.value(*row) == customer.0) {
        let Some(kind) = EventKind::from_stored(kinds.value(row)) else { continue };
        let word = |array: &dyn Array| {
            array.as_string_opt::<i32>().filter(|words| words.is_valid(row)).map(|words| words.value(row).to_owned())
        };
        let number = |array: &Int64Array| array.is_valid(row).then(|| array.value(row));
        events.push(StoredEvent {
            mid: mids.value(row),
            kind,
            time_us: times.value(row),
            received_us: received.value(row),
            name: word(&name).unwrap_or_default(),
            source: word(&source).unwrap_or_default(),
            channel: word(&channel),
            campaign: word(&campaign),
            order: if orders.is_valid(row) { OrderKey(orders.value(row)) } else { OrderKey::NONE },
            order_id: word(&order_id),
            item: word(&item),
            quantity_milli: number(quantities),
            value_minor: number(values),
            currency: word(&currency).filter(|code| !code.is_empty()),
            properties: with_declared(word(&properties).as_deref(), batch, row),
        });
    }
    Ok(())
}

fn missing(name: &'static str) -> TimelineError {
    TimelineError::Codec { action: "read events", source: format!("there is no column {name}").into() }
}

/// The JSON, and what has columns of its own.
fn with_declared(json: Option<&str>, batch: &RecordBatch, row: usize) -> Map<String, Value> {
    let mut object: Map<String, Value> = json.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        let Some(name) = field.name().strip_prefix(DECLARED).filter(|_| array.is_valid(row)) else { continue };
        let value = match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().map(|texts| Value::from(texts.value(row))),
            DataType::Int64 => array.as_primitive_opt::<Int64Type>().map(|numbers| Value::from(numbers.value(row))),
            DataType::Float64 => array.as_primitive_opt::<Float64Type>().map(|numbers| Value::from(numbers.value(row))),
            DataType::Boolean => array.as_boolean_opt().map(|truths| Value::from(truths.value(row))),
            _ => None,
        };
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    }
    object
}
