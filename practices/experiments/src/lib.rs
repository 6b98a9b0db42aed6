//! Experiments: a segment's customers divided by lot on a day, and compared as long as outcomes count
//! (mechanism 4.11).
//!
//! [`begin`] fixes who takes part: whoever is in the audience at the start of the first day, from events
//! before it. [`Members`] gives everybody's group, by a hash of their number; it is stored nowhere.
//! [`readings`] compares the groups as assigned (intent to treat): whoever was never reached counts as
//! well. [`forecast`] says before all that what the experiment could show.

mod audience;
mod begin;
mod entry;
mod error;
mod forecast;
mod frozen;
mod ground;
mod headline;
mod members;
mod orders;
mod reading;
mod series;
mod standing;

pub use begin::{Begun, Who, begin};
pub use entry::Entry;
pub use error::ExperimentError;
pub use forecast::{Forecast, WORTHWHILE, forecast};
pub use frozen::Frozen;
pub use ground::Ground;
pub use headline::{Headline, headlines};
pub use members::{Group, Members};
pub use reading::{Incremental, LEVEL, Reading, Running, SizeOfGroup, readings};
pub use series::{DayOfDifference, Series};
pub use standing::{Standing, State};
