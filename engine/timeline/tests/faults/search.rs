//! Looks for words in everything under a data directory, compressed or not.

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::ipc::reader::StreamReader;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use perennial_ports::HotLog;
use std::collections::BTreeSet;

/// Words that occur in these bytes as they are.
pub(crate) fn in_bytes(bytes: &[u8], words: &[String]) -> BTreeSet<String> {
    let occurs = |word: &&String| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    words.iter().filter(occurs).cloned().collect()
}

/// Words in a run: in its bytes, in its pages (of dictionaries too) unpacked, and in its values.
pub(crate) fn in_parquet(bytes: &Bytes, words: &[String]) -> BTreeSet<String> {
    let mut found = in_bytes(bytes, words);
    let reader = SerializedFileReader::new(bytes.clone()).unwrap();
    for group in 0..reader.metadata().num_row_groups() {
        let group = reader.get_row_group(group).unwrap();
        for column in 0..group.num_columns() {
            for page in group.get_column_page_reader(column).unwrap() {
                found.extend(in_bytes(page.unwrap().buffer(), words));
            }
        }
    }
    for batch in ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).unwrap().build().unwrap() {
        found.extend(in_batch(&batch.unwrap(), words));
    }
    found
}

/// Words in the values of a batch, and in dictionary entries that no row names any more.
fn in_batch(batch: &RecordBatch, words: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for column in batch.columns() {
        let texts = match column.data_type() {
            DataType::Dictionary(..) => cast(column.as_any_dictionary().values(), &DataType::Utf8).unwrap(),
            _ => cast(column, &DataType::Utf8).unwrap(),
        };
        let texts: &StringArray = texts.as_string();
        found.extend(texts.iter().flatten().flat_map(|text| in_bytes(text.as_bytes(), words)));
    }
    found
}

/// Words in the batches of a hot log, unpacked.
pub(crate) async fn in_hot_log(log: &dyn HotLog, words: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for row in log.read_after(0, u32::MAX).await.unwrap() {
        for batch in StreamReader::try_new(&row.batch[..], None).unwrap() {
            found.extend(in_batch(&batch.unwrap(), words));
        }
    }
    found
}
