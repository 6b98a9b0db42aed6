//! Files of shops into a real timeline, in a directory of its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop the test")]

mod again;
mod identity;
mod identity_oracle;
mod intake;
mod options;
mod owners;
mod real_data;
mod shops;
mod tables;
mod versions;
#[path = "../fixtures/workbook.rs"]
mod workbook;
mod world;
