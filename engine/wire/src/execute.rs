//! One statement: a query, or what is said to a session.

use crate::errors::{cancelled, error, of_query};
use crate::rows::respond;
use crate::said::{Said, asked, for_engine, parse};
use crate::session::Session;
use crate::{cursor, settings};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::ParamValues;
use datafusion_postgres::pgwire::api::portal::Format;
use datafusion_postgres::pgwire::api::results::{QueryResponse, Response, Tag};
use datafusion_postgres::pgwire::api::store::PortalStore;
use datafusion_postgres::pgwire::api::{ClientInfo, ClientPortalStore};
use datafusion_postgres::pgwire::error::PgWireResult;
use datafusion_postgres::pgwire::messages::response::TransactionStatus;
use datafusion_postgres::pgwire::types::format::FormatOptions;
use perennial_query::QueryError;
use std::sync::Arc;
use tokio::time::Instant;

/// A statement to answer.
#[derive(Clone)]
pub(crate) struct Wanted<'a> {
    pub(crate) sql: Arc<str>,
    /// Which statement of the text.
    pub(crate) nth: usize,
    pub(crate) said: &'a Said,
    pub(crate) parameters: ParamValues,
    pub(crate) format: &'a Format,
}

impl Session {
    /// Answers a statement.
    pub(crate) async fn execute<C>(&self, client: &mut C, wanted: Wanted<'_>) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
    {
        let failed = client.transaction_status() == TransactionStatus::Error;
        if failed && !matches!(wanted.said, Said::Commit | Said::Rollback) {
            return Err(error("25P02", "the transaction has failed: send ROLLBACK first"));
        }
        let done = |word: &str| Ok(Response::Execution(Tag::new(word)));
        match wanted.said {
            Said::Query => Ok(Response::Query(self.ask(client, wanted).await?.0)),
            Said::Declare { cursor } => cursor::declare(self, client, cursor.clone(), wanted).await,
            Said::Fetch { cursor, most } => cursor::fetch(client, cursor, *most).await,
            Said::Close { cursor } => {
                cursor::close(client, cursor.as_deref())?;
                done("CLOSE CURSOR")
            }
            Said::Set { name, value } => {
                settings::set(client, name, value);
                done("SET")
            }
            Said::Show { name } => Ok(Response::Query(settings::show(client, name)?)),
            // Transactions are taken and mean nothing: each statement sees the tables of its moment,
            // as PostgreSQL's READ COMMITTED has it.
            Said::Begin => Ok(Response::TransactionStart(Tag::new("BEGIN"))),
            Said::Commit if failed => Ok(Response::TransactionEnd(Tag::new("ROLLBACK"))),
            Said::Commit => Ok(Response::TransactionEnd(Tag::new("COMMIT"))),
            Said::Rollback => Ok(Response::TransactionEnd(Tag::new("ROLLBACK"))),
            Said::Taken(word) => done(word),
            Said::Refused(text) => Err(of_query(&perennial_query::refused(text))),
        }
    }

    /// Asks the tables.
    pub(crate) async fn ask<C>(&self, client: &C, wanted: Wanted<'_>) -> PgWireResult<(QueryResponse, SchemaRef)>
    where
        C: ClientInfo + Sync,
    {
        let (analyst, mut requests) = self.analyst().await?;
        let (began, shared, sql) = (Instant::now(), Arc::clone(&self.shared), Arc::clone(&wanted.sql));
        let time = settings::statement_timeout(client).unwrap_or(shared.service.limits().time);
        let work = async {
            let engine = shared.catalog.engine(&shared.service, analyst.keys).await?;
            let (as_of_us, there) = (engine.as_of_us(), Arc::clone(&shared));
            let frame = async move {
                let statement = parse(&there, &sql)?.into_iter().nth(wanted.nth);
                let statement = asked(statement.ok_or(QueryError::OneStatement { found: 0 })?);
                let state = engine.state_like(there.catalog.state())?;
                engine.frame_in(state, for_engine(&statement), &sql, &wanted.parameters).await
            };
            shared.service.answer(as_of_us, time, frame).await
        };
        let answer = requests.unless(work).await;
        self.note(&analyst, &wanted.sql, matches!(answer, Some(Ok(_))), began).await;
        let answer = answer.ok_or_else(cancelled)?.map_err(|problem| of_query(&problem))?;
        let (schema, options) = (answer.schema(), FormatOptions::from_client_metadata(client.metadata()));
        Ok((respond(answer, wanted.format, options, requests)?, schema))
    }
}
