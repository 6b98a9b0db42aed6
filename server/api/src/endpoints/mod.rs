//! One file an endpoint, or a few that belong together.

pub(crate) mod columns;
pub(crate) mod customer;
pub(crate) mod customers;
pub(crate) mod explain;
pub(crate) mod health;
pub(crate) mod identity;
pub(crate) mod imports;
pub(crate) mod keys;
pub(crate) mod messages;
pub(crate) mod openapi;
pub(crate) mod sources;
pub(crate) mod today;
