//! Answers as text.

use crate::{QueryError, RowStream};
use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow::json::writer::JsonArray;
use arrow::util::pretty::pretty_format_batches_with_schema;
use std::io::Write;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputFormat {
    /// Boxes for a terminal; held in memory until it is whole.
    #[default]
    Table,
    /// Comma-separated with a header; NULL is empty.
    Csv,
    /// One array of objects; NULL is null, decimals are numbers with all their digits.
    Json,
}

impl std::str::FromStr for OutputFormat {
    type Err = QueryError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "table" => Ok(Self::Table),
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            other => Err(QueryError::UnknownFormat(other.to_owned())),
        }
    }
}

/// Writes an answer and returns its number of rows. CSV and JSON are written as rows come.
pub(crate) async fn write_rows<W: Write>(
    rows: RowStream,
    format: OutputFormat,
    out: &mut W,
) -> Result<usize, QueryError> {
    let written = match format {
        OutputFormat::Table => write_table(rows, out).await,
        OutputFormat::Csv => write_csv(rows, out).await,
        OutputFormat::Json => write_json(rows, out).await,
    }?;
    out.flush()?;
    Ok(written)
}

async fn write_table<W: Write>(rows: RowStream, out: &mut W) -> Result<usize, QueryError> {
    let rows = rows.collect().await?;
    writeln!(out, "{}", pretty_format_batches_with_schema(rows.schema.clone(), &rows.batches).map_err(failed)?)?;
    Ok(rows.len())
}

async fn write_csv<W: Write>(mut rows: RowStream, out: &mut W) -> Result<usize, QueryError> {
    let mut writer = arrow::csv::WriterBuilder::new().with_header(true).build(out);
    // The header comes with the first batch, so that there is always one.
    writer.write(&RecordBatch::new_empty(rows.schema())).map_err(failed)?;
    let mut written = 0;
    while let Some(batch) = rows.next().await? {
        written += batch.num_rows();
        writer.write(&batch).map_err(failed)?;
    }
    Ok(written)
}

async fn write_json<W: Write>(mut rows: RowStream, out: &mut W) -> Result<usize, QueryError> {
    let builder = arrow::json::WriterBuilder::new().with_explicit_nulls(true);
    let mut writer = builder.build::<_, JsonArray>(&mut *out);
    let mut written = 0;
    while let Some(batch) = rows.next().await? {
        written += batch.num_rows();
        writer.write(&batch).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    drop(writer);
    writeln!(out)?;
    Ok(written)
}

fn failed(error: ArrowError) -> QueryError {
    match error {
        ArrowError::IoError(_, source) => QueryError::Write(source),
        other => QueryError::Execution { reason: other.to_string() },
    }
}
