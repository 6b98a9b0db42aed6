//! Members, sessions, tokens, audit.

mod audit;
mod members;
mod sessions;
mod tokens;
