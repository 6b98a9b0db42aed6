//! Parquet: the types of SQL, in groups of rows small enough to be held.

use super::ExportError;
use super::keys::CustomerKeys;
use super::plan::ExportPlan;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use perennial_fold::TableShard;
use std::io::Write;

/// Rows of a group, which is held until it is whole.
const GROUP_ROWS: usize = 65_536;

/// See the module.
pub(super) struct ParquetFile<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
}

impl<W: Write + Send> ParquetFile<W> {
    pub(super) fn begin(plan: &ExportPlan, out: W) -> Result<Self, ExportError> {
        let told = |key: &str, value: &str| KeyValue::new(key.to_owned(), Some(value.to_owned()));
        let properties = WriterProperties::builder()
            .set_created_by("perennial".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata(Some(vec![
                told("perennial.currency", plan.currency()),
                told("perennial.time_zone", plan.zone()),
            ]))
            .build();
        let schema = plan.schema();
        let writer = ArrowWriter::try_new(out, SchemaRef::clone(&schema), Some(properties)).map_err(failed)?;
        Ok(Self { writer, schema })
    }

    pub(super) fn write(
        &mut self,
        plan: &ExportPlan,
        rows: &TableShard,
        keys: &CustomerKeys,
    ) -> Result<(), ExportError> {
        let arrays = plan.arrays(rows, keys).map_err(|problem| ExportError::Format(problem.to_string()))?;
        let batch = RecordBatch::try_new(SchemaRef::clone(&self.schema), arrays);
        let batch = batch.map_err(|problem| ExportError::Format(problem.to_string()))?;
        self.writer.write(&batch).map_err(failed)
    }

    pub(super) fn finish(self) -> Result<(), ExportError> {
        self.writer.close().map(|_| ()).map_err(failed)
    }
}

fn failed(problem: ParquetError) -> ExportError {
    ExportError::Format(problem.to_string())
}
