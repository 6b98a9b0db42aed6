//! The table `customers`: own and relative columns as SQL types.

use crate::audience::schema_of;
use crate::described::Described;
use crate::partitions::{Emit, ShardReader, scan_shards};
use async_trait::async_trait;
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    RecordBatch, RecordBatchOptions, StringArray, TimestampMicrosecondArray, UInt64Array,
};
use datafusion::arrow::datatypes::{DataType, Int32Type, SchemaRef, TimeUnit};
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use perennial_fold::{Column, ColumnSpec, ColumnType, CustomerTable, LiveColumns, NONE_INT, TableShard};
use perennial_model::Currency;
use std::ops::Range;
use std::sync::Arc;

/// Rows converted at once: DataFusion's own batch size.
const BATCH_ROWS: usize = 8192;
/// Digits of a sum of money that 64 bits can hold.
pub(crate) const MONEY_PRECISION: u8 = 19;

/// Where the rows of customers are.
#[derive(Debug, Clone)]
pub enum Customers {
    /// What a pass gave.
    Table(Arc<CustomerTable>),
    /// What a server keeps: each shard as it is when it is read.
    Live(Arc<LiveColumns>),
}

impl From<Arc<CustomerTable>> for Customers {
    fn from(table: Arc<CustomerTable>) -> Self {
        Self::Table(table)
    }
}

impl From<Arc<LiveColumns>> for Customers {
    fn from(columns: Arc<LiveColumns>) -> Self {
        Self::Live(columns)
    }
}

impl Customers {
    fn specs(&self) -> &[ColumnSpec] {
        match self {
            Self::Table(table) => &table.specs,
            Self::Live(columns) => columns.specs(),
        }
    }

    /// A shard's customers.
    pub(crate) fn of_shard(&self, shard: usize) -> Vec<u64> {
        self.shard(shard, &[]).customers().to_vec()
    }

    pub(crate) fn shards(&self) -> usize {
        match self {
            Self::Table(table) => table.shards.len(),
            Self::Live(columns) => columns.shards(),
        }
    }

    /// A shard's customers with the columns at these places, in this order.
    fn shard(&self, shard: usize, places: &[usize]) -> Shard<'_> {
        match self {
            Self::Table(table) => Shard::Lent(table.shards.get(shard), places.to_vec()),
            Self::Live(columns) => Shard::Copied(columns.shard(shard, places)),
        }
    }
}

/// Some columns of one shard.
enum Shard<'a> {
    Lent(Option<&'a TableShard>, Vec<usize>),
    Copied(TableShard),
}

impl Shard<'_> {
    fn customers(&self) -> &[u64] {
        match self {
            Self::Lent(rows, _) => rows.map_or(&[], |rows| &rows.customers),
            Self::Copied(rows) => &rows.customers,
        }
    }

    fn column(&self, index: usize) -> Option<&Column> {
        match self {
            Self::Lent(rows, places) => rows.as_ref()?.columns.get(*places.get(index)?),
            Self::Copied(rows) => rows.columns.get(index),
        }
    }
}

/// The customer table as SQL sees it.
#[derive(Debug)]
pub(crate) struct CustomersTable {
    customers: Customers,
    schema: SchemaRef,
    threads: usize,
}

impl CustomersTable {
    pub(crate) fn new(customers: Customers, currency: Currency, threads: usize) -> Self {
        let schema = Arc::new(schema_of(customers.specs().iter(), currency));
        Self { customers, schema, threads }
    }

    /// For the table `columns`.
    pub(crate) fn described(&self) -> Vec<Described> {
        let descriptions =
            std::iter::once("the customer").chain(self.customers.specs().iter().map(|spec| spec.description));
        let fields = self.schema.fields().iter().zip(descriptions);
        fields
            .map(|(field, description)| Described {
                table: "customers",
                column: field.name().clone(),
                data_type: field.data_type().clone(),
                description: description.to_owned(),
            })
            .collect()
    }
}

/// A column's type in SQL.
pub(crate) fn sql_type(column_type: ColumnType, currency: Currency) -> DataType {
    match column_type {
        ColumnType::Int => DataType::Int64,
        ColumnType::Money => DataType::Decimal128(MONEY_PRECISION, scale(currency)),
        ColumnType::Day => DataType::Date32,
        ColumnType::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        ColumnType::Float => DataType::Float64,
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Word(_) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
    }
}

/// Digits after the point; ISO 4217 has none above four.
pub(crate) fn scale(currency: Currency) -> i8 {
    i8::try_from(currency.decimals()).unwrap_or(2)
}

#[async_trait]
impl TableProvider for CustomersTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wanted = projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let schema = Arc::new(self.schema.project(&wanted)?);
        let shards: Vec<u16> = (0..self.customers.shards()).filter_map(|shard| u16::try_from(shard).ok()).collect();
        let reader = CustomersReader { customers: self.customers.clone(), wanted, schema };
        scan_shards("customers", reader, &shards, self.threads, limit)
    }
}

struct CustomersReader {
    customers: Customers,
    /// Columns of the SQL table; 0 is the customer.
    wanted: Vec<usize>,
    schema: SchemaRef,
}

impl ShardReader for CustomersReader {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn read(&self, shard: u16, emit: Emit<'_>) -> Result<bool> {
        let places: Vec<usize> = self.wanted.iter().filter_map(|wanted| wanted.checked_sub(1)).collect();
        let shard = self.customers.shard(usize::from(shard), &places);
        let customers = shard.customers().len();
        for from in (0..customers).step_by(BATCH_ROWS) {
            let rows = from..customers.min(from + BATCH_ROWS);
            if !emit(self.batch(&shard, rows)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl CustomersReader {
    fn batch(&self, shard: &Shard<'_>, rows: Range<usize>) -> Result<RecordBatch> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let (mut arrays, mut columns) = (Vec::with_capacity(self.wanted.len()), 0..);
        for (wanted, field) in self.wanted.iter().zip(self.schema.fields()) {
            let Some(own) = wanted.checked_sub(1) else {
                arrays.push(Arc::new(UInt64Array::from(shard.customers()[rows.clone()].to_vec())) as ArrayRef);
                continue;
            };
            let column = columns.next().and_then(|index| shard.column(index));
            if let (Some(spec), Some(column)) = (self.customers.specs().get(own), column) {
                arrays.push(array(spec, column, rows.clone(), field.data_type())?);
            }
        }
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?)
    }
}

/// Some rows of a column as SQL sees them; unknown is NULL.
pub(crate) fn array(spec: &ColumnSpec, column: &Column, rows: Range<usize>, data_type: &DataType) -> Result<ArrayRef> {
    Ok(match column {
        Column::Int(values) => integers(&values[rows], data_type)?,
        Column::Float(values) => {
            let known = values[rows].iter().map(|value| (!value.is_nan()).then_some(*value));
            Arc::new(known.collect::<Float64Array>())
        }
        Column::Code(codes) => match spec.column_type {
            ColumnType::Word(words) => words_array(&codes[rows], words)?,
            _ => {
                let known = codes[rows].iter().map(|code| (*code != u8::MAX).then_some(*code != 0));
                Arc::new(known.collect::<BooleanArray>())
            }
        },
    })
}

fn integers(values: &[i64], data_type: &DataType) -> Result<ArrayRef> {
    let known = values.iter().map(|value| (*value != NONE_INT).then_some(*value));
    Ok(match data_type {
        DataType::Date32 => {
            Arc::new(known.map(|day| day.and_then(|day| i32::try_from(day).ok())).collect::<Date32Array>())
        }
        DataType::Timestamp(..) => Arc::new(known.collect::<TimestampMicrosecondArray>().with_timezone("UTC")),
        DataType::Decimal128(precision, scale) => {
            let exact = known.map(|minor| minor.map(i128::from)).collect::<Decimal128Array>();
            Arc::new(exact.with_precision_and_scale(*precision, *scale)?)
        }
        _ => Arc::new(known.collect::<Int64Array>()),
    })
}

fn words_array(codes: &[u8], words: &[&str]) -> Result<ArrayRef> {
    let known = codes.iter().map(|code| (usize::from(*code) < words.len()).then_some(i32::from(*code)));
    let values = Arc::new(StringArray::from(words.to_vec()));
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(known.collect::<Int32Array>(), values)?))
}
