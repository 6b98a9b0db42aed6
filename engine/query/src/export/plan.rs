//! Which columns a file has, under which titles, and what stands in them.

use super::cell::{Cell, Head, Look};
use super::keys::CustomerKeys;
use super::{ExportError, FileFormat};
use crate::Keys;
use crate::customers::{array, sql_type};
use arrow::array::{ArrayRef, StringArray, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::error::Result as EngineResult;
use perennial_fold::{Column, ColumnSpec, ColumnType, NONE_INT, TableShard};
use perennial_model::{Currency, IdentityKind, Zone, nearest};
use std::collections::HashSet;
use std::sync::Arc;

/// The columns of a file unless others are asked for.
pub const USUAL_COLUMNS: [&str; 11] = [
    CUSTOMER_ID,
    "phone",
    "email",
    "stage",
    "rfm_segment",
    "orders",
    "revenue",
    "revenue_365d",
    "last_order_day",
    "recency_days",
    "personal_interval_days",
];
const CUSTOMER_ID: &str = "customer_id";
/// Between several keys of one kind.
const AND: &str = "; ";

/// See the module.
#[derive(Debug, Clone)]
pub struct ExportPlan {
    columns: Vec<Named>,
    currency: Currency,
    zone: Zone,
    keys: Keys,
}

#[derive(Debug, Clone)]
struct Named {
    name: String,
    title: String,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Customer,
    Keys(IdentityKind),
    /// Its place in the table.
    Own(usize, ColumnSpec),
}

impl ExportPlan {
    /// Columns by name: `customer_id`, kinds of keys (`phone`, `email`, `member` …), and those of the table.
    ///
    /// # Errors
    /// [`ExportError::UnknownColumn`], [`ExportError::Twice`] and [`ExportError::NoColumn`].
    pub fn new<'a>(
        names: impl IntoIterator<Item = &'a str>,
        specs: &[ColumnSpec],
        currency: Currency,
        zone: Zone,
        keys: Keys,
    ) -> Result<Self, ExportError> {
        let mut seen = HashSet::new();
        let mut columns = Vec::new();
        for name in names {
            if !seen.insert(name) {
                return Err(ExportError::Twice(name.to_owned()));
            }
            let what = what(name, specs)?;
            columns.push(Named { name: name.to_owned(), title: name.to_owned(), what });
        }
        if columns.is_empty() {
            return Err(ExportError::NoColumn);
        }
        Ok(Self { columns, currency, zone, keys })
    }

    /// With titles in place of names, where there is one; Parquet keeps the names.
    #[must_use]
    pub fn titled(mut self, title: impl Fn(&str) -> Option<String>) -> Self {
        for column in &mut self.columns {
            if let Some(title) = title(&column.name) {
                column.title = title;
            }
        }
        self
    }

    /// Which columns of the table it needs, in its order.
    #[must_use]
    pub fn places(&self) -> Vec<usize> {
        let own = |column: &Named| if let What::Own(place, _) = column.what { Some(place) } else { None };
        self.columns.iter().filter_map(own).collect()
    }

    /// Whether it needs keys of customers.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        self.columns.iter().any(|column| matches!(column.what, What::Keys(_)))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// What the audit says of a file of so many customers, filtered so; nobody's key.
    #[must_use]
    pub fn told(&self, customers: usize, format: FileFormat, filters: &[(&str, &str)]) -> String {
        let keys = match (self.has_keys(), self.keys) {
            (false, _) => "no keys",
            (true, Keys::InFull) => "keys in full",
            (true, Keys::Masked) => "keys masked",
        };
        let columns = self.names().collect::<Vec<_>>().join(",");
        let filters: Vec<String> = filters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let filters = if filters.is_empty() { "everybody".to_owned() } else { filters.join("; ") };
        format!("{customers} customers, {}, {keys}, columns {columns}; {filters}", format.extension())
    }

    pub(super) fn decimals(&self) -> u32 {
        self.currency.decimals()
    }

    pub(super) fn currency(&self) -> &str {
        self.currency.as_str()
    }

    pub(super) fn zone(&self) -> &str {
        self.zone.name()
    }

    /// Titles for people: of what in, and by which clock.
    pub(super) fn heads(&self) -> Vec<Head> {
        let head = |column: &Named| {
            let (look, unit) = match &column.what {
                What::Customer | What::Keys(_) => (Look::Text, None),
                What::Own(_, spec) => match spec.column_type {
                    ColumnType::Word(_) => (Look::Text, None),
                    ColumnType::Int | ColumnType::Float | ColumnType::Bool => (Look::Number, None),
                    ColumnType::Day => (Look::Day, None),
                    ColumnType::Money => (Look::Money, Some(self.currency())),
                    ColumnType::Time => (Look::Time, Some(self.zone())),
                },
            };
            let title = unit.map_or_else(|| column.title.clone(), |unit| format!("{} ({unit})", column.title));
            Head { title, look }
        };
        self.columns.iter().map(head).collect()
    }

    /// The cells of a row.
    pub(super) fn cells<'a>(&self, rows: &'a TableShard, keys: &'a CustomerKeys, row: usize) -> Vec<Cell<'a>> {
        let customer = rows.customers.get(row).copied().unwrap_or_default();
        let mut own = rows.columns.iter();
        let cell = |column: &Named| match &column.what {
            What::Customer => Cell::Text(customer.to_string().into()),
            What::Keys(kind) => {
                self.keys_text(keys, customer, *kind).map_or(Cell::Unknown, |text| Cell::Text(text.into()))
            }
            What::Own(_, spec) => own.next().map_or(Cell::Unknown, |column| self.cell(spec, column, row)),
        };
        self.columns.iter().map(cell).collect()
    }

    fn cell<'a>(&self, spec: &ColumnSpec, column: &Column, row: usize) -> Cell<'a> {
        match column {
            Column::Int(values) => match values.get(row).copied().filter(|value| *value != NONE_INT) {
                None => Cell::Unknown,
                Some(value) => match spec.column_type {
                    ColumnType::Money => Cell::Money(value, self.decimals()),
                    ColumnType::Day => Cell::Day(value),
                    ColumnType::Time => Cell::Time((value + self.zone.offset_us(value)).div_euclid(1_000_000)),
                    _ => Cell::Int(value),
                },
            },
            Column::Float(values) => {
                let known = values.get(row).copied().filter(|value| value.is_finite());
                known.map_or(Cell::Unknown, Cell::Float)
            }
            Column::Code(codes) => match (codes.get(row).copied(), spec.column_type) {
                (None | Some(u8::MAX), _) => Cell::Unknown,
                (Some(code), ColumnType::Word(words)) => {
                    words.get(usize::from(code)).map_or(Cell::Unknown, |word| Cell::Text((*word).into()))
                }
                (Some(code), _) => Cell::Bool(code != 0),
            },
        }
    }

    /// All keys of a kind; nothing where there is none.
    fn keys_text(&self, keys: &CustomerKeys, customer: u64, kind: IdentityKind) -> Option<String> {
        let of_kind = keys.get(&customer)?.iter().filter(|key| key.kind == kind);
        let texts: Vec<String> = of_kind
            .map(|key| match self.keys {
                Keys::InFull => key.value.clone(),
                Keys::Masked => key.masked(),
            })
            .collect();
        (!texts.is_empty()).then(|| texts.join(AND))
    }

    pub(super) fn schema(&self) -> SchemaRef {
        let field = |column: &Named| match &column.what {
            What::Customer => Field::new(&column.name, DataType::UInt64, false),
            What::Keys(_) => Field::new(&column.name, DataType::Utf8, true),
            What::Own(_, spec) => Field::new(&column.name, sql_type(spec.column_type, self.currency), true),
        };
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<Field>>()))
    }

    /// The columns as SQL has them.
    pub(super) fn arrays(&self, rows: &TableShard, keys: &CustomerKeys) -> EngineResult<Vec<ArrayRef>> {
        let mut own = rows.columns.iter();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            arrays.push(match &column.what {
                What::Customer => Arc::new(UInt64Array::from(rows.customers.clone())),
                What::Keys(kind) => {
                    let texts = rows.customers.iter().map(|customer| self.keys_text(keys, *customer, *kind));
                    Arc::new(texts.collect::<StringArray>())
                }
                What::Own(_, spec) => {
                    let empty = spec.empty_column();
                    let values = own.next().unwrap_or(&empty);
                    array(spec, values, 0..values.len(), &sql_type(spec.column_type, self.currency))?
                }
            });
        }
        Ok(arrays)
    }
}

fn what(name: &str, specs: &[ColumnSpec]) -> Result<What, ExportError> {
    if name == CUSTOMER_ID {
        return Ok(What::Customer);
    }
    if let Some((place, spec)) = specs.iter().enumerate().find(|(_, spec)| spec.name == name) {
        return Ok(What::Own(place, spec.clone()));
    }
    if let Some(kind) = IdentityKind::parse(name) {
        return Ok(What::Keys(kind));
    }
    let kinds = IdentityKind::ALL.map(IdentityKind::as_str);
    let known = specs.iter().map(|spec| spec.name).chain(kinds).chain([CUSTOMER_ID]);
    let fix = nearest(name, known).map_or_else(
        || "GET /api/columns and `perennial query \"select * from columns\"` list them".to_owned(),
        |near| format!("is {near} meant?"),
    );
    Err(ExportError::UnknownColumn { name: name.to_owned(), fix })
}
