//! The endpoints over a real timeline in a temporary folder.

mod acquisition;
mod aside;
mod attribution;
mod audit;
mod customer;
mod customers;
mod experiments;
mod explain;
mod export;
mod imports;
mod rfm;
mod rights;
mod segments;
mod today;
mod world;
