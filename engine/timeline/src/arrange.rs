//! Rows in any order become one sorted batch for each shard.

use crate::TimelineError;
use crate::aliases::Aliases;
use crate::run::{RunShape, column};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, UInt32Array, UInt64Array};
use arrow::compute::take;
use perennial_model::{CustomerId, PropertySpec};
use rayon::prelude::*;
use std::sync::Arc;

/// One shard's rows, sorted by (customer, time, mid).
#[derive(Debug, Clone)]
pub(crate) struct Arranged {
    pub(crate) shard: u16,
    pub(crate) batch: RecordBatch,
    /// Whether a row's customer differs from its profile.
    pub(crate) rehomed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    customer: u64,
    time: i64,
    mid: u64,
    row: u32,
}

/// Gives each row the customer of its profile, and each shard its rows in order. CPU work, on all of
/// rayon's threads.
pub(crate) fn arrange(batch: &RecordBatch, aliases: &Aliases) -> Result<Vec<Arranged>, TimelineError> {
    let shards = keys_of_shards(batch, aliases)?;
    shards.into_par_iter().map(|(shard, keys)| sort_shard(batch, shard, keys)).collect()
}

/// As [`arrange`], on this thread alone: who must not wait until a merge leaves rayon's threads.
pub(crate) fn arrange_here(batch: &RecordBatch, aliases: &Aliases) -> Result<Vec<Arranged>, TimelineError> {
    let shards = keys_of_shards(batch, aliases)?;
    shards.into_iter().map(|(shard, keys)| sort_shard(batch, shard, keys)).collect()
}

fn keys_of_shards(batch: &RecordBatch, aliases: &Aliases) -> Result<Vec<(u16, Vec<Key>)>, TimelineError> {
    let profiles = column::<UInt64Array>(batch, "profile")?.values();
    let customers: Vec<u64> = if aliases.is_empty() {
        profiles.to_vec()
    } else {
        profiles.iter().map(|profile| aliases.of(CustomerId(*profile)).0).collect()
    };
    let times = column::<Int64Array>(batch, "time")?.values();
    let mids = column::<UInt64Array>(batch, "mid")?.values();
    let mut shards: Vec<(u16, Vec<Key>)> = Vec::new();
    for (((customer, time), mid), row) in customers.iter().zip(times).zip(mids).zip(0_u32..) {
        let shard = CustomerId(*customer).shard();
        while shards.len() <= usize::from(shard) {
            shards.push((shards.len() as u16, Vec::new()));
        }
        if let Some((_, keys)) = shards.get_mut(usize::from(shard)) {
            keys.push(Key { customer: *customer, time: *time, mid: *mid, row });
        }
    }
    shards.retain(|(_, keys)| !keys.is_empty());
    Ok(shards)
}

fn sort_shard(batch: &RecordBatch, shard: u16, mut keys: Vec<Key>) -> Result<Arranged, TimelineError> {
    keys.sort_unstable();
    let rows: UInt32Array = keys.iter().map(|key| key.row).collect::<Vec<_>>().into();
    let customers: ArrayRef = Arc::new(UInt64Array::from_iter_values(keys.iter().map(|key| key.customer)));
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, values)| match field.name().as_str() {
        "customer" => Ok(Arc::clone(&customers)),
        _ => take(values, &rows, None).map_err(TimelineError::codec("sort events")),
    });
    let sorted = RecordBatch::try_new(Arc::clone(&schema), columns.collect::<Result<_, _>>()?)
        .map_err(TimelineError::codec("sort events"))?;
    let profiles = column::<UInt64Array>(&sorted, "profile")?.values();
    let rehomed = keys.iter().zip(profiles).any(|(key, profile)| key.customer != *profile);
    Ok(Arranged { shard, batch: sorted, rehomed })
}

impl Arranged {
    /// The shape of a run that holds just these rows.
    pub(crate) fn shape(&self, properties: &[PropertySpec], row_group_rows: usize) -> Result<RunShape, TimelineError> {
        Ok(RunShape {
            shard: self.shard,
            rehomed: self.rehomed,
            time_unit: common_unit(column::<Int64Array>(&self.batch, "time")?.values()),
            received_unit: common_unit(column::<Int64Array>(&self.batch, "received")?.values()),
            properties: properties.to_vec(),
            row_group_rows,
        })
    }
}

/// The coarsest of second, millisecond and microsecond that divides all instants (µs).
pub(crate) fn common_unit(instants: &[i64]) -> i64 {
    let divides = |unit: &i64| instants.iter().all(|instant| instant % unit == 0);
    [1_000_000, 1000].into_iter().find(divides).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_are_kept_as_seconds() {
        assert_eq!(common_unit(&[3_000_000, -1_000_000]), 1_000_000);
        assert_eq!(common_unit(&[3_000_000, 1000]), 1000);
        assert_eq!(common_unit(&[3_000_000, 1]), 1);
    }
}
