//! Members, sessions, tokens, audit.

pub(crate) mod audit;
mod members;
mod sessions;
mod tokens;
