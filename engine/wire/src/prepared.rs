//! A statement as a connection keeps it: its text, and what goes in and comes out.
//!
//! Not its plan: each execution plans anew, over the tables of that moment.

use crate::errors::{cancelled, error, of_query};
use crate::said::{Said, asked, for_engine, parse};
use crate::session::{Session, Shared};
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::logical_expr::LogicalPlan;
use datafusion_postgres::arrow_pg::datatypes::{arrow_schema_to_pg_fields, into_pg_type};
use datafusion_postgres::pgwire::api::portal::Format;
use datafusion_postgres::pgwire::api::results::FieldInfo;
use datafusion_postgres::pgwire::api::stmt::QueryParser;
use datafusion_postgres::pgwire::api::{ClientInfo, Type};
use datafusion_postgres::pgwire::error::PgWireResult;
use perennial_query::{Keys, QueryError};
use std::sync::Arc;

/// See the module.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) sql: Arc<str>,
    pub(crate) said: Said,
    /// In the order of their numbers.
    pub(crate) parameters: Vec<(Option<DataType>, Type)>,
    /// What comes out; of a cursor that is fetched, see the cursor.
    pub(crate) schema: SchemaRef,
}

/// Reads statements of one connection.
pub(crate) struct Parser(pub(crate) Arc<Session>);

#[async_trait]
impl QueryParser for Parser {
    type Statement = Prepared;

    async fn parse_sql<C>(&self, _client: &C, sql: &str, _: &[Option<Type>]) -> PgWireResult<Option<Prepared>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        let (analyst, mut requests) = self.0.analyst().await?;
        let shared = Arc::clone(&self.0.shared);
        let service = Arc::clone(&shared.service);
        let sql: Arc<str> = Arc::from(sql);
        let prepared = service.compute(async move { prepare(&shared, sql, analyst.keys).await });
        let prepared = requests.unless(prepared).await.ok_or_else(cancelled)?;
        prepared.map_err(|problem| of_query(&problem))
    }

    fn get_parameter_types(&self, statement: &Prepared) -> PgWireResult<Vec<Type>> {
        Ok(statement.parameters.iter().map(|(_, wire)| wire.clone()).collect())
    }

    fn get_result_schema(&self, statement: &Prepared, format: Option<&Format>) -> PgWireResult<Vec<FieldInfo>> {
        fields(&statement.schema, format.unwrap_or(&Format::UnifiedText))
    }
}

/// The columns in the protocol's words.
pub(crate) fn fields(schema: &Schema, format: &Format) -> PgWireResult<Vec<FieldInfo>> {
    let columns = schema.fields().len();
    if let Format::Individual(formats) = format
        && formats.len() != columns
    {
        return Err(error("08P01", format!("{} formats came for {columns} columns", formats.len())));
    }
    arrow_schema_to_pg_fields(schema, format, None)
}

async fn prepare(shared: &Shared, sql: Arc<str>, keys: Keys) -> Result<Option<Prepared>, QueryError> {
    let mut statements = parse(shared, &sql)?;
    if statements.len() > 1 {
        return Err(QueryError::OneStatement { found: statements.len() });
    }
    let Some(statement) = statements.pop() else { return Ok(None) };
    let said = Said::of(&statement);
    let mut prepared = Prepared { sql, said, parameters: Vec::new(), schema: Arc::new(Schema::empty()) };
    if let Said::Show { name } = &prepared.said {
        prepared.schema = Arc::new(Schema::new(vec![Field::new(name, DataType::Utf8, false)]));
    }
    if matches!(prepared.said, Said::Query | Said::Declare { .. }) {
        let engine = shared.catalog.engine(&shared.service, keys).await?;
        let state = engine.state_like(shared.catalog.state())?;
        let plan = engine.plan_in(&state, for_engine(&asked(statement)), &prepared.sql).await?;
        prepared.parameters = parameters(&plan, shared.service.limits().memory_bytes)?;
        if prepared.said == Said::Query {
            prepared.schema = Arc::clone(plan.schema().inner());
        }
    }
    Ok(Some(prepared))
}

/// The types of `$1`, `$2` and so on, as far as the statement says.
fn parameters(plan: &LogicalPlan, limit_bytes: usize) -> Result<Vec<(Option<DataType>, Type)>, QueryError> {
    let types = plan.get_parameter_types().map_err(|problem| QueryError::from_engine(&problem, limit_bytes))?;
    let number = |name: &String| name.trim_start_matches('$').parse::<usize>().unwrap_or(0);
    let count = types.keys().map(number).max().unwrap_or(0);
    let mut found = vec![(None, Type::UNKNOWN); count.min(usize::from(u16::MAX))];
    for (name, data_type) in types {
        let wire = data_type.as_ref().and_then(|data_type| into_pg_type(data_type).ok()).unwrap_or(Type::UNKNOWN);
        if let Some(place) = number(&name).checked_sub(1).and_then(|index| found.get_mut(index)) {
            *place = (data_type, wire);
        }
    }
    Ok(found)
}
