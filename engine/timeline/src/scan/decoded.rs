//! A batch out of a run's file as plain slices.

use super::words::Words;
use crate::dedup::Version;
use crate::run::{Footer, column, property_column, property_column_name, property_field};
use crate::values::{PropertyColumn, each, shape};
use crate::{Columns, CustomerEvents, NO_BOOLEAN, NONE, Properties, Symbol, Symbols, TimelineError};
use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray, UInt8Array, UInt64Array};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{Float64Type, Int64Type, Schema};
use perennial_model::{CustomerId, PropertySpec, PropertyType};
use std::ops::Range;
use std::sync::Arc;

/// How many word columns there are.
pub(crate) const WORD_COLUMNS: usize = 8;

/// Word columns of [`crate::CustomerEvents`], and their places in [`Decoded::words`]. Those of
/// declared properties come last; a file may lack them.
pub(crate) const WORDS: [(&str, Columns); WORD_COLUMNS] = [
    ("name", Columns::NAME),
    ("item", Columns::ITEM),
    ("channel", Columns::CHANNEL),
    ("source", Columns::SOURCE),
    ("campaign", Columns::CAMPAIGN),
    ("p_store", Columns::STORE),
    ("p_staff", Columns::STAFF),
    ("p_category", Columns::CATEGORY),
];

/// Declared properties of text that a scan reads as words, each with its column.
pub(crate) fn properties() -> impl Iterator<Item = (&'static str, Columns)> {
    WORDS.iter().filter_map(|(name, column)| Some((name.strip_prefix("p_")?, *column)))
}

/// What a scan reads of its runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) columns: Columns,
    /// Whether a message may come twice, so that mids must be compared.
    pub(crate) deduplicate: bool,
}

impl Wanted {
    pub(crate) fn mid(self) -> bool {
        self.deduplicate || self.columns.has(Columns::MID)
    }

    pub(crate) fn received(self) -> bool {
        self.deduplicate || self.columns.has(Columns::RECEIVED)
    }

    /// Whether a column of a file with this schema is read. A file written before a property was
    /// declared has it in its JSON.
    pub(crate) fn reads(self, name: &str, file: &Schema) -> bool {
        match name {
            "customer" | "time" | "kind" => true,
            "profile" => true,
            "properties" => WORDS.iter().any(|(word, column)| {
                word.starts_with("p_") && self.columns.has(*column) && file.column_with_name(word).is_none()
            }),
            "mid" => self.mid(),
            "received" => self.received(),
            "order_key" => self.columns.has(Columns::ORDER),
            "quantity_milli" => self.columns.has(Columns::QUANTITY),
            "value_minor" => self.columns.has(Columns::VALUE),
            _ => WORDS.iter().any(|(word, column)| *word == name && self.columns.has(*column)),
        }
    }
}

/// Columns that were not read are empty.
pub(crate) struct Decoded {
    pub(crate) number: ScalarBuffer<u64>,
    pub(crate) time: ScalarBuffer<i64>,
    pub(crate) kind: ScalarBuffer<u8>,
    pub(crate) mid: ScalarBuffer<u64>,
    /// In `received_unit`.
    pub(crate) received: ScalarBuffer<i64>,
    pub(crate) received_unit: i64,
    pub(crate) order: ScalarBuffer<u64>,
    pub(crate) quantity: ScalarBuffer<i64>,
    pub(crate) value: ScalarBuffer<i64>,
    pub(crate) profile: ScalarBuffer<u64>,
    pub(crate) words: [Vec<Symbol>; WORD_COLUMNS],
    /// Of the same places as `specs`.
    pub(crate) properties: Vec<PropertyColumn>,
    maps: [Words; WORD_COLUMNS],
    specs: Arc<[PropertySpec]>,
    symbols: Arc<Symbols>,
}

impl Version {
    /// Of a row of a batch; columns that were not read compare equal.
    pub(crate) fn of(batch: &Decoded, row: usize) -> Self {
        let number = |values: &[i64]| values.get(row).copied().unwrap_or(0);
        Self {
            kind: batch.kind.get(row).copied().unwrap_or(0),
            received: number(&batch.received) * batch.received_unit,
            time: number(&batch.time),
            rest: [
                number(&batch.value),
                number(&batch.quantity),
                batch.order.get(row).map_or(0, |order| order.cast_signed()),
            ],
        }
    }
}

fn none<T: arrow::datatypes::ArrowNativeType>() -> ScalarBuffer<T> {
    ScalarBuffer::from(Vec::<T>::new())
}

impl Decoded {
    pub(crate) fn new(symbols: &Arc<Symbols>, specs: &Arc<[PropertySpec]>) -> Self {
        Self {
            number: none(),
            time: none(),
            kind: none(),
            mid: none(),
            received: none(),
            received_unit: 1,
            order: none(),
            quantity: none(),
            value: none(),
            profile: none(),
            words: Default::default(),
            properties: specs.iter().map(|spec| PropertyColumn::of(spec.property_type)).collect(),
            maps: std::array::from_fn(|_| Words::new(Arc::clone(symbols))),
            specs: Arc::clone(specs),
            symbols: Arc::clone(symbols),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.number.len()
    }

    pub(crate) fn fill(&mut self, batch: &RecordBatch, footer: &Footer, wanted: Wanted) -> Result<(), TimelineError> {
        let schema = batch.schema();
        let read = |name: &str| wanted.reads(name, &schema);
        let unsigned = |name: &str| -> Result<ScalarBuffer<u64>, TimelineError> {
            if read(name) { Ok(column::<UInt64Array>(batch, name)?.values().clone()) } else { Ok(none()) }
        };
        let signed = |name: &str| -> Result<ScalarBuffer<i64>, TimelineError> {
            if read(name) { Ok(column::<Int64Array>(batch, name)?.values().clone()) } else { Ok(none()) }
        };
        self.number = unsigned("customer")?;
        self.time = scaled(signed("time")?, footer.time_unit);
        self.kind = column::<UInt8Array>(batch, "kind")?.values().clone();
        self.mid = unsigned("mid")?;
        self.received = signed("received")?;
        self.received_unit = footer.received_unit;
        if wanted.columns.has(Columns::RECEIVED) {
            self.received = scaled(std::mem::replace(&mut self.received, none()), footer.received_unit);
            self.received_unit = 1;
        }
        self.order = unsigned("order_key")?;
        self.quantity = signed("quantity_milli")?;
        self.value = signed("value_minor")?;
        self.profile = if batch.column_by_name("profile").is_some() { unsigned("profile")? } else { none() };
        for ((out, map), (name, _)) in self.words.iter_mut().zip(&mut self.maps).zip(WORDS) {
            if !read(name) {
                continue;
            }
            match name.strip_prefix("p_") {
                Some(property) => map.texts(&texts(batch, name, property)?, out),
                None => map.translate(column(batch, name)?, out)?,
            }
        }
        for (spec, values) in self.specs.iter().zip(&mut self.properties) {
            property_values(batch, spec, &self.symbols, values);
        }
        Ok(())
    }

    /// A column of the property at a place.
    pub(crate) fn property<T>(&self, place: usize, of: impl Fn(&PropertyColumn) -> &[T]) -> &[T] {
        self.properties.get(place).map_or(&[], of)
    }

    /// End of the rows of the customer whose rows begin at `start`.
    #[inline]
    pub(crate) fn end_of(&self, start: usize) -> usize {
        let numbers: &[u64] = &self.number;
        let rest = numbers.get(start..).unwrap_or_default();
        let Some(first) = rest.first() else { return start };
        start + rest.iter().position(|number| number != first).unwrap_or(rest.len())
    }
}

/// A text property, from its own column or from the JSON.
fn texts(batch: &RecordBatch, name: &str, property: &str) -> Result<StringArray, TimelineError> {
    if batch.column_by_name(name).is_some() {
        return column::<StringArray>(batch, name).cloned();
    }
    let spec = PropertySpec { name: property.to_owned(), property_type: PropertyType::Text };
    let json = column::<StringArray>(batch, "properties")?;
    let found = property_column(Some(json), batch.num_rows(), &spec);
    Ok(found.as_string::<i32>().clone())
}

/// The values of a property, from its own column or from the JSON.
fn property_values(batch: &RecordBatch, spec: &PropertySpec, symbols: &Symbols, out: &mut PropertyColumn) {
    out.clear();
    let own = batch.column_by_name(&property_column_name(spec)).map(Arc::clone);
    let own = own.filter(|own| own.data_type() == property_field(spec).data_type());
    let json = || batch.column_by_name("properties").and_then(|json| json.as_string_opt::<i32>());
    let found = own.unwrap_or_else(|| property_column(json(), batch.num_rows(), spec));
    match out {
        PropertyColumn::Text(out) => {
            // The empty text is a text here, as it is for SQL.
            found.as_string_opt::<i32>().into_iter().for_each(|texts| symbols.intern_all(texts.iter(), out));
        }
        PropertyColumn::Integer(out) => match found.as_primitive_opt::<Int64Type>() {
            Some(numbers) if numbers.null_count() == 0 => out.extend_from_slice(numbers.values()),
            numbers => out.extend(numbers.into_iter().flatten().map(|value| value.unwrap_or(NONE))),
        },
        PropertyColumn::Number(out) => {
            let numbers = found.as_primitive_opt::<Float64Type>();
            out.extend(numbers.into_iter().flatten().map(|value| value.unwrap_or(f64::NAN)));
        }
        PropertyColumn::Boolean(out) => {
            let values = found.as_boolean_opt();
            out.extend(values.into_iter().flatten().map(|value| value.map_or(NO_BOOLEAN, u8::from)));
        }
    }
}

/// Whether a property is read from the column `name` of a file.
pub(crate) fn reads_property(spec: &PropertySpec, name: &str, file: &Schema) -> bool {
    let own = property_column_name(spec);
    let typed = file.field_with_name(&own).is_ok_and(|field| field.data_type() == property_field(spec).data_type());
    name == if typed { own.as_str() } else { "properties" }
}

fn scaled(values: ScalarBuffer<i64>, unit: i64) -> ScalarBuffer<i64> {
    if unit == 1 { values } else { values.iter().map(|value| value * unit).collect() }
}

/// Rows of several batches, one after the other. Columns that were not read stay empty.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) time: Vec<i64>,
    pub(crate) kind: Vec<u8>,
    pub(crate) mid: Vec<u64>,
    pub(crate) received: Vec<i64>,
    pub(crate) order: Vec<u64>,
    pub(crate) quantity: Vec<i64>,
    pub(crate) value: Vec<i64>,
    pub(crate) words: [Vec<Symbol>; WORD_COLUMNS],
    pub(crate) properties: Vec<PropertyColumn>,
}

#[inline]
fn add<T: Copy>(to: &mut Vec<T>, from: &[T], range: &Range<usize>) {
    // Absent columns have no such range.
    if let Some(rows) = from.get(range.clone()) {
        to.extend_from_slice(rows);
    }
}

#[inline]
fn pick<T: Copy>(to: &mut Vec<T>, from: &[T], order: &[u32]) {
    to.clear();
    if !from.is_empty() {
        to.extend(order.iter().filter_map(|index| from.get(*index as usize).copied()));
    }
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.time.len()
    }

    pub(crate) fn clear(&mut self) {
        self.time.clear();
        self.kind.clear();
        self.mid.clear();
        self.received.clear();
        self.order.clear();
        self.quantity.clear();
        self.value.clear();
        self.words.iter_mut().for_each(Vec::clear);
        self.properties.iter_mut().for_each(PropertyColumn::clear);
    }

    pub(crate) fn add(&mut self, from: &Decoded, range: &Range<usize>) {
        add(&mut self.time, &from.time, range);
        add(&mut self.kind, &from.kind, range);
        add(&mut self.mid, &from.mid, range);
        let received = from.received.get(range.clone()).unwrap_or_default();
        self.received.extend(received.iter().map(|received| received * from.received_unit));
        add(&mut self.order, &from.order, range);
        add(&mut self.quantity, &from.quantity, range);
        add(&mut self.value, &from.value, range);
        for (to, words) in self.words.iter_mut().zip(&from.words) {
            add(to, words, range);
        }
        shape(&mut self.properties, &from.properties);
        for (to, values) in self.properties.iter_mut().zip(&from.properties) {
            each!(to, values, |to, values| add(to, values, range));
        }
    }

    /// Becomes the rows of `from` with these indices, in their order.
    pub(crate) fn pick(&mut self, from: &Self, order: &[u32]) {
        pick(&mut self.time, &from.time, order);
        pick(&mut self.kind, &from.kind, order);
        pick(&mut self.mid, &from.mid, order);
        pick(&mut self.received, &from.received, order);
        pick(&mut self.order, &from.order, order);
        pick(&mut self.quantity, &from.quantity, order);
        pick(&mut self.value, &from.value, order);
        for (to, words) in self.words.iter_mut().zip(&from.words) {
            pick(to, words, order);
        }
        shape(&mut self.properties, &from.properties);
        for (to, values) in self.properties.iter_mut().zip(&from.properties) {
            each!(to, values, |to, values| pick(to, values, order));
        }
    }

    /// Rows of one customer, to lend.
    #[inline]
    pub(crate) fn events(&self, customer: CustomerId, range: Range<usize>, columns: Columns) -> CustomerEvents<'_> {
        fn part<'a, T>(column: &'a [T], range: &Range<usize>) -> &'a [T] {
            column.get(range.clone()).unwrap_or_default()
        }
        let [name, item, channel, source, campaign, store, staff, category] =
            self.words.each_ref().map(|words| part(words, &range));
        CustomerEvents {
            customer,
            time_us: part(&self.time, &range),
            kind: part(&self.kind, &range),
            mid: if columns.has(Columns::MID) { part(&self.mid, &range) } else { &[] },
            name,
            order: part(&self.order, &range),
            item,
            quantity_milli: part(&self.quantity, &range),
            value_minor: part(&self.value, &range),
            channel,
            source,
            campaign,
            received_us: if columns.has(Columns::RECEIVED) { part(&self.received, &range) } else { &[] },
            store,
            staff,
            category,
            properties: Properties::new(&self.properties, &range),
        }
    }
}
