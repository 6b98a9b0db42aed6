//! `GET /api/roles`: which role may what.

use crate::Route;
use crate::access::Access;
use crate::body::Answer;
use perennial_model::{Permission, Role};
use schemars::JsonSchema;
use serde::Serialize;

/// Which role may what.
#[derive(Serialize, JsonSchema)]
struct Roles {
    /// From the one that may most.
    roles: Vec<RoleAnswer>,
    /// All permissions; also the scopes that a token can have.
    permissions: Vec<&'static str>,
}

/// What a role may.
#[derive(Serialize, JsonSchema)]
struct RoleAnswer {
    /// The role.
    role: &'static str,
    /// What it may.
    permissions: Vec<&'static str>,
}

pub(crate) fn route() -> Route {
    Route::get("/api/roles", "roles", || async { Answer(roles()) })
        .summary("Which role may what")
        .access(Access::SignedIn)
        .answers::<Roles>()
}

fn roles() -> Roles {
    let may = |role: Role| Permission::ALL.into_iter().filter(move |permission| role.permits(*permission));
    let answer =
        |role: Role| RoleAnswer { role: role.as_str(), permissions: may(role).map(Permission::as_str).collect() };
    Roles {
        roles: Role::ALL.into_iter().map(answer).collect(),
        permissions: Permission::ALL.into_iter().map(Permission::as_str).collect(),
    }
}
