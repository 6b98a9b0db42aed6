//! The table `identities`: the keys by which customers are known, read when they are asked for.

use crate::customers::Customers;
use crate::described::Described;
use crate::events::customer_filter;
use crate::partitions::{Emit, ShardReader, external, scan_shards};
use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use perennial_model::CustomerId;
use perennial_ports::IdentityBinding;
use perennial_timeline::Timeline;
use std::sync::Arc;
use tokio::runtime::Handle;

/// Customers looked up at once.
const LOOKUP: usize = 4096;

/// How keys of customers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// As they are.
    InFull,
    /// So that who knows one recognises it, and nobody else learns it.
    Masked,
}

/// See the module.
pub(crate) struct IdentitiesTable {
    from: Option<(Timeline, Customers, Keys)>,
    schema: SchemaRef,
    threads: usize,
}

impl std::fmt::Debug for IdentitiesTable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("IdentitiesTable")
    }
}

impl IdentitiesTable {
    /// Nobody is known.
    pub(crate) fn empty() -> Self {
        let field = |(name, data_type, _)| Field::new(name, data_type, false);
        Self { from: None, schema: Arc::new(Schema::new(COLUMNS.map(field).to_vec())), threads: 1 }
    }

    /// The keys of these customers.
    pub(crate) fn new(timeline: Timeline, customers: Customers, keys: Keys, threads: usize) -> Self {
        Self { from: Some((timeline, customers, keys)), threads, ..Self::empty() }
    }
}

#[async_trait]
impl TableProvider for IdentitiesTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let support = |filter: &&Expr| match customer_filter(filter) {
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wanted = projection.cloned().unwrap_or_else(|| (0..COLUMNS.len()).collect());
        let schema = Arc::new(self.schema.project(&wanted)?);
        let only = filters.iter().find_map(customer_filter);
        let shards: Vec<u16> = match (&self.from, only) {
            (None, _) => Vec::new(),
            (_, Some(customer)) => vec![customer.shard()],
            (Some((_, customers, _)), None) => {
                (0..customers.shards()).filter_map(|shard| u16::try_from(shard).ok()).collect()
            }
        };
        let reader = IdentitiesReader { from: self.from.clone(), wanted, schema, only };
        scan_shards("identities", reader, &shards, self.threads, limit)
    }
}

struct IdentitiesReader {
    from: Option<(Timeline, Customers, Keys)>,
    /// Columns of the SQL table.
    wanted: Vec<usize>,
    schema: SchemaRef,
    only: Option<CustomerId>,
}

impl ShardReader for IdentitiesReader {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn read(&self, shard: u16, emit: Emit<'_>) -> Result<bool> {
        let Some((timeline, customers, keys)) = &self.from else { return Ok(true) };
        let of_shard = match self.only {
            Some(customer) => vec![customer.0],
            None => customers.of_shard(usize::from(shard)),
        };
        for chunk in of_shard.chunks(LOOKUP) {
            let profiles: Vec<CustomerId> =
                chunk.iter().flat_map(|customer| timeline.profiles_of(CustomerId(*customer))).collect();
            // On a thread for what blocks, never on one that others wait for.
            let found = Handle::current().block_on(timeline.store().identities_of(&profiles)).map_err(external)?;
            if !emit(self.batch(timeline, &found, *keys)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl IdentitiesReader {
    fn batch(&self, timeline: &Timeline, found: &[IdentityBinding], keys: Keys) -> Result<RecordBatch> {
        let array = |wanted: &usize| -> ArrayRef {
            match wanted {
                0 => Arc::new(found.iter().map(|one| timeline.customer_of(one.profile).0).collect::<UInt64Array>()),
                1 => Arc::new(found.iter().map(|one| Some(one.key.kind.as_str())).collect::<StringArray>()),
                _ => Arc::new(found.iter().map(|one| Some(shown(one, keys))).collect::<StringArray>()),
            }
        };
        let options = RecordBatchOptions::new().with_row_count(Some(found.len()));
        let arrays = self.wanted.iter().map(array).collect();
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?)
    }
}

fn shown(binding: &IdentityBinding, keys: Keys) -> String {
    match keys {
        Keys::InFull => binding.key.value.clone(),
        Keys::Masked => binding.key.masked(),
    }
}

const COLUMNS: [(&str, DataType, &str); 3] = [
    ("customer_id", DataType::UInt64, "the customer the key leads to"),
    ("kind", DataType::Utf8, "member, unionid, phone, email, openid, external_userid, platform or anonymous"),
    ("value", DataType::Utf8, "the key, normalised for its kind: personal data, masked for who may not see it in full"),
];

/// For the table `columns`.
pub(crate) fn described() -> impl Iterator<Item = Described> {
    COLUMNS.into_iter().map(|(column, data_type, description)| Described {
        table: "identities",
        column: column.to_owned(),
        data_type,
        description: description.to_owned(),
    })
}
