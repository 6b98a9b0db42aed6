//! The table of all routes, and the router made of it.

use crate::access::Access;
use crate::{ApiError, Client, Peer, Route, Server, auth, endpoints, observe, pages};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use std::net::IpAddr;
use std::sync::Arc;

/// All routes.
#[must_use]
pub fn all() -> Vec<Route> {
    let mut all = vec![endpoints::health::healthz(), endpoints::health::readyz(), endpoints::openapi::route()];
    all.extend(reading());
    all.extend(rights());
    all.extend(accounts());
    all.extend(listening());
    all.extend(segments());
    all
}

/// What customers may ask for, and watched folders.
fn rights() -> Vec<Route> {
    use endpoints::{consents, rights, watch};
    vec![consents::show(), consents::change(), rights::export(), rights::correction(), rights::erase(), watch::route()]
}

/// Members, sessions, tokens, and what everybody needs.
fn accounts() -> Vec<Route> {
    use endpoints::{audit, brand, join, members, roles, session, setup, sign_in, system, tokens};
    vec![
        setup::state(),
        setup::set_up(),
        join::state(),
        join::join(),
        sign_in::sign_in(),
        sign_in::sign_out(),
        session::show(),
        session::change(),
        members::list(),
        members::invite(),
        members::change(),
        members::link(),
        roles::route(),
        tokens::list(),
        tokens::create(),
        tokens::revoke(),
        audit::route(),
        brand::route(),
        system::route(),
        system::metrics(),
    ]
}

/// Figures, customers, imports and identities.
fn reading() -> Vec<Route> {
    use endpoints::{
        acquisition, attribution, columns, customer, customers, experiments, explain, export, identity, imports, query,
        today,
    };
    vec![
        acquisition::equilibrium(),
        acquisition::sources(),
        attribution::route(),
        today::today(),
        today::flow(),
        today::target(),
        customers::route(),
        export::route(),
        customer::find(),
        customer::page(),
        customer::timeline(),
        columns::route(),
        experiments::list(),
        experiments::one(),
        experiments::start(),
        explain::route(),
        imports::upload(),
        imports::list(),
        imports::one(),
        imports::start(),
        imports::remove(),
        identity::journal(),
        identity::merge(),
        identity::undo(),
        identity::suggestions(),
        identity::decide(),
        query::route(),
    ]
}

/// Segments, lists and tags.
fn segments() -> Vec<Route> {
    use endpoints::rfm;
    use endpoints::segments::{edit, explain, flow, groups, history, list, overlap, preview};
    vec![
        list::route(),
        preview::route(),
        overlap::route(),
        edit::put(),
        edit::remove(),
        explain::route(),
        explain::of_customer(),
        history::sizes(),
        history::changes(),
        flow::route(),
        rfm::route(),
        groups::list(),
        groups::put(),
        groups::remove(),
        groups::members(),
    ]
}

/// Messages and who sends them.
fn listening() -> Vec<Route> {
    use endpoints::{aside, keys, messages, schemas, sources};
    vec![
        messages::take(),
        messages::preflight(),
        keys::list(),
        keys::create(),
        keys::revoke(),
        sources::list(),
        sources::live(),
        schemas::list(),
        schemas::declare(),
        aside::list(),
        aside::again(),
    ]
}

/// The router of all routes.
pub fn router(server: Arc<Server>) -> Router {
    let mut router = Router::new();
    for route in all() {
        let gate = from_fn_with_state((Arc::clone(&server), route.access), gate);
        router = router.route(route.path, route.handler.layer(gate));
    }
    let observed = from_fn_with_state(Arc::clone(&server), observe::observe);
    router
        .fallback(pages::page)
        .method_not_allowed_fallback(pages::other_method)
        .layer(from_fn(pages::secure))
        .layer(observed)
        .with_state(server)
}

/// Lets in who may, and says to the endpoint who it is.
async fn gate(
    State((server, access)): State<(Arc<Server>, Access)>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
    let client = Client::of(peer, request.headers(), request.uri(), &server.auth.options.trusted_proxies);
    match access {
        Access::Unsaid => return Err(ApiError::forbidden("nobody may call this")),
        // A write key is looked up by the endpoint, together with what it is the key of.
        Access::WriteKey => {}
        Access::Public => {
            if !request.method().is_safe() {
                auth::same_site(&client, request.headers())?;
            }
        }
        Access::Near(_) if client.near => {}
        Access::SignedIn | Access::Needs(_) | Access::Near(_) => {
            let caller = auth::caller(&server, &client, request.method(), request.headers()).await?;
            if let Access::Needs(permission) | Access::Near(permission) = access
                && !caller.may(permission)
            {
                let word = permission.as_str();
                return Err(ApiError::forbidden(format!("this needs the permission {word}: ask an owner")));
            }
            request.extensions_mut().insert(caller);
        }
    }
    request.extensions_mut().insert(client);
    Ok(next.run(request).await)
}
