//! The system catalogue that tools read, and the functions they call.

use crate::functions;
use datafusion::catalog::{CatalogProvider, MemoryCatalogProvider, MemorySchemaProvider, SchemaProvider};
use datafusion::datasource::empty::EmptyTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::{SessionContext, SessionState};
use datafusion::prelude::SessionConfig;
use datafusion_postgres::datafusion_pg_catalog::pg_catalog::context::EmptyContextProvider;
use datafusion_postgres::datafusion_pg_catalog::pg_catalog::setup_pg_catalog;
use perennial_query::{DATABASE, Keys, QueryEngine, QueryError, SqlService};
use std::sync::{Arc, Mutex, PoisonError};

const PG_CATALOG: &str = "pg_catalog";
const PUBLIC: &str = "public";

/// One for all connections, so that an object has the same number in each.
pub(crate) struct Catalog {
    context: SessionContext,
    pg_catalog: Arc<dyn SchemaProvider>,
    /// What is described now, by the tables' columns.
    described: Mutex<Vec<(&'static str, datafusion::arrow::datatypes::SchemaRef)>>,
}

impl Catalog {
    pub(crate) fn new() -> Result<Self, DataFusionError> {
        let config = SessionConfig::new().with_default_catalog_and_schema(DATABASE, PUBLIC);
        let context = SessionContext::new_with_config(config);
        setup_pg_catalog(&context, DATABASE, EmptyContextProvider).map_err(|problem| *problem)?;
        functions::register(&context);
        let pg_catalog = context.catalog(DATABASE).and_then(|catalog| catalog.schema(PG_CATALOG));
        let missing = || DataFusionError::Configuration("the system catalogue is missing".to_owned());
        Ok(Self { pg_catalog: pg_catalog.ok_or_else(missing)?, context, described: Mutex::default() })
    }

    /// The tables as they are now, with the catalogue that describes them.
    pub(crate) async fn engine(&self, service: &SqlService, keys: Keys) -> Result<QueryEngine, QueryError> {
        let engine = service.engine(keys).await?.with_schema(PG_CATALOG, Arc::clone(&self.pg_catalog))?;
        let tables = engine.tables().await?;
        let mut described = self.described.lock().unwrap_or_else(PoisonError::into_inner);
        if *described != tables {
            let describe = || -> Result<(), DataFusionError> {
                let (catalog, public) = (MemoryCatalogProvider::new(), MemorySchemaProvider::new());
                for (name, schema) in &tables {
                    // Without rows: a catalogue that held the tables would hold files that are to go.
                    public.register_table((*name).to_owned(), Arc::new(EmptyTable::new(Arc::clone(schema))))?;
                }
                catalog.register_schema(PUBLIC, Arc::new(public))?;
                catalog.register_schema(PG_CATALOG, Arc::clone(&self.pg_catalog))?;
                self.context.register_catalog(DATABASE, Arc::new(catalog));
                Ok(())
            };
            describe().map_err(|problem| QueryError::from_engine(&problem, service.limits().memory_bytes))?;
            *described = tables;
        }
        drop(described);
        Ok(engine)
    }

    /// A session with the functions that tools expect.
    pub(crate) fn state(&self) -> SessionState {
        self.context.state()
    }
}
