//! Figures of acquisition against a naive calculation, at the borders of months and days, and where nothing is known.
#![cfg(test)]

mod attribution;
mod borders;
mod oracle;
mod random;
mod shop;
