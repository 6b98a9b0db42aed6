//! The columns of `events`: which stored column each is made of, and how.

use crate::customers::{MONEY_PRECISION, scale};
use crate::described::Described;
use crate::event_test::KINDS;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, DictionaryArray, PrimitiveArray, RecordBatch, StringArray,
};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, Int32Type, Int64Type, Schema, SchemaRef, TimeUnit,
    TimestampMicrosecondType, UInt8Type,
};
use datafusion::error::{DataFusionError, Result};
use perennial_model::{Currency, Zone};
use std::sync::Arc;

/// Digits of a quantity, three of them after the point.
const QUANTITY_PRECISION: u8 = 18;
/// How a stored column becomes one of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    AsStored,
    Time,
    Day,
    Kind,
    Quantity,
    Value,
}

/// name in SQL, stored column, form, meaning
type Definition = (&'static str, &'static str, Form, &'static str);

const COLUMNS: [Definition; 16] = [
    (
        "customer_id",
        "customer",
        Form::AsStored,
        "the customer; its number is 0 (customer_id < 256) when nobody is known",
    ),
    ("time", "time", Form::Time, "when it happened"),
    ("day", "time", Form::Day, "the day it happened in the brand's time zone"),
    ("received", "received", Form::Time, "when we heard of it"),
    ("name", "name", Form::AsStored, "what happened, in the source's words"),
    (
        "kind",
        "kind",
        Form::Kind,
        "what it means: event, order, order_line, refund, cancellation, or order_void for an order that does not \
         count for this customer, with all that names it",
    ),
    ("source", "source", Form::AsStored, "the feed it came from"),
    ("channel", "channel", Form::AsStored, "where it happened"),
    ("campaign", "campaign", Form::AsStored, "the campaign the source names"),
    ("order_id", "order_id", Form::AsStored, "the source's id of the order"),
    ("item", "item", Form::AsStored, "the item's id"),
    ("quantity", "quantity_milli", Form::Quantity, "how many of the item"),
    ("value", "value_minor", Form::Value, "money of this row in major units; a refund's is what was given back"),
    ("value_minor", "value_minor", Form::AsStored, "money of this row in the currency's minor unit"),
    ("currency", "currency", Form::AsStored, "currency of the value, empty for the brand's own"),
    ("properties", "properties", Form::AsStored, "everything else, as JSON text"),
];
/// The column that says in what currency a value is.
const CURRENCY: &str = "currency";

#[derive(Debug, Clone)]
struct EventColumn {
    field: Field,
    stored: usize,
    form: Form,
    description: String,
}

/// All columns of `events` in one timeline.
#[derive(Debug)]
pub(crate) struct EventColumns {
    columns: Vec<EventColumn>,
    schema: SchemaRef,
    stored_currency: Option<usize>,
    zone: Zone,
    currency: Currency,
}

impl EventColumns {
    /// Of a timeline with these stored columns.
    pub(crate) fn new(stored: &Schema, zone: Zone, currency: Currency) -> Self {
        let mut columns = Vec::new();
        for (name, stored_name, form, description) in COLUMNS {
            let Ok(index) = stored.index_of(stored_name) else { continue };
            let data_type = sql_type(form, stored.field(index).data_type(), currency);
            let field = Field::new(name, data_type, stored.field(index).is_nullable());
            columns.push(EventColumn { field, stored: index, form, description: description.to_owned() });
        }
        for (index, field) in stored.fields().iter().enumerate().filter(|(_, field)| field.name().starts_with("p_")) {
            let description =
                format!("property {}, where it has this type", field.name().strip_prefix("p_").unwrap_or_default());
            let field = Field::new(field.name(), field.data_type().clone(), true);
            columns.push(EventColumn { field, stored: index, form: Form::AsStored, description });
        }
        let schema = Arc::new(Schema::new(columns.iter().map(|column| column.field.clone()).collect::<Vec<_>>()));
        Self { columns, schema, stored_currency: stored.index_of(CURRENCY).ok(), zone, currency }
    }

    pub(crate) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Stored columns that these columns need, ascending; at least one, to count rows by.
    pub(crate) fn stored(&self, wanted: &[usize]) -> Vec<usize> {
        let columns = wanted.iter().filter_map(|index| self.columns.get(*index));
        let mut stored: Vec<usize> = columns.clone().map(|column| column.stored).collect();
        if columns.clone().any(|column| column.form == Form::Value) {
            stored.extend(self.stored_currency);
        }
        if stored.is_empty() {
            stored.push(0);
        }
        stored.sort_unstable();
        stored.dedup();
        stored
    }

    /// One column from a batch of the `stored` columns.
    pub(crate) fn array(&self, wanted: usize, batch: &RecordBatch, stored: &[usize]) -> Result<ArrayRef> {
        let missing = || DataFusionError::Internal(format!("column {wanted} of events was not read"));
        let column = self.columns.get(wanted).ok_or_else(missing)?;
        let find = |index: usize| stored.binary_search(&index).ok().and_then(|at| batch.columns().get(at));
        let array = find(column.stored).ok_or_else(missing)?;
        Ok(match column.form {
            Form::AsStored => Arc::clone(array),
            Form::Time => time(array)?,
            Form::Day => self.day(array)?,
            Form::Kind => kind(array)?,
            Form::Quantity => decimal(integers(array)?, QUANTITY_PRECISION, 3)?,
            Form::Value => self.value(integers(array)?, self.stored_currency.and_then(find))?,
        })
    }

    /// For the table `columns`.
    pub(crate) fn described(&self) -> Vec<Described> {
        let columns = self.columns.iter().map(|column| Described {
            table: "events",
            column: column.field.name().clone(),
            data_type: column.field.data_type().clone(),
            description: column.description.clone(),
        });
        columns.collect()
    }

    fn day(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let days: Date32Array = integers(array)?.unary::<_, Date32Type>(|time_us| self.zone.day(time_us));
        Ok(Arc::new(days))
    }

    /// Minor units as major units of the brand's currency. Rows in a currency with fewer digits
    /// are scaled; with more they would lose some, so the query is refused.
    fn value(&self, minor: &PrimitiveArray<Int64Type>, currencies: Option<&ArrayRef>) -> Result<ArrayRef> {
        let factors = match currencies {
            Some(array) => self.factors(array)?,
            None => Factors::default(),
        };
        if factors.by_word.iter().all(|factor| *factor == Some(1)) {
            return decimal(minor, MONEY_PRECISION, scale(self.currency));
        }
        let mut exact = Vec::with_capacity(minor.len());
        for row in 0..minor.len() {
            let factor = factors.of_row(row);
            let Some(factor) = factor else {
                return Err(DataFusionError::Execution(format!(
                    "events hold a currency with more decimals than {}: select value_minor and currency instead of value",
                    self.currency
                )));
            };
            exact.push(minor.is_valid(row).then(|| i128::from(minor.value(row)) * factor));
        }
        let exact = Decimal128Array::from(exact);
        Ok(Arc::new(exact.with_precision_and_scale(MONEY_PRECISION, scale(self.currency))?))
    }

    fn factors(&self, array: &ArrayRef) -> Result<Factors> {
        let dictionary = array.as_dictionary_opt::<Int32Type>().ok_or_else(|| unexpected(array))?;
        let words = dictionary.values().as_string_opt::<i32>().ok_or_else(|| unexpected(array))?;
        let factor = |word: Option<&str>| {
            let decimals = word.and_then(|word| word.parse::<Currency>().ok()).unwrap_or(self.currency).decimals();
            self.currency.decimals().checked_sub(decimals).map(|digits| 10_i128.pow(digits))
        };
        let keys = dictionary.keys().iter().map(|key| key.and_then(|key| usize::try_from(key).ok()));
        Ok(Factors { by_word: words.iter().map(factor).collect(), keys: keys.collect() })
    }
}

/// What each row's minor units are multiplied with; `None` where no whole number would do.
#[derive(Default)]
struct Factors {
    by_word: Vec<Option<i128>>,
    keys: Vec<Option<usize>>,
}

impl Factors {
    fn of_row(&self, row: usize) -> Option<i128> {
        let key = self.keys.get(row).copied().flatten();
        key.map_or(Some(1), |key| self.by_word.get(key).copied().flatten())
    }
}

fn sql_type(form: Form, stored: &DataType, currency: Currency) -> DataType {
    match form {
        Form::AsStored => stored.clone(),
        Form::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Form::Day => DataType::Date32,
        Form::Kind => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Form::Quantity => DataType::Decimal128(QUANTITY_PRECISION, 3),
        Form::Value => DataType::Decimal128(MONEY_PRECISION, scale(currency)),
    }
}

fn integers(array: &ArrayRef) -> Result<&PrimitiveArray<Int64Type>> {
    array.as_primitive_opt::<Int64Type>().ok_or_else(|| unexpected(array))
}

fn unexpected(array: &ArrayRef) -> DataFusionError {
    DataFusionError::Internal(format!("events hold a column of type {}", array.data_type()))
}

fn time(array: &ArrayRef) -> Result<ArrayRef> {
    let times = integers(array)?.reinterpret_cast::<TimestampMicrosecondType>();
    Ok(Arc::new(times.with_timezone("UTC")))
}

fn kind(array: &ArrayRef) -> Result<ArrayRef> {
    let stored = array.as_primitive_opt::<UInt8Type>().ok_or_else(|| unexpected(array))?;
    let keys: PrimitiveArray<Int32Type> = stored.unary(i32::from);
    Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(StringArray::from(KINDS.to_vec())))?))
}

fn decimal(scaled: &PrimitiveArray<Int64Type>, precision: u8, scale: i8) -> Result<ArrayRef> {
    let exact: Decimal128Array = scaled.unary::<_, Decimal128Type>(i128::from);
    Ok(Arc::new(exact.with_precision_and_scale(precision, scale)?))
}
