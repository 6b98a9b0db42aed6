//! Is the live table what a pass over the timeline gives?

use super::LiveTable;
use crate::{Column, CustomerTable, FoldError, Instant, run_batch};
use perennial_timeline::{Feed, Snapshot};

impl LiveTable {
    /// Catches up with a snapshot, folds the same from the timeline alone and names what differs, at
    /// most `most` values; both as of one instant and with the same parameters.
    ///
    /// # Errors
    /// As [`LiveTable::catch_up`] and [`run_batch`].
    pub fn differences(
        &mut self,
        feed: &Feed,
        snapshot: &Snapshot,
        instant: &Instant,
        most: usize,
    ) -> Result<Vec<String>, FoldError> {
        self.catch_up(feed, snapshot, instant)?;
        self.sweep(instant)?;
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut batch = run_batch(snapshot, &mut self.registry, instant, threads)?.table;
        self.relatives.compute(&self.fitted, &mut batch, instant)?;
        Ok(differences(&self.columns.table(), &batch, most))
    }
}

fn differences(live: &CustomerTable, batch: &CustomerTable, most: usize) -> Vec<String> {
    let mut found = Vec::new();
    for (shard, (live_rows, rows)) in live.shards.iter().zip(&batch.shards).enumerate() {
        if live_rows.customers != rows.customers {
            let (here, there) = (live_rows.customers.len(), rows.customers.len());
            found.push(format!("shard {shard}: the live table has {here} customers, the runs have {there}"));
            continue;
        }
        for (place, spec) in live.specs.iter().enumerate() {
            let (Some(one), Some(other)) = (live_rows.columns.get(place), rows.columns.get(place)) else { continue };
            let rows = rows.customers.iter().enumerate().filter(|(row, _)| !same(one, other, *row));
            found.extend(rows.take(most.saturating_sub(found.len())).map(|(row, customer)| {
                let (live, batch) = (shown(one, row), shown(other, row));
                format!("customer {customer}: {} is {live} in the live table, {batch} from the runs", spec.name)
            }));
        }
        if found.len() >= most {
            break;
        }
    }
    found
}

fn same(one: &Column, other: &Column, row: usize) -> bool {
    match (one, other) {
        (Column::Int(one), Column::Int(other)) => one.get(row) == other.get(row),
        (Column::Code(one), Column::Code(other)) => one.get(row) == other.get(row),
        (Column::Float(one), Column::Float(other)) => {
            one.get(row).map(|value| value.to_bits()) == other.get(row).map(|value| value.to_bits())
        }
        _ => false,
    }
}

fn shown(column: &Column, row: usize) -> String {
    match column {
        Column::Int(values) => format!("{:?}", values.get(row).filter(|value| **value != crate::NONE_INT)),
        Column::Float(values) => format!("{:?}", values.get(row).filter(|value| !value.is_nan())),
        Column::Code(values) => format!("{:?}", values.get(row).filter(|value| **value != u8::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColumnSpec, ColumnType, TableShard};

    #[test]
    fn a_value_that_differs_is_named_with_its_customer() {
        let table = |value: f64| CustomerTable {
            specs: vec![ColumnSpec { name: "share", column_type: ColumnType::Float, description: "of a test" }],
            shards: vec![TableShard { customers: vec![256, 512], columns: vec![Column::Float(vec![f64::NAN, value])] }],
        };
        assert!(differences(&table(1.0), &table(1.0), 9).is_empty());
        let found = differences(&table(1.0), &table(2.0), 9);
        assert_eq!(found, ["customer 512: share is Some(1.0) in the live table, Some(2.0) from the runs"]);
    }
}
