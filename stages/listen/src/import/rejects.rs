//! Rows that cannot be used: counted, and written beside with the place and the reason.

use crate::ListenError;
use crate::recognise::Language;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows written to the rejects file; more are only counted. Who has more has the wrong file.
pub const MAX_REJECT_ROWS: u64 = 100_000;
/// Bytes of a row written to the rejects file.
const MAX_ROW_BYTES: usize = 2_000;
/// Rejected rows kept in the outcome as examples.
const MAX_EXAMPLES: usize = 20;

/// Why a row cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RejectReason {
    /// It cannot be taken apart into cells.
    Unreadable,
    /// A spreadsheet turned an id into 1.23E+18.
    MangledId,
    /// No time, where it needs one.
    MissingTime,
    /// A time that cannot be read.
    BadTime,
    /// A time in 1970 or before.
    TimeTooEarly,
    /// A time in the future.
    TimeInFuture,
    /// An amount that is no number.
    BadAmount,
    /// An amount larger than any shop's.
    HugeAmount,
    /// A quantity that is no number.
    BadQuantity,
    /// No money, where it needs some.
    MissingAmount,
    /// Money in another currency than the brand's.
    OtherCurrency,
    /// A cancelled invoice with a positive amount.
    PositiveCancellation,
    /// A line whose order is not in the order report.
    OrderNotInReport,
    /// The first row of its order was rejected.
    OrderRejected,
    /// A message that is refused; the detail says why.
    BadMessage,
}

impl RejectReason {
    /// What is wrong and what to do, for people.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        language.pick(match self {
            Self::Unreadable => ("the row cannot be taken apart", "该行无法拆分为单元格"),
            Self::MangledId => (
                "the id was turned into a number like 1.23E+18 by a spreadsheet: export again and do not save it in Excel",
                "编号已被表格软件改成 1.23E+18 这样的数字：请重新导出，不要用 Excel 保存",
            ),
            Self::MissingTime => ("there is no time", "没有时间"),
            Self::BadTime => ("not a date or time like the others of the column", "不是该列其他单元格那样的日期或时间"),
            Self::TimeTooEarly => ("the time is in 1970 or before, as an empty date becomes", "时间在 1970 年或更早，通常是空日期变成的"),
            Self::TimeInFuture => ("the time is in the future", "时间在未来"),
            Self::BadAmount => ("not an amount of money", "不是金额"),
            Self::HugeAmount => ("the amount or quantity is too large to be true", "金额或数量大得不真实"),
            Self::BadQuantity => ("not a quantity", "不是数量"),
            Self::MissingAmount => ("there is no amount", "没有金额"),
            Self::OtherCurrency => (
                "the money is in another currency: import it on its own with --currency into another data directory",
                "币种不同：请用 --currency 单独导入到另一个数据目录",
            ),
            Self::PositiveCancellation => {
                ("a cancelled invoice with a positive amount: sale or refund cannot be told", "作废单据金额为正，无法判断是销售还是退款")
            }
            Self::OrderNotInReport => ("its order is not in the order report", "订单报表中没有该订单"),
            Self::OrderRejected => ("the first row of its order was rejected", "该订单的第一行已被拒绝"),
            Self::BadMessage => ("a field of the message cannot be used", "消息中有字段无法使用"),
        })
    }
}

/// A rejected row, without what it holds: it may name a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The file.
    pub file: String,
    /// The line the row starts on.
    pub line: u64,
    /// Name of the column that is at fault, where one is.
    pub column: Option<String>,
    /// Why.
    pub reason: RejectReason,
    /// More about it, where there is more: which cells are too many, which byte is wrong.
    pub detail: Option<String>,
}

impl Rejected {
    /// `orders.csv, line 12, column "Paid at": …`
    #[must_use]
    pub fn line_for(&self, language: Language) -> String {
        let column = self.column.as_ref().map(|name| match language {
            Language::En => format!(", column {name:?}"),
            Language::Zh => format!("，列“{name}”"),
        });
        let reason = self.detail.as_deref().unwrap_or_else(|| self.reason.text(language));
        let column = column.unwrap_or_default();
        match language {
            Language::En => format!("{}, line {}{column}: {reason}", self.file, self.line),
            Language::Zh => format!("{} 第 {} 行{column}：{reason}", self.file, self.line),
        }
    }
}

/// Counts rejected rows and writes them to a file, made with the first of them.
#[derive(Debug, Default)]
pub(crate) struct RejectLog {
    path: Option<PathBuf>,
    file: Option<BufWriter<File>>,
    written: u64,
    pub(crate) counts: BTreeMap<RejectReason, u64>,
    pub(crate) examples: Vec<Rejected>,
}

impl RejectLog {
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        Self { path, ..Self::default() }
    }

    /// Counts a row and writes it, within the bounds.
    pub(crate) fn add(&mut self, rejected: Rejected, row: &str) -> Result<(), ListenError> {
        *self.counts.entry(rejected.reason).or_default() += 1;
        if self.written < MAX_REJECT_ROWS && self.path.is_some() {
            self.written += 1;
            self.write(&rejected, row)?;
        }
        if self.examples.len() < MAX_EXAMPLES {
            self.examples.push(rejected);
        }
        Ok(())
    }

    fn write(&mut self, rejected: &Rejected, row: &str) -> Result<(), ListenError> {
        let Some(path) = self.path.clone() else {
            return Ok(());
        };
        let failed = |source| ListenError::Rejects { path: path.display().to_string(), source };
        if self.file.is_none() {
            let mut file = BufWriter::new(create_private(&path).map_err(failed)?);
            file.write_all(b"file,line,column,reason,row\n").map_err(failed)?;
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let reason = rejected.detail.as_deref().unwrap_or_else(|| rejected.reason.text(Language::En));
        let column = rejected.column.as_deref().unwrap_or_default();
        let row = truncated(row);
        writeln!(
            file,
            "{},{},{},{},{}",
            quoted(&rejected.file),
            rejected.line,
            quoted(column),
            quoted(reason),
            quoted(row)
        )
        .map_err(failed)
    }

    /// Ends the file; its path, if there is one.
    pub(crate) fn finish(&mut self) -> Result<Option<PathBuf>, ListenError> {
        let Some(mut file) = self.file.take() else {
            return Ok(None);
        };
        let path = self.path.clone().unwrap_or_default();
        file.flush().map_err(|source| ListenError::Rejects { path: path.display().to_string(), source })?;
        Ok(Some(path))
    }
}

/// Rejected rows hold customers' data: nobody else may read them.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn truncated(row: &str) -> &str {
    let mut end = row.len().min(MAX_ROW_BYTES);
    while !row.is_char_boundary(end) {
        end -= 1;
    }
    &row[..end]
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
