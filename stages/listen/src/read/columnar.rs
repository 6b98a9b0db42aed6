//! Parquet, a batch of rows at a time. Values become text that loses nothing: decimals digit by digit,
//! instants as ISO 8601 (in UTC with a `Z` where the file says so).

use arrow::array::{Array, ArrayRef, AsArray, LargeStringArray, LargeStringBuilder, PrimitiveArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int64Type, TimeUnit, UInt64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use bytes::Bytes;
use chrono::{DateTime, Datelike, Timelike};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowGroups};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels, parquet_to_arrow_schema};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, SerializedFileReader};
use std::fmt::Write;
use std::sync::Arc;

use super::error::{ReadError, RowProblem};
use super::guarded;
use super::input::Input;
use super::pages::CheckedFile;
use super::row::{RowRef, Span};
use super::split::Parts;
use super::{MAX_CELL_BYTES, MAX_COLUMNS};

/// Rows decoded at once.
const BATCH_ROWS: usize = 4_096;

/// A Parquet file that was understood.
#[derive(Debug, Clone)]
pub(super) struct Columnar {
    /// The file in memory when it came out of an archive.
    unpacked: Option<Bytes>,
    pub(super) header: Vec<String>,
    pub(super) rows: u64,
}

impl Columnar {
    pub(super) fn open(input: &Input) -> Result<Self, ReadError> {
        let unpacked = if input.is_packed() { Some(Bytes::from(input.unpack()?)) } else { None };
        let mut file = Columnar { unpacked, header: Vec::new(), rows: 0 };
        let (header, rows) = guarded(&input.name, || {
            match &file.unpacked {
                Some(bytes) => facts(&ParquetRecordBatchReaderBuilder::try_new(bytes.clone())),
                None => facts(&ParquetRecordBatchReaderBuilder::try_new(input.open_file()?)),
            }
            .map_err(|error: Failure| error.named(&input.name, 0))
        })?;
        if header.len() > MAX_COLUMNS {
            let (columns, limit) = (header.len(), MAX_COLUMNS);
            return Err(ReadError::TooManyColumns { file: input.name.clone(), line: 0, columns, limit });
        }
        if rows == 0 {
            return Err(ReadError::NoRows { file: input.name.clone(), line: 0 });
        }
        file.header = super::guess::column_names(header.iter().map(String::as_str), header.len());
        file.rows = rows;
        Ok(file)
    }

    pub(super) fn rows(&self, input: &Input) -> Result<ColumnarRows, ReadError> {
        let reader = guarded(&input.name, || {
            match &self.unpacked {
                Some(bytes) => checked_reader(bytes.clone()),
                None => checked_reader(input.open_file()?),
            }
            .map_err(|error| Failure::Parquet(error).named(&input.name, 0))
        })?;
        Ok(ColumnarRows {
            name: input.name.clone(),
            reader,
            columns: Vec::new(),
            at: 0,
            length: 0,
            row: 0,
            parts: Parts::default(),
            problem: None,
            rows: self.rows,
            bytes: input.bytes,
        })
    }
}

/// What can fail below us.
enum Failure {
    Read(ReadError),
    Parquet(ParquetError),
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Failure::Read(error)
    }
}

impl Failure {
    fn named(self, file: &str, row: u64) -> ReadError {
        let file = file.to_owned();
        match self {
            Failure::Read(error) => error,
            Failure::Parquet(error) => {
                let reason = error.to_string();
                if reason.contains("Disabled feature") || matches!(error, ParquetError::NYI(_)) {
                    let advice = "write it again with zstd, snappy or no compression";
                    return ReadError::Unsupported {
                        file,
                        what: format!("Parquet we cannot decode ({reason})"),
                        advice,
                    };
                }
                ReadError::Damaged { file, line: row, reason }
            }
        }
    }
}

/// Reads all columns of a file, each page checked before it is decoded.
fn checked_reader<T: ChunkReader + 'static>(file: T) -> Result<ParquetRecordBatchReader, ParquetError> {
    let file = CheckedFile(Arc::new(SerializedFileReader::new(file)?));
    let described = file.metadata().file_metadata();
    // The types that the writer has noted beside the columns, where it did.
    let schema = parquet_to_arrow_schema(described.schema_descr(), described.key_value_metadata())?;
    let levels = parquet_to_arrow_field_levels(described.schema_descr(), ProjectionMask::all(), Some(schema.fields()))?;
    ParquetRecordBatchReader::try_new_with_row_groups(&levels, &file, BATCH_ROWS, None)
}

type Opened<T> = Result<ParquetRecordBatchReaderBuilder<T>, ParquetError>;

fn facts<T: ChunkReader + 'static>(opened: &Opened<T>) -> Result<(Vec<String>, u64), Failure> {
    match opened {
        Ok(builder) => {
            let names = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
            Ok((names, builder.metadata().file_metadata().num_rows().max(0) as u64))
        }
        Err(error) => Err(Failure::Parquet(ParquetError::General(error.to_string()))),
    }
}

/// Reads rows from Parquet.
pub(super) struct ColumnarRows {
    name: String,
    reader: ParquetRecordBatchReader,
    columns: Vec<Column>,
    /// The next row of the batch, and the rows it has.
    at: usize,
    length: usize,
    /// Rows handed out.
    row: u64,
    /// Text of the row: cells in the side buffer with U+001F between them, which makes it canonical too.
    parts: Parts,
    problem: Option<RowProblem>,
    rows: u64,
    bytes: u64,
}

impl ColumnarRows {
    pub(super) fn bytes_read(&self) -> u64 {
        (u128::from(self.bytes) * u128::from(self.row.min(self.rows)) / u128::from(self.rows.max(1))) as u64
    }

    pub(super) fn next(&mut self) -> Result<Option<RowRef<'_>>, ReadError> {
        while self.at == self.length {
            if !self.next_batch()? {
                return Ok(None);
            }
        }
        let Parts { spans, side } = &mut self.parts;
        spans.clear();
        side.clear();
        self.problem = None;
        for (i, column) in self.columns.iter().enumerate() {
            if i > 0 {
                side.push('\u{1f}');
            }
            let start = side.len();
            column.write(self.at, side);
            let bytes = side.len() - start;
            if bytes > MAX_CELL_BYTES {
                // Not kept: a batch may hold cells of any size.
                side.truncate(start);
                self.problem = Some(RowProblem::CellTooLong { column: i + 1, bytes });
            }
            spans.push(Span::side(start, side.len()));
        }
        if memchr::memchr(0, side.as_bytes()).is_some() {
            let column = spans.iter().position(|span| span.of("", side).contains('\0')).unwrap_or(0) + 1;
            self.problem = Some(RowProblem::NulByte { column });
        }
        self.at += 1;
        self.row += 1;
        let Parts { spans, side } = &self.parts;
        Ok(Some(RowRef { text: "", side, cells: spans, raw: side, line: self.row, problem: self.problem.as_ref() }))
    }

    fn next_batch(&mut self) -> Result<bool, ReadError> {
        let (reader, name, row) = (&mut self.reader, &self.name, self.row);
        let columns = guarded(name, || {
            let damaged = |reason| ReadError::Damaged { file: name.clone(), line: row, reason };
            let Some(batch) = reader.next().transpose().map_err(|error| damaged(error.to_string()))? else {
                return Ok(None);
            };
            let columns = columns(&batch).map_err(|error| damaged(error.to_string()))?;
            Ok(Some((columns, batch.num_rows())))
        })?;
        let Some((columns, length)) = columns else { return Ok(false) };
        self.columns = columns;
        self.length = length;
        self.at = 0;
        Ok(true)
    }
}

/// A column of a batch in one of few types.
enum Column {
    Signed(PrimitiveArray<Int64Type>),
    Unsigned(PrimitiveArray<UInt64Type>),
    Single(PrimitiveArray<Float32Type>),
    Double(PrimitiveArray<Float64Type>),
    /// Days since 1970.
    Date(PrimitiveArray<Int64Type>),
    /// Instants, how many of its units make a second, and whether they are in UTC or of no known zone.
    Time(PrimitiveArray<Int64Type>, i64, bool),
    Text(LargeStringArray),
}

type ArrowResult<T> = Result<T, arrow::error::ArrowError>;

fn columns(batch: &RecordBatch) -> ArrowResult<Vec<Column>> {
    batch.columns().iter().map(column).collect()
}

fn column(array: &ArrayRef) -> ArrowResult<Column> {
    let integers = |array: &ArrayRef| -> ArrowResult<_> { Ok(cast(array, &DataType::Int64)?.as_primitive().clone()) };
    Ok(match array.data_type() {
        DataType::Dictionary(_, values) => return column(&cast(array, values)?),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Column::Signed(integers(array)?),
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => {
            Column::Unsigned(cast(array, &DataType::UInt64)?.as_primitive().clone())
        }
        DataType::Float16 | DataType::Float32 => {
            Column::Single(cast(array, &DataType::Float32)?.as_primitive().clone())
        }
        DataType::Float64 => Column::Double(array.as_primitive().clone()),
        DataType::Date32 => Column::Date(integers(&cast(array, &DataType::Int32)?)?),
        DataType::Date64 => Column::Time(integers(array)?, 1_000, false),
        DataType::Timestamp(unit, zone) => Column::Time(integers(array)?, per_second(*unit), zone.is_some()),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            Column::Text(cast(array, &DataType::LargeUtf8)?.as_string::<i64>().clone())
        }
        _ => Column::Text(rendered(array)?),
    })
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// Decimals, Booleans, lists, structs and the rest as arrow writes them; bytes as text if they are one (old
/// writers do not mark their texts).
fn rendered(array: &ArrayRef) -> ArrowResult<LargeStringArray> {
    if matches!(array.data_type(), DataType::Binary | DataType::LargeBinary | DataType::BinaryView) {
        let bytes = cast(array, &DataType::LargeBinary)?;
        let bytes = bytes.as_binary::<i64>();
        if bytes.iter().flatten().all(|value| std::str::from_utf8(value).is_ok()) {
            return Ok(cast(&(Arc::new(bytes.clone()) as ArrayRef), &DataType::LargeUtf8)?
                .as_string::<i64>()
                .clone());
        }
    }
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
    let mut texts = LargeStringBuilder::new();
    for row in 0..array.len() {
        if array.is_null(row) { texts.append_null() } else { texts.append_value(formatter.value(row).try_to_string()?) }
    }
    Ok(texts.finish())
}

impl Column {
    /// Appends the value of a row; nothing for a missing one (null, or the NaN that pandas writes for it).
    fn write(&self, row: usize, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Column::Signed(values) if values.is_valid(row) => write!(out, "{}", values.value(row)),
            Column::Unsigned(values) if values.is_valid(row) => write!(out, "{}", values.value(row)),
            Column::Single(values) if values.is_valid(row) && !values.value(row).is_nan() => {
                write!(out, "{}", values.value(row))
            }
            Column::Double(values) if values.is_valid(row) && !values.value(row).is_nan() => {
                write!(out, "{}", values.value(row))
            }
            Column::Date(values) if values.is_valid(row) => {
                write_time(values.value(row).saturating_mul(86_400), 0, true, out)
            }
            Column::Time(values, per_second, utc) if values.is_valid(row) => {
                let value = values.value(row);
                let nanos = value.rem_euclid(*per_second) * (1_000_000_000 / per_second);
                let written = write_time(value.div_euclid(*per_second), nanos as u32, false, out);
                if *utc {
                    out.push('Z');
                }
                written
            }
            Column::Text(values) if values.is_valid(row) => {
                out.push_str(values.value(row));
                Ok(())
            }
            _ => Ok(()),
        };
    }
}

/// ISO 8601, with as many digits of the second as it has; the number itself where the calendar ends.
fn write_time(seconds: i64, nanos: u32, date_only: bool, out: &mut String) -> std::fmt::Result {
    let Some(at) = DateTime::from_timestamp(seconds, nanos) else { return write!(out, "{seconds}") };
    write!(out, "{:04}-{:02}-{:02}", at.year(), at.month(), at.day())?;
    if date_only {
        return Ok(());
    }
    write!(out, "T{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())?;
    match nanos {
        0 => Ok(()),
        n if n % 1_000_000 == 0 => write!(out, ".{:03}", n / 1_000_000),
        n if n % 1_000 == 0 => write!(out, ".{:06}", n / 1_000),
        n => write!(out, ".{n:09}"),
    }
}
