//! The endpoints over a real timeline in a temporary folder.

mod customers;
mod today;
mod world;
