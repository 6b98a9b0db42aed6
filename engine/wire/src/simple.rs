//! Statements sent as text: what psql does.

use crate::errors::{cancelled, fault, of_query};
use crate::execute::Wanted;
use crate::said::{Said, parse};
use crate::session::Session;
use async_trait::async_trait;
use datafusion::common::ParamValues;
use datafusion_postgres::pgwire::api::portal::Format;
use datafusion_postgres::pgwire::api::query::{
    SimpleQueryHandler, send_execution_response, send_query_response, send_ready_for_query,
};
use datafusion_postgres::pgwire::api::results::Response;
use datafusion_postgres::pgwire::api::store::PortalStore;
use datafusion_postgres::pgwire::api::{ClientInfo, ClientPortalStore, PgWireConnectionState};
use datafusion_postgres::pgwire::error::{PgWireError, PgWireResult};
use datafusion_postgres::pgwire::messages::PgWireBackendMessage;
use datafusion_postgres::pgwire::messages::response::EmptyQueryResponse;
use datafusion_postgres::pgwire::messages::simplequery::Query;
use futures::{FutureExt, Sink, SinkExt};
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// See the module.
pub(crate) struct Simple(pub(crate) Arc<Session>);

#[async_trait]
impl SimpleQueryHandler for Simple {
    async fn on_query<C>(&self, client: &mut C, query: Query) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        if !matches!(client.state(), PgWireConnectionState::ReadyForQuery) {
            return Err(PgWireError::NotReadyForQuery);
        }
        client.set_state(PgWireConnectionState::QueryInProgress);
        let answered = AssertUnwindSafe(self.answer_all(client, query.query)).catch_unwind().await;
        answered.unwrap_or_else(|_| Err(fault()))?;
        client.set_state(PgWireConnectionState::ReadyForQuery);
        let status = client.transaction_status();
        send_ready_for_query(client, status).await
    }

    async fn do_query<C>(&self, _client: &mut C, _query: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        // Never reached: statements of one text are answered one after the other.
        Err(fault())
    }
}

impl Simple {
    /// One statement is answered before the next begins: two that are open would wait for each other's turn.
    async fn answer_all<C>(&self, client: &mut C, text: String) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let sql: Arc<str> = Arc::from(text);
        let all = self.said(&sql).await?;
        if all.is_empty() {
            client.feed(PgWireBackendMessage::EmptyQueryResponse(EmptyQueryResponse::new())).await?;
        }
        for (nth, said) in all.iter().enumerate() {
            let parameters = ParamValues::List(Vec::new());
            let wanted = Wanted { sql: Arc::clone(&sql), nth, said, parameters, format: &Format::UnifiedText };
            let response = self.0.execute(client, wanted).await?;
            send(client, response).await?;
        }
        Ok(())
    }

    async fn said(&self, sql: &Arc<str>) -> PgWireResult<Vec<Said>> {
        let (_, mut requests) = self.0.analyst().await?;
        let (shared, text) = (Arc::clone(&self.0.shared), Arc::clone(sql));
        let parsed = self.0.shared.service.compute(async move {
            let statements = parse(&shared, &text)?;
            Ok(statements.iter().map(Said::of).collect())
        });
        let parsed = requests.unless(parsed).await.ok_or_else(cancelled)?;
        parsed.map_err(|problem| of_query(&problem))
    }
}

async fn send<C>(client: &mut C, response: Response) -> PgWireResult<()>
where
    C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
    C::Error: Debug,
    PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
{
    match response {
        Response::Query(rows) => send_query_response(client, rows, true).await,
        other => send_done(client, other).await,
    }
}

/// That a statement without rows is done.
pub(crate) async fn send_done<C>(client: &mut C, response: Response) -> PgWireResult<()>
where
    C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
    C::Error: Debug,
    PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
{
    let status = client.transaction_status();
    let (tag, status) = match response {
        Response::Execution(tag) => (tag, status),
        Response::TransactionStart(tag) => (tag, status.to_in_transaction_state()),
        Response::TransactionEnd(tag) => (tag, status.to_idle_state()),
        _ => return Err(fault()),
    };
    client.set_transaction_status(status);
    send_execution_response(client, tag).await
}
