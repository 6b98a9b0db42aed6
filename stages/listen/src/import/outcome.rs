//! What an import is told, what it tells while it runs, and what came of it.

use super::rejects::{RejectReason, Rejected};
use crate::recognise::{Language, type_word};
use perennial_model::PropertyType;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What an import is told beside its plan.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// Now (UTC µs): when the rows were received; later times are refused.
    pub now_us: i64,
    /// Where rejected rows are written (CSV: file, line, column, reason, row). The file names
    /// customers; who keeps it must erase in it too.
    pub rejects: Option<PathBuf>,
    /// Events of a chunk, which is kept in one transaction.
    pub chunk_events: usize,
}

impl ImportOptions {
    /// With the usual bounds.
    #[must_use]
    pub const fn new(now_us: i64) -> Self {
        Self { now_us, rejects: None, chunk_events: 1_000_000 }
    }
}

/// Told now and then while files are read.
pub trait Progress: Send + Sync {
    /// So far: bytes of all files read, of how many, and rows.
    fn update(&self, bytes_read: u64, bytes_total: u64, rows: u64);
}

/// Tells nobody.
impl Progress for () {
    fn update(&self, _bytes_read: u64, _bytes_total: u64, _rows: u64) {}
}

/// Why a row is no event, though nothing is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SkipReason {
    /// No cell holds anything.
    Blank,
    /// A row of totals.
    Total,
    /// Nobody paid: 等待买家付款, pending.
    Unpaid,
    /// A closed or cancelled order, or part of one.
    Cancelled,
    /// A line of an order that does not count.
    LineOfSkippedOrder,
}

impl SkipReason {
    /// Why such a row is no event, for people.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        language.pick(match self {
            Self::Blank => ("empty rows", "空行"),
            Self::Total => ("rows of totals", "合计行"),
            Self::Unpaid => ("not paid, so not an order", "未付款，不算订单"),
            Self::Cancelled => ("closed or cancelled", "已关闭或已取消"),
            Self::LineOfSkippedOrder => ("lines of orders that were not paid or are closed", "所属订单未付款或已关闭"),
        })
    }
}

/// Events made, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct EventCounts {
    /// Orders (headers).
    pub orders: u64,
    /// Orders without a customer, of them.
    pub unidentified_orders: u64,
    /// Lines of orders.
    pub lines: u64,
    /// Refunds.
    pub refunds: u64,
    /// Cancellations.
    pub cancellations: u64,
    /// All other events.
    pub others: u64,
}

/// Values of one file that are not of their property's type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The property.
    pub property: String,
    /// Its type.
    pub property_type: PropertyType,
    /// The file.
    pub file: String,
    /// The line of the first of them.
    pub line: u64,
    /// Name of the column.
    pub column: String,
    /// How many rows.
    pub rows: u64,
}

impl LeftOut {
    /// `size: 2 × not an integer, left empty (orders.csv, line 7, column "Size")`
    #[must_use]
    pub fn line_for(&self, language: Language) -> String {
        let (property, rows) = (&self.property, self.rows);
        let (file, line, column) = (&self.file, self.line, &self.column);
        let word = language.pick(type_word(self.property_type));
        match language {
            Language::En => {
                format!(
                    "property {property}: {rows} × not of type {word}, left empty ({file}, line {line}, column {column:?})"
                )
            }
            Language::Zh => {
                format!("属性 {property}：{rows} × 不是{word}，已留空（{file} 第 {line} 行，列“{column}”）")
            }
        }
    }
}

/// What came of an import. Rows that an earlier, interrupted import kept are counted too.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportOutcome {
    /// Data rows read.
    pub rows: u64,
    /// The same for each file, in the order of [`crate::ImportPlan::recognitions`]; 0 where it was
    /// imported before.
    pub rows_of_files: Vec<u64>,
    /// Events made of them.
    pub events: EventCounts,
    /// Rows that are no events, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Rows that cannot be used, by reason.
    pub rejected: BTreeMap<RejectReason, u64>,
    /// The first of them.
    pub rejected_examples: Vec<Rejected>,
    /// Values that are not of their property's type: the row was kept, the property has no value.
    pub left_out: Vec<LeftOut>,
    /// Messages that do not fit their event's schema, kept aside.
    pub kept_aside: u64,
    /// Where rejected rows were written.
    pub rejects_file: Option<PathBuf>,
    /// Rows without any key of a customer.
    pub unidentified_rows: u64,
    /// Rows whose keys belong to several customers: the strongest key decided.
    pub conflicts: u64,
    /// Rows of erased customers, dropped.
    pub suppressed_rows: u64,
    /// Cells with a masked key (138****1234), which is no key.
    pub masked_keys: u64,
    /// Cells with something else that is no key of its kind.
    pub unusable_keys: u64,
    /// Customers seen for the first time.
    pub new_customers: u64,
    /// Files of which everything was imported before: nothing was done.
    pub already_imported: Vec<String>,
    /// Rows that an interrupted import had kept before.
    pub resumed_rows: u64,
    /// How long it took.
    pub elapsed_ms: u64,
}

/// Why some rows were left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutRows {
    /// They cannot be used; otherwise nothing is wrong with them, they are no events.
    pub rejected: bool,
    /// In English and in Chinese.
    pub reason: (&'static str, &'static str),
    /// How many.
    pub rows: u64,
    /// The first of them: file and line.
    pub example: Option<String>,
}

impl ImportOutcome {
    /// Reasons of rows left out, most frequent first.
    #[must_use]
    pub fn reasons(&self) -> Vec<LeftOutRows> {
        let example = |reason| {
            let first = self.rejected_examples.iter().find(|rejected| rejected.reason == reason)?;
            Some(format!("{}:{}", first.file, first.line))
        };
        let rejected = self.rejected.iter().map(|(reason, rows)| LeftOutRows {
            rejected: true,
            reason: (reason.text(Language::En), reason.text(Language::Zh)),
            rows: *rows,
            example: example(*reason),
        });
        let skipped = self.skipped.iter().map(|(reason, rows)| LeftOutRows {
            rejected: false,
            reason: (reason.text(Language::En), reason.text(Language::Zh)),
            rows: *rows,
            example: None,
        });
        let mut reasons: Vec<LeftOutRows> = rejected.chain(skipped).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
        reasons
    }

    /// Rows that cannot be used.
    #[must_use]
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Rows that are no events.
    #[must_use]
    pub fn skipped_rows(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Adds what came of another unit.
    pub(crate) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.rows_of_files.extend(other.rows_of_files);
        self.events.add(other.events);
        for (reason, count) in other.skipped {
            *self.skipped.entry(reason).or_default() += count;
        }
        self.left_out.extend(other.left_out);
        self.kept_aside += other.kept_aside;
        self.unidentified_rows += other.unidentified_rows;
        self.suppressed_rows += other.suppressed_rows;
        self.masked_keys += other.masked_keys;
        self.unusable_keys += other.unusable_keys;
        self.resumed_rows += other.resumed_rows;
    }
}

impl EventCounts {
    fn add(&mut self, other: Self) {
        self.orders += other.orders;
        self.unidentified_orders += other.unidentified_orders;
        self.lines += other.lines;
        self.refunds += other.refunds;
        self.cancellations += other.cancellations;
        self.others += other.others;
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.orders + self.lines + self.refunds + self.cancellations + self.others
    }
}
