//! The HTTP API: one file an endpoint, no rule and no SQL inside.
//!
//! [`routes::all`] is the one table of routes: it says who may call each, builds the router, and is
//! what the description at `/api/openapi.json` is generated from. To add an endpoint, write a file
//! under `endpoints/` with its [`Route`] and name it in that table.

mod access;
mod answers;
pub mod archive;
mod auth;
mod body;
mod client;
mod customer_page;
mod customer_timeline;
mod definer;
mod endpoints;
mod error;
mod explanations;
mod export;
mod figures;
mod keeper;
mod message_body;
mod metrics;
mod observe;
mod openapi;
mod pace;
mod pages;
mod params;
mod reveal;
mod route;
mod routes;
mod segments;
mod server;
mod sources;
mod sql;
mod table;
#[cfg(test)]
mod tests;
mod uploads;

pub use access::{Access, Caller};
pub use auth::{Auth, AuthOptions, OwnerLink, first_owner_link, owner_link};
pub use client::{Client, Network, Peer};
pub use definer::{Definer, DefinitionEdit, EditRefused, FoldedTable};
pub use endpoints::watch::{TextLines, WatchResult, WatchedFolder};
pub use error::ApiError;
pub use figures::Figures;
pub use keeper::{CaughtUp, LiveKeeper};
pub use metrics::Metrics;
pub use openapi::openapi;
pub use pace::{Pace, TooSlow, paced};
pub use route::{Route, SchemaOf};
pub use routes::{all, router};
pub use server::{About, LiveView, Server};
pub use sources::{Counts, Last, LiveMessage, Source, SourceError, Sources};
pub use sql::{SqlMembers, sql_service};
pub use uploads::{UploadLimits, Uploads};
