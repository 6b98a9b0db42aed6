//! Prepared statements: what drivers do.

use crate::cursor;
use crate::errors::fault;
use crate::execute::Wanted;
use crate::prepared::{Parser, Prepared, fields};
use crate::said::Said;
use crate::session::Session;
use crate::simple::send_done;
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion_postgres::arrow_pg::datatypes::df::deserialize_parameters_with_server_types;
use datafusion_postgres::pgwire::api::portal::{Portal, PortalExecutionState};
use datafusion_postgres::pgwire::api::query::{ExtendedQueryHandler, send_partial_query_response};
use datafusion_postgres::pgwire::api::results::{DescribePortalResponse, DescribeStatementResponse, Response, Tag};
use datafusion_postgres::pgwire::api::stmt::{QueryParser, StoredStatement};
use datafusion_postgres::pgwire::api::store::{Entry, PortalStore};
use datafusion_postgres::pgwire::api::{ClientInfo, ClientPortalStore, DEFAULT_NAME, PgWireConnectionState, Type};
use datafusion_postgres::pgwire::error::{PgWireError, PgWireResult};
use datafusion_postgres::pgwire::messages::PgWireBackendMessage;
use datafusion_postgres::pgwire::messages::extendedquery::{
    Close, CloseComplete, Execute, Parse, ParseComplete, TARGET_TYPE_BYTE_PORTAL, TARGET_TYPE_BYTE_STATEMENT,
};
use datafusion_postgres::pgwire::messages::response::EmptyQueryResponse;
use futures::{FutureExt, Sink, SinkExt};
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// See the module.
pub(crate) struct Extended {
    pub(crate) session: Arc<Session>,
    pub(crate) parser: Arc<Parser>,
}

#[async_trait]
impl ExtendedQueryHandler for Extended {
    type Statement = Prepared;
    type QueryParser = Parser;

    fn query_parser(&self) -> Arc<Parser> {
        Arc::clone(&self.parser)
    }

    async fn on_parse<C>(&self, client: &mut C, message: Parse) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        self.session.prepare(message.name.as_ref())?;
        match StoredStatement::parse(client, &message, self.query_parser()).await? {
            Some(statement) => client.portal_store().put_statement(Arc::new(statement)),
            None => client.portal_store().put_empty_statement(message.name.as_deref().unwrap_or(DEFAULT_NAME)),
        }
        client.send(PgWireBackendMessage::ParseComplete(ParseComplete::new())).await?;
        Ok(())
    }

    async fn on_execute<C>(&self, client: &mut C, message: Execute) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        if !matches!(client.state(), PgWireConnectionState::ReadyForQuery) {
            return Err(PgWireError::NotReadyForQuery);
        }
        let name = message.name.as_deref().unwrap_or(DEFAULT_NAME);
        let portal = match client.portal_store().get_portal(name) {
            Some(Entry::Value(portal)) => portal,
            Some(Entry::Empty) => {
                client.feed(PgWireBackendMessage::EmptyQueryResponse(EmptyQueryResponse::new())).await?;
                return Ok(());
            }
            None => return Err(PgWireError::PortalNotFound(name.to_owned())),
        };
        client.set_state(PgWireConnectionState::QueryInProgress);
        let most = usize::try_from(message.max_rows).unwrap_or(0);
        let answered = AssertUnwindSafe(self.answer(client, &portal, most)).catch_unwind().await;
        answered.unwrap_or_else(|_| Err(fault()))?;
        client.set_state(PgWireConnectionState::ReadyForQuery);
        Ok(())
    }

    async fn on_close<C>(&self, client: &mut C, message: Close) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let name = message.name.as_deref().unwrap_or(DEFAULT_NAME);
        match message.target_type {
            TARGET_TYPE_BYTE_STATEMENT => {
                self.session.forget(message.name.as_ref());
                client.portal_store().rm_statement(name);
            }
            TARGET_TYPE_BYTE_PORTAL => client.portal_store().rm_portal(name),
            _ => {}
        }
        client.send(PgWireBackendMessage::CloseComplete(CloseComplete::new())).await?;
        Ok(())
    }

    async fn do_describe_statement<C>(
        &self,
        client: &mut C,
        target: &StoredStatement<Prepared>,
    ) -> PgWireResult<DescribeStatementResponse>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let found = self.parser.get_parameter_types(&target.statement)?;
        let given = |index: usize| target.parameter_types.get(index).cloned().flatten();
        let count = found.len().max(target.parameter_types.len());
        let known = |index: usize| given(index).or_else(|| found.get(index).cloned()).unwrap_or(Type::UNKNOWN);
        let schema = schema_of(client, &target.statement);
        let columns = self.parser.get_result_schema(&Prepared { schema, ..target.statement.clone() }, None)?;
        Ok(DescribeStatementResponse::new((0..count).map(known).collect(), columns))
    }

    async fn do_describe_portal<C>(
        &self,
        client: &mut C,
        target: &Portal<Prepared>,
    ) -> PgWireResult<DescribePortalResponse>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let schema = schema_of(client, &target.statement.statement);
        Ok(DescribePortalResponse::new(fields(&schema, &target.result_column_format)?))
    }

    async fn do_query<C>(&self, client: &mut C, portal: &Portal<Prepared>, _: usize) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let statement = &portal.statement.statement;
        let types: Vec<Option<&DataType>> = statement.parameters.iter().map(|(own, _)| own.as_ref()).collect();
        let wire: Vec<Option<&Type>> = statement.parameters.iter().map(|(_, wire)| Some(wire)).collect();
        let parameters = deserialize_parameters_with_server_types(portal, &types, &wire)?;
        let format = &portal.result_column_format;
        let wanted = Wanted { sql: Arc::clone(&statement.sql), nth: 0, said: &statement.said, parameters, format };
        self.session.execute(client, wanted).await
    }
}

impl Extended {
    /// Runs a portal, or goes on with it; rows are sent as they come.
    async fn answer<C>(&self, client: &mut C, portal: &Portal<Prepared>, most: usize) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let state = portal.state();
        let mut state = state.lock().await;
        if matches!(*state, PortalExecutionState::Initial) {
            match self.do_query(client, portal, most).await? {
                Response::Query(rows) => *state = PortalExecutionState::Suspended(rows),
                other => return send_done(client, other).await,
            }
        }
        match &mut *state {
            PortalExecutionState::Suspended(rows) => {
                if !send_partial_query_response(client, rows, most).await? {
                    *state = PortalExecutionState::Finished;
                }
                Ok(())
            }
            _ => send_done(client, Response::Execution(Tag::new("SELECT").with_rows(0))).await,
        }
    }
}

/// The columns of a statement; of a fetch those of its cursor.
fn schema_of<C>(client: &C, statement: &Prepared) -> Arc<Schema>
where
    C: ClientPortalStore,
    C::PortalStore: PortalStore<Statement = Prepared>,
{
    let own = Arc::clone(&statement.schema);
    let Said::Fetch { cursor, .. } = &statement.said else { return own };
    cursor::find(client, cursor).map_or(own, |portal| Arc::clone(&portal.statement.statement.schema))
}
