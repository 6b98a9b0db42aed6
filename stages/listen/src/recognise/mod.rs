//! What the columns of a file mean, found out before anything is written, shown, and corrected by
//! the user.

mod amount;
mod columns_of;
mod content;
mod described;
mod display;
mod field;
mod mapping;
mod messages;
mod names;
mod plan;
mod property;
mod refund;
mod settings;
mod units;

pub use described::{DescribedColumn, DescribedFile, Words, described_only};
pub use display::Language;
pub use field::{Columns, Field};
pub use plan::{ImportPlan, RecogniseOptions, recognise};
pub use property::{PropertyColumn, type_word};

pub(crate) use plan::{Part, Role, Unit};
pub(crate) use property::whole;
pub(crate) use refund::RefundLevel;
pub(crate) use settings::parse_currency;

use crate::layout::Layout;
use crate::value::{NumberStyle, TimeFormat};

/// Rows looked at to recognise a file.
pub const SAMPLE_ROWS: usize = 5_000;

/// Why a column was given its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// By its name.
    Name,
    /// By its name in this layout.
    Layout,
    /// By what its cells hold.
    Content,
    /// The user said so.
    Mapped,
    /// The data directory declared it before.
    Declared,
}

/// A column and its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The meaning.
    pub field: Field,
    /// The column, counted from 0.
    pub column: usize,
    /// Its name in the file.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// What was recognised in one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognition {
    /// The file's name.
    pub file: String,
    /// Its layout.
    pub layout: Layout,
    /// What its feed is called: part of the identity of its orders.
    pub source: String,
    /// Columns with a meaning.
    pub recognised: Vec<Recognised>,
    /// Columns that are kept as properties.
    pub properties: Vec<PropertyColumn>,
    /// Columns that are not used: index from 0, name.
    pub left: Vec<(usize, String)>,
    /// Where each field is.
    pub columns: Columns,
    /// How [`Field::Time`] is written.
    pub time_format: Option<TimeFormat>,
    /// How [`Field::PaidTime`] is written.
    pub paid_format: Option<TimeFormat>,
    /// How numbers are written.
    pub number_style: NumberStyle,
    /// The field whose meaning (the line's money or the order's) the sample decided.
    pub amount_decided: Option<Field>,
    /// Whether order ids that start with a C name cancelled invoices.
    pub cancel_prefix: bool,
}

impl Recognition {
    /// The name of the column of a field, for messages.
    #[must_use]
    pub fn column_name(&self, field: Field) -> &str {
        self.recognised.iter().find(|entry| entry.field == field).map_or("", |entry| &entry.name)
    }
}
