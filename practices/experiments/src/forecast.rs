//! Before launch: what an experiment could show.

use crate::audience::Audience;
use crate::orders::{ORDERS, OrdersOfDays};
use crate::{ExperimentError, Ground, Group, Members};
use perennial_definitions::{Experiment, Share};
use perennial_fold::{Instant, Registry, Revenue, run_batch};
use perennial_learn::default_as_of;
use perennial_measure::{Baseline, PowerPlan, days_for};
use perennial_model::CustomerId;
use perennial_timeline::Snapshot;
use serde::Serialize;
use std::sync::Arc;

/// The lift whose cost a forecast names: a tenth more customers who order.
pub const WORTHWHILE: f64 = 0.1;

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// Instant of the audience (UTC µs): the experiment's start, or the midnight after the last event where
    /// that is not known yet.
    pub as_of_us: i64,
    /// Customers in the audience.
    pub customers: u64,
    /// Of those, about so many are left alone.
    pub holdout: u64,
    /// And about so many are in the smallest arm.
    pub arm: u64,
    /// For how many days outcomes count.
    pub days: u16,
    /// Customers of the audience as of so many days earlier.
    pub before: u64,
    /// The share of those who ordered in the days between: what happens anyway. None where there was nobody.
    pub base_conversion: Option<f64>,
    /// The least increase of that share which the experiment shows four times out of five, as a part of one.
    pub detectable: Option<f64>,
    /// Customers in the audience that a lift of a tenth wants.
    pub customers_wanted: Option<u64>,
    /// Days that it wants with the audience there is, should the share go on growing evenly.
    pub days_wanted: Option<u64>,
}

/// What an experiment could show, judged by what its audience did just before it.
///
/// # Errors
/// A segment that cannot be asked, or a failing pass.
pub async fn forecast(
    snapshot: &Snapshot,
    ground: &Ground,
    experiment: &Experiment,
    now_us: i64,
) -> Result<Forecast, ExperimentError> {
    let zone = &ground.zone;
    let starts_us = zone.day_start(experiment.starts.number());
    let known_us = default_as_of(snapshot, zone).unwrap_or(starts_us);
    let as_of_us = if starts_us <= now_us { starts_us } else { known_us };
    let days = experiment.days();
    let audience = Audience::at(snapshot, ground, as_of_us).await?.members(ground, &experiment.audience)?;
    // Looking back from the audience itself would ask those who were chosen by what they did.
    let first_day = zone.day(as_of_us) - i32::from(days);
    let earlier_us = zone.day_start(first_day);
    let earlier = Audience::at(snapshot, ground, earlier_us).await?.members(ground, &experiment.audience)?;
    let before = earlier.len() as u64;
    let converted =
        if earlier.is_empty() { 0 } else { converted(snapshot, ground, earlier, earlier_us, as_of_us).await? };
    let customers = audience.len() as u64;
    let plan = Plan::of(experiment, ground.definitions.brand.global_control);
    let base_conversion = (before > 0).then(|| converted as f64 / before as f64);
    let pair = plan.pair(customers);
    let power = base_conversion.map(|base| PowerPlan { holdout: plan.held, ..PowerPlan::new(Baseline::Share(base)) });
    let wanted = power.zip(base_conversion).and_then(|(power, base)| power.customers(base * WORTHWHILE));
    let customers_wanted = wanted.map(|wanted| (wanted as f64 / plan.paired).ceil() as u64);
    Ok(Forecast {
        as_of_us,
        customers,
        holdout: (pair as f64 * plan.held).round() as u64,
        arm: (pair as f64 * (1.0 - plan.held)).round() as u64,
        days,
        before,
        base_conversion,
        detectable: power.and_then(|power| power.detectable(pair)),
        customers_wanted,
        days_wanted: customers_wanted.and_then(|wanted| days_for(wanted, customers as f64 / f64::from(days))),
    })
}

/// Of the audience, the hold-out and the smallest arm: the comparison that is hardest to win.
struct Plan {
    /// Both together, a part of the audience.
    paired: f64,
    /// The hold-out, a part of both.
    held: f64,
}

impl Plan {
    fn of(experiment: &Experiment, global_control: Option<Share>) -> Self {
        let left = 1.0 - global_control.map_or(0.0, Share::fraction);
        let held = left * experiment.holdout_fraction();
        let arms = experiment.arms_with_weights();
        let whole = f64::from(arms.iter().map(|(_, weight)| weight).sum::<u32>());
        let least = f64::from(arms.iter().map(|(_, weight)| *weight).min().unwrap_or(1));
        let arm = left * (1.0 - experiment.holdout_fraction()) * least / whole;
        Self { paired: held + arm, held: held / (held + arm) }
    }

    fn pair(&self, customers: u64) -> u64 {
        (customers as f64 * self.paired).round() as u64
    }
}

/// How many of these customers ordered between two instants.
async fn converted(
    snapshot: &Snapshot,
    ground: &Ground,
    customers: Vec<CustomerId>,
    starts_us: i64,
    until_us: i64,
) -> Result<u64, ExperimentError> {
    let group = Group { name: String::new(), share: 1.0 };
    let customers = customers.into_iter().map(|customer| (customer, 0)).collect();
    let members = Arc::new(Members { groups: vec![group], customers, merged: 0 });
    let first_day = ground.zone.day(starts_us);
    let fold = OrdersOfDays { members: Arc::clone(&members), first_day, starts_us, until_us, days: 0 };
    let (snapshot, zone, threads) = (snapshot.clone(), ground.zone.clone(), ground.threads);
    let pass = tokio::task::spawn_blocking(move || {
        let mut registry = Registry::new();
        registry.add(fold)?;
        run_batch(&snapshot, &mut registry, &Instant::new(until_us, zone, Revenue::Net), threads)
    });
    let table = pass.await.map_err(|_| ExperimentError::Cut)??.table;
    let mut converted = 0;
    for (shard, rows) in table.shards.iter().enumerate() {
        let orders = table.ints(shard, ORDERS);
        let ordered = rows.customers.iter().zip(orders).filter(|(_, orders)| **orders > 0);
        converted += ordered.filter(|(customer, _)| members.place(CustomerId(**customer)).is_some()).count() as u64;
    }
    Ok(converted)
}
