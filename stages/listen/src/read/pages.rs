//! Pages of a Parquet file, looked at before they are decoded: the decoder makes room for as many
//! values as a dictionary's header claims, and a few bytes can claim billions.

use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::Type;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{FilePageIterator, FileReader};
use parquet::schema::types::ColumnDescriptor;
use std::sync::Arc;

/// All row groups of a file, their pages checked.
pub(super) struct CheckedFile(pub(super) Arc<dyn FileReader>);

impl RowGroups for CheckedFile {
    fn num_rows(&self) -> usize {
        usize::try_from(self.metadata().file_metadata().num_rows()).unwrap_or_default()
    }

    fn column_chunks(&self, column: usize) -> Result<Box<dyn PageIterator>> {
        let chunks = FilePageIterator::new(column, Arc::clone(&self.0))?;
        let least_bytes = least_bytes(&self.metadata().file_metadata().schema_descr().column(column));
        Ok(Box::new(CheckedChunks { chunks, least_bytes }))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(self.metadata().row_groups().iter())
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.0.metadata()
    }
}

/// Fewest bytes that a value takes in a dictionary.
fn least_bytes(column: &ColumnDescriptor) -> usize {
    match column.physical_type() {
        Type::BOOLEAN => 1,
        Type::INT32 | Type::FLOAT => 4,
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
        // Its length comes before it.
        Type::BYTE_ARRAY => 4,
        Type::FIXED_LEN_BYTE_ARRAY => usize::try_from(column.type_length()).unwrap_or_default().max(1),
    }
}

struct CheckedChunks {
    chunks: FilePageIterator,
    least_bytes: usize,
}

impl Iterator for CheckedChunks {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (pages, least_bytes) = (self.chunks.next()?, self.least_bytes);
        Some(pages.map(|pages| Box::new(CheckedPages { pages, least_bytes }) as _))
    }
}

impl PageIterator for CheckedChunks {}

struct CheckedPages {
    pages: Box<dyn PageReader>,
    least_bytes: usize,
}

impl Iterator for CheckedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        if let Some(Page::DictionaryPage { buf, num_values, .. }) = &page {
            let (claimed, room) = (*num_values as usize, buf.len() / self.least_bytes);
            if claimed > room {
                return Err(ParquetError::General(format!(
                    "a dictionary claims {claimed} values and has room for {room}"
                )));
            }
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}
