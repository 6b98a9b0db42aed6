//! The engine: one snapshot, one customer table, as of one instant.

use crate::customers::{Customers, CustomersTable};
use crate::described::columns_table;
use crate::event_columns::EventColumns;
use crate::events::EventsTable;
use crate::guard::bound_functions;
use crate::identities::{self, IdentitiesTable, Keys};
use crate::local_day::current_date;
use crate::output::write_rows;
use crate::parameter::{Parameter, param_values};
use crate::rows::{RowStream, Rows};
use crate::statement::{parse_read_only, refused};
use crate::{OutputFormat, QueryError};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::temporal_conversions::timestamp_us_to_datetime;
use datafusion::catalog::SchemaProvider;
use datafusion::common::{ParamValues, TableReference};
use datafusion::dataframe::DataFrame;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::execution::FunctionRegistry;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::context::{SQLOptions, SessionContext, SessionState};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::logical_expr::{LogicalPlan, ScalarUDF};
use datafusion::prelude::SessionConfig;
use datafusion::sql::parser::Statement;
use perennial_fold::Instant;
use perennial_model::Currency;
use perennial_timeline::{Snapshot, Timeline};
use std::io::Write;
use std::sync::Arc;

/// The tables, as errors list them.
const TABLES: [&str; 4] = ["customers", "events", "identities", "columns"];
/// The one database, as tools show it.
pub const DATABASE: &str = "perennial";
/// Where its tables are.
const SCHEMA: &str = "public";
/// What there is to read about the tables, where a session has it.
const DESCRIBING: [&str; 2] = ["information_schema", "pg_catalog"];

/// Bounds of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryOptions {
    /// Memory that sorting, grouping and joining of one statement may take, and the size of a collected answer.
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
    customers: Customers,
    today: Arc<ScalarUDF>,
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
        let customers = customers.into();
        let columns = Arc::new(EventColumns::new(&snapshot.event_schema(), instant.zone.clone(), currency));
        let events = EventsTable::new(snapshot, Arc::clone(&columns), instant.as_of_us, threads);
        let table = CustomersTable::new(customers.clone(), currency, threads);
        let mut described = columns.described();
        described.extend(table.described());
        described.extend(identities::described());
        let today = Arc::new(current_date(instant.as_of_day));
        let set_up = || -> EngineResult<SessionContext> {
            let context = SessionContext::new_with_config_rt(config(threads), runtime(options)?);
            context.register_udf(today.as_ref().clone());
            context.register_table("columns", Arc::new(columns_table(&described)?))?;
            context.register_table("events", Arc::new(events))?;
            context.register_table("customers", Arc::new(table))?;
            context.register_table("identities", Arc::new(IdentitiesTable::empty()))?;
            Ok(context)
        };
        let context = set_up().map_err(|error| QueryError::from_engine(&error, options.memory_bytes))?;
        Ok(Self { context, customers, today, as_of_us: instant.as_of_us, options })
    }

    /// Fills the table `identities`, empty until then, with keys that are read when they are asked for.
    /// In full they are personal data, only for a caller who may see them.
    ///
    /// # Errors
    /// [`QueryError::Plan`] when the table cannot be set up.
    pub fn with_identities(self, timeline: Timeline, keys: Keys) -> Result<Self, QueryError> {
        let table = IdentitiesTable::new(timeline, self.customers.clone(), keys, self.options.threads);
        let set_up = || -> EngineResult<()> {
            self.context.deregister_table("identities")?;
            self.context.register_table("identities", Arc::new(table))?;
            Ok(())
        };
        set_up().map_err(|error| self.translate(&error))?;
        Ok(self)
    }

    /// Adds a schema beside the tables: what another front end says about them.
    ///
    /// # Errors
    /// [`QueryError::Plan`] when it cannot be set up.
    pub fn with_schema(self, name: &str, schema: Arc<dyn SchemaProvider>) -> Result<Self, QueryError> {
        let catalog = self.context.catalog(DATABASE);
        let added = catalog.map_or(Ok(None), |catalog| catalog.register_schema(name, schema));
        added.map_err(|error| self.translate(&error))?;
        Ok(self)
    }

    /// The instant: what happened before it is seen.
    #[must_use]
    pub const fn as_of_us(&self) -> i64 {
        self.as_of_us
    }

    /// The answer as it comes.
    ///
    /// # Errors
    /// Everything that can be said before the first row.
    pub async fn stream(&self, sql: &str) -> Result<RowStream, QueryError> {
        let stream = self.frame(sql, &[]).await?.execute_stream().await;
        Ok(RowStream {
            stream: stream.map_err(|error| self.translate(&error))?,
            limit_bytes: self.options.memory_bytes,
        })
    }

    /// The question, planned and not yet asked. `$1` is the first of the parameters.
    ///
    /// # Errors
    /// Everything that can be said before it is asked.
    pub async fn frame(&self, sql: &str, parameters: &[Parameter]) -> Result<DataFrame, QueryError> {
        let statement = parse_read_only(sql, self.options.memory_bytes)?;
        self.frame_in(self.state()?, statement, sql, &param_values(parameters)).await
    }

    /// As [`Self::frame`], for a statement parsed elsewhere and a session of [`Self::state_like`].
    ///
    /// # Errors
    /// As [`Self::frame`].
    pub async fn frame_in(
        &self,
        state: SessionState,
        statement: Statement,
        sql: &str,
        parameters: &ParamValues,
    ) -> Result<DataFrame, QueryError> {
        let translate = |error: DataFusionError| self.translate(&error);
        let plan = self.plan_in(&state, statement, sql).await?;
        Ok(DataFrame::new(state, plan.replace_params_with_values(parameters).map_err(translate)?))
    }

    /// A statement of such a session, its parameters still open.
    ///
    /// # Errors
    /// As [`Self::frame`].
    pub async fn plan_in(
        &self,
        state: &SessionState,
        statement: Statement,
        sql: &str,
    ) -> Result<LogicalPlan, QueryError> {
        self.check_tables(state, &statement)?;
        let plan = state.statement_to_plan(statement).await.map_err(|error| self.translate(&error))?;
        let read_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        read_only.verify_plan(&plan).map_err(|_| refused(sql))?;
        Ok(plan)
    }

    /// The columns of each table.
    ///
    /// # Errors
    /// [`QueryError::Plan`] when a table cannot be read.
    pub async fn tables(&self) -> Result<Vec<(&'static str, SchemaRef)>, QueryError> {
        let mut tables = Vec::with_capacity(TABLES.len());
        for name in TABLES {
            let table = self.context.table_provider(name).await.map_err(|error| self.translate(&error))?;
            tables.push((name, table.schema()));
        }
        Ok(tables)
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

    /// A session over the tables in which it is the instant now, with memory of its own.
    ///
    /// # Errors
    /// [`QueryError::Execution`] when it cannot be set up.
    pub fn state(&self) -> Result<SessionState, QueryError> {
        self.state_like(self.context.state())
    }

    /// As [`Self::state`], with the functions and types of another session.
    ///
    /// # Errors
    /// As [`Self::state`].
    pub fn state_like(&self, other: SessionState) -> Result<SessionState, QueryError> {
        let own = self.context.state();
        let runtime = runtime(self.options).map_err(|error| self.translate(&error))?;
        // A new default catalogue would take the place of the one with the tables.
        let config = own.config().clone().with_create_default_catalog_and_schema(false);
        let mut state = SessionStateBuilder::new_from_existing(other)
            .with_config(config)
            .with_catalog_list(Arc::clone(own.catalog_list()))
            .with_runtime_env(runtime)
            .build();
        let mut replace = || -> EngineResult<()> {
            bound_functions(&mut state)?;
            FunctionRegistry::register_udf(&mut state, Arc::clone(&self.today))?;
            Ok(())
        };
        replace().map_err(|error| self.translate(&error))?;
        state.execution_props_mut().query_execution_start_time =
            timestamp_us_to_datetime(self.as_of_us).map(|now| now.and_utc());
        Ok(state)
    }

    /// Names the first table that is not there.
    fn check_tables(&self, state: &SessionState, statement: &Statement) -> Result<(), QueryError> {
        let named = state.resolve_table_references(statement).map_err(|error| self.translate(&error))?;
        for table in named {
            // `FROM generate_series(1, 9)` and `FROM unnest(…)` are functions.
            if state.table_functions().contains_key(table.table()) || table.table() == "unnest" {
                continue;
            }
            let ours = table.schema().is_none_or(|schema| schema == SCHEMA) && TABLES.contains(&table.table());
            if !ours && !table.schema().is_some_and(|schema| DESCRIBING.contains(&schema)) {
                return Err(unknown_table(&table));
            }
        }
        Ok(())
    }

    fn translate(&self, error: &DataFusionError) -> QueryError {
        QueryError::from_engine(error, self.options.memory_bytes)
    }
}

fn unknown_table(table: &TableReference) -> QueryError {
    QueryError::UnknownTable { name: table.table().to_owned(), known: TABLES.join(", ") }
}

fn config(threads: usize) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema(DATABASE, SCHEMA)
        .with_information_schema(true)
        .with_target_partitions(threads);
    config.options_mut().execution.time_zone = Some("UTC".to_owned());
    config
}

/// Memory of one statement, and no disk: spilled rows would be copies of customers' data that no
/// erasure finds.
fn runtime(options: QueryOptions) -> EngineResult<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(options.memory_bytes)))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()
}
