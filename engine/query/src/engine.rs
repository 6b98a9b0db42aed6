//! The engine: one snapshot, one customer table, as of one instant.

use crate::customers::{Customers, CustomersTable};
use crate::described::columns_table;
use crate::event_columns::EventColumns;
use crate::events::EventsTable;
use crate::identities;
use crate::local_day::current_date;
use crate::output::write_rows;
use crate::rows::{RowStream, Rows};
use crate::statement::{parse_read_only, refused};
use crate::{OutputFormat, QueryError};
use datafusion::arrow::temporal_conversions::timestamp_us_to_datetime;
use datafusion::common::TableReference;
use datafusion::dataframe::DataFrame;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::execution::context::{SQLOptions, SessionContext, SessionState};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::SessionConfig;
use datafusion::sql::parser::Statement;
use perennial_fold::Instant;
use perennial_model::Currency;
use perennial_ports::IdentityBinding;
use perennial_timeline::Snapshot;
use std::io::Write;
use std::sync::Arc;

/// The tables, as errors list them.
const TABLES: [&str; 4] = ["customers", "events", "identities", "columns"];

/// Bounds of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryOptions {
    /// Memory that sorting, grouping and joining may take, and the size of a collected answer.
    pub memory_bytes: usize,
    /// Threads that read and compute.
    pub threads: usize,
}

impl Default for QueryOptions {
    /// One gigabyte and two threads.
    fn default() -> Self {
        Self { memory_bytes: 1 << 30, threads: 2 }
    }
}

/// Answers SQL over `events`, `customers`, `identities` and `columns` as of one instant. Cheap to use many times;
/// a later snapshot needs a new one. Queries run on the tokio runtime they are awaited on.
pub struct QueryEngine {
    context: SessionContext,
    as_of_us: i64,
    options: QueryOptions,
}

impl std::fmt::Debug for QueryEngine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("QueryEngine").field("options", &self.options).finish_non_exhaustive()
    }
}

impl QueryEngine {
    /// Over a snapshot's events before the instant and the table computed from them, or the one that a
    /// server keeps up to date. `currency` is
    /// the brand's: it says how many decimals money has.
    ///
    /// # Errors
    /// [`QueryError::Plan`] when a table cannot be set up.
    pub fn new(
        snapshot: Snapshot,
        customers: impl Into<Customers>,
        instant: &Instant,
        currency: Currency,
        options: QueryOptions,
    ) -> Result<Self, QueryError> {
        let threads = options.threads.max(1);
        let columns = Arc::new(EventColumns::new(&snapshot.event_schema(), instant.zone.clone(), currency));
        let events = EventsTable::new(snapshot, Arc::clone(&columns), instant.as_of_us, threads);
        let customers = CustomersTable::new(customers.into(), currency, threads);
        let mut described = columns.described();
        described.extend(customers.described());
        described.extend(identities::described());
        let set_up = || -> EngineResult<SessionContext> {
            let context = new_context(options)?;
            context.register_udf(current_date(instant.as_of_day));
            context.register_table("columns", Arc::new(columns_table(&described)?))?;
            context.register_table("events", Arc::new(events))?;
            context.register_table("customers", Arc::new(customers))?;
            context.register_table("identities", Arc::new(identities::identities_table(&[])?))?;
            Ok(context)
        };
        let context = set_up().map_err(|error| QueryError::from_engine(&error, options.memory_bytes))?;
        Ok(Self { context, as_of_us: instant.as_of_us, options })
    }

    /// Fills the table `identities`, empty until then: they are personal data, so only a caller who
    /// may see them hands them in. Each binding's profile must be the customer after aliases.
    ///
    /// # Errors
    /// [`QueryError::Plan`] when the table cannot be set up.
    pub fn with_identities(self, bindings: &[IdentityBinding]) -> Result<Self, QueryError> {
        let set_up = || -> EngineResult<()> {
            self.context.deregister_table("identities")?;
            self.context.register_table("identities", Arc::new(identities::identities_table(bindings)?))?;
            Ok(())
        };
        set_up().map_err(|error| QueryError::from_engine(&error, self.options.memory_bytes))?;
        Ok(self)
    }

    /// The answer as it comes.
    ///
    /// # Errors
    /// Everything that can be said before the first row.
    pub async fn stream(&self, sql: &str) -> Result<RowStream, QueryError> {
        let limit_bytes = self.options.memory_bytes;
        let statement = parse_read_only(sql, limit_bytes)?;
        let state = self.state();
        self.check_tables(&state, &statement)?;
        let translate = |error: DataFusionError| QueryError::from_engine(&error, limit_bytes);
        let plan = state.statement_to_plan(statement).await.map_err(translate)?;
        let read_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        read_only.verify_plan(&plan).map_err(|_| refused(sql))?;
        let stream = DataFrame::new(state, plan).execute_stream().await.map_err(translate)?;
        Ok(RowStream { stream, limit_bytes })
    }

    /// The whole answer.
    ///
    /// # Errors
    /// As [`Self::stream`] and [`RowStream::collect`].
    pub async fn query(&self, sql: &str) -> Result<Rows, QueryError> {
        self.stream(sql).await?.collect().await
    }

    /// Writes the answer; returns its number of rows.
    ///
    /// # Errors
    /// As [`Self::stream`], and [`QueryError::Write`].
    pub async fn write<W: Write>(&self, sql: &str, format: OutputFormat, out: &mut W) -> Result<usize, QueryError> {
        write_rows(self.stream(sql).await?, format, out).await
    }

    /// A session in which it is the instant now.
    fn state(&self) -> SessionState {
        let mut state = self.context.state();
        state.execution_props_mut().query_execution_start_time =
            timestamp_us_to_datetime(self.as_of_us).map(|now| now.and_utc());
        state
    }

    /// Names the first table that is not there.
    fn check_tables(&self, state: &SessionState, statement: &Statement) -> Result<(), QueryError> {
        let named = state.resolve_table_references(statement);
        let named = named.map_err(|error| QueryError::from_engine(&error, self.options.memory_bytes))?;
        for table in named {
            let ours = table.schema().is_none_or(|schema| schema == "public") && TABLES.contains(&table.table());
            if !ours && table.schema() != Some("information_schema") {
                return Err(unknown_table(&table));
            }
        }
        Ok(())
    }
}

fn unknown_table(table: &TableReference) -> QueryError {
    QueryError::UnknownTable { name: table.table().to_owned(), known: TABLES.join(", ") }
}

/// A session without disk: spilled rows would be copies of customers' data that no erasure finds.
fn new_context(options: QueryOptions) -> EngineResult<SessionContext> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(options.memory_bytes)))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()?;
    let mut config = SessionConfig::new().with_information_schema(true).with_target_partitions(options.threads.max(1));
    config.options_mut().execution.time_zone = Some("UTC".to_owned());
    Ok(SessionContext::new_with_config_rt(config, runtime))
}
