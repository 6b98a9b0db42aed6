//! Acquisition: what is spent to win customers and to keep them (mechanism 1.1), and what customers of
//! explicit and implicit sources cost and do (2.14).
//!
//! [`figures`] makes one pass over the timeline. A customer is acquired with the first kept order, in its
//! month of the brand's zone. Its source is that whose condition the earliest event meets, none later than
//! that order; of several met at one instant the first of the file. What customers do is compared over as
//! many days for each, [`HORIZON_DAYS`], among those of whom all of them are over.
//!
//! [`attribution`] makes another pass: all sources that were there until the first order, and how each rule divides
//! its credit among them.

mod attribution;
mod draw;
mod error;
mod figures;
mod fold;
mod ground;
mod range;

pub use attribution::{Attributed, AttributedSource, Credit, ModelCredit, attribution};
pub use error::AcquisitionError;
pub use figures::{Acquisition, Complaints, Cost, Figures, MonthFigures, OfMode, OfSource, SecondOrders, Split};
pub use fold::HORIZON_DAYS;
pub use ground::Ground;
pub use range::{MAX_MONTHS, Months, USUAL_MONTHS};

use fold::Journey;
use perennial_fold::{Instant, Registry, Revenue, run_batch};
use perennial_timeline::Snapshot;

/// What the months say, as of the end of the last of them, or now.
///
/// # Errors
/// Months that are none, SQL that cannot be used any more, or a failing pass.
pub async fn figures(
    snapshot: &Snapshot,
    ground: &Ground,
    months: Months,
    now_us: i64,
) -> Result<Acquisition, AcquisitionError> {
    let (snapshot, ground) = (snapshot.clone(), ground.clone());
    let passed = tokio::task::spawn_blocking(move || pass(&snapshot, &ground, months, now_us)).await;
    passed.map_err(|_| AcquisitionError::Cut)?
}

fn pass(snapshot: &Snapshot, ground: &Ground, months: Months, now_us: i64) -> Result<Acquisition, AcquisitionError> {
    let as_of_us = months.as_of_us(&ground.zone, now_us, snapshot.latest_time_us())?;
    // Nothing of it is kept live: no budget.
    let mut registry = Registry::with_budget(u64::MAX);
    let journey = registry.add(Journey::of(ground)?)?;
    let instant = Instant::new(as_of_us, ground.zone.clone(), Revenue::Net);
    let mut result = run_batch(snapshot, &mut registry, &instant, ground.threads)?;
    let sums = result.take_summary(journey)?;
    let months = months.within(&ground.zone, as_of_us, sums.first_us)?;
    Ok(draw::drawn_up(ground, &sums, &months, as_of_us))
}
