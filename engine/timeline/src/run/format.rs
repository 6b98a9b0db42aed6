//! The format of a run, version 2.
//!
//! Parquet, chosen so that the fold's columns decode into the slices it reads, without nulls:
//! `customer` is the number within the shard (the shard is in the footer); no order is key 0, no
//! number is `i64::MIN`, no word is the empty word. `time` and `received` are multiples of the
//! units in the footer, because most sources know whole seconds. `profile` is there only when a
//! row's profile differs from its customer. Declared properties follow as `p_<name>`, with nulls.
//! Columns that folds read most stand first, so that one range of the file holds them.
//! The footer holds the CRC-32 of every column chunk; the manifest holds that of the footer.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::schema::types::ColumnPath;
use perennial_model::{PropertySpec, PropertyType};
use std::sync::Arc;

/// The format this version reads and writes.
pub(crate) const FORMAT_VERSION: u32 = 2;
/// Folder of all runs.
pub(crate) const FOLDER: &str = "runs";

const KEY_FORMAT: &str = "perennial.format";
const KEY_SHARD: &str = "perennial.shard";
const KEY_TIME_UNIT: &str = "perennial.time_unit_us";
const KEY_RECEIVED_UNIT: &str = "perennial.received_unit_us";
/// Checksums of all column chunks; see `sums.rs`.
pub(crate) const KEY_SUMS: &str = "perennial.sums";
const KEY_DISTINCT: &str = "perennial.distinct";

/// Bytes of distinct `received` values in a row group above which deltas are smaller than a dictionary.
const RECEIVED_DICTIONARY_BYTES: usize = 32 << 10;
/// Bytes of distinct order keys in a row group (a quarter of its rows) above which plain ones are smaller.
const ORDER_DICTIONARY_BYTES: usize = 512 << 10;
/// Holds every distinct value of a row group, so that number columns stay dictionaries.
const NUMBER_DICTIONARY_BYTES: usize = 4 << 20;

/// Name of a run's file; shard and epoch are in it so that orphans can be told.
pub(crate) fn file_name(shard: u16, epoch: u64, run_id: u64) -> String {
    format!("{FOLDER}/s{shard:03}-e{epoch:010}-r{run_id:010}.parquet")
}

/// What the footer says beside the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Footer {
    pub(crate) format: u32,
    pub(crate) shard: u16,
    pub(crate) time_unit: i64,
    pub(crate) received_unit: i64,
    /// No mid occurs twice under a customer.
    pub(crate) distinct: bool,
}

impl Footer {
    pub(crate) fn to_pairs(self) -> Vec<KeyValue> {
        let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        vec![
            pair(KEY_FORMAT, self.format.to_string()),
            pair(KEY_SHARD, self.shard.to_string()),
            pair(KEY_TIME_UNIT, self.time_unit.to_string()),
            pair(KEY_RECEIVED_UNIT, self.received_unit.to_string()),
            pair(KEY_DISTINCT, self.distinct.to_string()),
        ]
    }

    /// `None` when a part is missing or is no number.
    pub(crate) fn from_pairs(pairs: &[KeyValue]) -> Option<Self> {
        let find = |key: &str| pairs.iter().find(|pair| pair.key == key)?.value.as_deref();
        Some(Self {
            format: find(KEY_FORMAT)?.parse().ok()?,
            shard: find(KEY_SHARD)?.parse().ok()?,
            time_unit: find(KEY_TIME_UNIT)?.parse().ok()?,
            received_unit: find(KEY_RECEIVED_UNIT)?.parse().ok()?,
            distinct: find(KEY_DISTINCT)?.parse().ok()?,
        })
    }
}

/// Arrow type of a word column.
pub(crate) fn word_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// Name of the column of a declared property.
pub(crate) fn property_column_name(spec: &PropertySpec) -> String {
    format!("p_{}", spec.name)
}

/// Column of a declared property.
pub(crate) fn property_field(spec: &PropertySpec) -> Field {
    let data_type = match spec.property_type {
        PropertyType::Text => DataType::Utf8,
        PropertyType::Integer => DataType::Int64,
        PropertyType::Number => DataType::Float64,
        PropertyType::Boolean => DataType::Boolean,
    };
    Field::new(property_column_name(spec), data_type, true)
}

/// Columns of a run's file.
pub(crate) fn physical_schema(with_profile: bool, properties: &[PropertySpec]) -> SchemaRef {
    let field = |name: &str, data_type: DataType| Field::new(name, data_type, false);
    let mut fields = vec![
        field("customer", DataType::UInt64),
        field("time", DataType::Int64),
        field("kind", DataType::UInt8),
        field("mid", DataType::UInt64),
        field("received", DataType::Int64),
        field("order_key", DataType::UInt64),
        field("quantity_milli", DataType::Int64),
        field("value_minor", DataType::Int64),
        field("channel", word_type()),
        field("name", word_type()),
        field("item", word_type()),
        field("source", word_type()),
        field("campaign", word_type()),
        field("currency", word_type()),
    ];
    if with_profile {
        fields.push(field("profile", DataType::UInt64));
    }
    fields.push(Field::new("order_id", DataType::Utf8, true));
    fields.push(Field::new("properties", DataType::Utf8, true));
    fields.extend(properties.iter().map(property_field));
    Arc::new(Schema::new(fields))
}

/// How each column is encoded: mids are noise, so plain; sorted numbers and times are deltas; order
/// keys are noise too, but most rows have none and a dictionary decodes twice as fast as they do;
/// what folds read is compressed for decoding speed (LZ4), the rest for size (zstd).
pub(crate) fn writer_properties() -> WriterProperties {
    let column = |name: &str| ColumnPath::from(name);
    let mut builder = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(column("customer"), EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(None)
        .set_dictionary_page_size_limit(NUMBER_DICTIONARY_BYTES)
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_column_encoding(column("received"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_page_size_limit(column("received"), RECEIVED_DICTIONARY_BYTES)
        .set_column_encoding(column("order_key"), Encoding::PLAIN)
        .set_column_dictionary_page_size_limit(column("order_key"), ORDER_DICTIONARY_BYTES);
    for name in ["kind", "order_key", "quantity_milli", "value_minor", "channel"] {
        builder = builder.set_column_compression(column(name), Compression::LZ4_RAW);
    }
    builder = undictionaried(builder, "customer", Encoding::DELTA_BINARY_PACKED, Compression::UNCOMPRESSED);
    builder = undictionaried(builder, "time", Encoding::DELTA_BINARY_PACKED, Compression::UNCOMPRESSED);
    builder = undictionaried(builder, "mid", Encoding::PLAIN, Compression::UNCOMPRESSED);
    builder = undictionaried(builder, "profile", Encoding::DELTA_BINARY_PACKED, Compression::UNCOMPRESSED);
    builder = undictionaried(builder, "order_id", Encoding::DELTA_BYTE_ARRAY, Compression::ZSTD(ZstdLevel::default()));
    undictionaried(builder, "properties", Encoding::PLAIN, Compression::ZSTD(ZstdLevel::default())).build()
}

fn undictionaried(
    builder: WriterPropertiesBuilder,
    name: &str,
    encoding: Encoding,
    compression: Compression,
) -> WriterPropertiesBuilder {
    let column = ColumnPath::from(name);
    builder
        .set_column_dictionary_enabled(column.clone(), false)
        .set_column_encoding(column.clone(), encoding)
        .set_column_compression(column, compression)
}
