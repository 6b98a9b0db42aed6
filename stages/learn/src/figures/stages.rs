//! Customers by lifecycle stage and the flow between two instants (mechanism 5.1).

use crate::base::{Rows, TableRows};
use crate::lifecycle::stage_rule;
use crate::report::{StageCount, StageFlow};
use crate::stats::median;
use crate::thresholds::LifecycleThresholds;
use perennial_fold::CustomerTable;
use perennial_model::Stage;

/// Where someone was who had not bought yet.
const NOT_YET: &str = "none";

pub(crate) fn stages(rows: &TableRows<'_>, rules: &LifecycleThresholds) -> Vec<StageCount> {
    let mut silences: [Vec<f64>; 7] = std::array::from_fn(|_| Vec::new());
    let mut money = [(0_i64, 0_i64); 7];
    for (rows, row) in rows.buyers() {
        let Some(stage) = rows.stage(row) else { continue };
        silences[stage as usize].push(rows.recency_days[row] as f64);
        let (revenue, recent) = &mut money[stage as usize];
        *revenue = revenue.saturating_add(rows.revenue[row]);
        *recent = recent.saturating_add(rows.revenue_365d[row]);
    }
    let counts = Stage::ALL.into_iter().zip(silences).zip(money);
    counts
        .map(|((stage, mut silences), (revenue, revenue_365d))| StageCount {
            stage: stage.as_str(),
            customers: silences.len() as u64,
            revenue,
            revenue_365d,
            median_silence_days: median(&mut silences),
            rule: stage_rule(stage, rules),
        })
        .collect()
}

/// Today's buyers by the stage they were in then.
pub(crate) fn flow(now: &CustomerTable, then: &CustomerTable) -> Vec<StageFlow> {
    let mut counts = [[0_u64; 7]; 8];
    joined(now, then, |(rows, row), earlier| {
        let from = earlier.and_then(|(rows, row)| rows.stage(row)).map_or(7, |stage| stage as usize);
        if let Some(to) = rows.stage(row) {
            counts[from][to as usize] += 1;
        }
    });
    let name = |place: usize| Stage::ALL.get(place).map_or(NOT_YET, |stage| stage.as_str());
    let cells = (0..8).flat_map(|from| (0..7).map(move |to| (from, to)));
    cells
        .map(|(from, to)| StageFlow { from: name(from), to: name(to), customers: counts[from][to] })
        .filter(|flow| flow.customers > 0)
        .collect()
}

/// A row of a shard.
pub(crate) type Place<'r, 'a> = (&'r Rows<'a>, usize);

/// Calls `visit` for each buyer of `now` with their row as a buyer in `then`, if any. Both tables
/// are ascending by customer in each shard.
pub(crate) fn joined<'a>(
    now: &'a CustomerTable,
    then: &'a CustomerTable,
    mut visit: impl FnMut(Place<'_, 'a>, Option<Place<'_, 'a>>),
) {
    for shard in 0..now.shards.len() {
        let (now, then) = (Rows::of(now, shard), Rows::of(then, shard));
        let mut before = 0;
        for row in (0..now.len()).filter(|row| now.is_buyer(*row)) {
            let customer = now.customers[row];
            while then.customers.get(before).is_some_and(|other| *other < customer) {
                before += 1;
            }
            let known = then.customers.get(before) == Some(&customer) && then.is_buyer(before);
            visit((&now, row), known.then_some((&then, before)));
        }
    }
}
