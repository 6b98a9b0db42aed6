//! The endpoints over a real timeline in a temporary folder.

mod customer;
mod customers;
mod imports;
mod today;
mod world;
