//! One file an endpoint.

pub(crate) mod audit;
pub(crate) mod brand;
pub(crate) mod health;
pub(crate) mod join;
pub(crate) mod members;
pub(crate) mod openapi;
pub(crate) mod roles;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod tokens;
