//! One file an endpoint, or a few that belong together.

pub(crate) mod acquisition;
pub(crate) mod aside;
pub(crate) mod attribution;
pub(crate) mod audit;
pub(crate) mod brand;
pub(crate) mod columns;
pub(crate) mod consents;
pub(crate) mod customer;
pub(crate) mod customers;
pub(crate) mod experiments;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod identity;
pub(crate) mod imports;
pub(crate) mod join;
pub(crate) mod keys;
pub(crate) mod members;
pub(crate) mod messages;
pub(crate) mod openapi;
pub(crate) mod query;
pub(crate) mod rfm;
pub(crate) mod rights;
pub(crate) mod roles;
pub(crate) mod schemas;
pub(crate) mod segments;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod sources;
pub(crate) mod system;
pub(crate) mod today;
pub(crate) mod tokens;
pub(crate) mod watch;

pub(crate) use members::normal_email;
