//! One file an endpoint.

pub(crate) mod health;
pub(crate) mod openapi;
