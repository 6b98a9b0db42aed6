//! Stage 1, listening: files of any shop become events of known customers.
//!
//! The way of a file: [`read`] opens it as rows of text cells; [`recognise`] finds out what its
//! columns mean, in which [`layout`] and with which [`value`] formats, and shows it; [`import`]
//! turns rows into events ([`identify`] says whose) and keeps them in the timeline, chunk by chunk.
//!
//! To add a shop system: a form in [`layout`], a fixture in `tests/fixtures`, its case in
//! `tests/listen`, and how to get its export in [`guide`].

pub mod consent;
mod error;
pub mod guide;
pub mod identify;
pub mod import;
mod interpret;
pub mod layout;
pub mod message;
mod orders;
mod owners;
mod prepare;
pub mod read;
pub mod recognise;
pub mod rights;
pub mod value;

pub use error::ListenError;
pub use identify::{LiveResolver, Resolved, ResolverCounts, ResolverOptions, Sighting, Who, normalise_key};
pub use import::{ImportOptions, ImportOutcome, Progress, import};
pub use orders::{FoundOrder, find_orders};
pub use prepare::{Wishes, open_named, prepare, prepare_named};
pub use recognise::{ImportPlan, Language, RecogniseOptions, recognise};
