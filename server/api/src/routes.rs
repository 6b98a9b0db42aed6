//! The table of all routes, and the router made of it.

use crate::access::{Access, Caller};
use crate::{ApiError, Route, Server, endpoints};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use std::sync::Arc;

/// All routes.
#[must_use]
pub fn all() -> Vec<Route> {
    let mut all = vec![endpoints::health::healthz(), endpoints::health::readyz(), endpoints::openapi::route()];
    all.extend(reading());
    all.extend(listening());
    all
}

/// Figures, customers, imports and identities.
fn reading() -> Vec<Route> {
    use endpoints::{columns, customer, customers, explain, identity, imports, today};
    vec![
        today::today(),
        today::flow(),
        today::target(),
        customers::route(),
        customer::find(),
        customer::page(),
        customer::timeline(),
        columns::route(),
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
    ]
}

/// Messages and who sends them.
fn listening() -> Vec<Route> {
    use endpoints::{keys, messages, sources};
    vec![
        messages::take(),
        messages::preflight(),
        keys::list(),
        keys::create(),
        keys::revoke(),
        sources::list(),
        sources::live(),
    ]
}

/// The router of all routes.
pub fn router(server: Arc<Server>) -> Router {
    let mut router = Router::new();
    for route in all() {
        let gate = from_fn_with_state((Arc::clone(&server), route.access), gate);
        router = router.route(route.path, route.handler.layer(gate));
    }
    router.fallback(nothing_here).with_state(server)
}

async fn nothing_here(request: Request) -> ApiError {
    ApiError::not_found(format!("there is no {}: GET /api/openapi.json lists what there is", request.uri().path()))
}

/// Lets in who may, and says to the endpoint who it is.
async fn gate(
    State((server, access)): State<(Arc<Server>, Access)>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    match access {
        // A write key is looked up by the endpoint, together with what it is the key of.
        Access::Public | Access::WriteKey => {}
        Access::SignedIn => {
            let caller = caller(&server, request.headers()).await?;
            request.extensions_mut().insert(caller);
        }
        Access::Needs(permission) => {
            let caller = caller(&server, request.headers()).await?;
            if !caller.may(permission) {
                let word = permission.as_str();
                return Err(ApiError::forbidden(format!("this needs the permission {word}: ask an owner")));
            }
            request.extensions_mut().insert(caller);
        }
    }
    Ok(next.run(request).await)
}

/// Who calls, by session or token.
#[expect(clippy::unused_async, reason = "sessions and tokens are in the store")]
async fn caller(_server: &Server, _headers: &HeaderMap) -> Result<Caller, ApiError> {
    Err(ApiError::unauthorized("sign in first, or send a token as `Authorization: Bearer TOKEN`"))
}
