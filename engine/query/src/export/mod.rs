//! Customers as a file: CSV, XLSX or Parquet, written as rows come and never held whole.
//!
//! An [`ExportPlan`] says which columns, under which titles; an [`ExportFile`] is told the rows, in pieces.
//! CSV and XLSX are for people: money in major units, times by the brand's clock. Parquet is for programs:
//! the types of SQL, times in UTC.

mod cell;
mod csv;
mod keys;
mod parquet;
mod plan;
mod xlsx;

pub use keys::{CustomerKeys, keys_of_customers};
pub use plan::{ExportPlan, USUAL_COLUMNS};

use self::csv::CsvFile;
use self::parquet::ParquetFile;
use self::xlsx::XlsxFile;
use perennial_fold::TableShard;
use std::io::Write;

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// No such column.
    #[error("there is no column {name}: {fix}")]
    UnknownColumn {
        /// As it was asked for.
        name: String,
        /// What to do.
        fix: String,
    },
    /// No column at all.
    #[error("a file needs a column: name some, or leave them out for the usual ones")]
    NoColumn,
    /// A column twice.
    #[error("column {0} is named twice: a file has it once")]
    Twice(String),
    /// A sheet ends.
    #[error(
        "an XLSX sheet holds {MOST_SHEET_ROWS} customers at most and these are {rows}: take CSV or Parquet, or \
         fewer customers"
    )]
    TooManyRows {
        /// How many there are.
        rows: usize,
    },
    /// What is written to gives up.
    #[error("the file cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// A library gives up.
    #[error("the file cannot be written: {0}")]
    Format(String),
}

/// Rows of a sheet below its header.
const MOST_SHEET_ROWS: usize = 1_048_575;

/// How text of CSV becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextEncoding {
    /// UTF-8, with the mark at its beginning by which Excel knows it.
    #[default]
    Utf8Marked,
    /// UTF-8 and nothing else.
    Utf8,
    /// GB 18030, for programs that know no other.
    Gb18030,
}

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values.
    Csv(TextEncoding),
    /// A sheet of Excel.
    Xlsx,
    /// Columns.
    Parquet,
}

impl FileFormat {
    /// The end of a file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// As the web calls it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv(TextEncoding::Gb18030) => "text/csv; charset=gb18030",
            Self::Csv(_) => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Whether so many customers fit.
    ///
    /// # Errors
    /// [`ExportError::TooManyRows`].
    pub const fn fits(self, rows: usize) -> Result<(), ExportError> {
        match self {
            Self::Xlsx if rows > MOST_SHEET_ROWS => Err(ExportError::TooManyRows { rows }),
            _ => Ok(()),
        }
    }
}

/// A file that is being written.
pub struct ExportFile<W: Write + Send> {
    plan: ExportPlan,
    kind: Kind<W>,
}

enum Kind<W: Write + Send> {
    Csv(Box<CsvFile<W>>),
    Xlsx(Box<XlsxFile<W>>),
    Parquet(Box<ParquetFile<W>>),
}

impl<W: Write + Send> std::fmt::Debug for ExportFile<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ExportFile").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl<W: Write + Send> ExportFile<W> {
    /// Writes what comes before the first row.
    ///
    /// # Errors
    /// [`ExportError::Write`] and [`ExportError::Format`].
    pub fn begin(plan: ExportPlan, format: FileFormat, out: W) -> Result<Self, ExportError> {
        let kind = match format {
            FileFormat::Csv(encoding) => Kind::Csv(Box::new(CsvFile::begin(&plan.heads(), encoding, out)?)),
            FileFormat::Xlsx => Kind::Xlsx(Box::new(XlsxFile::begin(&plan.heads(), plan.decimals(), out)?)),
            FileFormat::Parquet => Kind::Parquet(Box::new(ParquetFile::begin(&plan, out)?)),
        };
        Ok(Self { plan, kind })
    }

    /// What it is made by.
    pub const fn plan(&self) -> &ExportPlan {
        &self.plan
    }

    /// More rows: the columns at [`ExportPlan::places`], in that order, and the customers' keys.
    ///
    /// # Errors
    /// [`ExportError::Write`] and [`ExportError::Format`].
    pub fn write(&mut self, rows: &TableShard, keys: &CustomerKeys) -> Result<(), ExportError> {
        match &mut self.kind {
            Kind::Parquet(file) => file.write(&self.plan, rows, keys),
            Kind::Csv(file) => {
                for row in 0..rows.customers.len() {
                    file.row(&self.plan.cells(rows, keys, row))?;
                }
                file.flush()
            }
            Kind::Xlsx(file) => {
                for row in 0..rows.customers.len() {
                    file.row(&self.plan.cells(rows, keys, row))?;
                }
                Ok(())
            }
        }
    }

    /// Writes what comes behind the last row.
    ///
    /// # Errors
    /// [`ExportError::Write`] and [`ExportError::Format`].
    pub fn finish(self) -> Result<(), ExportError> {
        match self.kind {
            Kind::Csv(mut file) => file.flush(),
            Kind::Xlsx(file) => file.finish(),
            Kind::Parquet(file) => file.finish(),
        }
    }
}

#[cfg(test)]
mod tests;
