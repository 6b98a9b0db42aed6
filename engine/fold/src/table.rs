//! The customer table: columns a shard, one row a customer.

/// Unknown, in an integer column.
pub const NONE_INT: i64 = i64::MIN;

/// What a column holds and how SQL sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// A count or another whole number.
    Int,
    /// Minor units of the brand's currency.
    Money,
    /// A local day, days since 1970-01-01.
    Day,
    /// UTC µs.
    Time,
    /// A float.
    Float,
    /// True or false, stored as code 1 or 0.
    Bool,
    /// One of these words, stored as their index.
    Word(&'static [&'static str]),
}

/// A column's name, type and meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name in SQL, lower snake case, unique in the table.
    pub name: &'static str,
    /// Its type.
    pub column_type: ColumnType,
    /// What it means, with unit and the mechanism's number.
    pub description: &'static str,
}

/// Values of a column, one a customer.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// [`ColumnType::Int`], `Money`, `Day`, `Time`; [`NONE_INT`] is unknown.
    Int(Vec<i64>),
    /// [`ColumnType::Float`]; NaN is unknown.
    Float(Vec<f64>),
    /// [`ColumnType::Bool`] and `Word`; `u8::MAX` is unknown.
    Code(Vec<u8>),
}

impl Column {
    /// How many values.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Code(values) => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends one value of a column of the same kind.
    pub(crate) fn push_from(&mut self, other: &Self, place: usize) {
        match (self, other) {
            (Self::Int(into), Self::Int(values)) => into.extend(values.get(place)),
            (Self::Float(into), Self::Float(values)) => into.extend(values.get(place)),
            (Self::Code(into), Self::Code(values)) => into.extend(values.get(place)),
            _ => {}
        }
    }

    /// The values at these places, in this order.
    #[must_use]
    pub fn at(&self, places: &[usize]) -> Self {
        fn at<T: Copy>(values: &[T], places: &[usize]) -> Vec<T> {
            places.iter().filter_map(|place| values.get(*place).copied()).collect()
        }
        match self {
            Self::Int(values) => Self::Int(at(values, places)),
            Self::Float(values) => Self::Float(at(values, places)),
            Self::Code(values) => Self::Code(at(values, places)),
        }
    }

    /// Gives back memory beyond the values.
    pub fn shrink_to_fit(&mut self) {
        match self {
            Self::Int(values) => values.shrink_to_fit(),
            Self::Float(values) => values.shrink_to_fit(),
            Self::Code(values) => values.shrink_to_fit(),
        }
    }
}

impl ColumnSpec {
    /// An empty column of the right kind.
    #[must_use]
    pub const fn empty_column(&self) -> Column {
        match self.column_type {
            ColumnType::Int | ColumnType::Money | ColumnType::Day | ColumnType::Time => Column::Int(Vec::new()),
            ColumnType::Float => Column::Float(Vec::new()),
            ColumnType::Bool | ColumnType::Word(_) => Column::Code(Vec::new()),
        }
    }
}

/// One shard's customers, ascending by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableShard {
    /// Customer ids.
    pub customers: Vec<u64>,
    /// Columns in the order of [`CustomerTable::specs`], each as long as `customers`.
    pub columns: Vec<Column>,
}

/// All identified customers with at least one event before the instant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerTable {
    /// What the columns are.
    pub specs: Vec<ColumnSpec>,
    /// The shards.
    pub shards: Vec<TableShard>,
}

impl CustomerTable {
    /// Where the column with this name is.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.specs.iter().position(|spec| spec.name == name)
    }

    /// The integers of a column in one shard; empty when there is no such integer column.
    #[must_use]
    pub fn ints(&self, shard: usize, name: &str) -> &[i64] {
        match self.column(shard, name) {
            Some(Column::Int(values)) => values,
            _ => &[],
        }
    }

    /// The floats of a column in one shard; empty when there is no such float column.
    #[must_use]
    pub fn floats(&self, shard: usize, name: &str) -> &[f64] {
        match self.column(shard, name) {
            Some(Column::Float(values)) => values,
            _ => &[],
        }
    }

    /// The codes of a column in one shard; empty when there is no such enumerated column.
    #[must_use]
    pub fn codes(&self, shard: usize, name: &str) -> &[u8] {
        match self.column(shard, name) {
            Some(Column::Code(values)) => values,
            _ => &[],
        }
    }

    /// A column of one shard.
    #[must_use]
    pub fn column(&self, shard: usize, name: &str) -> Option<&Column> {
        self.shards.get(shard)?.columns.get(self.position(name)?)
    }

    /// How many customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.customers.len()).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
