//! The API without a network: requests go to the router, all else is real.
#![cfg(test)]

mod accounts;
mod around;
mod attacks;
mod matrix;
mod server;
