//! The table `identities`: the keys by which customers are known.

use crate::described::Described;
use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use perennial_ports::IdentityBinding;
use std::sync::Arc;

/// A table of these; each binding's profile is taken for the customer.
pub(crate) fn identities_table(bindings: &[IdentityBinding]) -> Result<MemTable> {
    let ids: ArrayRef = Arc::new(bindings.iter().map(|binding| binding.profile.0).collect::<UInt64Array>());
    let kinds = bindings.iter().map(|binding| Some(binding.key.kind.as_str()));
    let kinds: ArrayRef = Arc::new(kinds.collect::<StringArray>());
    let values = bindings.iter().map(|binding| Some(binding.key.value.as_str()));
    let values: ArrayRef = Arc::new(values.collect::<StringArray>());
    let batch = RecordBatch::try_from_iter([("customer_id", ids), ("kind", kinds), ("value", values)])?;
    MemTable::try_new(batch.schema(), vec![vec![batch]])
}

/// For the table `columns`.
pub(crate) fn described() -> impl Iterator<Item = Described> {
    let columns = [
        ("customer_id", DataType::UInt64, "the customer the key leads to"),
        ("kind", DataType::Utf8, "member, unionid, phone, email, openid, external_userid, platform or anonymous"),
        ("value", DataType::Utf8, "the key, normalised for its kind; personal data"),
    ];
    columns.into_iter().map(|(column, data_type, description)| Described {
        table: "identities",
        column: column.to_owned(),
        data_type,
        description: description.to_owned(),
    })
}
