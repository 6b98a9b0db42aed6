//! DECLARE, FETCH and CLOSE: a large answer a page at a time.

use crate::errors::error;
use crate::execute::Wanted;
use crate::prepared::Prepared;
use crate::session::Session;
use datafusion_postgres::pgwire::api::portal::Portal;
use datafusion_postgres::pgwire::api::results::{Response, Tag};
use datafusion_postgres::pgwire::api::stmt::StoredStatement;
use datafusion_postgres::pgwire::api::store::{Entry, MemPortalStore, PortalStore};
use datafusion_postgres::pgwire::api::{ClientInfo, ClientPortalStore};
use datafusion_postgres::pgwire::error::PgWireResult;
use std::sync::Arc;

/// Rows of one FETCH at most: they are collected before they are sent.
const MAX_FETCH: usize = 100_000;

/// What a connection keeps.
pub(crate) fn store<C>(client: &C) -> PgWireResult<&MemPortalStore<Prepared>>
where
    C: ClientPortalStore,
    C::PortalStore: PortalStore,
{
    let store = client.portal_store().as_any().downcast_ref();
    store.ok_or_else(|| error("XX000", "this connection keeps no statements"))
}

/// The cursor of this name.
pub(crate) fn find<C>(client: &C, name: &str) -> PgWireResult<Arc<Portal<Prepared>>>
where
    C: ClientPortalStore,
    C::PortalStore: PortalStore,
{
    match store(client)?.get_portal(name) {
        Some(Entry::Value(portal)) => Ok(portal),
        _ => Err(error("34000", format!("there is no cursor {name}: declare it first"))),
    }
}

/// Opens one.
pub(crate) async fn declare<C>(
    session: &Session,
    client: &C,
    name: String,
    wanted: Wanted<'_>,
) -> PgWireResult<Response>
where
    C: ClientInfo + ClientPortalStore + Sync,
    C::PortalStore: PortalStore,
{
    let (sql, said) = (Arc::clone(&wanted.sql), wanted.said.clone());
    let (response, schema) = session.ask(client, wanted).await?;
    let statement = Prepared { sql, said, parameters: Vec::new(), schema };
    let portal = Portal::new_cursor(name.clone(), Arc::new(StoredStatement::new(name, statement, Vec::new())));
    portal.start(response).await;
    store(client)?.put_portal(Arc::new(portal));
    Ok(Response::Execution(Tag::new("DECLARE CURSOR")))
}

/// The next rows of one.
pub(crate) async fn fetch<C>(client: &C, name: &str, most: Option<usize>) -> PgWireResult<Response>
where
    C: ClientPortalStore + Sync,
    C::PortalStore: PortalStore,
{
    let portal = find(client, name)?;
    let most = most.ok_or_else(|| error("0A000", "a cursor only goes forward"))?;
    let mut fetched = portal.fetch(most.min(MAX_FETCH)).await?.response;
    fetched.set_command_tag("FETCH");
    Ok(Response::Query(fetched))
}

/// Closes one, or all.
pub(crate) fn close<C>(client: &C, name: Option<&str>) -> PgWireResult<()>
where
    C: ClientPortalStore,
    C::PortalStore: PortalStore,
{
    match name {
        Some(name) => store(client)?.rm_portal(name),
        None => store(client)?.clear_portals(),
    }
    Ok(())
}
